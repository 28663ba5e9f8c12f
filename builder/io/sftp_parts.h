/* SPDX-License-Identifier: MIT
 *
 * sftp_parts: what the files of sftp share. sftp_login.c: whether the server's
 * key is the right one, and which ways to log in are tried in which order;
 * sftp.c: requests; sftp_upload.c: the one that sends a file.
 */
#ifndef IO_SFTP_PARTS_H
#define IO_SFTP_PARTS_H

#include "io/known_hosts.h"
#include "io/progress.h"
#include "io/remote.h"
#include "io/sftp.h"

#define SFTP_KEY_TEXT_SIZE 64 /* "SHA256:" + base64 without "=" and NUL */

/* The server's key, as it showed it last. */
struct sftp_key {
	bool was_shown;
	char text[SFTP_KEY_TEXT_SIZE]; /* "SHA256:..." */
	const char *type;	       /* "ED25519" */
	enum known_hosts_verdict verdict;
};

struct sftp {
	struct remote remote;
	char *host;
	unsigned port;
	char *identity, *known_hosts_path; /* NULL: none */
	char pin[SFTP_KEY_TEXT_SIZE];	   /* "": by known_hosts */
	struct progress *progress;
	bool keys_were_refused; /* a password is tried at once */
	/* Of the request under way. */
	const struct known_hosts *known;
	struct sftp_key key;
};

/* A new request about a path; it asks for a file until it is told otherwise. */
void sftp_begin(struct sftp *sftp, const char *path);
/*
 * Runs a request that was begun and set up, logging in where there is no
 * connection yet. *code is libcurl's result where it ran; -1: it did not,
 * ERROR_NOT_FOUND and ERROR_IO: identity or known_hosts cannot be read.
 */
int sftp_run(struct sftp *sftp, CURLcode *code, struct error *err) MUST_CHECK;
/* The error of a result that is none of the request itself. Returns -1. */
int sftp_failed(struct sftp *sftp, CURLcode code, struct error *err);

/* The same, with the server's own refusals (ERROR_ROUTER). */
int sftp_explain(struct sftp *sftp, CURLcode code, struct error *err);

/* The URL of a path; the caller frees. */
char *sftp_url(const struct sftp *sftp, const char *path);
/* "SHA256:" and 43 digits of base64, "=" allowed behind; ERROR_USAGE. */
int sftp_read_pin(const char *text, char pin[SFTP_KEY_TEXT_SIZE],
	struct error *err) MUST_CHECK;

#endif
