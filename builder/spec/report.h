/* SPDX-License-Identifier: MIT
 *
 * report: <image>-<tag>-<arch>.report.json, which a build leaves beside each
 * image: what it was made from, what became of every script, and where each
 * entry comes from that no package owns. `alpbuild audit` reads it back.
 * docs/report.md is the reference. Keys are sorted, so that equal builds give
 * equal bytes.
 */
#ifndef SPEC_REPORT_H
#define SPEC_REPORT_H

#include "spec/lock.h"
#include "spec/router_spec.h"

#define REPORT_VERSION 1	      /* of the format */
#define REPORT_MAX ((size_t)64 << 20) /* bytes of the document */

struct report_script {
	const char *package, *version;
	const char *script;  /* "post-install" */
	const char *sha256;  /* hex */
	const char *outcome; /* "emulated", "not needed", "not run" */
	const char *note;    /* "" when there is none */
	bool acknowledged;   /* by the manifest */
};

/* Entries of the layer that came, or went, by one hand. */
struct report_origin {
	const char *origin; /* "minirootfs", "overlay alp_rc", "script ..." */
	struct string_list paths; /* clean, sorted bytewise */
};

struct report {
	const char *path; /* of the document; not in it */
	const char *image, *tag, *arch, *alpine;
	int64_t epoch;	     /* seconds UTC */
	const char *diff_id; /* "sha256:hex" of the uncompressed layer */
	struct lock_minirootfs minirootfs;
	struct lock_package *packages; /* in the order of the transaction */
	size_t npackages;
	struct report_script *scripts;
	size_t nscripts;
	/* what is not as the packages' database says, by origin */
	struct report_origin *origins;
	size_t norigins;
	/* paths of the database that are not in the image: sorted */
	struct string_list removed;
	struct router_spec router; /* what the manifest says of the router */
};

/* Errors as of lock_read(). Everything is in the arena. */
int report_read(struct report *report, const char *path, struct arena *arena,
	struct error *err) MUST_CHECK;
int report_parse(struct report *report, const char *name, struct slice text,
	struct arena *arena, struct error *err) MUST_CHECK;
void report_print(const struct report *report, struct buf *out);

#endif
