/* SPDX-License-Identifier: MIT */
#include "build/plan.h"

#include <string.h>

#define TAG_MAX 128 /* OCI distribution spec: tags of at most 128 bytes */

static void add_tag(struct image_plan *image, struct tag tag)
{
	image->tags[image->ntags++] = tag;
}

static const char *tag_text(const struct image_plan *image, const char *middle,
	const char *end, struct arena *arena)
{
	return arena_printf(arena, "v%s-%s%s", image->alpine, middle, end);
}

static void make_tags(
	struct image_plan *image, enum channel channel, struct arena *arena)
{
	const struct tag release = {
		.text = tag_text(image, "", image->version, arena),
		.immutable = true,
	};
	const struct tag devel = {
		.text = tag_text(image, "devel-", image->version, arena),
	};
	const struct tag branch = {
		.text = tag_text(image, "latest", "", arena),
	};

	image->ntags = 0;
	add_tag(image, channel == CHANNEL_DEVEL ? devel : release);
	if (channel != CHANNEL_LATEST)
		return;
	add_tag(image, branch);
	add_tag(image, (struct tag){ .text = "latest" });
}

static int one_alpine(struct image_plan *image, struct error *err)
{
	for (size_t i = 0; i < image->narchs; i++) {
		const struct input *input = image->archs[i].input;

		if (!image->alpine)
			image->alpine = input->version;
		if (strcmp(image->alpine, input->version) != 0)
			return error_set(err, ERROR_NOT_FOUND,
				"image %s: the newest Alpine %s is %s for %s, "
				"but %s for %s: name an exact version",
				image->name, image->archs[i].manifest.alpine,
				image->alpine, image->archs[0].arch->name,
				input->version, image->archs[i].arch->name);
	}
	return 0;
}

/* Built-in variables win over the manifest's of the same name. */
static void make_variables(const struct image_plan *image,
	struct arch_plan *plan, struct arena *arena)
{
	const struct arch *arch = plan->arch;
	const struct pair builtin[] = {
		{ "image.name", image->name },
		{ "image.version", image->version },
		{ "image.tag", image->tags[0].text },
		{ "alpine.version", image->alpine },
		{ "alpine.branch", release_branch(image->alpine, arena) },
		{ "arch.name", arch->name },
		{ "arch.alpine", arch->alpine },
		{ "arch.oci", arch->oci },
	};
	const struct pair_list *own = &plan->manifest.variables;

	memset(&plan->variables, 0, sizeof(plan->variables));
	for (size_t i = 0; i < own->n; i++)
		pair_list_set(&plan->variables, own->items[i].key,
			own->items[i].value, arena);
	for (size_t i = 0; i < ARRAY_SIZE(builtin); i++)
		pair_list_set(&plan->variables, builtin[i].key,
			builtin[i].value, arena);
}

int plan_settle(struct build_plan *plan, enum channel channel,
	struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < plan->nimages; i++) {
		struct image_plan *image = &plan->images[i];

		if (one_alpine(image, err))
			return -1;
		make_tags(image, channel, arena);
		if (strlen(image->tags[0].text) > TAG_MAX)
			return error_set(err, ERROR_SPEC,
				"%s: tag \"%s\" is longer than %d bytes",
				image->manifest_path, image->tags[0].text,
				TAG_MAX);
		for (size_t k = 0; k < image->narchs; k++)
			make_variables(image, &image->archs[k], arena);
	}
	return 0;
}

const char *plan_routeros_file(const struct image_plan *image,
	const struct arch_plan *arch, const struct tag *tag,
	struct arena *arena)
{
	return arena_printf(arena, "%s-%s-%s.tar", image->name, tag->text,
		arch->arch->name);
}

const char *plan_report_file(const struct image_plan *image,
	const struct arch_plan *arch, const struct tag *tag,
	struct arena *arena)
{
	return arena_printf(arena, "%s-%s-%s.report.json", image->name,
		tag->text, arch->arch->name);
}

const char *plan_layout_name(const struct image_plan *image,
	const struct tag *tag, enum format format, struct arena *arena)
{
	const char *end = format == FORMAT_OCI ? ".oci.tar" : ".oci";

	if (image->narchs == 1)
		return arena_printf(arena, "%s-%s-%s%s", image->name, tag->text,
			image->archs[0].arch->name, end);
	return arena_printf(arena, "%s-%s%s", image->name, tag->text, end);
}
