/* SPDX-License-Identifier: MIT
 *
 * nearest: the "did you mean" of unknown options, commands, keys and names.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * The candidate with the smallest edit distance to `word`, NULL when none is
 * near enough to be meant. Ties go to the first one.
 */
const char *nearest_find(
	const char *word, const char *const *candidates, size_t n);

#endif
