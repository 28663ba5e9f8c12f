/* SPDX-License-Identifier: MIT
 *
 * mask: texts from foreign files, made fit for messages: what a terminal
 * would obey (ASCII's controls, and U+0080 to U+009F as UTF-8) becomes "?".
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

/* In place. Line ends, too: a text cannot pass for a line of ours. */
void mask_controls(char *text);
/* The same for messages of several lines. */
void mask_controls_in_lines(char *text);

#endif
