/* SPDX-License-Identifier: MIT
 *
 * identity: the digests that apk writes as text: what a package is ("C:"),
 * what a file holds ("Z:"), what its extended attributes are ("a:", "M:").
 *
 *	Q1 + base64 of 20 bytes		SHA-1
 *	X1 + 40 hex digits		the same
 *	Q2, X2				SHA-256 (packages of apk v3)
 *	Q1 + base64 of 20, then of 12 bytes	SHA-256
 *
 * The spare bits of the last base64 digit are ignored, as apk does: "...ysE="
 * and "...ysF=" are one identity. Two package records with equal identities
 * are the same package.
 */
#ifndef APK_IDENTITY_H
#define APK_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"

enum identity_kind { IDENTITY_NONE, IDENTITY_SHA1, IDENTITY_SHA256 };

#define IDENTITY_BYTES_MAX 32
#define IDENTITY_TEXT_SIZE 72 /* "X2" + 64 hex digits and NUL */

/* A value; the unused bytes are zero. */
struct identity {
	enum identity_kind kind;
	uint8_t bytes[IDENTITY_BYTES_MAX];
};

/* -1: not of one of these forms; *out is untouched. */
int identity_parse(struct slice text, struct identity *out) MUST_CHECK;
/* From the 20 or 32 bytes of a digest. */
struct identity identity_make(enum identity_kind kind, const uint8_t *bytes);
bool identity_eq(const struct identity *a, const struct identity *b);
/* "Q1..." or "Q2...", canonical; "" for IDENTITY_NONE. */
const char *identity_text(
	const struct identity *id, char text[IDENTITY_TEXT_SIZE]);
/* "X1..." or "X2..." in lower-case hex. */
const char *identity_hex(
	const struct identity *id, char text[IDENTITY_TEXT_SIZE]);

#endif
