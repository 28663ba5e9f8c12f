/* SPDX-License-Identifier: MIT
 *
 * http_client: one HTTPS server, asked one thing after another over a
 * connection that stays open: any method, body and answer in memory. For
 * servers that are told what to do; io/http is for downloads. By libcurl
 * (io/http_curl): TLS 1.2 or newer, Basic authentication, no redirects, no
 * proxy, whatever the environment says.
 *
 * The certificate is verified by authorities and name, or, where a
 * fingerprint is given, by that alone, for routers sign their own. Nothing
 * secret is sent before that: a first connection fetches the certificate, and
 * the key in it is then pinned for the ones with requests.
 */
#ifndef IO_HTTP_CLIENT_H
#define IO_HTTP_CLIENT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define HTTP_CLIENT_BODY_MAX ((size_t)16 << 20) /* bytes of an answer */

struct http_client_options {
	const char *host; /* name or address; IPv6 without brackets */
	uint16_t port;	  /* 0: 443 */
	const char *user;
	const char *password;	 /* NULL: of .netrc, else empty */
	const char *fingerprint; /* SHA-256 of the certificate's DER, 64 hex
				    digits, colons allowed; NULL: verified */
	long connect_timeout_ms; /* 0: 10 s */
	long answer_timeout_ms;	 /* from the request's start; 0: 90 s */
};

struct http_client;

/*
 * Opens nothing yet. Strings are copied. ERROR_USAGE: the fingerprint is
 * none; ERROR_NETWORK: libcurl is not installed.
 */
struct http_client *http_client_new(const struct http_client_options *options,
	struct error *err) MUST_CHECK;
void http_client_free(struct http_client *client); /* NULL is allowed */

/* From now on; NULL: .netrc's again. */
void http_client_set_password(struct http_client *client, const char *password);
/* Non-zero there ends a request with ERROR_INTERRUPTED; NULL: nothing does. */
void http_client_set_cancel(
	struct http_client *client, const volatile int *cancel);

struct http_client_answer {
	long status;	 /* of HTTP, 100..599 */
	struct buf body; /* initialised by the callee, released by the caller,
			    also after a failure */
};

/*
 * A request: path begins with "/" and is percent-encoded by the caller, json
 * is the body, NULL for none. It is sent once; any status is success.
 *
 * - ERROR_NETWORK: no connection, or it broke before the answer was whole; the
 *   server may have done what was asked, or not
 * - ERROR_VERIFY: the certificate is not the pinned one, or cannot be verified;
 *   the text tells its fingerprint
 * - ERROR_LIMIT: the answer is too large
 * - ERROR_INTERRUPTED
 */
struct http_client_request {
	const char *method, *path, *json;
};

int http_client_ask(struct http_client *client,
	const struct http_client_request *request,
	struct http_client_answer *answer, struct error *err) MUST_CHECK;

#endif
