/* SPDX-License-Identifier: MIT
 *
 * package_set: the packages of one image for one architecture: what the
 * manifest asks for, the transaction that gives it, and each package's file.
 * A set is filled in stages, each of which reads the results of the
 * one before:
 *
 *	plan		what is wanted (build/plan.c)
 *	packages_resolve()	the steps: from indexes or from a lock
 *	packages_find()		the files in the cache, verified
 *	packages_read()		the records
 *
 * Everything lives in the set's own arena, so that sets are worked on by
 * threads of their own.
 */
#ifndef BUILD_PACKAGE_SET_H
#define BUILD_PACKAGE_SET_H

#include "apk/package_file.h"
#include "apk/repositories.h"
#include "apk/solve.h"
#include "spec/list.h"
#include "spec/lock.h"
#include "spec/manifest.h"

/* One step of the transaction, with the file that it needs. */
struct package_input {
	enum step_kind kind;
	const char *name, *version;
	const char *old_version; /* NULL: not there before */
	/* the rest is empty for STEP_PURGE; STEP_PIN has just the tag */
	const char *path;	 /* below a mirror, or a URL */
	const char *arch;	 /* A: of the index */
	const char *tag;	 /* of the repository; NULL: none */
	const char *record_text; /* fields as the index has them; NULL: as
				    .PKGINFO has them */
	struct identity identity;
	uint64_t size;	      /* bytes of the .apk */
	struct digest sha256; /* of the .apk; NONE until it is known */
	struct string_list required_by;
	/* set by packages_find() */
	struct digest tar_digest; /* of the data tar */
	uint64_t tar_size;
	bool from_cache; /* nothing was downloaded for it */
	/* set by packages_read() */
	struct package record;	  /* as the database will have it */
	struct package_file file; /* control section */
};

struct package_set {
	struct arena arena;
	const struct string_list *words; /* of the manifest */
	const char *arch;		 /* Alpine's name */
	struct repository *repositories;
	size_t nrepositories;
	bool may_lack_community;     /* nobody asked for it by name */
	struct package_input *items; /* in the order of the transaction */
	size_t n;
	bool is_resolved;
	bool has_records; /* record and file of all items were read */
	bool is_known;	  /* remembered as the answer to choice_key already */
	const char *choice_key; /* what it was chosen from; NULL: a lock */
	/* keys that verified the indexes, sorted by name */
	struct lock_key *keys;
	size_t nkeys;
	/* set when it was solved here and now: for `why` and reasons */
	const struct solution *solution;
	const struct dependency_list *world;
	const struct dependency_list *named; /* the manifest's words in it */
};

/*
 * The set of a manifest: its words and repositories. *out is NULL when it
 * wants no packages. ERROR_SPEC names a malformed word or repository.
 * package_set_release() is due.
 */
int package_set_new(struct package_set **out, const struct manifest *manifest,
	const char *arch, struct arena *arena, struct error *err) MUST_CHECK;
void package_set_release(struct package_set *set);

/* Whether the step needs a file: neither STEP_PURGE nor STEP_PIN does. */
bool package_input_has_file(const struct package_input *item);
/* "openrc-0.52.1-r2.apk": the last part of its path. */
const char *package_input_file(const struct package_input *item);

#endif
