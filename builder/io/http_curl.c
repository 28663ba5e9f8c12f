/* SPDX-License-Identifier: MIT */
#include "io/http_curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libcurl.so.4"
#define BUFFER_SIZE (256L * 1024)

static const struct {
	const char *name;
	size_t offset; /* in struct http_curl */
} functions[] = {
#define FUNCTION(name)                                                         \
	{                                                                      \
		"curl_" #name, offsetof(struct http_curl, name)                \
	}
	FUNCTION(global_init),
	FUNCTION(global_cleanup),
	FUNCTION(easy_init),
	FUNCTION(easy_cleanup),
	FUNCTION(easy_reset),
	FUNCTION(easy_setopt),
	FUNCTION(easy_getinfo),
	FUNCTION(easy_strerror),
	FUNCTION(version_info),
	FUNCTION(multi_init),
	FUNCTION(multi_cleanup),
	FUNCTION(multi_add_handle),
	FUNCTION(multi_remove_handle),
	FUNCTION(multi_perform),
	FUNCTION(multi_poll),
	FUNCTION(multi_info_read),
	FUNCTION(slist_append),
	FUNCTION(slist_free_all),
#undef FUNCTION
};

static int find_functions(
	struct http_curl *curl, void *library, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return error_set(err, ERROR_NETWORK,
				"%s has no %s: install libcurl 7.85 or newer",
				LIBRARY, functions[i].name);
		memcpy((char *)curl + functions[i].offset, &function,
			sizeof(function));
	}
	return 0;
}

int http_curl_load(struct http_curl *curl, struct error *err)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return error_set(err, ERROR_NETWORK,
			"http: and https: URLs need libcurl (packages: "
			"libcurl4 of Debian, libcurl of Alpine): %s",
			dlerror());
	if (find_functions(curl, library, err))
		return -1;
	if (curl->global_init(CURL_GLOBAL_DEFAULT))
		return error_set(
			err, ERROR_NETWORK, "libcurl cannot be initialised");
	return 0;
}

/*
 * The variables that curl(1) and OpenSSL read, which libcurl itself does not:
 * whose authorities are trusted, never whether a certificate is checked.
 */
static void set_authorities(const struct http_curl *curl, CURL *easy)
{
	static const struct {
		const char *variable;
		CURLoption option;
	} sources[] = {
		{ "SSL_CERT_DIR", CURLOPT_CAPATH },
		{ "SSL_CERT_FILE", CURLOPT_CAINFO },
		{ "CURL_CA_BUNDLE", CURLOPT_CAINFO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		const char *value = getenv(sources[i].variable);

		if (value && *value)
			curl->easy_setopt(easy, sources[i].option, value);
	}
}

void http_curl_configure(const struct http_curl *curl, CURL *easy,
	const struct http_options *options)
{
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	/* Redirects are followed by http.c, which sees every hop. */
	curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	set_authorities(curl, easy);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl->easy_setopt(
		easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
	curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
	curl->easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
	curl->easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, options->connect_timeout_ms);
}

int http_curl_why(const struct http_curl *curl, CURLcode code, const char *said,
	struct error *err)
{
	const char *text = said[0] ? said : curl->easy_strerror(code);
	size_t len = strcspn(text, "\r\n");
	bool is_word = text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' &&
		       text[1] <= 'z';

	return error_set(err, ERROR_NETWORK, "%c%.*s",
		is_word ? text[0] - 'A' + 'a' : text[0], len ? (int)len - 1 : 0,
		text + 1);
}
