/* SPDX-License-Identifier: MIT */
#include "rootfs/install.h"

#include <assert.h>
#include <string.h>

#include "rootfs/install_parts.h"

struct install *install_new(struct tree *tree, struct apk_state *state,
	const struct install_options *options)
{
	struct install *install = memory_zero(1, sizeof(*install));

	install->tree = tree;
	install->state = state;
	install->options = *options;
	install->owners = owner_map_new(&state->db);
	content_reader_init(&install->reader);
	return install;
}

void install_free(struct install *install)
{
	if (!install)
		return;
	owner_map_free(install->owners);
	content_reader_release(&install->reader);
	free(install->fresh);
	free(install);
}

/* As apk does it when it opens the database: later lists do not count. */
static int begin(struct install *install, struct error *err)
{
	struct install_dirs *dirs = &install->dirs;

	if (install->has_begun)
		return 0;
	install->has_begun = true;
	dirs->arena = install->tree->arena;
	dirs->flavor = install->state->flavor;
	protect_list_init(&dirs->protect, dirs->arena);
	if (protect_list_read(&dirs->protect, install->tree, err))
		return -1;
	install_dirs_load(dirs, &install->state->db);
	return 0;
}

static struct db_package *add_record(struct install *install,
	const struct solution_step *step, const struct install_payload *payload)
{
	struct package package = *step->new;
	struct db_package *record;

	if (payload) {
		const struct package *info = &payload->file->info.package;

		package.replaces = info->replaces;
		package.replaces_priority = info->replaces_priority;
		package.triggers = info->triggers;
	}
	record = installed_add(&install->state->db, &package);
	record->tag = step->tag;
	return record;
}

static void add_scripts(
	const struct install_unit *unit, const struct script_list *scripts)
{
	struct install *install = unit->install;
	const struct package *pkg = &unit->record->package;

	for (size_t i = 0; i < scripts->n; i++) {
		struct script script = scripts->items[i];

		script.package = pkg->name;
		script.version = pkg->version;
		script.identity = pkg->identity;
		script.mtime = pkg->build_time;
		script_list_add(&install->state->scripts, &script,
			install->tree->arena);
	}
}

static int unpack(const struct install_unit *unit,
	const struct install_arguments *arguments, struct error *err)
{
	add_scripts(unit, &unit->payload->file->scripts);
	if (install_run_script(unit->install, &unit->record->package,
		    unit->old ? SCRIPT_PRE_UPGRADE : SCRIPT_PRE_INSTALL,
		    arguments, err))
		return -1;
	return install_unpack(unit, err);
}

static void add_fresh(struct install *install, struct db_package *record)
{
	install->fresh = memory_grow(install->fresh, install->nfresh,
		&install->fresh_cap, sizeof(struct db_package *));
	install->fresh[install->nfresh++] = record;
}

static void forget(struct install *install, struct db_package *record)
{
	script_list_drop(&install->state->scripts, &record->package.identity);
	installed_remove(&install->state->db, record);
}

static int put_package(const struct install_unit *unit,
	const struct install_arguments *arguments, struct error *err)
{
	struct install *install = unit->install;

	if (unit->payload && unpack(unit, arguments, err))
		return -1;
	if (unit->old) {
		if (install_remove(install, unit->old, err))
			return -1;
		forget(install, unit->old);
	}
	add_fresh(install, unit->record);
	return install_run_script(install, &unit->record->package,
		unit->old ? SCRIPT_POST_UPGRADE : SCRIPT_POST_INSTALL,
		arguments, err);
}

static struct db_package *find_old(
	const struct install *install, const struct solution_step *step)
{
	return step->old ? installed_find(&install->state->db, step->old->name)
			 : NULL;
}

/* Scripts of an upgrade get the new version, then the old one. */
static int install_package(struct install *install,
	const struct solution_step *step, const struct install_payload *payload,
	struct error *err)
{
	struct arena *arena = install->tree->arena;
	struct db_package *old = find_old(install, step);
	const char *versions[2] = { arena_slice(arena, step->new->version) };
	const struct install_arguments arguments = { versions, old ? 2 : 1 };
	struct install_unit unit = { .install = install,
		.old = old,
		.source = { arena_printf(arena, "package %.*s",
				    SLICE_ARGS(step->new->name)),
			TREE_OVERLAY } };

	/* apk does not even look into a package that installs nothing. */
	if (step->new->installed_size) {
		assert(payload);
		unit.payload = payload;
	}
	if (old)
		versions[1] = arena_slice(arena, old->package.version);
	unit.record = add_record(install, step, unit.payload);
	return put_package(&unit, &arguments, err);
}

static int purge(struct install *install, const struct solution_step *step,
	struct error *err)
{
	struct db_package *record = find_old(install, step);
	const char *version;
	const struct install_arguments arguments = { &version, 1 };

	if (!record)
		return 0;
	version = arena_slice(install->tree->arena, record->package.version);
	if (install_run_script(install, &record->package, SCRIPT_PRE_DEINSTALL,
		    &arguments, err) ||
		install_remove(install, record, err) ||
		install_run_script(install, &record->package,
			SCRIPT_POST_DEINSTALL, &arguments, err))
		return -1;
	forget(install, record);
	return 0;
}

/* Only the database changes: which repository the package is of. */
static int pin(struct install *install, const struct solution_step *step,
	struct error *err)
{
	struct db_package *pkg =
		installed_find(&install->state->db, step->old->name);

	if (!pkg)
		return error_set(err, ERROR_TREE,
			"package %.*s is to be pinned and not installed",
			SLICE_ARGS(step->old->name));
	pkg->tag = step->tag;
	return 0;
}

int install_step(struct install *install, const struct solution_step *step,
	const struct install_payload *payload, struct error *err)
{
	if (begin(install, err))
		return -1;
	if (step->kind == STEP_PURGE)
		return purge(install, step, err);
	if (step->kind == STEP_PIN)
		return pin(install, step, err);
	return install_package(install, step, payload, err);
}

int install_finish(struct install *install, const struct dependency_list *world,
	struct error *err)
{
	if (begin(install, err) || install_settle_dirs(install, err) ||
		install_run_triggers(install, err))
		return -1;
	return install_write(install, world, err);
}
