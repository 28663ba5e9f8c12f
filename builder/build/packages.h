/* SPDX-License-Identifier: MIT
 *
 * packages: what manifests' `packages` stand for: which packages, from where,
 * and their files in the cache, verified.
 *
 * On a mirror, for the repository "main" of branch v3.18:
 *	<mirror>/v3.18/main/<arch>/APKINDEX.tar.gz
 *	<mirror>/v3.18/main/<arch>/<name>-<version>.apk
 *
 * Trust: the keys of the verified minirootfs (etc/apk/keys, as far as they
 * are this architecture's by usr/share/apk/keys/<arch>) and those of the
 * keyring folder sign the index; the index names each package by identity.
 * Nothing enters the cache before all of it was verified.
 *
 * Refs in the cache: "index" (URL path -> "sha256:hex size" or "missing"),
 * "solution" (digest of all that a choice depends on -> the choice, as a lock
 * of one architecture), "package" (identity and size -> "sha256:hex" of the
 * .apk), "tar" (SHA-256 of the .apk -> its data tar, as of build/fetch.h).
 */
#ifndef BUILD_PACKAGES_H
#define BUILD_PACKAGES_H

#include "build/package_keep.h"
#include "build/plan.h"

struct packages_options {
	const struct fetch_options *fetch;
	const char *keyring;		 /* folder of more keys; NULL: none */
	const struct package_keep *keep; /* NULL: nothing is locked */
	/* NONE: use what was chosen before from the same inputs */
	enum packages_reuse { PACKAGES_REUSE, PACKAGES_SOLVE_ANEW } reuse;
};

/*
 * Settles the steps of every set of the plan that has none yet. The data tars
 * of the minirootfs are in the cache. Errors as of fetch_resolve(),
 * index_file_read() and solve(), with the image and architecture.
 */
int packages_resolve(struct build_plan *plan,
	const struct packages_options *options, struct error *err) MUST_CHECK;

/*
 * Makes sure that all files are in the cache, and reads what installing needs
 * of them. Then the policy about version skew is asked (ERROR_LIMIT).
 */
int packages_fetch(struct build_plan *plan, const struct fetch_options *fetch,
	struct error *err) MUST_CHECK;

/*
 * The same in two steps, for builds, which may have nothing to do: the first
 * leaves the records of what was chosen before to the second one. What is
 * damaged in the cache is noticed where it is read.
 */
int packages_find(struct build_plan *plan, const struct fetch_options *fetch,
	struct error *err) MUST_CHECK;
int packages_read(struct image_plan *image, const struct fetch_options *fetch,
	struct error *err) MUST_CHECK;

/* Drops the sets' arenas. */
void packages_release(struct build_plan *plan);

#endif
