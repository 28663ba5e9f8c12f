/* SPDX-License-Identifier: MIT */
#include "build/index_fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apk/index_file.h"
#include "io/http_url.h"

#define REF_INDEX "index"
#define MISSING "missing"

size_t index_sources_add(
	struct index_sources *list, const char *path, enum fetch_need need)
{
	struct index_source *s;

	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].path, path))
			continue;
		if (need == FETCH_REQUIRED)
			list->items[i].may_lack = false;
		return i;
	}
	list->items = memory_grow(
		list->items, list->n, &list->cap, sizeof(*list->items));
	s = &list->items[list->n];
	memset(s, 0, sizeof(*s));
	s->path = path;
	s->may_lack = need == FETCH_OPTIONAL;
	s->fd = -1;
	s->download.partial.lock_fd = -1;
	return list->n++;
}

void index_sources_release(struct index_sources *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct index_source *s = &list->items[i];
		struct cache_partial *partial = &s->download.partial;

		if (s->fd >= 0)
			close(s->fd);
		/* An empty one is removed when its lock is released; without
		 * a path it is a blob by now, not to be touched. */
		if (partial->path && ftruncate(partial->lock_fd, 0))
			continue;
	}
	for (size_t i = 0; i < list->n; i++)
		fetch_download_release(&list->items[i].download);
	free(list->items);
	memset(list, 0, sizeof(*list));
}

/* What the mirrors delivered, or that none of them has it. */
static int take_download(
	struct index_source *s, const struct cache *cache, struct error *err)
{
	const struct transfer *t = &s->download.transfer;

	if (t->result == HTTP_MISSING) {
		s->is_missing = true;
		return 0;
	}
	s->sha256 = t->sha256;
	s->is_kept = cache_has_blob(cache, &s->sha256, t->got);
	s->fd = open(s->download.partial.path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return error_errno(err, "open %s", s->download.partial.path);
	return 0;
}

static int run_locked(struct fetch_download *const *each, size_t n,
	const struct fetch_options *options, struct error *err)
{
	if (fetch_downloads_lock(each, n, options, err))
		return -1;
	/* What a killed process left is not worth asking about. */
	for (size_t i = 0; i < n; i++) {
		if (ftruncate(each[i]->partial.lock_fd, 0))
			return error_errno(
				err, "cache: empty %s", each[i]->partial.path);
	}
	return fetch_downloads_run(each, n, options, err);
}

static int fetch_from_mirrors(struct index_sources *list,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct fetch_download **each =
		memory_zero(list->n, sizeof(*each));

	for (size_t i = 0; i < list->n; i++) {
		struct index_source *s = &list->items[i];

		each[i] = &s->download;
		fetch_download_init(
			&s->download, options, s->path, memory_strdup(s->path));
		s->download.transfer.max_size = INDEX_FILE_MAX;
		/* Offline the cache may have what no folder has. */
		s->download.transfer.optional = s->may_lack || options->offline;
	}
	if (run_locked(each, list->n, options, err))
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		if (take_download(&list->items[i], options->cache, err))
			return -1;
	}
	return 0;
}

/* The copy that an earlier run verified. */
static int take_kept(struct index_source *s,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	struct slice value;
	struct error ignored;
	uint64_t size;
	int found =
		cache_get_ref(options->cache, REF_INDEX, s->path, &text, err);

	value = slice_trim(buf_slice(&text));
	if (found > 0 && slice_is(value, MISSING) && s->may_lack) {
		s->is_missing = true;
		return 0;
	}
	if (found > 0 && !digest_parse(value, &s->sha256, &ignored))
		found = cache_open_blob(
			options->cache, &s->sha256, &s->fd, &size, err);
	else if (found > 0)
		found = 0;
	if (found < 0)
		return -1;
	s->is_kept = true;
	s->is_missing = false;
	if (found)
		return 0;
	error_set(err, ERROR_OFFLINE,
		"%s is not in the cache and may not be fetched offline",
		s->path);
	fetch_add_remedy(err);
	return -1;
}

static bool is_folder(
	const struct index_source *s, const struct fetch_options *options)
{
	if (http_url_scheme(s->path) != HTTP_SCHEME_OTHER)
		return http_url_scheme(s->path) == HTTP_SCHEME_FILE;
	for (size_t i = 0; i < options->mirrors->n; i++) {
		if (http_url_scheme(options->mirrors->items[i]) ==
			HTTP_SCHEME_FILE)
			return true;
	}
	return false;
}

static int fetch_offline(struct index_sources *list,
	const struct fetch_options *options, struct error *err)
{
	struct fetch_options quiet = *options;
	bool folders = list->n > 0;

	for (size_t i = 0; i < list->n; i++)
		folders = folders && is_folder(&list->items[i], options);
	quiet.progress = NULL;
	if (folders && fetch_from_mirrors(list, &quiet, err) &&
		err->kind != ERROR_OFFLINE)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i].fd < 0 &&
			take_kept(&list->items[i], options, err))
			return -1;
	}
	return 0;
}

int index_sources_fetch(struct index_sources *list,
	const struct fetch_options *options, struct error *err)
{
	if (!list->n)
		return 0;
	return options->offline ? fetch_offline(list, options, err)
				: fetch_from_mirrors(list, options, err);
}

/* Writes nothing that is there: the cache may be read-only. */
static int remember(const struct cache *cache, const char *path,
	struct slice value, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	int found = cache_get_ref(cache, REF_INDEX, path, &text, err);

	if (found < 0)
		return -1;
	if (found && slice_eq(slice_trim(buf_slice(&text)), value))
		return 0;
	return cache_put_ref(cache, REF_INDEX, path, value, err);
}

int index_sources_keep(struct index_sources *list, const struct cache *cache,
	struct error *err)
{
	char text[DIGEST_TEXT_SIZE];

	for (size_t i = 0; i < list->n; i++) {
		struct index_source *s = &list->items[i];
		struct slice value = slice_of(MISSING);

		if (s->fd >= 0 && !s->is_kept &&
			cache_adopt_partial(
				cache, &s->download.partial, &s->sha256, err))
			return -1;
		s->is_kept = true;
		if (!s->is_missing)
			value = slice_of(digest_text(&s->sha256, text));
		if (remember(cache, s->path, value, err))
			return -1;
	}
	return 0;
}
