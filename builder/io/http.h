/* SPDX-License-Identifier: MIT
 *
 * http: downloads by libcurl's multi interface: several at once, each from
 * the first mirror that delivers it. http:, https: and file: URLs; proxies
 * and .netrc by libcurl; TLS is always verified (authorities: CURL_CA_BUNDLE,
 * SSL_CERT_FILE, SSL_CERT_DIR, else the system's); at most 5 redirects, never
 * from https: to http: and never to file:.
 *
 * A transfer is tried on its URLs in order. 404 and 410 go to the next URL at
 * once; 429, 5xx, time-outs and broken connections are retried with
 * exponential back-off and jitter (Retry-After is honoured within the bound),
 * then the next URL follows. A broken transfer is resumed (Range with
 * If-Range where the server gave a validator) and started anew when the
 * server will not. Wrong size or digest: the bytes are dropped and the next
 * URL is tried (a resumed file gets a second go from its first byte before).
 * A host that cannot be reached is retried only once. Nothing else is retried:
 * a refusal, a bad certificate, a redirect that is not allowed.
 *
 * http.c is the door to libcurl; http_job.c decides, http_part.c keeps the
 * file, http_file.c serves file: URLs without libcurl.
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/digest.h"
#include "io/progress.h"

struct http_options {
	long connect_timeout_ms;   /* 0: 10 s */
	long stall_timeout_s;	   /* no byte for so long ends a try; 0: 30 s */
	unsigned tries;		   /* per URL, at least 1; 0: 4 */
	long backoff_ms;	   /* before the second try, doubling; 0: 500 */
	unsigned parallel;	   /* transfers at once; 0: 4 */
	bool offline;		   /* only file: URLs: no socket is opened */
	const char *user_agent;	   /* NULL: "alpbuild" */
	struct progress *progress; /* may be NULL */
};

enum http_result {
	HTTP_PENDING,
	HTTP_DONE,
	HTTP_MISSING, /* every URL said 404/410, or no such file: */
	HTTP_FAILED,
};

struct transfer {
	/* asked by the caller, all borrowed */
	const char *name;	 /* for people: the file's name */
	const char *const *urls; /* in order of preference */
	size_t nurls;
	const char *path;   /* partial file: resumed, left complete */
	uint64_t max_size;  /* bytes accepted at most; 0 is not allowed */
	uint64_t size;	    /* exact size expected, 0 when unknown */
	struct digest want; /* DIGEST_NONE when unknown */
	bool optional;	    /* HTTP_MISSING is no error of the call;
			       HTTP_FAILED still is */
	/* filled in */
	enum http_result result;
	uint64_t got;	      /* bytes of the file */
	struct digest sha256; /* of the whole file */
	struct digest sha512; /* only when that is the kind of want */
	size_t url_used;      /* index into urls */
	struct error error;   /* when HTTP_FAILED or HTTP_MISSING: tells
				 every URL tried and what it said */
};

/*
 * Runs all transfers; -1 (with the first failed one's error) unless each
 * ended in HTTP_DONE, or in HTTP_MISSING where that is allowed. The error's
 * kind: ERROR_VERIFY when a URL delivered other bytes, ERROR_OFFLINE,
 * ERROR_NOT_FOUND when all said so, else ERROR_NETWORK; ERROR_IO when the
 * file cannot be written. SIGINT/SIGTERM are the caller's:
 * *cancel (may be NULL) going non-zero ends everything (ERROR_INTERRUPTED).
 */
int http_fetch(struct transfer *transfers, size_t n,
	const struct http_options *options, const volatile int *cancel,
	struct error *err) MUST_CHECK;

#endif
