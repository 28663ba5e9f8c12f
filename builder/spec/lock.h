/* SPDX-License-Identifier: MIT
 *
 * lock: <image>.lock.json: every input of an image with its digests, and why
 * it is there, so that a build needs no index and trusts no mirror.
 * docs/lock.md is the reference. Strings are as written in the document;
 * digests, identities and paths are checked for their form here, for their
 * meaning by who uses them.
 *
 * The document is written with sorted keys, two blanks of indentation and a
 * newline at the end, so that it can be reviewed and compared as text.
 */
#ifndef SPEC_LOCK_H
#define SPEC_LOCK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "spec/list.h"

#define LOCK_VERSION 1		    /* of the format */
#define LOCK_MAX ((size_t)16 << 20) /* bytes of the document */

/* What one architecture asks for: what a lock is an answer to. */
struct lock_wants {
	struct string_list packages;	 /* words of the manifest, in order */
	struct string_list repositories; /* as the manifest has them */
};

struct lock_minirootfs {
	const char *version; /* "3.18.9" */
	const char *path;    /* below a mirror: "v3.18/releases/..." */
	uint64_t size;	     /* bytes */
	const char *sha256;  /* hex */
};

struct lock_package {
	const char *step; /* "install", "upgrade", ... as apk/solve.h */
	const char *name, *version;
	/* the rest is NULL or 0 for "purge" */
	const char *old_version; /* NULL: nothing was there before */
	const char *arch;	 /* A: of the index */
	const char *path; /* below a mirror, or a URL for other repositories */
	const char *tag;  /* of its repository; NULL: none */
	uint64_t size;	  /* bytes of the .apk */
	const char *sha256;   /* hex, of the .apk */
	const char *identity; /* C: */
	/* the index's record where it is not what .PKGINFO says; or NULL */
	const char *record;
	struct string_list required_by; /* "world" or names of packages */
};

struct lock_arch {
	const char *name;	 /* ours: "arm64" */
	struct lock_wants wants; /* what was asked for when it was made */
	struct lock_minirootfs minirootfs;
	struct lock_package *packages; /* in the order of the transaction */
	size_t npackages;
};

struct lock_key {
	const char *name, *sha256; /* of the PEM file */
	const char *pem; /* the file itself; NULL: it is the minirootfs's */
};

struct lock {
	const char *path;   /* of the document; not in it */
	const char *image;  /* name */
	const char *alpine; /* as the manifest says: "3.18" or "3.18.9" */
	const char *manifest_sha256; /* of what it asks for, all architectures:
					build/lock.h tells how */
	struct lock_key *keys;	     /* that verified the indexes */
	size_t nkeys;
	struct lock_arch *archs; /* sorted by name */
	size_t narchs;
};

/* ERROR_LOCK when there is none (with the remedy), ERROR_SPEC when malformed:
 * file, line, place. Everything is in the arena. */
int lock_read(struct lock *lock, const char *path, struct arena *arena,
	struct error *err) MUST_CHECK;
/* The same from memory; name is for messages. */
int lock_parse(struct lock *lock, const char *name, struct slice text,
	struct arena *arena, struct error *err) MUST_CHECK;
/* Valid for lock_parse() if its strings are of the forms that it checks; they
 * must be UTF-8 (asserted) but for records, which may hold any bytes. The
 * caller gives LOCK_MAX to the buffer. */
void lock_print(const struct lock *lock, struct buf *out);
/* NULL: not in the lock. */
const struct lock_arch *lock_find_arch(
	const struct lock *lock, const char *name);

#endif
