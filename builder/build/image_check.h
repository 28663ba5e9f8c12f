/* SPDX-License-Identifier: MIT
 *
 * image_check: the rules of `alpbuild check` on an image that is about to be
 * written for RouterOS: config and tree, as they are in memory. The form of
 * the archive is our own and has nothing to find. Errors that are known to
 * keep an image from running end the build; whatever else is found, notes
 * apart, is told as a warning.
 */
#ifndef BUILD_IMAGE_CHECK_H
#define BUILD_IMAGE_CHECK_H

#include "build/assemble.h"
#include "oci/image_config.h"
#include "routeros/finding.h"

/*
 * ERROR_CHECK: a router would not run it; the rule and the place are named.
 * Nothing is looked at when no archive for RouterOS is asked for.
 */
int image_check(const struct image_plan *image, const struct arch_plan *plan,
	struct assembly *assembly, const struct image_config *config,
	struct error *err) MUST_CHECK;

/*
 * The same for what any check found; where stands before what is told.
 * CHECK_TELL: errors are warnings, too.
 */
enum check_policy { CHECK_REFUSE, CHECK_TELL };
int image_check_tell(const struct check_findings *findings, const char *where,
	enum check_policy policy, struct error *err) MUST_CHECK;

#endif
