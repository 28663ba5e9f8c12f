/* SPDX-License-Identifier: MIT
 *
 * archive_json: takes values out of the JSON documents of a foreign archive.
 * A member that is missing or null is not there; one of another type is an
 * error that names it. Private to archive.
 */
#ifndef OCI_ARCHIVE_JSON_H
#define OCI_ARCHIVE_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"
#include "io/digest.h"

/* NULL: malformed, or a key is there twice. The caller decrefs. */
json_t *archive_json_parse(struct slice text, struct error *err) MUST_CHECK;

/* *out is borrowed from the object; NULL: not there. */
int archive_json_object(const json_t *object, const char *key, json_t **out,
	struct error *err) MUST_CHECK;
int archive_json_array(const json_t *object, const char *key, json_t **out,
	struct error *err) MUST_CHECK;
int archive_json_text(const json_t *object, const char *key, const char **out,
	struct error *err) MUST_CHECK;
/* The same, and it has to be there. */
int archive_json_need_text(const json_t *object, const char *key,
	const char **out, struct error *err) MUST_CHECK;

struct archive_texts {
	const char *const *items;
	size_t n;
};

/* A list of at most max strings. */
struct archive_list {
	const json_t *object;
	const char *key;
	size_t max;
};
/* *out is a copy; an empty one when the list is not there. */
int archive_json_texts(const struct archive_list *list, struct arena *arena,
	struct archive_texts *out, struct error *err) MUST_CHECK;

/* "sha256:..." or "sha512:..." in lower case; bare hex is refused. */
int archive_json_digest(
	const char *text, struct digest *out, struct error *err) MUST_CHECK;

#endif
