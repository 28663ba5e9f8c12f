/* SPDX-License-Identifier: MIT
 *
 * The new container is made beside the old one, which runs on: with a folder
 * and an interface of its own, since RouterOS shares neither. What is new has
 * the comment with "(next)" until it is known to run; an interrupted upgrade
 * is recognised by it. A container before the old one goes first, so that its
 * folder and its names are free. From rscWhy on, nothing is tried any more but
 * the way back.
 */
#include "routeros/rsc_parts.h"

#include <string.h>

#include "routeros/quote.h"

static const char *const OF_NEXT[] = { "comment", "name", "interface",
	"root-dir", "start-on-boot", NULL };

static const char NOTHING_CODE[] =
	"    :if ([$rscState $rscOwner] = \"gone\") do={\n"
	"        :error \"there is no container to upgrade: install it first, "
	"with alpbuild rsc without --upgrade\"\n"
	"    }\n";

static const char SLOT_CODE[] =
	"    :local rscOldId ([/container/find where comment=$rscOwner]->0)\n"
	"    :local rscOld [/container/get $rscOldId]\n"
	"    :local rscOldRoot [:tostr ($rscOld->\"root-dir\")]\n"
	"    :if ([:pick $rscOldRoot 0 1] = \"/\") do={ "
	":set rscOldRoot [:pick $rscOldRoot 1 [:len $rscOldRoot]] }\n"
	"    :if ($rscOldRoot = $rscRoot) do={\n"
	"        :set rscRoot ($rscRoot . \".b\")\n"
	"    }\n"
	"    :if (($rscOld->\"name\") = $rscName) do={ "
	":set rscName ($rscName . \"-b\") }\n"
	"    :local rscOldVeth [/interface/veth/find where "
	"comment=$rscOwner]\n"
	"    :if ([:len $rscOldVeth] = 0) do={\n"
	"        :error \"the container's interface is gone: add one to "
	"/interface/veth with the comment of the container\"\n"
	"    }\n"
	"    :set rscOldVeth [/interface/veth/get ($rscOldVeth->0)]\n"
	"    :if (($rscOldVeth->\"name\") = $rscVeth) do={ "
	":set rscVeth ($rscVeth . \"-b\") }\n"
	"    :local rscWas [$rscState $rscOwner]\n"
	"    :if ($rscWas = \"busy\") do={\n"
	"        :error \"the container is being extracted: wait until "
	"/container/print shows it as stopped, and run this script again\"\n"
	"    }\n";

/* The place may be that of a container before, which goes. */
static const char GOES_CODE[] =
	"    :local rscGoes false\n"
	"    :foreach rscMark in=($rscBefore , $rscSpare) do={\n"
	"        :foreach rscId in=[/container/find where comment=$rscMark] "
	"do={\n"
	"            :local rscItsRoot [:tostr [/container/get $rscId "
	"root-dir]]\n"
	"            :if (($rscItsRoot = $rscRoot) || "
	"($rscItsRoot = (\"/\" . $rscRoot))) do={ :set rscGoes true }\n"
	"        }\n"
	"    }\n"
	"    :if (!$rscGoes) do={\n";

static const char NETWORK_CODE[] =
	"    :do {\n"
	"        /interface/veth/add comment=$rscNext name=$rscVeth "
	"address=($rscOldVeth->\"address\") "
	"gateway=($rscOldVeth->\"gateway\")\n"
	"        :foreach rscId in=[/interface/bridge/port/find where "
	"comment=$rscOwner] do={\n"
	"            /interface/bridge/port/add comment=$rscNext "
	"bridge=[/interface/bridge/port/get $rscId bridge] "
	"interface=$rscVeth\n"
	"        }\n"
	"    } on-error={ :set rscWhy (\"the interface \" . $rscVeth . \" "
	"could "
	"not be added: is there another one of this name?\") }\n";

static const char EXTRACT_CODE[] =
	"    :if ($rscWhy = \"\") do={\n"
	"        :local rscLeft 300\n"
	"        :delay 2s\n"
	"        :while (([$rscState $rscNext] = \"busy\") && "
	"($rscLeft > 0)) do={\n"
	"            :delay 2s\n"
	"            :set rscLeft ($rscLeft - 1)\n"
	"        }\n"
	"        :local rscNow [$rscState $rscNext]\n"
	"        :if ($rscNow != \"stopped\") do={ :set rscWhy (\"the image "
	"was "
	"not extracted (\" . $rscNow . \"): look at /log/print, check the file "
	"with alpbuild check\") }\n"
	"    }\n";

static const char SWITCH_CODE[] =
	"    :if ($rscWhy = \"\") do={\n"
	"        :put \"extracted; the old container stops\"\n"
	"        :if ($rscWas = \"running\") do={ /container/stop $rscOldId }\n"
	"        :local rscLeft 60\n"
	"        :while (([$rscState $rscOwner] = \"running\") && "
	"($rscLeft > 0)) do={\n"
	"            :delay 1s\n"
	"            :set rscLeft ($rscLeft - 1)\n"
	"        }\n"
	"        :if ([$rscState $rscOwner] = \"running\") do={ "
	":set rscWhy \"the old container does not stop: look at "
	"/log/print\" }\n"
	"    }\n"
	"    :if ($rscWhy = \"\") do={\n"
	"        :do { /container/start [/container/find where "
	"comment=$rscNext] } on-error={ :put \"it could not be started\" }\n"
	"        :local rscLeft 30\n"
	"        :while (([$rscState $rscNext] != \"running\") && "
	"($rscLeft > 0)) do={\n"
	"            :delay 1s\n"
	"            :set rscLeft ($rscLeft - 1)\n"
	"        }\n"
	"        :delay 10s\n"
	"        :if ([$rscState $rscNext] != \"running\") do={ "
	":set rscWhy \"the new container does not keep running: alpbuild "
	"explain tells what the lines of /log/print mean\" }\n"
	"    }\n";

static const char OLD_FOLDER_CODE[] =
	"    :do { /file/remove [/file/find where name=$rscOldRoot] } "
	"on-error={ :put (\"remove the folder \" . $rscOldRoot . \" by "
	"hand\") }\n";

static void write_locals(const struct rsc *script)
{
	rsc_locals(script);
	rsc_local(script, "rscName", script->setup->name);
	buf_add_str(script->out, "    :local rscWhy \"\"\n");
}

/* Nothing to do where it runs already; a stopped one may be a broken one. */
static void write_tag_check(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	if (!setup->tag || setup->force)
		return;
	buf_add_str(script->out,
		"    :local rscSame ([:tostr ($rscOld->\"tag\")] = ");
	quote_add(script->out, setup->tag);
	buf_add_str(script->out,
		")\n"
		"    :if ($rscSame) do={ :put \"it has this tag already; "
		"alpbuild rsc --upgrade --force writes a script that upgrades "
		"all the same\" }\n"
		"    :if (!$rscSame) do={\n");
}

/* Those that a newer image knows; what is there stays as it is. */
static void write_additions(const struct rsc *script)
{
	for (size_t i = 0; i < script->steps->n; i++) {
		const struct router_step *step = &script->steps->items[i];

		if (step->kind != RSTEP_OWN)
			continue;
		buf_printf(script->out,
			"    :local rscAdded%zu false\n    :if (($rscWhy = "
			"\"\") && ([:len [",
			i);
		rsc_find(script, step);
		buf_printf(script->out, "]] = 0)) do={\n        :do { %s/add",
			step->menu);
		rsc_properties(script, step, NULL);
		buf_printf(script->out,
			"; :set rscAdded%zu true } on-error={ :set rscWhy ", i);
		{
			SCOPED_BUF struct buf text;

			buf_init(&text, ERROR_TEXT_SIZE);
			buf_printf(&text, "%s could not be added to %s: %s",
				step->what, step->menu, step->advice);
			quote_add(script->out, text.data);
		}
		buf_add_str(script->out, " }\n    }\n");
	}
}

static void write_container(const struct rsc *script)
{
	const struct router_step *step =
		&script->steps->items[script->steps->n - 1];

	buf_add_str(script->out,
		"    :if ($rscWhy = \"\") do={\n"
		"        :do { /container/add comment=$rscNext "
		"interface=$rscVeth root-dir=$rscRoot");
	if (rsc_has(script, "name"))
		buf_add_str(script->out, " name=$rscName");
	if (rsc_has(script, "start-on-boot"))
		buf_add_str(script->out, " start-on-boot=\"no\"");
	rsc_properties(script, step, OF_NEXT);
	buf_add_str(script->out,
		" } on-error={ :set rscWhy \"the new container could not be "
		"added: look at /log/print\" }\n    }\n");
}

static void write_rollback(const struct rsc *script)
{
	buf_add_str(script->out, "    :if ($rscWhy != \"\") do={\n");
	rsc_clean_next(script);
	for (size_t i = script->steps->n; i-- > 0;) {
		const struct router_step *step = &script->steps->items[i];

		if (step->kind != RSTEP_OWN)
			continue;
		buf_printf(script->out,
			"        :if ($rscAdded%zu) do={ %s/remove [", i,
			step->menu);
		rsc_find(script, step);
		buf_add_str(script->out, "] }\n");
	}
	buf_add_str(script->out,
		"        :if (($rscWas = \"running\") && "
		"([$rscState $rscOwner] != \"running\")) do={ "
		"/container/start $rscOldId }\n"
		"        :error (\"not upgraded, the old container stays: \" . "
		"$rscWhy)\n"
		"    }\n");
}

static void write_finish(const struct rsc *script)
{
	buf_add_str(script->out, "    :local rscNewId ([/container/find where "
				 "comment=$rscNext]->0)\n");
	if (rsc_has(script, "start-on-boot"))
		buf_add_str(script->out,
			"    /container/set $rscNewId start-on-boot=yes\n");
	buf_add_str(script->out, "    /container/remove $rscOldId\n"
				 "    :delay 2s\n");
	rsc_settle(script);
	buf_add_str(script->out, OLD_FOLDER_CODE);
	if (rsc_has(script, "name")) {
		buf_add_str(script->out,
			"    :do { /container/set $rscNewId name=");
		quote_add(script->out, script->setup->name);
		buf_add_str(script->out,
			" } on-error={ :put (\"its name is \" . $rscName) }\n");
	}
	buf_printf(script->out, "    :put \"%s is upgraded\"\n",
		script->setup->name);
}

void rsc_upgrade(const struct rsc *script)
{
	const bool checks_tag = script->setup->tag && !script->setup->force;

	write_locals(script);
	rsc_settle(script);
	buf_add_str(script->out, NOTHING_CODE);
	rsc_discard_next(script);
	buf_add_str(script->out, SLOT_CODE);
	write_tag_check(script);
	buf_add_str(script->out, "    {\n");
	rsc_checks(script);
	buf_add_str(script->out, "    }\n");
	buf_add_str(script->out, GOES_CODE);
	rsc_check_root(script);
	buf_add_str(script->out, "    }\n");
	rsc_clean_previous(script);
	buf_add_str(script->out, NETWORK_CODE);
	write_additions(script);
	write_container(script);
	buf_add_str(script->out, EXTRACT_CODE);
	buf_add_str(script->out, SWITCH_CODE);
	write_rollback(script);
	write_finish(script);
	if (checks_tag)
		buf_add_str(script->out, "    }\n");
}
