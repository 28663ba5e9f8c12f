/* SPDX-License-Identifier: MIT */
#include "build/fetch_download.h"

#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "build/version.h"
#include "io/http_url.h"

void fetch_download_init(struct fetch_download *d,
	const struct fetch_options *options, const char *url_path,
	char *owned_key)
{
	const struct string_list *mirrors = options->mirrors;

	memset(d, 0, sizeof(*d));
	d->key = owned_key;
	d->name = url_path;
	d->partial.lock_fd = -1;
	if (http_url_scheme(url_path) != HTTP_SCHEME_OTHER) {
		d->urls = memory_alloc(sizeof(*d->urls));
		d->urls[d->nurls++] = memory_strdup(url_path);
		return;
	}
	d->nurls = mirrors->n;
	d->urls = memory_zero(mirrors->n, sizeof(*d->urls));
	for (size_t i = 0; i < mirrors->n; i++)
		d->urls[i] = http_url_join(mirrors->items[i], url_path);
}

void fetch_download_release(struct fetch_download *d)
{
	cache_release_partial(&d->partial);
	for (size_t i = 0; i < d->nurls; i++)
		free(d->urls[i]);
	free(d->urls);
	free(d->key);
	memset(d, 0, sizeof(*d));
	d->partial.lock_fd = -1;
}

static int by_key(const void *a, const void *b)
{
	const struct fetch_download *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

int fetch_downloads_lock(struct fetch_download *const *list, size_t n,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct fetch_download **sorted =
		memory_alloc(n * sizeof(*sorted));

	memcpy(sorted, list, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 0; i < n; i++) {
		if (cache_lock_partial(options->cache, sorted[i]->key,
			    &sorted[i]->partial, options->cancel, err))
			return -1;
	}
	return 0;
}

int fetch_downloads_run(struct fetch_download *const *list, size_t n,
	const struct fetch_options *options, struct error *err)
{
	struct http_options http = {
		.offline = options->offline,
		.parallel = options->jobs,
		.progress = options->progress,
	};
	SCOPED_FREE char *agent =
		memory_printf("alpbuild/%s", alpbuild_version());
	SCOPED_FREE struct transfer *transfers =
		memory_zero(n, sizeof(*transfers));
	int failed;

	http.user_agent = agent;
	for (size_t i = 0; i < n; i++) {
		transfers[i] = list[i]->transfer;
		transfers[i].name = list[i]->name;
		transfers[i].urls = (const char *const *)list[i]->urls;
		transfers[i].nurls = list[i]->nurls;
		transfers[i].path = list[i]->partial.path;
	}
	failed = http_fetch(transfers, n, &http, options->cancel, err);
	for (size_t i = 0; i < n; i++)
		list[i]->transfer = transfers[i];
	if (failed)
		fetch_add_remedy(err);
	return failed;
}

static const char *remedy(enum error_kind kind)
{
	switch (kind) {
	case ERROR_NETWORK:
		return "what helps: --mirror URL, ALPBUILD_MIRROR, a proxy in "
		       "https_proxy, or --offline with a filled cache "
		       "(`alpbuild fetch`)";
	case ERROR_NOT_FOUND:
		return "what helps: a --mirror URL (or ALPBUILD_MIRROR) that "
		       "has it, or another --alpine version";
	case ERROR_OFFLINE:
		return "what helps: `alpbuild fetch` while online, or a "
		       "--mirror file:///... that has it";
	case ERROR_VERIFY:
		return "what helps: another --mirror URL; do not trust this "
		       "one";
	default:
		return NULL;
	}
}

void fetch_add_line(struct error *err, const char *text)
{
	size_t len = strlen(err->text);
	size_t room = sizeof(err->text) - strlen(text) - 16;

	while (len > room) {
		const char *line = memrchr(err->text, '\n', len);

		len = line ? (size_t)(line - err->text) : room;
	}
	snprintf(err->text + len, sizeof(err->text) - len, "\n  %s", text);
}

void fetch_add_remedy(struct error *err)
{
	const char *text = remedy(err->kind);

	if (text)
		fetch_add_line(err, text);
}
