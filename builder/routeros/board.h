/* SPDX-License-Identifier: MIT
 *
 * board: routers by name, as far as the name says what they can run: the
 * architecture, whether it is only ARMv5, and whether flash is short. Boards
 * that are not in the table are not known to be special.
 */
#ifndef ROUTEROS_BOARD_H
#define ROUTEROS_BOARD_H

#include <stdbool.h>

#include "base/error.h"

struct board {
	const char *name;	  /* "hEX refresh" */
	const char *code;	  /* "E50UG"; NULL: none */
	const char *architecture; /* as in an image's config: "arm" */
	bool only_arm_v5;	  /* processor EN7562CT */
	bool little_flash;
};

extern const struct board boards[]; /* ended by a NULL name */

/*
 * By name or code; case, blanks and punctuation do not count. ERROR_USAGE,
 * with all names, when there is none.
 */
const struct board *board_find(const char *name, struct error *err) MUST_CHECK;
/*
 * By what the router itself says in /system/resource, such as "RB5009UG+S+",
 * and the architecture that it is of ("arm64"); NULL: none is known.
 */
const struct board *board_of_router(const char *text, const char *architecture);

#endif
