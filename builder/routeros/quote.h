/* SPDX-License-Identifier: MIT
 *
 * quote: text inside scripts of RouterOS. Whatever it holds, a quoted text is
 * one word of the script, and a comment one line.
 */
#ifndef ROUTEROS_QUOTE_H
#define ROUTEROS_QUOTE_H

#include "base/buf.h"

/* In quotes: what the language would take for something else, and every byte
 * that is not printable ASCII, is escaped. */
void quote_add(struct buf *out, const char *text);
/* For a line that begins with #: bytes that could end it become blanks. */
void quote_add_comment(struct buf *out, const char *text);

#endif
