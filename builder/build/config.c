/* SPDX-License-Identifier: MIT */
#include "build/config.h"

#include <string.h>

#include "base/stamp.h"

#define TITLE_PREFIX "org.opencontainers.image."

static void set_standard(struct pair_list *labels,
	const struct image_plan *image, int64_t epoch, struct arena *arena)
{
	const struct manifest *m = &image->archs[0].manifest;
	char stamp[STAMP_TEXT_SIZE];
	const struct pair standard[] = {
		{ TITLE_PREFIX "created", stamp_format(epoch, stamp) },
		{ TITLE_PREFIX "description", m->description },
		{ TITLE_PREFIX "licenses", m->licenses },
		{ TITLE_PREFIX "revision", image->provenance.revision },
		{ TITLE_PREFIX "source", m->source },
		{ TITLE_PREFIX "title", image->name },
		{ TITLE_PREFIX "version", image->version },
	};

	for (size_t i = 0; i < ARRAY_SIZE(standard); i++) {
		if (standard[i].value && *standard[i].value)
			pair_list_set(labels, standard[i].key,
				standard[i].value, arena);
	}
}

static size_t as_labels(const struct pair_list *pairs,
	const struct oci_label **labels, struct arena *arena)
{
	struct oci_label *items =
		arena_alloc(arena, (pairs->n + 1) * sizeof(*items));

	for (size_t i = 0; i < pairs->n; i++) {
		items[i].key = pairs->items[i].key;
		items[i].value = pairs->items[i].value;
	}
	*labels = items;
	return pairs->n;
}

void config_make(struct image_config *config, const struct image_plan *image,
	const struct arch_plan *plan, int64_t epoch, struct arena *arena)
{
	const struct manifest *m = &plan->manifest;
	struct pair_list labels = { 0 };

	set_standard(&labels, image, epoch, arena);
	for (size_t i = 0; i < m->labels.n; i++)
		pair_list_set(&labels, m->labels.items[i].key,
			m->labels.items[i].value, arena);
	*config = (struct image_config){
		.architecture = plan->arch->oci,
		.variant = plan->arch->variant,
		.created = epoch,
		.entrypoint = m->entrypoint.items,
		.nentrypoint = m->entrypoint.n,
		.cmd = m->cmd.items,
		.ncmd = m->cmd.n,
		.env = m->env.items,
		.nenv = m->env.n,
		.working_dir = m->working_dir,
		.user = m->user,
		.stop_signal = m->stop_signal,
		.comment = arena_printf(
			arena, "alpbuild %s %s", image->name, image->version),
	};
	config->nlabels = as_labels(&labels, &config->labels, arena);
}

size_t config_annotations(const struct image_plan *image, int64_t epoch,
	const struct oci_label **annotations, struct arena *arena)
{
	struct pair_list labels = { 0 };

	set_standard(&labels, image, epoch, arena);
	return as_labels(&labels, annotations, arena);
}
