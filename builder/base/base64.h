/* SPDX-License-Identifier: MIT
 *
 * base64: RFC 4648, section 4, with padding.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/slice.h"

/* Bytes of the text for n bytes, with its NUL. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)

/* Writes BASE64_SIZE(bytes.len) to text and returns it. */
char *base64_encode(struct slice bytes, char *text);
/*
 * The bytes that the text stands for, at most max; *n tells how many. -1 when
 * it is not base64 with its padding, or stands for more.
 */
int base64_decode(
	struct slice text, void *bytes, size_t max, size_t *n) MUST_CHECK;

#endif
