/* SPDX-License-Identifier: MIT
 *
 * fresh: does a build have to be done at all? A finished build leaves a
 * record in the cache: a fingerprint of all that went in, and what stat(2)
 * says of the files that came out. When both still hold, nothing is built.
 *
 * The fingerprint reads no overlay content: like git's index it trusts size,
 * times and inode, and it is not recorded when a file changed so shortly
 * before the build that another change could hide in the clock's grain.
 */
#ifndef BUILD_FRESH_H
#define BUILD_FRESH_H

#include "build/image.h"

struct freshness {
	char *key;		   /* of the record in the cache; owned */
	struct digest fingerprint; /* of what goes in */
	bool racy;		   /* must not be recorded */
};

/* Takes the fingerprint; the inputs are resolved and in the cache. */
int freshness_take(struct freshness *freshness, const struct image_plan *image,
	const struct build_options *options, struct error *err) MUST_CHECK;
void freshness_release(struct freshness *freshness);

/* 1: nothing to do, result is filled in; 0: build; never an error. */
int freshness_check(const struct freshness *freshness,
	const struct build_options *options, struct image_result *result);

/* Records a finished build, where the cache can be written. */
void freshness_record(const struct freshness *freshness,
	const struct build_options *options, const struct image_result *result);

#endif
