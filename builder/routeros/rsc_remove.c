/* SPDX-License-Identifier: MIT */
#include "routeros/rsc_parts.h"

#include "routeros/property.h"
#include "routeros/quote.h"

static const char CONTAINER_CODE[] =
	"    :foreach rscMark in=($rscOwner , $rscNext , $rscBefore , "
	"$rscSpare) do={\n"
	"        :local rscNow [$rscState $rscMark]\n"
	"        :local rscRoot \"\"\n"
	"        :if ($rscNow != \"gone\") do={\n"
	"            :local rscId ([/container/find where "
	"comment=$rscMark]->0)\n"
	"            :set rscRoot [:tostr [/container/get $rscId root-dir]]\n"
	"            :if ([:pick $rscRoot 0 1] = \"/\") do={ "
	":set rscRoot [:pick $rscRoot 1 [:len $rscRoot]] }\n"
	"            :if ($rscNow = \"running\") do={ /container/stop $rscId "
	"}\n"
	"            :local rscLeft 60\n"
	"            :while ((($rscNow = \"running\") || ($rscNow = \"busy\")) "
	"&& ($rscLeft > 0)) do={\n"
	"                :delay 1s\n"
	"                :set rscNow [$rscState $rscMark]\n"
	"                :set rscLeft ($rscLeft - 1)\n"
	"            }\n"
	"            :if (($rscNow = \"running\") || ($rscNow = \"busy\")) "
	"do={\n"
	"                :error \"the container does not stop: look at "
	"/container/print, and run this script again when it has\"\n"
	"            }\n"
	"            /container/remove $rscId\n"
	"            :put \"removed: container\"\n"
	"            :delay 2s\n"
	"        }\n"
	"        :if ([:len $rscRoot] > 0) do={\n"
	"            :do { /file/remove [/file/find where name=$rscRoot] } "
	"on-error={ :put (\"remove the folder \" . $rscRoot . \" by hand\") }\n"
	"        }\n"
	"    }\n"
	"    :foreach rscMark in=($rscOwner , $rscNext , $rscBefore , "
	"$rscSpare) do={\n"
	"        /interface/bridge/port/remove [/interface/bridge/port/find "
	"where comment=$rscMark]\n"
	"        /interface/veth/remove [/interface/veth/find where "
	"comment=$rscMark]\n"
	"    }\n";

/* Whatever ports it had when it was installed. */
static void write_forwards(const struct rsc *script)
{
	buf_printf(script->out,
		"    /ip/firewall/nat/remove [/ip/firewall/nat/find where "
		"comment~\"^%s (tcp|udp) [0-9]+\\$\"]\n",
		script->setup->owner);
}

/* Lists are the container's own, whoever added to them. */
static void write_lists(const struct rsc *script)
{
	for (size_t i = 0; i < script->steps->n; i++) {
		const struct router_step *step = &script->steps->items[i];
		const char *list = router_step_value(step, "list");

		if (step->kind != RSTEP_OWN ||
			!router_step_value(step, "dst") || list)
			continue;
		buf_printf(script->out, "    %s/remove [", step->menu);
		rsc_find(script, step);
		buf_add_str(script->out, "]\n");
	}
}

static void write_list(
	const struct rsc *script, const char *menu, const char *key)
{
	buf_printf(script->out, "    %s/remove [%s/find where %s=", menu, menu,
		key);
	quote_add(script->out, script->setup->name);
	buf_add_str(script->out, "]\n");
}

/* The bridge and what belongs to it, once nobody needs them: only what has
 * the comment, and a bridge only without ports. */
static void write_shared(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	buf_add_str(script->out, "    :local rscBridge ");
	quote_add(script->out, setup->bridge);
	buf_add_str(script->out,
		"\n    :if ([:len [/interface/veth/find where "
		"comment~\"^alpbuild: \"]] = 0) do={\n"
		"        /ip/firewall/nat/remove [/ip/firewall/nat/find where "
		"comment=\"alpbuild\"]\n"
		"        :local rscPorts [/interface/bridge/port/find where "
		"bridge=$rscBridge]\n"
		"        :local rscBridges [/interface/bridge/find where "
		"name=$rscBridge comment=\"alpbuild\"]\n"
		"        :if ([:len $rscPorts] = 0) do={\n"
		"            /ip/address/remove [/ip/address/find where "
		"interface=$rscBridge comment=\"alpbuild\"]\n"
		"            /interface/bridge/remove $rscBridges\n"
		"        }\n"
		"    }\n");
}

void rsc_remove(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	buf_add_str(script->out, CONTAINER_CODE);
	write_forwards(script);
	write_list(script, "/container/envs",
		property_has("/container/envs", "list", &setup->version)
			? "list"
			: "name");
	if (property_has("/container/mounts", "list", &setup->version))
		write_list(script, "/container/mounts", "list");
	write_lists(script);
	write_shared(script);
	buf_printf(script->out,
		"    :put \"%s is removed; its folders with data and the image "
		"stay\"\n",
		setup->name);
}
