/* SPDX-License-Identifier: MIT */
#include "io/http_url.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/slice.h"

static const struct {
	const char *prefix;
	enum http_scheme scheme;
} schemes[] = {
	{ "http://", HTTP_SCHEME_HTTP },
	{ "https://", HTTP_SCHEME_HTTPS },
	{ "file://", HTTP_SCHEME_FILE },
};

enum http_scheme http_url_scheme(const char *url)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		const char *prefix = schemes[i].prefix;

		if (!strncasecmp(url, prefix, strlen(prefix)))
			return schemes[i].scheme;
	}
	return HTTP_SCHEME_OTHER;
}

/* What follows "scheme://". */
static const char *after_scheme(const char *url)
{
	return strstr(url, "://") + 3;
}

/* "user:password@host:port" */
static struct slice authority(const char *url)
{
	const char *start = after_scheme(url);

	return slice_make(start, strcspn(start, "/?#"));
}

/* Bytes of "user:password@" at the start of an authority. */
static size_t userinfo_length(struct slice auth)
{
	const char *at = auth.len ? memrchr(auth.ptr, '@', auth.len) : NULL;

	return at ? (size_t)(at - auth.ptr) + 1 : 0;
}

static int check_characters(const char *url, struct error *err)
{
	if (strlen(url) > HTTP_URL_MAX)
		return error_set(err, ERROR_USAGE,
			"URL %.64s...: longer than %d bytes", url,
			HTTP_URL_MAX);
	for (const char *p = url; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c <= 0x20 || c == 0x7f)
			return error_set(err, ERROR_USAGE,
				"URL has a blank or control character at "
				"byte %zu: write it as %%%02X",
				(size_t)(p - url), c);
	}
	return 0;
}

int http_url_check(const char *url, struct error *err)
{
	SCOPED_FREE char *shown = NULL;
	SCOPED_FREE char *path = NULL;
	struct slice auth;

	if (check_characters(url, err))
		return -1;
	if (http_url_scheme(url) == HTTP_SCHEME_OTHER)
		return error_set(err, ERROR_USAGE,
			"URL \"%s\": expected https://, http:// or file://",
			url);
	if (http_url_scheme(url) == HTTP_SCHEME_FILE) {
		path = http_url_file_path(url, err);
		return path ? 0 : -1;
	}
	auth = authority(url);
	shown = http_url_show(url);
	if (auth.len == userinfo_length(auth))
		return error_set(
			err, ERROR_USAGE, "URL \"%s\" names no host", shown);
	return 0;
}

char *http_url_join(const char *base, const char *path)
{
	size_t len = strlen(base);

	while (len && base[len - 1] == '/')
		len--;
	while (*path == '/')
		path++;
	return memory_printf("%.*s/%s", (int)len, base, path);
}

char *http_url_show(const char *url)
{
	struct slice auth;
	size_t hidden;

	if (http_url_scheme(url) == HTTP_SCHEME_OTHER)
		return memory_strdup(url);
	auth = authority(url);
	hidden = userinfo_length(auth);
	if (!hidden)
		return memory_strdup(url);
	return memory_printf(
		"%.*s***@%s", (int)(auth.ptr - url), url, auth.ptr + hidden);
}

/* The byte that "%41" stands for, -1 when it is not one. */
static int decode_percent(const char *p)
{
	uint64_t byte;

	if (strnlen(p, 3) < 3 ||
		slice_to_u64(slice_make(p + 1, 2), 16, 255, &byte))
		return -1;
	return (int)byte;
}

static int decode_path(const char *text, struct buf *out)
{
	for (const char *p = text; *p; p++) {
		int byte = (unsigned char)*p;
		char c;

		if (*p == '%') {
			byte = decode_percent(p);
			if (byte <= 0)
				return -1;
			p += 2;
		}
		c = (char)byte;
		buf_add(out, &c, 1);
	}
	return 0;
}

char *http_url_file_path(const char *url, struct error *err)
{
	struct slice host = authority(url);
	struct buf path SCOPED_BUF;

	buf_init(&path, HTTP_URL_MAX);
	if (host.len && !slice_is(host, "localhost")) {
		error_set(err, ERROR_USAGE,
			"URL \"%s\": names the host \"%.*s\": expected "
			"file:/// and an absolute path",
			url, SLICE_ARGS(host));
		return NULL;
	}
	if (host.ptr[host.len] != '/' ||
		decode_path(host.ptr + host.len, &path) || path.overflow) {
		error_set(err, ERROR_USAGE,
			"URL \"%s\": expected file:/// and an absolute path "
			"with %%XX for special bytes",
			url);
		return NULL;
	}
	return buf_take(&path);
}

int http_url_check_redirect(const char *from, const char *to, struct error *err)
{
	SCOPED_FREE char *shown = http_url_show(to);

	switch (http_url_scheme(to)) {
	case HTTP_SCHEME_HTTPS:
		return 0;
	case HTTP_SCHEME_HTTP:
		if (http_url_scheme(from) == HTTP_SCHEME_HTTP)
			return 0;
		return error_set(err, ERROR_NETWORK,
			"redirect from https: to %s refused", shown);
	default:
		return error_set(err, ERROR_NETWORK,
			"redirect to %s refused: expected https: or http:",
			shown);
	}
}
