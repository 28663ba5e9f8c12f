/* SPDX-License-Identifier: MIT */
#include "build/package_solve.h"

#include <assert.h>
#include <string.h>

#include "apk/index_file.h"
#include "apk/why.h"
#include "apk/world.h"
#include "base/log.h"
#include "build/base_tar.h"
#include "build/version.h"
#include "rootfs/base_rootfs.h"
#include "rootfs/image_keys.h"
#include "rootfs/install.h"

/* Of the format of what is remembered, and of the choice itself. */
#define CHOICE_VERSION "2"

/* What is read of the minirootfs, while its data tar is open. */
struct ground {
	struct tree tree;
	struct apk_state state;
	struct apk_state locked; /* the same again, for what is locked */
	struct keyring keys;
};

static int add_folder(struct keyring *keys, const char *dir, struct error *err)
{
	size_t before = keys->n;

	if (!dir)
		return 0;
	if (keyring_add_folder(keys, dir, err))
		return -1;
	if (keys->n == before)
		log_warn("keyring %s: no key that is not the image's own "
			 "(*.pub)",
			dir);
	return 0;
}

static int read_ground(struct ground *ground,
	const struct package_choice *choice, const struct base_tar *tar,
	struct error *err)
{
	tree_init(&ground->tree, &choice->set->arena);
	if (base_rootfs_read(
		    &ground->tree, tar->fd, tar->path, choice->arch, err) ||
		apk_state_read(&ground->state, &ground->tree, err) ||
		(choice->options->keep &&
			apk_state_read(&ground->locked, &ground->tree, err)) ||
		image_keys_read(
			&ground->keys, &ground->tree, choice->set->arch, err))
		return error_wrap(err, "%s", choice->input->file);
	return add_folder(&ground->keys, choice->options->keyring, err);
}

/*
 * Keys count only once the bytes that they come from were checked. 1: read; 0:
 * the data tar was corrupt: said and removed; -1.
 */
static int try_ground(struct ground *ground,
	const struct package_choice *choice, struct error *err)
{
	struct base_tar tar;
	struct error failure = { .kind = ERROR_NONE };
	int failed, good;

	if (base_tar_open(&tar, choice->input, choice->options->fetch, err)) {
		base_tar_release(&tar);
		return -1;
	}
	failed = read_ground(ground, choice, &tar, &failure);
	good = base_tar_check(&tar, err);
	base_tar_release(&tar);
	if (good == 1 && failed)
		*err = failure;
	return good == 1 && failed ? -1 : good;
}

static int open_ground(struct ground *ground,
	const struct package_choice *choice, struct error *err)
{
	int good = try_ground(ground, choice, err);

	if (!good) {
		keyring_release(&ground->keys);
		memset(ground, 0, sizeof(*ground));
		good = try_ground(ground, choice, err);
	}
	if (!good)
		return error_set(err, ERROR_VERIFY,
			"%s: its data tar in the cache is corrupt again: "
			"check the disk, or choose another --cache",
			choice->input->file);
	return good < 0 ? -1 : 0;
}

static void note_key(struct package_set *set, const struct key *key)
{
	char hex[DIGEST_HEX_SIZE];
	struct lock_key *to;

	for (size_t i = 0; i < set->nkeys; i++) {
		if (!strcmp(set->keys[i].name, key->name))
			return;
	}
	to = &set->keys[set->nkeys++];
	to->name = arena_strdup(&set->arena, key->name);
	to->sha256 = arena_strdup(&set->arena, digest_hex(&key->sha256, hex));
	to->pem = arena_slice(&set->arena, key->pem);
}

static int read_indexes(const struct package_choice *choice,
	const struct keyring *keys, struct solve_request *request,
	struct error *err)
{
	struct package_set *set = choice->set;
	struct solve_repository *list =
		arena_alloc(&set->arena, set->nrepositories * sizeof(*list));

	set->keys = arena_alloc(
		&set->arena, set->nrepositories * sizeof(*set->keys));
	request->repositories = list;
	for (size_t i = 0; i < set->nrepositories; i++) {
		const struct index_source *source =
			&choice->sources->items[choice->numbers[i]];
		const struct index_file_input input = {
			.fd = source->fd, .name = source->path, .ring = keys
		};
		struct index_file *file;

		if (source->is_missing)
			continue;
		file = arena_alloc(&set->arena, sizeof(*file));
		if (index_file_read(file, &input, &set->arena, err))
			return -1;
		note_key(set, file->key);
		list[request->nrepositories].name = set->repositories[i].url;
		list[request->nrepositories].tag = set->repositories[i].tag;
		list[request->nrepositories++].index = &file->index;
	}
	return 0;
}

const char *package_path(const struct repository *repository,
	const char *branch, const struct package *pkg, struct arena *arena)
{
	const char *path;

	/* The solver takes packages of the indexes that it was given only. */
	assert(repository);
	path = repository_path(repository, branch, arena);
	return arena_printf(arena, "%s/%.*s/%s", path ? path : repository->url,
		SLICE_ARGS(pkg->arch), package_file_name(pkg, arena));
}

static bool index_has(const struct index *index, const struct package *pkg)
{
	for (size_t i = 0; i < index->n; i++) {
		if (identity_eq(&index->packages[i].identity, &pkg->identity))
			return true;
	}
	return false;
}

/* The first repository whose index has that very package. */
static const struct repository *find_origin(const struct package_set *set,
	const struct package *pkg, const struct solve_request *request)
{
	const struct solve_repository *from = request->repositories;

	while (!index_has(from->index, pkg))
		from++;
	for (size_t i = 0; i < set->nrepositories; i++) {
		const struct repository *r = &set->repositories[i];

		if (r->url == from->name && r->tag == from->tag)
			return r;
	}
	return NULL;
}

static void fill_requirers(struct package_input *item,
	const struct package *pkg, struct package_set *set)
{
	struct requirement_list list = { 0 };

	why_direct(pkg, set->solution, set->world, &set->arena, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct package *by = list.items[i].by;
		const char *name =
			by ? arena_slice(&set->arena, by->name) : "world";

		if (!string_list_has(&item->required_by, name))
			string_list_add(&item->required_by, name, &set->arena);
	}
}

static const char *record_text(const struct package *pkg, struct arena *arena)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, PACKAGE_LINE_MAX);
	package_print_fields(pkg, &text);
	return arena_slice(arena, buf_slice(&text));
}

/* Where the package is; one that stays locked, where it was. */
static const char *locate(const struct package_choice *choice,
	const struct package *pkg, const struct solve_request *request)
{
	const struct package_set *set = choice->set;
	const struct package_input *kept =
		choice->options->keep
			? package_keep_find(choice->options->keep, pkg)
			: NULL;

	if (kept)
		return kept->path;
	return package_path(find_origin(set, pkg, request), choice->branch, pkg,
		&choice->set->arena);
}

static void fill_item(struct package_input *item,
	const struct solution_step *step, const struct package_choice *choice,
	const struct solve_request *request)
{
	struct package_set *set = choice->set;
	struct arena *arena = &set->arena;
	const struct package *pkg = step->new ? step->new : step->old;

	item->kind = step->kind;
	item->name = arena_slice(arena, pkg->name);
	item->version = arena_slice(arena, pkg->version);
	if (step->tag.len)
		item->tag = arena_slice(arena, step->tag);
	if (!package_input_has_file(item))
		return;
	if (step->old)
		item->old_version = arena_slice(arena, step->old->version);
	item->path = locate(choice, pkg, request);
	item->arch = arena_slice(arena, pkg->arch);
	item->record_text = record_text(pkg, arena);
	item->identity = pkg->identity;
	item->size = pkg->size;
	fill_requirers(item, pkg, set);
}

/* The image's own world and the manifest's words, as `apk add` takes them. */
static int make_world(struct package_set *set, const struct apk_state *state,
	struct dependency_list *world, struct error *err)
{
	struct dependency_list *named =
		arena_alloc(&set->arena, sizeof(*named));

	*world = state->world;
	set->named = named;
	for (size_t i = 0; i < set->words->n; i++) {
		const char *word = set->words->items[i];

		if (world_add(world, word, &set->arena, err) ||
			world_add(named, word, &set->arena, err))
			return error_wrap(err, "packages");
	}
	return 0;
}

/* With what is locked first, then from the minirootfs to the same end. */
static int solve_keeping(const struct package_choice *choice,
	const struct ground *ground, struct solve_request request,
	struct solution *solution, struct error *err)
{
	struct arena *arena = &choice->set->arena;
	struct solve_request order = { .installed = request.installed,
		.world = request.world,
		.named = request.named,
		.arch = request.arch };
	struct installed locked = ground->locked.db;
	struct package_kept kept = { .db = &locked };

	if (package_keep_apply(choice->options->keep, &locked, err))
		return -1;
	request.installed = &locked;
	if (solve(&kept.solution, &request, arena, err))
		return -1;
	return package_keep_order(&kept, &order, arena, solution, err);
}

static int solve_set(const struct package_choice *choice,
	const struct ground *ground, struct error *err)
{
	struct package_set *set = choice->set;
	struct dependency_list *world =
		arena_alloc(&set->arena, sizeof(*world));
	struct solution *solution = arena_alloc(&set->arena, sizeof(*solution));
	struct solve_request request = {
		.installed = &ground->state.db,
		.world = world,
		.arch = set->arch,
	};
	int failed;

	if (read_indexes(choice, &ground->keys, &request, err) ||
		make_world(set, &ground->state, world, err))
		return -1;
	request.named = set->named;
	failed = choice->options->keep
			 ? solve_keeping(choice, ground, request, solution, err)
			 : solve(solution, &request, &set->arena, err);
	if (failed)
		return -1;
	set->world = world;
	set->solution = solution;
	set->n = solution->n;
	set->items =
		arena_alloc(&set->arena, (set->n + 1) * sizeof(*set->items));
	for (size_t i = 0; i < set->n; i++)
		fill_item(
			&set->items[i], &solution->steps[i], choice, &request);
	set->is_resolved = true;
	return 0;
}

int package_choose(const struct package_choice *choice, struct error *err)
{
	struct ground *ground =
		arena_alloc(&choice->set->arena, sizeof(*ground));
	int failed = open_ground(ground, choice, err);

	if (!failed)
		failed = solve_set(choice, ground, err);
	keyring_release(&ground->keys);
	return failed;
}

static int add_keyring(struct sink *out, const char *dir, struct error *err)
{
	struct keyring ring = { 0 };
	char hex[DIGEST_HEX_SIZE];
	int failed = keyring_add_folder(&ring, dir, err);

	for (size_t i = 0; !failed && i < ring.n; i++) {
		sink_write_str(out, ring.keys[i]->name);
		sink_write_str(out, digest_hex(&ring.keys[i]->sha256, hex));
	}
	keyring_release(&ring);
	return failed;
}

static void add_line(struct sink *out, const char *text)
{
	sink_write_str(out, text ? text : "-");
	sink_write(out, "\n", 1);
}

static int add_choice(struct sink *out, const struct package_choice *choice,
	struct error *err)
{
	const struct package_set *set = choice->set;
	char hex[DIGEST_HEX_SIZE];

	add_line(out, "solution " CHOICE_VERSION);
	alpbuild_fingerprint(out);
	add_line(out, set->arch);
	add_line(out, choice->branch);
	add_line(out, digest_hex(&choice->input->tar_digest, hex));
	for (size_t i = 0; i < set->words->n; i++)
		add_line(out, set->words->items[i]);
	for (size_t i = 0; i < set->nrepositories; i++) {
		const struct index_source *source =
			&choice->sources->items[choice->numbers[i]];

		add_line(out, set->repositories[i].tag);
		add_line(out, set->repositories[i].url);
		add_line(out, source->is_missing
				      ? NULL
				      : digest_hex(&source->sha256, hex));
	}
	return choice->options->keyring
		       ? add_keyring(out, choice->options->keyring, err)
		       : 0;
}

char *package_choice_key(const struct package_choice *choice, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	struct digest_sink digest;
	int failed;

	digest_sink_init(&digest, DIGEST_SHA256, NULL);
	failed = add_choice(&digest.sink, choice, err);
	if (!failed)
		failed = sink_close(&digest.sink, err);
	digest_sink_release(&digest);
	return failed ? NULL : memory_strdup(digest_hex(&digest.digest, hex));
}
