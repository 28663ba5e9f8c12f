/* SPDX-License-Identifier: MIT */
#include "build/plan.h"

#include <string.h>

#include "base/log.h"
#include "base/slice.h"

static const char *const channel_names[] = {
	[CHANNEL_RELEASE] = "release",
	[CHANNEL_LATEST] = "latest",
	[CHANNEL_DEVEL] = "devel",
};

static const struct {
	const char *name;
	enum format format;
} format_names[] = {
	{ "routeros", FORMAT_ROUTEROS },
	{ "oci", FORMAT_OCI },
	{ "oci-dir", FORMAT_OCI_DIR },
};

int channel_parse(const char *name, enum channel *channel)
{
	for (size_t i = 0; i < ARRAY_SIZE(channel_names); i++) {
		if (!strcmp(name, channel_names[i])) {
			*channel = (enum channel)i;
			return 0;
		}
	}
	return -1;
}

static unsigned format_find(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(format_names); i++) {
		if (slice_is(name, format_names[i].name))
			return format_names[i].format;
	}
	return 0;
}

int formats_parse(const char *list, unsigned *formats, struct error *err)
{
	struct slice rest = slice_of(list), name;

	*formats = 0;
	while (slice_cut(&rest, ',', &name)) {
		unsigned format = format_find(slice_trim(name));

		if (!format)
			return error_set(err, ERROR_USAGE,
				"unknown format \"%.*s\", expected a list of "
				"routeros, oci, oci-dir",
				SLICE_ARGS(name));
		*formats |= format;
	}
	return 0;
}

struct planner {
	struct build_plan *plan;
	const struct project *project;
	const struct plan_request *request;
	struct arena *arena;
};

static int complain_arch(
	const struct planner *p, const char *name, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"unknown architecture \"%s\", expected one of %s", name,
		arch_names(&p->project->archs, p->arena));
}

/* The architectures to build: asked for, or all that the manifest names. */
static int choose_archs(const struct planner *p,
	const struct manifest *manifest, struct string_list *chosen,
	struct error *err)
{
	const struct string_list *asked = &p->request->archs;
	const struct string_list *from =
		asked->n ? asked : &manifest->architectures;

	for (size_t i = 0; i < from->n; i++) {
		const struct arch *arch =
			arch_find(&p->project->archs, from->items[i]);

		if (!arch)
			return complain_arch(p, from->items[i], err);
		if (!string_list_has(&manifest->architectures, arch->name))
			return error_set(err, ERROR_NOT_FOUND,
				"image %s is not made for %s: add it to "
				"\"architectures\" in %s",
				manifest->name, arch->name, manifest->path);
		if (!string_list_has(chosen, arch->name))
			string_list_add(chosen, arch->name, p->arena);
	}
	return 0;
}

static int read_overlays(struct arch_plan *plan, const struct project *project,
	struct arena *arena, struct error *err)
{
	const struct manifest *m = &plan->manifest;

	plan->noverlays = m->overlays.n;
	plan->overlays =
		arena_alloc(arena, m->overlays.n * sizeof(*plan->overlays));
	for (size_t i = 0; i < m->overlays.n; i++) {
		struct overlay_plan *overlay = &plan->overlays[i];
		const char *path;

		overlay->name = m->overlays.items[i];
		overlay->dir = project_overlay(
			project, m->path, overlay->name, arena, err);
		if (!overlay->dir)
			return -1;
		path = arena_printf(arena, "%s/overlay.json", overlay->dir);
		if (overlay_spec_read(
			    &overlay->spec, path, plan->arch, arena, err))
			return -1;
	}
	return 0;
}

/* The input with this architecture and version, shared by all that want it. */
static struct input *want_input(
	struct build_plan *plan, const char *alpine_arch, const char *alpine)
{
	struct input *input;

	for (size_t i = 0; i < plan->ninputs; i++) {
		input = &plan->inputs[i];
		if (!strcmp(input->arch, alpine_arch) &&
			!strcmp(input->alpine, alpine))
			return input;
	}
	input = &plan->inputs[plan->ninputs++];
	input->arch = alpine_arch;
	input->alpine = alpine;
	return input;
}

static int check_alpine(
	const char *alpine, struct arena *arena, struct error *err)
{
	if (release_branch(alpine, arena))
		return 0;
	return error_set(err, ERROR_USAGE,
		"--alpine \"%s\" is no version of Alpine, expected one like "
		"3.18.9 or 3.18",
		alpine);
}

static int plan_arch(const struct planner *p, struct image_plan *image,
	const char *arch_name, struct error *err)
{
	struct arch_plan *plan = &image->archs[image->narchs++];

	plan->arch = arch_find(&p->project->archs, arch_name);
	if (manifest_read(&plan->manifest, image->manifest_path, plan->arch,
		    p->arena, err))
		return -1;
	if (package_set_new(&plan->packages, &plan->manifest,
		    plan->arch->alpine, p->arena, err))
		return error_wrap(err, "%s", image->manifest_path);
	if (read_overlays(plan, p->project, p->arena, err))
		return -1;
	if (p->request->alpine)
		plan->manifest.alpine = p->request->alpine;
	plan->input =
		want_input(p->plan, plan->arch->alpine, plan->manifest.alpine);
	return 0;
}

static int plan_image(const struct planner *p, struct image_plan *image,
	const char *manifest_path, struct error *err)
{
	struct string_list archs = { 0 };
	struct manifest any;

	if (!p->project->archs.n)
		return error_set(err, ERROR_SPEC, "%s/arch holds no *.json",
			p->project->root);
	image->manifest_path = manifest_path;
	if (manifest_read(&any, manifest_path, &p->project->archs.items[0],
		    p->arena, err))
		return -1;
	image->name = any.name;
	image->version = any.version;
	image->formats = p->request->formats ? p->request->formats
			 : any.formats	     ? any.formats
					     : FORMAT_ROUTEROS;
	if (choose_archs(p, &any, &archs, err))
		return -1;
	image->archs = arena_alloc(p->arena, archs.n * sizeof(*image->archs));
	for (size_t i = 0; i < archs.n; i++) {
		if (plan_arch(p, image, archs.items[i], err))
			return -1;
	}
	return provenance_find(&image->provenance, manifest_path, err);
}

int plan_make(struct build_plan *plan, const struct project *project,
	const struct plan_request *request, struct arena *arena,
	struct error *err)
{
	struct planner p = { plan, project, request, arena };
	size_t n = request->file ? 1 : request->images.n;

	memset(plan, 0, sizeof(*plan));
	if (request->alpine && check_alpine(request->alpine, arena, err))
		return -1;
	plan->images = arena_alloc(arena, n * sizeof(*plan->images));
	plan->inputs = arena_alloc(
		arena, n * (project->archs.n + 1) * sizeof(*plan->inputs));
	for (size_t i = 0; i < n; i++) {
		const char *path = request->file;

		if (!path)
			path = project_manifest(
				project, request->images.items[i], arena, err);
		if (!path)
			return -1;
		if (plan_image(&p, &plan->images[plan->nimages++], path, err))
			return -1;
	}
	return 0;
}
