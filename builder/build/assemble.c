/* SPDX-License-Identifier: MIT */
#include "build/assemble.h"

#include <string.h>

#include "base/log.h"
#include "rootfs/accounts.h"
#include "rootfs/base_rootfs.h"
#include "rootfs/check.h"
#include "rootfs/overlay.h"
#include "rootfs/rules.h"

static int put_base(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct base_tar *base,
	struct error *err)
{
	if (base_rootfs_read(
		    &assembly->tree, base->fd, base->path, plan->arch, err))
		return error_wrap(err, "%s", plan->input->file);
	assembly->epoch = image->provenance.origin == EPOCH_NEWEST_INPUT
				  ? tree_newest(&assembly->tree)
				  : image->provenance.epoch;
	return 0;
}

static int put_overlays(struct assembly *assembly, const struct arch_plan *plan,
	struct error *err)
{
	for (size_t i = 0; i < plan->noverlays; i++) {
		const struct overlay_plan *from = &plan->overlays[i];
		struct overlay overlay = {
			.name = from->name,
			.dir = from->dir,
			.spec = &from->spec,
			.variables = &plan->variables,
			.mtime = assembly->epoch,
		};

		log_debug("%s: overlay %s", plan->arch->name, from->name);
		if (overlay_apply(&assembly->tree, &overlay, err))
			return -1;
	}
	return 0;
}

static int fill(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct base_tar *base,
	struct error *err)
{
	const struct manifest *m = &plan->manifest;

	if (put_base(assembly, image, plan, base, err))
		return -1;
	if (accounts_apply(&assembly->tree, m, assembly->epoch, err))
		return -1;
	if (put_overlays(assembly, plan, err))
		return -1;
	if (accounts_apply(&assembly->tree, m, assembly->epoch, err))
		return -1;
	if (rules_apply(&assembly->tree, &m->paths, "manifest paths",
		    assembly->epoch, err))
		return -1;
	return check_tree(&assembly->tree, plan->arch, m, err);
}

int assembly_make(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct base_tar *base,
	struct error *err)
{
	memset(assembly, 0, sizeof(*assembly));
	arena_init(&assembly->arena);
	tree_init(&assembly->tree, &assembly->arena);
	if (fill(assembly, image, plan, base, err))
		return error_wrap(
			err, "image %s/%s", image->name, plan->arch->name);
	return 0;
}

void assembly_release(struct assembly *assembly)
{
	arena_release(&assembly->arena);
}
