/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/memory.h"
#include "io/remote.h"

#define PEM_PREFIX "Cert:"

/* PEM of the first certificate, the server's own; empty: there is none. */
static struct slice own_pem(const struct http_curl *curl, CURL *easy)
{
	struct curl_certinfo *info = NULL;
	const struct curl_slist *line;

	curl->easy_getinfo(easy, CURLINFO_CERTINFO, &info);
	if (!info || info->num_of_certs < 1)
		return slice_of(NULL);
	for (line = info->certinfo[0]; line; line = line->next)
		if (!strncmp(line->data, PEM_PREFIX, strlen(PEM_PREFIX)))
			return slice_of(line->data + strlen(PEM_PREFIX));
	return slice_of(NULL);
}

static int read_own(struct remote *remote, CURL *easy, struct certificate *out,
	struct error *err)
{
	struct certificate_reader *reader = certificate_reader_new(err);
	int rc = -1;

	if (!reader)
		return -1;
	rc = certificate_read(reader, own_pem(&remote->curl, easy), out, err);
	certificate_reader_free(reader);
	if (!rc && out->kind != CERTIFICATE_PLAIN)
		rc = error_set(err, ERROR_NETWORK,
			"%s: it shows no certificate", remote->name);
	return rc;
}

/* Nothing is verified, nobody logs in, and no request follows. */
static void configure(struct remote *remote, CURL *easy)
{
	const struct http_curl *curl = &remote->curl;
	const struct http_options options = {
		.connect_timeout_ms = remote->connect_timeout_ms,
		.user_agent = "alpbuild",
	};
	SCOPED_FREE char *url =
		memory_printf("%s://%s", remote->scheme, remote->authority);

	http_curl_configure(curl, easy, &options);
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, remote->scheme);
	/* As in remote_begin(). */
	curl->easy_setopt(easy, CURLOPT_PROXY, "");
	curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl->easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	curl->easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, remote->said);
	curl->easy_setopt(easy, CURLOPT_URL, url);
}

int remote_certificate(
	struct remote *remote, struct certificate *out, struct error *err)
{
	CURL *easy = remote->curl.easy_init();
	CURLcode code;
	int rc;

	if (!easy)
		return error_set(err, ERROR_INTERNAL, "libcurl does not start");
	configure(remote, easy);
	code = remote_run(remote, easy);
	rc = code ? remote_failed(remote, code, err)
		  : read_own(remote, easy, out, err);
	remote->curl.easy_cleanup(easy);
	return rc;
}
