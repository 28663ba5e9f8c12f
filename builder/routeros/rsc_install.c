/* SPDX-License-Identifier: MIT */
#include "routeros/rsc_parts.h"

#include <string.h>

#include "routeros/quote.h"

static const char *const INTERFACE[] = { "interface", NULL };

static const char COLLISION_CODE[] =
	"    :foreach rscId in=[/interface/veth/find] do={\n"
	"        :local rscItem [/interface/veth/get $rscId]\n"
	"        :if ((($rscItem->\"comment\") != $rscOwner) && "
	"((($rscItem->\"name\") = $rscVeth) || "
	"([:tostr ($rscItem->\"address\")] = $rscAddress))) do={\n"
	"            :error (\"the interface \" . ($rscItem->\"name\") . \" "
	"has "
	"the name or the address of the new one: choose others with --name and "
	"--address\")\n"
	"        }\n"
	"    }\n";

static const char LEFT_CODE[] =
	"        :foreach rscMark in=($rscNext , $rscBefore , $rscSpare) do={\n"
	"            :if ([$rscState $rscMark] != \"gone\") do={\n"
	"                :error (\"there is a container with the comment \" . "
	"$rscMark . \", left of an upgrade: go on with alpbuild deploy, or "
	"with the script of alpbuild rsc --upgrade where it is (next) or "
	"(old); "
	"or remove it with that of alpbuild rsc --remove\")\n"
	"            }\n"
	"        }\n";

static const char LIST_CODE[] =
	"    :if ([:len [/interface/list/find where name=$rscFrom]] = 0) do={\n"
	"        :error (\"there is no interface list \" . $rscFrom . \", from "
	"which the ports may be used: choose one of /interface/list/print with "
	"--from, or --from all\")\n"
	"    }\n";

static bool has_forward(const struct router_setup *setup)
{
	for (size_t i = 0; !setup->no_nat && i < setup->nports; i++) {
		if (setup->ports[i].forward)
			return true;
	}
	return false;
}

static void write_checks(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	buf_add_str(script->out, "    :local rscNow [$rscState $rscOwner]\n"
				 "    :if ($rscNow = \"gone\") do={\n");
	buf_add_str(script->out, LEFT_CODE);
	rsc_checks(script);
	rsc_check_root(script);
	buf_add_str(script->out, "    }\n");
	if (strcmp(setup->from, "all") && has_forward(setup))
		buf_add_str(script->out, LIST_CODE);
	buf_printf(script->out, "    :if ([:len [/interface/veth/find where "
				"comment=$rscOwner]] = 0) do={\n");
	buf_add_str(script->out, COLLISION_CODE);
	buf_add_str(script->out, "    }\n");
}

/* Adds what is not there. An interface may have another name by now. */
static void write_step(const struct rsc *script, const struct router_step *step)
{
	const bool has_interface =
		step->kind == RSTEP_PORT || step->kind == RSTEP_CONTAINER;

	buf_add_str(script->out, "    :if ([:len [");
	rsc_find(script, step);
	buf_printf(
		script->out, "]] = 0) do={\n        :do { %s/add", step->menu);
	rsc_properties(script, step, has_interface ? INTERFACE : NULL);
	if (has_interface)
		buf_add_str(script->out, " interface=$rscVeth");
	buf_add_str(script->out, " } on-error={\n            :error ");
	{
		SCOPED_BUF struct buf text;

		buf_init(&text, ERROR_TEXT_SIZE);
		buf_printf(&text, "%s could not be added to %s: %s", step->what,
			step->menu, step->advice);
		quote_add(script->out, text.data);
		buf_add_str(script->out, "\n        }\n        :put ");
		buf_truncate(&text, 0);
		buf_printf(&text, "added: %s", step->what);
		quote_add(script->out, text.data);
	}
	buf_add_str(script->out, "\n    }\n");
	if (step->kind == RSTEP_INTERFACE)
		buf_add_str(script->out,
			"    :set rscVeth [/interface/veth/get "
			"([/interface/veth/find where "
			"comment=$rscOwner]->0) name]\n");
}

static const char START_CODE[] =
	"    # Extraction takes a while: at most 10 minutes.\n"
	"    :set rscNow [$rscState $rscOwner]\n"
	"    :local rscLeft 300\n"
	"    :while (($rscNow = \"busy\") && ($rscLeft > 0)) do={\n"
	"        :delay 2s\n"
	"        :set rscNow [$rscState $rscOwner]\n"
	"        :set rscLeft ($rscLeft - 1)\n"
	"    }\n"
	"    :if ($rscNow = \"gone\") do={\n"
	"        :error (\"RouterOS could not read \" . $rscFile . \" and "
	"removed the container: look at /log/print, check the file with "
	"alpbuild check, upload it again\")\n"
	"    }\n"
	"    :if ($rscNow = \"busy\") do={\n"
	"        :error \"the image is still being extracted after 10 minutes: "
	"look at /container/print and /log/print, and run this script again "
	"when it is stopped\"\n"
	"    }\n"
	"    :if ($rscNow = \"failed\") do={\n"
	"        :error \"the image was not extracted: alpbuild explain tells "
	"what the line of /log/print means; then remove the container and its "
	"folder (alpbuild rsc --remove) and begin again\"\n"
	"    }\n"
	"    :if ($rscNow = \"stopped\") do={\n"
	"        /container/start [/container/find where comment=$rscOwner]\n"
	"        :set rscLeft 30\n"
	"        :while (($rscNow != \"running\") && ($rscLeft > 0)) do={\n"
	"            :delay 1s\n"
	"            :set rscNow [$rscState $rscOwner]\n"
	"            :set rscLeft ($rscLeft - 1)\n"
	"        }\n"
	"        :delay 5s\n"
	"        :set rscNow [$rscState $rscOwner]\n"
	"        :if ($rscNow != \"running\") do={\n"
	"            :error \"the container does not keep running: alpbuild "
	"explain tells what the lines of /log/print where topics~container "
	"mean\"\n"
	"        }\n"
	"        :put \"started\"\n"
	"    }\n";

void rsc_install(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	rsc_locals(script);
	rsc_local(script, "rscAddress", setup->address);
	rsc_local(script, "rscFrom", setup->from);
	write_checks(script);
	for (size_t i = 0; i < script->steps->n; i++)
		write_step(script, &script->steps->items[i]);
	buf_add_str(script->out, START_CODE);
	buf_printf(script->out, "    :put \"%s runs\"\n", setup->name);
}
