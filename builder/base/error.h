/* SPDX-License-Identifier: MIT
 *
 * error: what went wrong, on the caller's stack. A function that can fail
 * takes `struct error *err` last and returns -1 (or NULL); success leaves
 * err alone. Set it where most is known, wrap it where the context is known
 * ("image alp_rc/armv7: overlay alp_rc: ..."), print it only in cmd/.
 *
 * The kind gives the exit status. error_kinds[] is the one table of them:
 * --help, the man page and docs/errors.md are checked against it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>

#include "base/compiler.h"

#define ERROR_TEXT_SIZE 2048

enum error_kind {
	ERROR_NONE = 0,
	ERROR_INTERNAL,	   /* what should not happen: a bug, a failed call */
	ERROR_USAGE,	   /* the command line */
	ERROR_SPEC,	   /* manifest, arch file, overlay.json, template */
	ERROR_NOT_FOUND,   /* an image, file or release that does not exist */
	ERROR_NETWORK,	   /* no mirror could deliver */
	ERROR_OFFLINE,	   /* --offline and not in the cache */
	ERROR_VERIFY,	   /* digest or size differ from what was expected */
	ERROR_INPUT,	   /* a malformed or hostile archive or document */
	ERROR_TREE,	   /* inputs that contradict each other in the image */
	ERROR_LIMIT,	   /* a limit of the manifest is exceeded */
	ERROR_EXISTS,	   /* a release with other content is there already */
	ERROR_IO,	   /* disk full, no permission, unreadable file */
	ERROR_MEMORY,	   /* out of memory */
	ERROR_SOLVE,	   /* no set of packages satisfies what is wanted */
	ERROR_SCRIPTS,	   /* a package script that cannot be carried out */
	ERROR_LOCK,	   /* the lock file is missing, stale or does not fit */
	ERROR_AUDIT,	   /* an audit found differences */
	ERROR_CHECK,	   /* a check for RouterOS found errors */
	ERROR_ROUTER,	   /* a router refused a step, or failed at it */
	ERROR_LOGIN,	   /* a router refused user name, password or key */
	ERROR_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP */
	ERROR_NKINDS,
};

struct error_kind_info {
	const char *name;    /* as printed by --json, e.g. "not-found" */
	int status;	     /* exit status, 0..255 */
	const char *meaning; /* one line for help, man page and docs */
};

extern const struct error_kind_info error_kinds[ERROR_NKINDS];

struct error {
	enum error_kind kind;
	char text[ERROR_TEXT_SIZE]; /* lower case, no full stop, may be cut */
};

/* Both return -1, so that `return error_set(...)` reads well. */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/*
 * The same with ": strerror(errno)" appended; ENOENT is ERROR_NOT_FOUND, all
 * others ERROR_IO. errno keeps its value.
 */
int error_errno(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Puts "context: " before the text and keeps the kind. */
int error_wrap(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

int error_kind_status(enum error_kind kind);

#endif
