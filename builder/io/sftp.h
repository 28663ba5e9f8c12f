/* SPDX-License-Identifier: MIT
 *
 * sftp: files on one SSH server, put there by SFTP (libcurl with libssh2,
 * loaded by io/http_curl). Paths are relative to the user's start folder,
 * which on RouterOS is the root of all files: "usb1/alp.tar".
 *
 * The server's host key must be the one of known_hosts, or the one that is
 * pinned; nothing secret is sent before. A login is tried by the key file, by
 * ssh-agent, then by password.
 */
#ifndef IO_SFTP_H
#define IO_SFTP_H

#include <stdint.h>

#include "base/error.h"
#include "io/progress.h"

struct sftp_options {
	const char *host; /* name or address; IPv6 without brackets */
	uint16_t port;	  /* 0: 22 */
	const char *user;
	const char *password;	   /* NULL: of .netrc, else none */
	const char *identity;	   /* a private key's file; NULL: none */
	const char *known_hosts;   /* NULL: $HOME/.ssh/known_hosts */
	const char *host_key;	   /* "SHA256:..." as ssh-keygen -l prints it;
				      NULL: by known_hosts */
	long connect_timeout_ms;   /* 0: 10 s */
	long stall_timeout_s;	   /* no byte for so long ends a try; 0: 30 s */
	struct progress *progress; /* may be NULL */
};

struct sftp;

/*
 * Opens nothing yet. Strings are copied. ERROR_USAGE: the pin is none;
 * ERROR_NETWORK: libcurl is not installed, or it has no SFTP.
 */
struct sftp *sftp_new(
	const struct sftp_options *options, struct error *err) MUST_CHECK;
void sftp_free(struct sftp *sftp); /* NULL is allowed */

void sftp_set_password(struct sftp *sftp, const char *password);
/* Non-zero there ends a call with ERROR_INTERRUPTED; NULL: nothing does. */
void sftp_set_cancel(struct sftp *sftp, const volatile int *cancel);

/*
 * All calls try once.
 *
 * - ERROR_NETWORK: no connection, or it broke
 * - ERROR_VERIFY: the host key is unknown or another; the text tells its
 *   fingerprint and the remedy
 * - ERROR_LOGIN: user name, key or password were refused
 * - ERROR_ROUTER: the server refused: disk full, no such folder, no right
 * - ERROR_INTERRUPTED
 */

/* Bytes of a file; -1: there is none. */
int sftp_size(struct sftp *sftp, const char *path, int64_t *size,
	struct error *err) MUST_CHECK;
/*
 * The local file from byte `offset` to its end goes to the end of the remote
 * one, which has so many already; 0 makes it anew. The progress shows bytes
 * of the whole file. ERROR_IO, ERROR_NOT_FOUND: the local file. ERROR_VERIFY
 * too when the local file became another size meanwhile, or the remote one has
 * another than offset: then nothing was sent.
 */
int sftp_upload(struct sftp *sftp, const char *local, const char *path,
	uint64_t offset, struct error *err) MUST_CHECK;
/* `to` must not exist, or it is an ERROR_ROUTER. */
int sftp_rename(struct sftp *sftp, const char *from, const char *to,
	struct error *err) MUST_CHECK;
/* A file that is not there is removed already. */
int sftp_remove(
	struct sftp *sftp, const char *path, struct error *err) MUST_CHECK;

#endif
