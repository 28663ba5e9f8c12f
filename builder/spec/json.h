/* SPDX-License-Identifier: MIT
 *
 * json: one strict JSON document (RFC 8259) read by jansson, and the table
 * decoder that turns it into structs. Every complaint names the file, the
 * line and the place: "manifests/x.json:12: config.env[2]: expected string,
 * found number". Duplicate keys, unknown keys (with the nearest known one),
 * wrong types, trailing data and documents over JSON_MAX are errors.
 */
#ifndef SPEC_JSON_H
#define SPEC_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

#define JSON_MAX ((size_t)1 << 20) /* bytes of a document */

struct json_doc {
	const char *name; /* for messages: the file's path; in the arena */
	const char *text; /* the source, to tell lines; in the arena */
	size_t len;
	json_t *root; /* owned */
};

/* From a file, or from bytes in memory called `name`. */
int json_doc_read(struct json_doc *doc, const char *path, struct arena *arena,
	struct error *err) MUST_CHECK;
int json_doc_parse(struct json_doc *doc, const char *name, struct slice text,
	struct arena *arena, struct error *err) MUST_CHECK;
void json_doc_release(struct json_doc *doc);

/* Line (from 1) of the value at a place such as "config.env[2]"; 0: none. */
unsigned json_doc_line(const struct json_doc *doc, const char *place);

/* Sets "name:line: place: message" (ERROR_SPEC) and returns -1. */
int json_complain(const struct json_doc *doc, const char *place,
	struct error *err, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
