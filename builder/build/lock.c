/* SPDX-License-Identifier: MIT */
#include "build/lock.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/path.h"

#define REF_SOLUTION "solution"
#define MANIFEST_SUFFIX ".json"
#define LOCK_SUFFIX ".lock.json"
/* Stands where a remembered solution has nothing to say. */
#define NOTHING                                                                \
	"00000000000000000000000000000000"                                     \
	"00000000000000000000000000000000"

const char *lock_path(const char *manifest_path, struct arena *arena)
{
	struct slice stem = slice_of(manifest_path);

	if (slice_ends(stem, MANIFEST_SUFFIX))
		stem.len -= strlen(MANIFEST_SUFFIX);
	return arena_printf(arena, "%.*s%s", SLICE_ARGS(stem), LOCK_SUFFIX);
}

/* From sets to documents. */

static void fill_package(struct lock_package *to,
	const struct package_input *from, struct arena *arena)
{
	char hex[DIGEST_HEX_SIZE], identity[IDENTITY_TEXT_SIZE];

	memset(to, 0, sizeof(*to));
	to->step = step_names[from->kind];
	to->name = from->name;
	to->version = from->version;
	to->old_version = from->old_version;
	to->tag = from->tag;
	if (!package_input_has_file(from))
		return;
	to->arch = from->arch;
	to->path = from->path;
	to->size = from->size;
	to->sha256 = arena_strdup(arena, digest_hex(&from->sha256, hex));
	to->identity =
		arena_strdup(arena, identity_text(&from->identity, identity));
	to->record = from->record_text;
	to->required_by = from->required_by;
}

void lock_arch_from_set(struct lock_arch *to, const struct package_set *set,
	struct arena *arena)
{
	to->npackages = set->n;
	to->packages = arena_alloc(arena, (set->n + 1) * sizeof(*to->packages));
	for (size_t i = 0; i < set->n; i++)
		fill_package(&to->packages[i], &set->items[i], arena);
}

static void fill_wants(struct lock_wants *to, const struct arch_plan *plan)
{
	to->packages = plan->manifest.packages;
	to->repositories = plan->manifest.repositories;
}

/*
 * What the manifest asks for as one text: image, Alpine, and for each
 * architecture its name, packages and repositories, a line each.
 */
static const char *wants_digest(
	const struct image_plan *image, struct arena *arena)
{
	char hex[DIGEST_HEX_SIZE];
	SCOPED_BUF struct buf text;
	struct digest digest;

	buf_init(&text, LOCK_MAX);
	buf_printf(&text, "image %s\nalpine %s\n", image->name,
		image->archs[0].manifest.alpine);
	for (size_t i = 0; i < image->narchs; i++) {
		const struct manifest *m = &image->archs[i].manifest;

		buf_printf(&text, "arch %s\n", image->archs[i].arch->name);
		for (size_t k = 0; k < m->packages.n; k++)
			buf_printf(&text, "package %s\n", m->packages.items[k]);
		for (size_t k = 0; k < m->repositories.n; k++)
			buf_printf(&text, "repository %s\n",
				m->repositories.items[k]);
	}
	digest = digest_of(DIGEST_SHA256, text.data, text.len);
	return arena_strdup(arena, digest_hex(&digest, hex));
}

static int fill_arch(struct lock_arch *to, const struct arch_plan *plan,
	const struct cache *cache, struct arena *arena, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	SCOPED_FD int fd = -1;
	struct stat st;

	if (cache_open_unchecked(cache, &plan->input->sha256, &fd, err) < 0)
		return -1;
	if (fd < 0 || fstat(fd, &st))
		return error_set(err, ERROR_IO,
			"%s vanished from the cache: run it again",
			plan->input->file);

	to->name = plan->arch->name;
	fill_wants(&to->wants, plan);
	to->minirootfs.version = plan->input->version;
	to->minirootfs.path = plan->input->url_path;
	to->minirootfs.size = (uint64_t)st.st_size;
	to->minirootfs.sha256 =
		arena_strdup(arena, digest_hex(&plan->input->sha256, hex));
	if (plan->packages)
		lock_arch_from_set(to, plan->packages, arena);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct lock_arch *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int by_key_name(const void *a, const void *b)
{
	const struct lock_key *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void add_keys(struct lock *lock, const struct package_set *set)
{
	for (size_t i = 0; set && i < set->nkeys; i++) {
		size_t k = 0;

		while (k < lock->nkeys &&
			strcmp(lock->keys[k].name, set->keys[i].name) != 0)
			k++;
		if (k == lock->nkeys)
			lock->keys[lock->nkeys++] = set->keys[i];
	}
}

int lock_make(struct lock *lock, const struct image_plan *image,
	const struct cache *cache, struct arena *arena, struct error *err)
{
	size_t nkeys = 0;

	memset(lock, 0, sizeof(*lock));
	lock->path = lock_path(image->manifest_path, arena);
	lock->image = image->name;
	lock->alpine = image->archs[0].manifest.alpine;
	lock->manifest_sha256 = wants_digest(image, arena);
	lock->narchs = image->narchs;
	lock->archs = arena_alloc(arena, image->narchs * sizeof(*lock->archs));
	for (size_t i = 0; i < image->narchs; i++) {
		if (fill_arch(&lock->archs[i], &image->archs[i], cache, arena,
			    err))
			return -1;
		if (image->archs[i].packages)
			nkeys += image->archs[i].packages->nkeys;
	}
	lock->keys = arena_alloc(arena, (nkeys + 1) * sizeof(*lock->keys));
	for (size_t i = 0; i < image->narchs; i++)
		add_keys(lock, image->archs[i].packages);
	qsort(lock->archs, lock->narchs, sizeof(*lock->archs), by_name);
	qsort(lock->keys, lock->nkeys, sizeof(*lock->keys), by_key_name);
	return 0;
}

/* From documents to sets. */

static enum step_kind find_step(const char *name)
{
	int kind = STEP_PURGE;

	while (kind > STEP_INSTALL && strcmp(step_names[kind], name) != 0)
		kind--;
	return (enum step_kind)kind;
}

static int take_package(struct package_input *to,
	const struct lock_package *from, struct error *err)
{
	to->kind = find_step(from->step);
	to->name = from->name;
	to->version = from->version;
	to->old_version = from->old_version;
	to->tag = from->tag;
	if (!package_input_has_file(to))
		return 0;
	to->path = from->path;
	to->arch = from->arch;
	to->record_text = from->record;
	to->size = from->size;
	to->required_by = from->required_by;
	if (identity_parse(slice_of(from->identity), &to->identity) ||
		digest_parse(slice_of(from->sha256), &to->sha256, err))
		return error_set(err, ERROR_LOCK,
			"package %s: identity %s or sha256 %s is malformed",
			from->name, from->identity, from->sha256);
	return 0;
}

int package_set_from_lock(struct package_set *set, const struct lock_arch *from,
	struct error *err)
{
	set->n = from->npackages;
	set->items =
		arena_alloc(&set->arena, (set->n + 1) * sizeof(*set->items));
	for (size_t i = 0; i < set->n; i++) {
		if (take_package(&set->items[i], &from->packages[i], err))
			return -1;
	}
	set->is_resolved = true;
	return 0;
}

int lock_apply_input(struct input *input, const struct lock_arch *from,
	struct arena *arena, struct error *err)
{
	const struct lock_minirootfs *m = &from->minirootfs;
	struct digest want;

	if (digest_parse(slice_of(m->sha256), &want, err))
		return -1;
	if (input->want.kind != DIGEST_NONE && !digest_eq(&input->want, &want))
		return error_set(err, ERROR_LOCK,
			"two locks name different minirootfs for %s: build "
			"the images one by one",
			from->name);
	input->version = m->version;
	input->url_path = m->path;
	input->file = path_base(arena_strdup(arena, m->path));
	input->trust = TRUST_PINNED;
	input->want = want;
	input->size = m->size;
	return 0;
}

int lock_apply(const struct lock *lock, struct image_plan *image,
	struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < image->narchs; i++) {
		struct arch_plan *plan = &image->archs[i];
		const struct lock_arch *from =
			lock_find_arch(lock, plan->arch->name);

		/* lock_check() found it there. */
		if (lock_apply_input(plan->input, from, arena, err) ||
			(plan->packages && package_set_from_lock(
						   plan->packages, from, err)))
			return error_wrap(err, "%s", lock->path);
	}
	return 0;
}

/* What was chosen before. */

/* Tells a damaged text, and one that is the answer to something else. */
static void choice_seal(
	const char *key, struct slice text, char hex[DIGEST_HEX_SIZE])
{
	struct digester *digester = digester_new(DIGEST_SHA256);
	struct digest digest;

	digester_add(digester, key, strlen(key));
	digester_add(digester, text.ptr, text.len);
	digest = digester_finish(digester);
	digester_free(digester);
	digest_hex(&digest, hex);
}

static bool is_sealed(const char *key, struct slice *text)
{
	char hex[DIGEST_HEX_SIZE];
	struct slice found;

	if (!slice_cut(text, '\n', &found))
		return false;
	choice_seal(key, *text, hex);
	return slice_is(found, hex);
}

static int read_choice(
	struct package_set *set, struct slice text, struct error *err)
{
	const char *copy = arena_slice(&set->arena, text);
	struct lock lock;

	if (lock_parse(&lock, "solution", slice_of(copy), &set->arena, err))
		return -1;
	if (lock.narchs != 1)
		return error_set(err, ERROR_INTERNAL, "one architecture only");
	set->keys = lock.keys;
	set->nkeys = lock.nkeys;
	return package_set_from_lock(set, &lock.archs[0], err);
}

int choice_recall(const struct cache *cache, const char *key,
	struct package_set *set, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	struct error ignored;
	struct slice rest;
	int found = cache_get_ref(cache, REF_SOLUTION, key, &text, err);

	if (found != 1)
		return found;
	rest = buf_slice(&text);
	if (!is_sealed(key, &rest) || read_choice(set, rest, &ignored)) {
		log_debug("a remembered solution is not readable any more");
		return 0;
	}
	set->is_known = true;
	return 1;
}

int choice_remember(
	const struct cache *cache, struct package_set *set, struct error *err)
{
	struct lock_arch arch = { .name = set->arch,
		.minirootfs = { "0.0.0", "none", 1, NOTHING } };
	struct lock lock = { .image = "solution",
		.alpine = "0.0.0",
		.manifest_sha256 = NOTHING,
		.keys = set->keys,
		.nkeys = set->nkeys,
		.archs = &arch,
		.narchs = 1 };
	SCOPED_BUF struct buf text = { .data = NULL };
	SCOPED_BUF struct buf sealed = { .data = NULL };
	char hex[DIGEST_HEX_SIZE];

	if (!set->choice_key || set->is_known)
		return 0;
	buf_init(&text, CACHE_REF_MAX);
	buf_init(&sealed, CACHE_REF_MAX);
	lock_arch_from_set(&arch, set, &set->arena);
	lock_print(&lock, &text);
	set->is_known = true;
	choice_seal(set->choice_key, buf_slice(&text), hex);
	buf_printf(&sealed, "%s\n", hex);
	buf_add(&sealed, text.data, text.len);
	/* Too many packages to remember: solved again next time. */
	if (text.overflow || sealed.overflow)
		return 0;
	return cache_put_ref(
		cache, REF_SOLUTION, set->choice_key, buf_slice(&sealed), err);
}
