/* SPDX-License-Identifier: MIT
 *
 * mask: texts from foreign files, made fit for messages: what a terminal
 * would obey (ASCII's controls, and U+0080 to U+009F as UTF-8) becomes "?", and
 * so does what makes a text look like another one.
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include <stddef.h>

/*
 * Bytes of what is masked at the start of the text, 0: none. Beside controls
 * these are marks that turn the direction of writing and separators of lines:
 * U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069.
 */
size_t mask_length(const char *text);

/* In place. Line ends, too: a text cannot pass for a line of ours. */
void mask_controls(char *text);
/* The same for messages of several lines. */
void mask_controls_in_lines(char *text);

#endif
