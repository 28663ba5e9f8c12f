/* SPDX-License-Identifier: MIT
 *
 * known_hosts: which keys OpenSSH's file (sshd(8), "SSH_KNOWN_HOSTS FILE
 * FORMAT") knows for a host: names, patterns, hashed names, "[host]:port" and
 * @revoked. libssh2 reads such files too, but stops at the first line that it
 * does not understand, and takes every hashed name for the one that is asked.
 * Keys of authorities (@cert-authority) are left out: libssh2 knows no
 * certificates.
 */
#ifndef IO_KNOWN_HOSTS_H
#define IO_KNOWN_HOSTS_H

#include <stdbool.h>

#include "base/memory.h"

#define KNOWN_HOSTS_SIZE_MAX ((size_t)16 << 20) /* bytes of a file */
#define KNOWN_HOSTS_MAX 1000 /* keys of a host; more are left out */

struct known_host {
	struct slice type; /* "ssh-ed25519" */
	struct slice key;  /* in base64, as it stands there */
	bool is_revoked;
};

struct known_hosts {
	struct known_host *items;
	size_t n;
};

/*
 * The lines for a host and port, in the file's order, in the arena; slices
 * point into the text. Lines that cannot be understood are passed over.
 */
void known_hosts_find(struct known_hosts *found, struct slice text,
	const char *host, unsigned port, struct arena *arena);

enum known_hosts_verdict {
	KNOWN_HOSTS_UNKNOWN, /* there is no key for the host */
	KNOWN_HOSTS_OTHER,   /* there are, this one is not among them */
	KNOWN_HOSTS_SAME,
	KNOWN_HOSTS_REVOKED,
};

/* What a key is, its bytes in base64. */
enum known_hosts_verdict known_hosts_judge(
	const struct known_hosts *hosts, struct slice key);

/* As known_hosts has it: "router", "[router]:2222"; the caller frees. */
char *known_hosts_name(const char *host, unsigned port);

#endif
