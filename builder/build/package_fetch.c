/* SPDX-License-Identifier: MIT */
#include "build/package_fetch.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apk/package_data.h"
#include "base/log.h"
#include "build/fetch_download.h"
#include "build/package_record.h"
#include "build/package_refs.h"
#include "build/parallel.h"
#include "io/tar_read.h"

enum want_kind {
	WANT_BY_IDENTITY,
	WANT_PINNED, /* a lock has the SHA-256 */
};

/* A package whose file or data tar is not in the cache. */
struct want {
	struct package_input *item;
	struct fetch_download download;
	int fd; /* of the .apk; -1: not there yet */
	bool is_done;
	bool is_new; /* was downloaded, is not in the cache yet */
	enum want_kind kind;
};

/* Which sets' records are read at once. */
enum reading { READ_ALL, READ_NEW };

struct work {
	enum reading reading;
	struct want *wants;
	size_t n;
	struct package_set *const *sets;
	size_t nsets;
	const struct fetch_options *options;
};

/* The same under the lock; at least the .apk may be there: 1 and fd. */
static int look_again(
	struct want *w, const struct cache *cache, struct error *err)
{
	uint64_t size;
	int found = package_refs_find(cache, w->item, err);

	w->is_done = found == 1;
	if (found || w->item->sha256.kind == DIGEST_NONE)
		return found;
	return cache_open_blob(cache, &w->item->sha256, &w->fd, &size, err);
}

static void want_init(struct want *w, struct package_input *item,
	const struct fetch_options *options)
{
	struct transfer *t = &w->download.transfer;
	SCOPED_FREE char *key = package_refs_key(item);

	memset(w, 0, sizeof(*w));
	w->item = item;
	w->fd = -1;
	fetch_download_init(&w->download, options, item->path,
		memory_printf("%s (%s)", item->path, key));
	w->download.name = package_input_file(item);
	t->max_size = item->size ? item->size : PACKAGE_FILE_MAX;
	t->size = item->size;
	t->want = item->sha256;
}

static void want_release(struct want *w)
{
	struct cache_partial *partial = &w->download.partial;

	if (w->fd >= 0)
		close(w->fd);
	/* What was refused is not to be resumed; without a path the file is a
	 * blob by now, not to be touched. */
	if (w->is_new && partial->path && ftruncate(partial->lock_fd, 0))
		log_debug("%s: not emptied", partial->path);
	fetch_download_release(&w->download);
}

/* Checks everything while the data tar goes to the cache's temporary. */
static int unpack_into(struct want *w, struct outfile *out,
	const struct cache *cache, struct error *err)
{
	struct package_input *item = w->item;
	struct digest_sink hashed;
	int failed;

	digest_sink_init(&hashed, DIGEST_SHA256, &out->sink);
	failed = package_unpack(item, w->fd, &hashed.sink, err);
	if (!failed)
		failed = sink_close(&hashed.sink, err) ||
			 outfile_flush(out, err);
	item->tar_digest = hashed.digest;
	item->tar_size = hashed.sink.size;
	digest_sink_release(&hashed);
	if (failed)
		return -1;
	return package_data_check(out->fd, package_input_file(item), err);
}

static int unpack_one(
	struct want *w, const struct cache *cache, struct error *err)
{
	struct outfile out = { .fd = -1 };
	int failed = cache_new_blob(cache, &out, err);

	if (!failed)
		failed = unpack_into(w, &out, cache, err);
	if (!failed)
		failed = cache_commit_blob(
			cache, &out, &w->item->tar_digest, err);
	outfile_release(&out);
	return failed;
}

/* Verified: the file takes its place, too. */
static int keep(struct want *w, const struct cache *cache, struct error *err)
{
	if (w->is_new && cache_adopt_partial(cache, &w->download.partial,
				 &w->item->sha256, err))
		return -1;
	w->is_new = false;
	w->is_done = true;
	return package_refs_put(w->item, cache, err);
}

/* A mirror that delivered something else is not asked again. */
static bool drop_mirror(struct want *w, const struct error *why)
{
	struct fetch_download *d = &w->download;
	size_t used = d->transfer.url_used;

	if (!w->is_new || used + 1 >= d->nurls ||
		(why->kind != ERROR_VERIFY && why->kind != ERROR_INPUT) ||
		ftruncate(d->partial.lock_fd, 0))
		return false;
	log_warn("%s: %s; trying the next mirror", d->name, why->text);
	for (size_t i = 0; i <= used; i++)
		free(d->urls[i]);
	d->nurls -= used + 1;
	memmove(d->urls, d->urls + used + 1, d->nurls * sizeof(*d->urls));
	close(scope_take_fd(w->fd));
	w->fd = -1;
	return true;
}

/* What the cache had for this package is another one. */
static bool drop_hint(struct want *w, const struct error *why)
{
	if (w->is_new || w->kind == WANT_PINNED ||
		(why->kind != ERROR_VERIFY && why->kind != ERROR_INPUT))
		return false;
	log_warn("%s: in the cache: %s; fetching it again", w->download.name,
		why->text);
	w->item->sha256.kind = DIGEST_NONE;
	close(scope_take_fd(w->fd));
	w->fd = -1;
	return true;
}

static int unpack_want(void *ctx, size_t i, struct error *err)
{
	struct work *work = ctx;
	struct want *w = &work->wants[i];
	struct error why;

	if (w->is_done || w->fd < 0)
		return 0;
	if (!unpack_one(w, work->options->cache, &why))
		return keep(w, work->options->cache, err);
	if (drop_mirror(w, &why))
		return 0;
	if (drop_hint(w, &why))
		return 0;
	*err = why;
	return error_wrap(
		err, "package %s-%s", w->item->name, w->item->version);
}

static int open_download(struct want *w, struct error *err)
{
	struct fetch_download *d = &w->download;

	if (w->is_done || w->fd >= 0 || d->transfer.result != HTTP_DONE)
		return 0;
	w->is_new = true;
	w->item->from_cache = false;
	w->item->sha256 = d->transfer.sha256;
	w->item->size = d->transfer.got;
	w->fd = open(d->partial.path, O_RDONLY | O_CLOEXEC);
	if (w->fd < 0)
		return error_errno(err, "open %s", d->partial.path);
	return 0;
}

/* Downloads what is neither done nor open. */
static int download(struct work *work, struct error *err)
{
	SCOPED_FREE struct fetch_download **each =
		memory_zero(work->n + 1, sizeof(*each));
	size_t count = 0;

	for (size_t i = 0; i < work->n; i++) {
		if (!work->wants[i].is_done && work->wants[i].fd < 0)
			each[count++] = &work->wants[i].download;
	}
	if (count && fetch_downloads_run(each, count, work->options, err))
		return -1;
	for (size_t i = 0; i < work->n; i++) {
		if (open_download(&work->wants[i], err))
			return -1;
	}
	return 0;
}

static bool is_complete(const struct work *work)
{
	for (size_t i = 0; i < work->n; i++) {
		if (!work->wants[i].is_done)
			return false;
	}
	return true;
}

/* Runs under the locks: another process may have been faster. */
static int fill(struct work *work, struct error *err)
{
	SCOPED_FREE struct fetch_download **each =
		memory_zero(work->n + 1, sizeof(*each));

	for (size_t i = 0; i < work->n; i++)
		each[i] = &work->wants[i].download;
	if (fetch_downloads_lock(each, work->n, work->options, err))
		return -1;
	for (size_t i = 0; i < work->n; i++) {
		if (look_again(&work->wants[i], work->options->cache, err) < 0)
			return -1;
	}
	/* Each turn loses a mirror of those that are not complete. */
	while (!is_complete(work)) {
		if (download(work, err) ||
			parallel_run(work->n, work->options->jobs, unpack_want,
				work, err))
			return -1;
	}
	return 0;
}

/* The same file for two images is fetched once. */
static bool is_wanted(const struct work *work, const struct package_input *item)
{
	for (size_t i = 0; i < work->n; i++) {
		const struct package_input *other = work->wants[i].item;

		if (identity_eq(&other->identity, &item->identity) &&
			other->size == item->size)
			return true;
	}
	return false;
}

/*
 * Only a lock says what a file must be: what the cache remembers of one that
 * it lacks may be damaged, and the package may have been signed anew.
 */
static void add_want(
	struct work *work, struct package_input *item, enum want_kind kind)
{
	struct want *w = &work->wants[work->n];

	if (kind != WANT_PINNED)
		item->sha256.kind = DIGEST_NONE;
	if (is_wanted(work, item))
		return;
	want_init(w, item, work->options);
	w->kind = kind;
	work->n++;
}

static int add_wants(
	struct work *work, struct package_set *set, struct error *err)
{
	for (size_t i = 0; i < set->n; i++) {
		struct package_input *item = &set->items[i];
		const bool is_pinned =
			!set->choice_key && item->sha256.kind != DIGEST_NONE;
		int found = 1;

		item->from_cache = true;
		if (package_input_has_file(item))
			found = package_refs_find(
				work->options->cache, item, err);
		if (found < 0)
			return -1;
		if (found)
			continue;
		item->tar_digest.kind = DIGEST_NONE;
		add_want(
			work, item, is_pinned ? WANT_PINNED : WANT_BY_IDENTITY);
	}
	return 0;
}

/* What came for another set is in the cache by now. */
static int find_others(struct work *work, struct error *err)
{
	for (size_t i = 0; i < work->nsets; i++) {
		struct package_set *set = work->sets[i];

		for (size_t k = 0; k < set->n; k++) {
			struct package_input *item = &set->items[k];

			if (package_input_has_file(item) &&
				item->tar_digest.kind == DIGEST_NONE &&
				package_refs_find(
					work->options->cache, item, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int read_items(
	struct work *work, struct package_set *set, struct error *err)
{
	for (size_t i = 0; i < set->n; i++) {
		struct package_input *item = &set->items[i];

		if (package_input_has_file(item) &&
			package_record_read(
				item, work->options->cache, &set->arena, err))
			return error_wrap(err, "package %s-%s", item->name,
				item->version);
	}
	set->has_records = true;
	return 0;
}

/* To remember a choice its records have to be known. */
static bool is_due(const struct work *work, const struct package_set *set)
{
	return !set->has_records &&
	       (work->reading == READ_ALL ||
		       (set->choice_key && !set->is_known));
}

static int read_set(void *ctx, size_t i, struct error *err)
{
	struct work *work = ctx;

	return is_due(work, work->sets[i])
		       ? read_items(work, work->sets[i], err)
		       : 0;
}

static int read_sets(struct work *work, struct error *err)
{
	return parallel_run(
		work->nsets, work->options->jobs, read_set, work, err);
}

static int fetch_sets(struct work *of, struct error *err)
{
	struct work work = *of;
	struct package_set *const *sets = work.sets;
	const size_t n = work.nsets;
	SCOPED_FREE struct want *wants = NULL;
	size_t items = 0;
	int failed = 0;

	for (size_t i = 0; i < n; i++)
		items += sets[i]->n;
	wants = memory_zero(items + 1, sizeof(*wants));
	work.wants = wants;
	for (size_t i = 0; !failed && i < n; i++)
		failed = add_wants(&work, sets[i], err);
	if (!failed && work.n)
		failed = fill(&work, err);
	for (size_t i = 0; i < work.n; i++)
		want_release(&wants[i]);
	return failed || find_others(&work, err) ? -1 : read_sets(&work, err);
}

/* Whether a file in the cache is not what it was; such ones are removed. */
static bool has_damage(const struct package_set *set, const struct cache *cache)
{
	bool damaged = false;

	for (size_t i = 0; i < set->n; i++) {
		const struct digest *sha256 = &set->items[i].sha256;
		SCOPED_FD int fd = -1;
		struct error ignored;
		uint64_t size;

		if (sha256->kind != DIGEST_NONE &&
			!cache_open_blob(cache, sha256, &fd, &size, &ignored))
			damaged = true;
	}
	return damaged;
}

/* What could not be read may be no mirror's fault. */
static bool drop_damage(const struct work *work, const struct error *why)
{
	bool damaged = false;

	if (why->kind != ERROR_VERIFY && why->kind != ERROR_INPUT)
		return false;
	for (size_t i = 0; i < work->nsets; i++)
		damaged = has_damage(work->sets[i], work->options->cache) ||
			  damaged;
	return damaged;
}

static int fetch_again(struct work *work, struct error *err)
{
	locale_t locale = tar_locale_new();
	struct error first;
	int failed = fetch_sets(work, &first);

	if (failed && drop_damage(work, &first))
		failed = fetch_sets(work, err);
	else if (failed)
		*err = first;
	tar_locale_free(locale);
	return failed;
}

int package_sets_fetch(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err)
{
	struct work work = { .sets = sets, .nsets = n, .options = options };

	for (size_t i = 0; i < n; i++)
		sets[i]->has_records = false;
	return fetch_again(&work, err);
}

int package_sets_find(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err)
{
	struct work work = { .reading = READ_NEW,
		.sets = sets,
		.nsets = n,
		.options = options };

	return fetch_again(&work, err);
}

int package_sets_read(struct package_set *const *sets, size_t n,
	const struct fetch_options *options, struct error *err)
{
	struct work work = { .sets = sets, .nsets = n, .options = options };
	struct error why;

	if (!read_sets(&work, &why))
		return 0;
	/* Damaged, or pruned meanwhile. */
	log_debug("%s", why.text);
	return fetch_again(&work, err);
}
