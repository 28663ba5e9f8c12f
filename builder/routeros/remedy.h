/* SPDX-License-Identifier: MIT
 *
 * remedy: the commands that mend a file, ready to be pasted into a shell:
 * `alpbuild convert`, and programs that others wrote (skopeo, zstd) for what
 * it does not read.
 */
#ifndef ROUTEROS_REMEDY_H
#define ROUTEROS_REMEDY_H

#include "routeros/check.h"

/*
 * Lines, one command each, in the arena; NULL: there is no command, or the
 * file is too damaged for one.
 */
const char *remedy_commands(
	enum remedy_kind kind, const struct check *check, struct arena *arena);

#endif
