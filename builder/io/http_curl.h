/* SPDX-License-Identifier: MIT
 *
 * http_curl: libcurl, loaded by dlopen(3) when the first network URL wants
 * it. Linked, it and the 25 libraries behind it would more than double the
 * start-up of every alpbuild that needs no network: a warm build does not.
 * The functions have libcurl's names and types without "curl_".
 */
#ifndef IO_HTTP_CURL_H
#define IO_HTTP_CURL_H

#include <curl/curl.h>

#include "base/error.h"
#include "io/http.h"

struct http_curl {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_global_cleanup) *global_cleanup;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_reset) *easy_reset;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_version_info) *version_info;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_perform) *multi_perform;
	__typeof__(curl_multi_poll) *multi_poll;
	__typeof__(curl_multi_info_read) *multi_info_read;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
};

/*
 * Loads the library and initialises it. It stays loaded until the program
 * ends. ERROR_NETWORK when it is not installed, with the package's name.
 */
int http_curl_load(struct http_curl *curl, struct error *err) MUST_CHECK;

/* What every request has in common: protocols, TLS, proxies, time-outs. */
void http_curl_configure(const struct http_curl *curl, CURL *easy,
	const struct http_options *options);

/* ERROR_NETWORK with libcurl's own words as a part of our sentence: those of
   CURLOPT_ERRORBUFFER, where it said any. Returns -1. */
int http_curl_why(const struct http_curl *curl, CURLcode code, const char *said,
	struct error *err);

#endif
