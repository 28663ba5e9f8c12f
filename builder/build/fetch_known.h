/* SPDX-License-Identifier: MIT
 *
 * fetch_known: the releases that can be suggested when one does not exist.
 */
#ifndef BUILD_FETCH_KNOWN_H
#define BUILD_FETCH_KNOWN_H

#include "base/memory.h"
#include "spec/releases.h"

#define FETCH_KNOWN_MAX 8

/*
 * The newest pinned release of each branch for Alpine's architecture, newest
 * first, at most FETCH_KNOWN_MAX: "3.21.3, 3.19.4"; "none" without any.
 */
const char *fetch_known_releases(
	const struct release_pins *pins, const char *arch, struct arena *arena);

#endif
