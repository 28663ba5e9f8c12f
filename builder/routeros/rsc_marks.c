/* SPDX-License-Identifier: MIT
 *
 * What upgrades leave is known by comments, see deploy/deploy.h: beside the
 * container one that is not known to run yet, and those before it. The rules
 * for a run that was cut off are those of alpbuild deploy, whichever began.
 */
#include "routeros/rsc_parts.h"

#include "routeros/property.h"

void rsc_marks(const struct rsc *script)
{
	rsc_local(script, "rscOwner", script->setup->owner);
	buf_add_str(script->out,
		"    :local rscNext ($rscOwner . \" (next)\")\n"
		"    :local rscBefore ($rscOwner . \" (previous)\")\n"
		"    :local rscSpare ($rscOwner . \" (old)\")\n");
}

bool rsc_has(const struct rsc *script, const char *name)
{
	return property_has("/container", name, &script->setup->version);
}

/* ---- finishing --------------------------------------------------------- */

static void write_promotion(const struct rsc *script)
{
	buf_printf(script->out,
		"    :foreach rscMark in=($rscNext , $rscSpare) do={\n"
		"        :if (([$rscState $rscOwner] = \"gone\") && "
		"([$rscState $rscMark] != \"gone\")) do={\n"
		"            /container/set ([/container/find where "
		"comment=$rscMark]->0) comment=$rscOwner%s\n"
		"        }\n"
		"    }\n",
		rsc_has(script, "start-on-boot") ? " start-on-boot=yes" : "");
}

/* Interfaces and ports follow their containers: those before first, then what
 * has the owner's mark and another interface is nobody's. */
static const char ALIGN_CODE[] =
	"    :foreach rscMark in=($rscBefore , $rscSpare , $rscOwner) do={\n"
	"        :foreach rscMine in=[/container/find where comment=$rscMark] "
	"do={\n"
	"            :local rscUsed [:tostr [/container/get $rscMine "
	"interface]]\n"
	"            :foreach rscWas in=($rscOwner , $rscNext , $rscBefore , "
	"$rscSpare) do={\n"
	"                :if ($rscWas != $rscMark) do={\n"
	"                    :local rscVethIds [/interface/veth/find where "
	"name=$rscUsed comment=$rscWas]\n"
	"                    :if (($rscMark = $rscOwner) && "
	"([:len $rscVethIds] > 0)) do={\n"
	"                        :foreach rscId "
	"in=[/interface/bridge/port/find "
	"where comment=$rscOwner] do={\n"
	"                            :if ([:tostr [/interface/bridge/port/get "
	"$rscId interface]] != $rscUsed) do={ /interface/bridge/port/remove "
	"$rscId }\n"
	"                        }\n"
	"                        /interface/veth/remove [/interface/veth/find "
	"where comment=$rscOwner]\n"
	"                    }\n"
	"                    :foreach rscId in=[/interface/bridge/port/find "
	"where interface=$rscUsed comment=$rscWas] do={ "
	"/interface/bridge/port/set $rscId comment=$rscMark }\n"
	"                    :foreach rscId in=$rscVethIds do={ "
	"/interface/veth/set $rscId comment=$rscMark }\n"
	"                }\n"
	"            }\n"
	"        }\n"
	"    }\n";

void rsc_settle(const struct rsc *script)
{
	write_promotion(script);
	buf_add_str(script->out, ALIGN_CODE);
}

/* ---- taking away ------------------------------------------------------- */

/* All that has the mark, its folder too. */
static const char CLEAN_CODE[] =
	"        :local rscIds [/container/find where comment=$rscMark]\n"
	"        :if ([:len $rscIds] > 0) do={\n"
	"            :local rscGone [:tostr [/container/get ($rscIds->0) "
	"root-dir]]\n"
	"            :if ([:pick $rscGone 0 1] = \"/\") do={ "
	":set rscGone [:pick $rscGone 1 [:len $rscGone]] }\n"
	"            :if ([$rscState $rscMark] = \"running\") do={ "
	"/container/stop ($rscIds->0) }\n"
	"            :local rscWait 300\n"
	"            :while ((([$rscState $rscMark] = \"running\") || "
	"([$rscState $rscMark] = \"busy\")) && ($rscWait > 0)) do={\n"
	"                :delay 2s\n"
	"                :set rscWait ($rscWait - 1)\n"
	"            }\n"
	"            /container/remove $rscIds\n"
	"            :delay 2s\n"
	"            :do { /file/remove [/file/find where name=$rscGone] } "
	"on-error={ :put (\"remove the folder \" . $rscGone . \" by hand\") }\n"
	"        }\n"
	"        /interface/bridge/port/remove [/interface/bridge/port/find "
	"where comment=$rscMark]\n"
	"        /interface/veth/remove [/interface/veth/find where "
	"comment=$rscMark]\n";

void rsc_clean_next(const struct rsc *script)
{
	buf_add_str(script->out, "        :local rscMark $rscNext\n");
	buf_add_str(script->out, CLEAN_CODE);
}

void rsc_clean_previous(const struct rsc *script)
{
	buf_add_str(script->out,
		"    :foreach rscMark in=($rscBefore , $rscSpare) do={\n"
		"        :if ([$rscState $rscMark] != \"gone\") do={ "
		":put (\"removing the container before: \" . $rscMark) }\n");
	buf_add_str(script->out, CLEAN_CODE);
	buf_add_str(script->out, "    }\n");
}

/* The one that was to be replaced may have been stopped for it. */
void rsc_discard_next(const struct rsc *script)
{
	buf_add_str(script->out,
		"    :local rscCut ([$rscState $rscNext] != \"gone\")\n"
		"    {\n");
	rsc_clean_next(script);
	buf_add_str(script->out, "    }\n");
	if (!rsc_has(script, "start-on-boot"))
		return;
	buf_add_str(script->out,
		"    :if ($rscCut && ([$rscState $rscOwner] = \"stopped\")) "
		"do={\n"
		"        :local rscId ([/container/find where "
		"comment=$rscOwner]->0)\n"
		"        :local rscBoot [:tostr [/container/get $rscId "
		"start-on-boot]]\n"
		"        :if (($rscBoot = \"yes\") || ($rscBoot = \"true\")) "
		"do={\n"
		"            /container/start $rscId\n"
		"            :local rscLeft 30\n"
		"            :while (([$rscState $rscOwner] != \"running\") && "
		"($rscLeft > 0)) do={\n"
		"                :delay 1s\n"
		"                :set rscLeft ($rscLeft - 1)\n"
		"            }\n"
		"        }\n"
		"    }\n");
}
