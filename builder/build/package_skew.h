/* SPDX-License-Identifier: MIT
 *
 * package_skew: packages whose versions differ between the architectures of
 * an image: Alpine builds them one by one, and mirrors are copied while that
 * goes on.
 */
#ifndef BUILD_PACKAGE_SKEW_H
#define BUILD_PACKAGE_SKEW_H

#include "build/plan.h"

/* Warns or refuses (ERROR_LIMIT) as the manifest's arch-skew says. */
int package_skew_check(
	const struct image_plan *image, struct error *err) MUST_CHECK;

#endif
