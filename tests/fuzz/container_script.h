/* SPDX-License-Identifier: MIT
 *
 * container_script: files of gzip members, as indexes and packages are, out
 * of any bytes. The parts of the input, which lines of a single "-" separate,
 * are the members, each by tar_script.h; "DATAHASH" in the one before the last
 * becomes the SHA-256 of the last. Input that starts with "=" is the file
 * itself.
 */
#ifndef TESTS_FUZZ_CONTAINER_SCRIPT_H
#define TESTS_FUZZ_CONTAINER_SCRIPT_H

#include "../unit/apk_fixture.h"
#include "tar_script.h"

#define CONTAINER_SCRIPT_MAX ((size_t)4 << 20)
#define CONTAINER_SCRIPT_PARTS 5

struct container_script {
	struct slice parts[CONTAINER_SCRIPT_PARTS];
	struct buf members[CONTAINER_SCRIPT_PARTS]; /* compressed */
	size_t n;
	struct buf file;
};

static inline void container_script_cut(
	struct container_script *script, struct slice rest)
{
	while (rest.ptr && script->n < CONTAINER_SCRIPT_PARTS) {
		const char *end =
			rest.len ? memmem(rest.ptr, rest.len, "\n-\n", 3)
				 : NULL;
		size_t len = end ? (size_t)(end - rest.ptr) : rest.len;

		script->parts[script->n++] = slice_make(rest.ptr, len);
		rest = end ? slice_make(end + 3, rest.len - len - 3)
			   : slice_make(NULL, 0);
	}
}

/* Compresses a part, with the hash of `last` put in when there is one. */
static inline void container_script_pack(
	struct container_script *script, size_t i, const struct buf *last)
{
	SCOPED_FREE char *text = slice_dup(script->parts[i]);
	char *at = memmem(text, script->parts[i].len, "DATAHASH", 8);
	SCOPED_BUF struct buf input;
	SCOPED_BUF struct buf tar;
	char hex[DIGEST_HEX_SIZE];

	buf_init(&input, CONTAINER_SCRIPT_MAX);
	buf_init(&tar, CONTAINER_SCRIPT_MAX);
	if (last && at) {
		struct digest hash =
			digest_of(DIGEST_SHA256, last->data, last->len);

		buf_add(&input, text, (size_t)(at - text));
		buf_add_str(&input, digest_hex(&hash, hex));
		buf_add(&input, at + 8,
			script->parts[i].len - (size_t)(at - text) - 8);
	} else {
		buf_add(&input, text, script->parts[i].len);
	}
	tar_script(&tar, input.data, input.len);
	apk_fixture_gzip(&script->members[i], buf_slice(&tar));
}

static inline void container_script_init(
	struct container_script *script, const uint8_t *data, size_t size)
{
	memset(script, 0, sizeof(*script));
	buf_init(&script->file, CONTAINER_SCRIPT_MAX);
	for (size_t i = 0; i < CONTAINER_SCRIPT_PARTS; i++)
		buf_init(&script->members[i], CONTAINER_SCRIPT_MAX);
	if (size && data[0] == '=') {
		buf_add(&script->file, data + 1, size - 1);
		return;
	}
	container_script_cut(script, slice_make(data, size));
	for (size_t i = script->n; i-- > 0;)
		container_script_pack(script, i,
			i + 2 == script->n ? &script->members[i + 1] : NULL);
	for (size_t i = 0; i < script->n; i++)
		buf_add_slice(&script->file, buf_slice(&script->members[i]));
}

static inline void container_script_release(struct container_script *script)
{
	for (size_t i = 0; i < CONTAINER_SCRIPT_PARTS; i++)
		buf_release(&script->members[i]);
	buf_release(&script->file);
}

#endif
