/* SPDX-License-Identifier: MIT
 *
 * http_url: the little that downloads must know about URLs themselves
 * (RFC 3986); the rest is libcurl's. Mirrors are base URLs as the user wrote
 * them: nothing is encoded or normalised.
 */
#ifndef IO_HTTP_URL_H
#define IO_HTTP_URL_H

#include "base/error.h"

#define HTTP_URL_MAX 2048 /* bytes of a URL */

enum http_scheme {
	HTTP_SCHEME_OTHER, /* refused */
	HTTP_SCHEME_HTTP,
	HTTP_SCHEME_HTTPS,
	HTTP_SCHEME_FILE,
};

/* By the text before "://", whatever its case. */
enum http_scheme http_url_scheme(const char *url);

/*
 * ERROR_USAGE unless it is an http:, https: or file: URL with a host (file:
 * an absolute path on this host), without blanks and control characters.
 */
int http_url_check(const char *url, struct error *err) MUST_CHECK;

/* "base/path" with exactly one slash between them; the caller frees. */
char *http_url_join(const char *base, const char *path);

/* For people: user and password are replaced by "***"; the caller frees. */
char *http_url_show(const char *url);

/*
 * The path of a file: URL, percent-decoded; the caller frees. NULL when it
 * names another host or holds a NUL (ERROR_USAGE).
 */
char *http_url_file_path(const char *url, struct error *err) MUST_CHECK;

/*
 * Whether a redirect may be followed: to http: and https: only, and never
 * from https: to http:. Says why not (ERROR_NETWORK).
 */
int http_url_check_redirect(
	const char *from, const char *to, struct error *err) MUST_CHECK;

#endif
