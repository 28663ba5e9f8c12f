/* SPDX-License-Identifier: MIT
 *
 * remote: a server that libcurl talks to for http_client and sftp: where it
 * is, who logs in there, and one libcurl handle that keeps its connection.
 * Host names go into URLs: what could change a URL's meaning is refused.
 */
#ifndef IO_REMOTE_H
#define IO_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "io/certificate.h"
#include "io/http_curl.h"

struct remote_options {
	const char *scheme; /* "https", "sftp": nothing else is spoken */
	const char *host;   /* name or address; IPv6 without brackets */
	uint16_t port;
	const char *user, *password; /* NULL password: of .netrc, else none */
	long connect_timeout_ms;     /* 0: 10 s */
};

struct remote {
	struct http_curl curl;
	CURL *easy;
	CURLM *multi;
	const char *scheme;
	char *name;	 /* for people: "router:443", "[fe80::1]:22" */
	char *authority; /* "router:443" in URLs */
	char *user, *password;
	long connect_timeout_ms;
	const volatile int *cancel; /* NULL: nothing ends a request */
	/* A request that moves no byte for so long after the time to connect
	 * is ended; 0: none is. */
	long stall_timeout_ms;
	int64_t alive_ms; /* when a byte moved last, of a steady clock */
	uint64_t nmoved;  /* bytes of the body that went either way */
	bool has_stalled;
	/* Told of nmoved; may be NULL. */
	void (*moved)(void *arg, uint64_t nmoved);
	void *moved_arg;
	char said[CURL_ERROR_SIZE]; /* libcurl, of the last request */
};

/*
 * Opens no connection. ERROR_USAGE: the host is none; ERROR_NETWORK: libcurl
 * is not installed or speaks another protocol only. Release also after a
 * failure.
 */
int remote_init(struct remote *remote, const struct remote_options *options,
	struct error *err) MUST_CHECK;
void remote_release(struct remote *remote);
void remote_set_password(struct remote *remote, const char *password);

/*
 * The URL of a path, which is "" or begins with "/" and is encoded; the caller
 * frees. It names the user where .netrc has the password: libcurl looks there
 * for no other.
 */
char *remote_url(const struct remote *remote, const char *path);
/* Percent-encoded (RFC 3986), "/" too; the caller frees. */
char *remote_encode(const char *text);
/* A new request on the same connection: protocol, time-out and login are set,
   certificates are verified. */
void remote_begin(struct remote *remote);
/* Runs a handle; CURLE_ABORTED_BY_CALLBACK when *cancel ended it,
   CURLE_OPERATION_TIMEDOUT when it stalled. */
CURLcode remote_run(struct remote *remote, CURL *easy);
/* ERROR_INTERRUPTED or ERROR_NETWORK, with the server's name and what libcurl
   said. */
int remote_failed(
	const struct remote *remote, CURLcode code, struct error *err);

/*
 * The certificate of a TLS server, whoever signed it, by a connection of its
 * own that nothing is sent over. ERROR_NETWORK, ERROR_INTERRUPTED.
 */
int remote_certificate(struct remote *remote, struct certificate *out,
	struct error *err) MUST_CHECK;

#endif
