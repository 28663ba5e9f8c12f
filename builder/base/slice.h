/* SPDX-License-Identifier: MIT
 *
 * slice: borrowed bytes. A slice never owns what it points at and need not
 * end in NUL; it is valid as long as the bytes it was cut from. Parsers cut
 * slices off the front of their input and never copy.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct slice {
	const char *ptr; /* may be NULL when len is 0 */
	size_t len;	 /* bytes */
};

/* printf("%.*s", SLICE_ARGS(s)) */
#define SLICE_ARGS(s) (int)(s).len, (s).ptr

/* The bytes of a C string, without its NUL; NULL gives the empty slice. */
struct slice slice_of(const char *s);
struct slice slice_make(const void *ptr, size_t len);

bool slice_eq(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *s);
/* Bytewise order, shorter first: <0, 0, >0. */
int slice_cmp(struct slice a, struct slice b);
bool slice_starts(struct slice s, const char *prefix);
bool slice_ends(struct slice s, const char *suffix);

/*
 * Cuts *rest at the first sep: *head is what stands before it, *rest what
 * follows. Without sep, *head is all and *rest is empty (ptr NULL). False
 * when *rest was used up before the call (ptr NULL).
 */
bool slice_cut(struct slice *rest, char sep, struct slice *head);

/* Without ASCII blanks, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice s);

/*
 * A whole number without sign, in the given base (8, 10 or 16), of digits
 * only and at most max. -1 on anything else, with *out untouched.
 */
int slice_to_u64(
	struct slice s, unsigned base, uint64_t max, uint64_t *out) MUST_CHECK;

/* A NUL-terminated copy; the caller frees it. */
char *slice_dup(struct slice s);

#define UTF8_MAX 4 /* bytes of a character */
/* Bytes of the first character of UTF-8; 0: none that is valid, or NUL. */
size_t slice_character(struct slice s);
/* True when the bytes are valid UTF-8 (RFC 3629) without NUL. */
bool slice_is_utf8(struct slice s);

#endif
