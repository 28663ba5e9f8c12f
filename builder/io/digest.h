/* SPDX-License-Identifier: MIT
 *
 * digest: SHA-256, SHA-512 and SHA-1 (FIPS 180-4) by libcrypto, and their text
 * forms: bare lower-case hex as in Alpine's .sha256 files, and "sha256:hex"
 * as in OCI descriptors.
 */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "io/sink.h"

/* SHA-1 only where apk's formats have nothing else; digest_parse() never gives
 * it, so that nobody can ask for a file by it. */
enum digest_kind { DIGEST_NONE, DIGEST_SHA256, DIGEST_SHA512, DIGEST_SHA1 };

#define DIGEST_BYTES_MAX 64
#define DIGEST_HEX_SIZE 129   /* hex of the longest kind and NUL */
#define DIGEST_TEXT_SIZE 140  /* "sha512:" + hex and NUL */
#define DIGEST_BASE64_SIZE 89 /* of the longest kind and NUL */

/* A value; compare with digest_eq(), the unused bytes are zero. */
struct digest {
	enum digest_kind kind;
	uint8_t bytes[DIGEST_BYTES_MAX];
};

size_t digest_size(enum digest_kind kind); /* bytes: 32, 64, 20 or 0 */
bool digest_eq(const struct digest *a, const struct digest *b);
const char *digest_hex(const struct digest *d, char text[DIGEST_HEX_SIZE]);
/* "sha256:..." */
const char *digest_text(const struct digest *d, char text[DIGEST_TEXT_SIZE]);
/* Base64 with its padding (RFC 4648, section 4) */
const char *digest_base64(
	const struct digest *d, char text[DIGEST_BASE64_SIZE]);
/* Bare hex whose length gives the kind, or with "sha256:"/"sha512:". */
int digest_parse(
	struct slice text, struct digest *out, struct error *err) MUST_CHECK;

struct digester; /* a running computation */

/* Never NULL; digester_free(NULL) does nothing. */
struct digester *digester_new(enum digest_kind kind);
void digester_free(struct digester *digester);
void digester_add(struct digester *digester, const void *p, size_t n);
/* The result; the digester can only be freed afterwards. */
struct digest digester_finish(struct digester *digester);

/* The digest of bytes in memory. */
struct digest digest_of(enum digest_kind kind, const void *p, size_t n);
/* The digest of a whole open file, read from its start; *size may be NULL. */
int digest_fd(enum digest_kind kind, int fd, struct digest *out, uint64_t *size,
	struct error *err) MUST_CHECK;

/* Hashes what passes through to `next` (NULL: only hashes). */
struct digest_sink {
	struct sink sink;
	struct digester *digester; /* owned */
	struct sink *next;	   /* borrowed */
	struct digest digest;	   /* valid once closed */
};
void digest_sink_init(
	struct digest_sink *ds, enum digest_kind kind, struct sink *next);
void digest_sink_release(struct digest_sink *ds);

#endif
