/* SPDX-License-Identifier: MIT */
#include "build/assemble.h"

#include <string.h>

#include "base/log.h"
#include "rootfs/accounts.h"
#include "rootfs/audit.h"
#include "rootfs/base_rootfs.h"
#include "rootfs/check.h"
#include "rootfs/install.h"
#include "rootfs/overlay.h"
#include "rootfs/rules.h"
#include "rootfs/services.h"

/* Time of the newest entry or package. */
static int64_t newest_input(
	const struct tree *tree, const struct arch_plan *plan)
{
	const struct package_set *set = plan->packages;
	int64_t newest = tree_newest(tree);

	for (size_t i = 0; set && i < set->n; i++) {
		if (set->items[i].record.build_time > newest)
			newest = set->items[i].record.build_time;
	}
	return newest;
}

static int put_base(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct base_tar *base,
	struct error *err)
{
	if (base_rootfs_read(
		    &assembly->tree, base->fd, base->path, plan->arch, err))
		return error_wrap(err, "%s", plan->input->file);
	assembly->epoch = image->provenance.origin == EPOCH_NEWEST_INPUT
				  ? newest_input(&assembly->tree, plan)
				  : image->provenance.epoch;
	return 0;
}

static int install_item(struct install *install, struct package_input *item,
	const struct package_tars *tars, struct error *err)
{
	const struct package old = {
		.name = slice_of(item->name),
		.version = slice_of(
			item->old_version ? item->old_version : item->version),
	};
	const bool adds = package_input_has_file(item);
	const bool removes = item->kind != STEP_INSTALL;
	struct solution_step step = {
		.kind = item->kind,
		.old = removes ? &old : NULL,
		.new = adds ? &item->record : NULL,
		.tag = slice_of(item->tag),
	};
	size_t i = (size_t)(item - tars->set->items);
	struct install_payload payload = { .file = &item->file,
		.data = &tars->files[i],
		.fd = tars->files[i].fd };

	return install_step(install, &step, adds ? &payload : NULL, err);
}

static int run_steps(struct install *install, struct package_set *set,
	const struct package_tars *tars, struct error *err)
{
	for (size_t i = 0; i < set->n; i++) {
		struct package_input *item = &set->items[i];

		if (install_item(install, item, tars, err))
			return error_wrap(err, "package %s-%s", item->name,
				item->version);
	}
	return 0;
}

static int make_world(const struct apk_state *state,
	const struct package_set *set, struct arena *arena,
	struct dependency_list *world, struct error *err)
{
	*world = state->world;
	for (size_t i = 0; i < set->words->n; i++) {
		if (world_add(world, set->words->items[i], arena, err))
			return error_wrap(err, "packages");
	}
	return 0;
}

static int install_all(struct assembly *assembly, const struct arch_plan *plan,
	const struct package_tars *tars, struct error *err)
{
	const struct install_options options = { .epoch = assembly->epoch,
		.ledger = &assembly->ledger };
	struct dependency_list world = { 0 };
	struct apk_state state;
	struct install *install;
	int failed;

	if (apk_state_read(&state, &assembly->tree, err) ||
		make_world(
			&state, plan->packages, &assembly->arena, &world, err))
		return -1;
	install = install_new(&assembly->tree, &state, &options);
	failed = run_steps(install, plan->packages, tars, err);
	if (!failed)
		failed = install_finish(install, &world, err);
	install_free(install);
	return failed;
}

static int audit_now(
	struct assembly *assembly, struct audit *audit, struct error *err)
{
	const struct audit_options options = { .depth = AUDIT_HEADERS };

	*audit = (struct audit){ .arena = &assembly->arena };
	return audit_tree(audit, &assembly->tree, &options, err);
}

/*
 * What was installed is as the database says it is, or this program is wrong.
 * What a script took away, or the minirootfs never had, is no concern of
 * this.
 */
static int check_installed(struct assembly *assembly,
	const struct audit *before, struct error *err)
{
	struct audit after;
	const struct audit_finding *found;

	if (audit_now(assembly, &after, err))
		return -1;
	found = audit_news(&after, before);
	if (!found)
		return 0;
	return error_set(err, ERROR_INTERNAL,
		"%s of %s: the database says %s of package %s, the image has "
		"%s: this is a bug of alpbuild",
		audit_kinds[found->kind], found->path, found->expected,
		found->package, found->found);
}

static int put_packages(struct assembly *assembly, const struct arch_plan *plan,
	const struct package_tars *tars, struct error *err)
{
	const struct manifest *m = &plan->manifest;
	struct audit before;

	if (!plan->packages)
		return 0;
	if (audit_now(assembly, &before, err) ||
		install_all(assembly, plan, tars, err) ||
		check_installed(assembly, &before, err))
		return -1;
	return ledger_check(
		&assembly->ledger, m->acknowledged, m->nacknowledged, err);
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
	const struct arch_plan *plan, const struct assembly_inputs *inputs,
	struct error *err)
{
	const struct manifest *m = &plan->manifest;

	if (put_base(assembly, image, plan, inputs->base, err))
		return -1;
	if (put_packages(assembly, plan, inputs->packages, err))
		return -1;
	if (accounts_apply(&assembly->tree, m, assembly->epoch, err))
		return -1;
	if (put_overlays(assembly, plan, err))
		return -1;
	if (accounts_apply(&assembly->tree, m, assembly->epoch, err))
		return -1;
	if (services_apply(&assembly->tree, m, assembly->epoch, err))
		return -1;
	if (rules_apply(&assembly->tree, &m->paths, "manifest paths",
		    assembly->epoch, err))
		return -1;
	return check_tree(&assembly->tree, plan->arch, m, err);
}

int assembly_make(struct assembly *assembly, const struct image_plan *image,
	const struct arch_plan *plan, const struct assembly_inputs *inputs,
	struct error *err)
{
	memset(assembly, 0, sizeof(*assembly));
	arena_init(&assembly->arena);
	tree_init(&assembly->tree, &assembly->arena);
	ledger_init(&assembly->ledger, &assembly->arena);
	if (fill(assembly, image, plan, inputs, err))
		return error_wrap(
			err, "image %s/%s", image->name, plan->arch->name);
	return 0;
}

void assembly_release(struct assembly *assembly)
{
	arena_release(&assembly->arena);
}
