/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/rsc_image.h"
#include "io/outfile.h"
#include "routeros/property.h"

/* ---- for machines ------------------------------------------------------ */

static json_t *properties_json(const struct router_step *step, size_t n)
{
	json_t *all = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(all, step->properties[i].name,
			json_string(step->properties[i].value));
	return all;
}

static json_t *steps_json(const struct router_steps *steps)
{
	json_t *all = json_array();

	for (size_t i = 0; i < steps->n; i++) {
		const struct router_step *step = &steps->items[i];

		json_array_append_new(
			all, json_pack("{s:s,s:s,s:s,s:o,s:o}", "kind",
				     router_step_word(step->kind), "menu",
				     step->menu, "what", step->what, "key",
				     properties_json(step, step->nkeys),
				     "properties",
				     properties_json(step, step->nproperties)));
	}
	return all;
}

static void print_json(
	const struct router_setup *setup, const struct router_steps *steps)
{
	const struct routeros_range era = property_era(&setup->version);
	char text[ROUTEROS_RANGE_TEXT];

	report_json(json_pack("{s:s,s:s,s:s,s:s?,s:s,s:s,s:o}", "routeros",
		routeros_range_text(&era, text), "name", setup->name,
		"architecture", setup->architecture, "tag", setup->tag, "file",
		setup->file, "root_dir", setup->root_dir, "steps",
		steps_json(steps)));
}

/* ---- the script -------------------------------------------------------- */

static int print_script(const struct request *request,
	const struct router_setup *setup, const struct router_steps *steps,
	struct error *err)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, RSC_MAX);
	rsc_write(&text, request->script, setup, steps);
	if (text.overflow)
		return error_set(err, ERROR_LIMIT,
			"the script is larger than %zu bytes: set fewer or "
			"shorter variables",
			RSC_MAX);
	if (request->script_file)
		return outfile_write(
			request->script_file, text.data, text.len, err);
	fwrite(text.data, 1, text.len, stdout);
	return 0;
}

static int run_rsc(const struct request *request, struct error *err)
{
	struct router_setup setup = request->router;
	struct router_steps steps;

	if (request->operands.n > 1)
		return error_set(err, ERROR_USAGE,
			"rsc: name one image or file, not %zu",
			request->operands.n);
	if (!routeros_version_is_set(&request->routeros))
		return error_set(err, ERROR_USAGE,
			"rsc: --routeros is missing: the version of "
			"/system/resource/print, such as 7.20.8");
	setup.version = request->routeros;
	report_future(&setup.version, "written as for that");
	if (rsc_image(&setup, request, err) ||
		setup_complete(&setup, request->arena, err))
		return -1;
	router_steps_make(&steps, &setup, request->arena);
	if (request->json) {
		print_json(&setup, &steps);
		return 0;
	}
	return print_script(request, &setup, &steps, err);
}

static int set_routeros(struct request *r, const char *value, struct error *err)
{
	return routeros_version_parse(&r->routeros, value, err);
}

static int set_upgrade(struct request *r, const char *value, struct error *err)
{
	r->script = RSC_UPGRADE;
	return 0;
}

static int set_remove(struct request *r, const char *value, struct error *err)
{
	r->script = RSC_REMOVE;
	return 0;
}

static int set_force(struct request *r, const char *value, struct error *err)
{
	r->router.force = true;
	return 0;
}

static int set_output(struct request *r, const char *value, struct error *err)
{
	r->script_file = value;
	return 0;
}

static const struct option_row options_rsc[] = {
	{ "routeros", 0, "VERSION", "of the router, such as 7.20.8; needed",
		set_routeros },
	{ "upgrade", 0, NULL, "a script that replaces the container",
		set_upgrade },
	{ "remove", 0, NULL, "a script that removes it", set_remove },
	{ "force", 0, NULL, "upgrade, even to the tag that runs already",
		set_force },
	{ "output", 'o', "FILE", "where the script goes (default: printed)",
		set_output },
	{ NULL },
};

const struct command command_rsc = {
	.name = "rsc",
	.summary = "write a script that installs an image on a router",
	.arguments = "[IMAGE | FILE.tar]",
	.text = "Prints a script for RouterOS, in the words of exactly the "
		"version named, that\n"
		"sets up interface, bridge, NAT, variables and folders, adds "
		"the container,\n"
		"waits until it is extracted and starts it; or one that "
		"replaces the container\n"
		"by another image, and goes back when that does not run; or "
		"one that removes\n"
		"it. Each may be run again and changes nothing that is there "
		"already. What the\n"
		"container needs is what the manifest says (of a file: the "
		"report beside it)\n"
		"and these options.\n",
	.examples = "  alpbuild rsc alp_rc --arch arm64 --routeros 7.20.8 -o "
		    "alp.rsc\n"
		    "  alpbuild rsc dist/alp_rc-v3.18.9-0.0.1-arm64.tar "
		    "--routeros 7.24 --upgrade\n"
		    "  alpbuild rsc alp_rc --arch arm64 --routeros 7.24 "
		    "--remove\n",
	.groups = { options_rsc, options_router, options_input,
		options_common },
	.run = run_rsc,
};
