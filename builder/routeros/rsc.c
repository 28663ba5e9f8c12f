/* SPDX-License-Identifier: MIT */
#include "routeros/rsc.h"

#include <string.h>

#include "routeros/platform.h"
#include "routeros/property.h"
#include "routeros/quote.h"
#include "routeros/rsc_parts.h"

/* ---- what people read -------------------------------------------------- */

static void write_head(const struct rsc *script, enum rsc_kind kind)
{
	static const char *const verbs[] = { "installs", "upgrades",
		"removes" };
	const struct router_setup *setup = script->setup;
	const struct routeros_range era = property_era(&setup->version);
	char text[ROUTEROS_RANGE_TEXT];

	buf_printf(
		script->out, "# %s the container %s", verbs[kind], setup->name);
	if (setup->tag) {
		buf_add_str(script->out, ", ");
		quote_add_comment(script->out, setup->tag);
	}
	buf_printf(script->out,
		"\n# for RouterOS %s (%s); written by alpbuild rsc, see "
		"docs/rsc.md\n#\n"
		"# Upload it and run: /import file-name=NAME.rsc\n"
		"# It may be run again at any time.\n",
		routeros_range_text(&era, text), setup->architecture);
}

static void describe(const struct rsc *script, const char *what,
	const char *name, const char *text)
{
	buf_printf(script->out, "#   %s ", what);
	quote_add_comment(script->out, name);
	if (text && *text) {
		buf_add_str(script->out, ": ");
		quote_add_comment(script->out, text);
	}
	buf_add_str(script->out, "\n");
}

static void write_descriptions(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;

	if (setup->nports + setup->nvolumes + setup->nenvs)
		buf_add_str(script->out,
			"#\n# What the image knows (--port, --volume, "
			"--env):\n");
	for (size_t i = 0; i < setup->nports; i++) {
		SCOPED_BUF struct buf port;

		buf_init(&port, ERROR_TEXT_SIZE);
		buf_printf(&port, "%u/%s", setup->ports[i].port,
			setup->ports[i].protocol);
		describe(
			script, "port", port.data, setup->ports[i].description);
	}
	for (size_t i = 0; i < setup->nvolumes; i++)
		describe(script, "folder", setup->volumes[i].path,
			setup->volumes[i].description);
	for (size_t i = 0; i < setup->nenvs; i++)
		describe(script, "variable", setup->envs[i].name,
			setup->envs[i].description);
}

/* ---- what every router can run ----------------------------------------- */

static const char VERSION_CODE[] =
	"    :local rscVersion [:tostr [/system/resource/get version]]\n"
	"    :local rscNumber 0\n"
	"    :local rscPart 0\n"
	"    :local rscParts 0\n"
	"    :local rscMore true\n"
	"    :local rscText ($rscVersion . \" \")\n"
	"    :for rscAt from=0 to=([:len $rscText] - 1) do={\n"
	"        :local rscChar [:pick $rscText $rscAt ($rscAt + 1)]\n"
	"        :if ($rscMore) do={\n"
	"            :if ($rscChar ~ \"[0-9]\") do={\n"
	"                :set rscPart ($rscPart * 10 + [:tonum $rscChar])\n"
	"            } else={\n"
	"                :set rscNumber ($rscNumber * 1000 + $rscPart)\n"
	"                :set rscPart 0\n"
	"                :set rscParts ($rscParts + 1)\n"
	"                :if ($rscChar != \".\") do={ :set rscMore false }\n"
	"            }\n"
	"        }\n"
	"    }\n"
	"    :if ($rscParts = 2) do={ :set rscNumber ($rscNumber * 1000) }\n";

static unsigned number_of(const struct routeros_version *version)
{
	return (version->major * 1000 + version->minor) * 1000 + version->patch;
}

static void write_version_check(const struct rsc *script)
{
	const struct routeros_range era = property_era(&script->setup->version);
	char text[ROUTEROS_RANGE_TEXT];

	buf_add_str(script->out, VERSION_CODE);
	buf_printf(script->out, "    :if (($rscNumber < %u)",
		number_of(&era.since));
	if (routeros_version_is_set(&era.until))
		buf_printf(script->out, " || ($rscNumber >= %u)",
			number_of(&era.until));
	buf_printf(script->out,
		") do={\n        :error (\"this script is for RouterOS %s, the "
		"router has \" . $rscVersion . \": write one with alpbuild rsc "
		"--routeros and that version\")\n    }\n",
		routeros_range_text(&era, text));
}

/* Setups are of platforms that RouterOS has. */
static void write_architecture_check(const struct rsc *script)
{
	const struct platform *platform =
		platform_find(script->setup->architecture);
	const char *const *names = platform->router_names;

	buf_add_str(script->out,
		"    :local rscArch [:tostr [/system/resource/get "
		"architecture-name]]\n    :if (");
	for (size_t i = 0; names[i]; i++)
		buf_printf(script->out, "%s($rscArch != \"%s\")",
			i ? " && " : "", names[i]);
	buf_printf(script->out,
		") do={\n"
		"        :error (\"the image is for %s, the router is \" . "
		"$rscArch . \": build or choose the image of that "
		"architecture\")\n    }\n",
		names[0]);
}

static const char PACKAGE_CODE[] =
	"    :local rscFound false\n"
	"    :foreach rscId in=[/system/package/find] do={\n"
	"        :local rscItem [/system/package/get $rscId]\n"
	"        :if ((($rscItem->\"name\") = \"container\") && "
	"([:tostr ($rscItem->\"disabled\")] != \"true\") && "
	"([:tostr ($rscItem->\"available\")] != \"true\")) do={ "
	":set rscFound true }\n"
	"    }\n"
	"    :if (!$rscFound) do={\n"
	"        :error \"the package container is not installed: upload "
	"container-VERSION.npk of the router's version and architecture, and "
	"reboot (from 7.18: /system/package/apply-changes)\"\n"
	"    }\n";

/* A block of its own: the next one is not even read where it would fail, for
 * other versions do not know its words. */
static void write_first_checks(const struct rsc *script)
{
	buf_add_str(script->out, "{\n");
	write_version_check(script);
	write_architecture_check(script);
	buf_add_str(script->out, PACKAGE_CODE);
	buf_add_str(script->out, "}\n");
}

/* ---- shared parts ------------------------------------------------------ */

void rsc_local(const struct rsc *script, const char *name, const char *value)
{
	buf_printf(script->out, "    :local %s ", name);
	quote_add(script->out, value);
	buf_add_str(script->out, "\n");
}

/* Up to 7.19 there is a status, from 7.20 flags: both are looked at. */
static const char STATE_CODE[] =
	"    # running, stopped, failed, busy (being extracted) or gone\n"
	"    :local rscState do={\n"
	"        :local rscIds [/container/find where comment=$1]\n"
	"        :if ([:len $rscIds] = 0) do={ :return \"gone\" }\n"
	"        :local rscItem [/container/get ($rscIds->0)]\n"
	"        :local rscStatus [:tostr ($rscItem->\"status\")]\n"
	"        :if (($rscStatus = \"running\") || "
	"([:tostr ($rscItem->\"running\")] = \"true\")) do={ "
	":return \"running\" }\n"
	"        :if (($rscStatus = \"error\") || "
	"([:tostr ($rscItem->\"failed\")] = \"true\")) do={ "
	":return \"failed\" }\n"
	"        :if (($rscStatus = \"stopped\") || "
	"([:tostr ($rscItem->\"stopped\")] = \"true\")) do={ "
	":return \"stopped\" }\n"
	"        :return \"busy\"\n"
	"    }\n";

void rsc_locals(const struct rsc *script)
{
	const struct router_setup *setup = script->setup;
	struct slice rest = slice_of(setup->disk), first;

	if (slice_cut(&rest, '/', &first)) {
		SCOPED_FREE char *disk = slice_dup(first);

		rsc_local(script, "rscDisk", disk);
	}
	rsc_local(script, "rscFile", setup->file);
	rsc_local(script, "rscRoot", setup->root_dir);
	rsc_local(script, "rscVeth", setup->veth);
}

static void write_state(const struct rsc *script)
{
	buf_add_str(script->out, STATE_CODE);
}

static bool is_skipped(const char *name, const char *const skipped[])
{
	for (size_t i = 0; skipped && skipped[i]; i++) {
		if (!strcmp(skipped[i], name))
			return true;
	}
	return false;
}

void rsc_find(const struct rsc *script, const struct router_step *step)
{
	buf_printf(script->out, "%s/find where", step->menu);
	for (size_t i = 0; i < step->nkeys; i++) {
		buf_printf(script->out, " %s=", step->properties[i].name);
		quote_add(script->out, step->properties[i].value);
	}
}

void rsc_properties(const struct rsc *script, const struct router_step *step,
	const char *const skipped[])
{
	for (size_t i = 0; i < step->nproperties; i++) {
		const struct router_step_property *p = &step->properties[i];

		if (is_skipped(p->name, skipped))
			continue;
		buf_printf(script->out, " %s=", p->name);
		quote_add(script->out, p->value);
	}
}

void rsc_write(struct buf *out, enum rsc_kind kind,
	const struct router_setup *setup, const struct router_steps *steps)
{
	static void (*const bodies[])(
		const struct rsc *) = { rsc_install, rsc_upgrade, rsc_remove };
	const struct rsc script = { out, setup, steps };

	write_head(&script, kind);
	if (kind != RSC_REMOVE)
		write_descriptions(&script);
	write_first_checks(&script);
	buf_add_str(out, "{\n");
	rsc_marks(&script);
	write_state(&script);
	bodies[kind](&script);
	buf_add_str(out, "}\n");
}
