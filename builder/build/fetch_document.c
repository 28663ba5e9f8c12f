/* SPDX-License-Identifier: MIT */
#include "build/fetch_document.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "build/fetch_download.h"
#include "io/http_url.h"

#define REF_KIND "url"

size_t fetch_documents_add(struct fetch_documents *list, const char *url_path,
	enum fetch_need need)
{
	struct fetch_document *doc;

	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->items[i].url_path, url_path))
			continue;
		if (need == FETCH_REQUIRED)
			list->items[i].need = need;
		return i;
	}
	list->items = memory_grow(
		list->items, list->n, &list->cap, sizeof(*list->items));
	doc = &list->items[list->n];
	memset(doc, 0, sizeof(*doc));
	doc->url_path = url_path;
	doc->need = need;
	buf_init(&doc->text, FETCH_DOCUMENT_MAX);
	return list->n++;
}

void fetch_documents_release(struct fetch_documents *list)
{
	for (size_t i = 0; i < list->n; i++)
		buf_release(&list->items[i].text);
	free(list->items);
	memset(list, 0, sizeof(*list));
}

/* Into memory, and for --offline into the cache. */
static int keep(struct fetch_document *doc, const struct fetch_download *d,
	const struct fetch_options *options, struct error *err)
{
	if (file_read(d->partial.path, FETCH_DOCUMENT_MAX, &doc->text, err))
		return -1;
	doc->found = true;
	return cache_put_ref(options->cache, REF_KIND, doc->url_path,
		buf_slice(&doc->text), err);
}

static int fetch_locked(struct fetch_documents *list,
	struct fetch_download **downloads, const struct fetch_options *options,
	struct error *err)
{
	int failed;

	if (fetch_downloads_lock(downloads, list->n, options, err))
		return -1;
	/* What a killed process left is not worth asking about. */
	for (size_t i = 0; i < list->n; i++) {
		if (ftruncate(downloads[i]->partial.lock_fd, 0))
			return error_errno(err, "cache: empty %s",
				downloads[i]->partial.path);
	}
	failed = fetch_downloads_run(downloads, list->n, options, err);
	for (size_t i = 0; i < list->n; i++) {
		struct fetch_download *d = downloads[i];
		struct error second;

		if (d->transfer.result == HTTP_DONE &&
			keep(&list->items[i], d, options,
				failed ? &second : err))
			failed = -1;
		/* An empty one is removed when its lock is released. */
		if (ftruncate(d->partial.lock_fd, 0))
			continue;
	}
	return failed;
}

static int fetch_from_mirrors(struct fetch_documents *list,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct fetch_download *downloads =
		memory_zero(list->n, sizeof(*downloads));
	SCOPED_FREE struct fetch_download **each =
		memory_zero(list->n, sizeof(*each));
	int failed;

	for (size_t i = 0; i < list->n; i++) {
		const struct fetch_document *doc = &list->items[i];
		struct fetch_download *d = &downloads[i];

		each[i] = d;
		fetch_download_init(d, options, doc->url_path,
			memory_strdup(doc->url_path));
		d->transfer.max_size = FETCH_DOCUMENT_MAX;
		d->transfer.optional = doc->need == FETCH_OPTIONAL;
	}
	failed = fetch_locked(list, each, options, err);
	for (size_t i = 0; i < list->n; i++)
		fetch_download_release(&downloads[i]);
	return failed;
}

static bool has_file_mirror(const struct fetch_options *options)
{
	for (size_t i = 0; i < options->mirrors->n; i++) {
		if (http_url_scheme(options->mirrors->items[i]) ==
			HTTP_SCHEME_FILE)
			return true;
	}
	return false;
}

static int take_cached(struct fetch_document *doc,
	const struct fetch_options *options, struct error *err)
{
	int found;

	buf_release(&doc->text);
	found = cache_get_ref(
		options->cache, REF_KIND, doc->url_path, &doc->text, err);
	if (found < 0)
		return -1;
	doc->found = found;
	if (found || doc->need == FETCH_OPTIONAL)
		return 0;
	error_set(err, ERROR_OFFLINE,
		"%s is not in the cache and may not be fetched offline",
		doc->url_path);
	fetch_add_remedy(err);
	return -1;
}

/* file: mirrors first, then the copies of earlier runs. */
static int fetch_offline(struct fetch_documents *list,
	const struct fetch_options *options, struct error *err)
{
	struct fetch_options quiet = *options;

	/* That a mirror lacks what the cache has is nothing to be told. */
	quiet.progress = NULL;
	if (has_file_mirror(options) && fetch_from_mirrors(list, &quiet, err) &&
		err->kind != ERROR_OFFLINE && err->kind != ERROR_NOT_FOUND)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		if (!list->items[i].found &&
			take_cached(&list->items[i], options, err))
			return -1;
	}
	return 0;
}

int fetch_documents_get(struct fetch_documents *list,
	const struct fetch_options *options, struct error *err)
{
	if (!list->n)
		return 0;
	return options->offline ? fetch_offline(list, options, err)
				: fetch_from_mirrors(list, options, err);
}
