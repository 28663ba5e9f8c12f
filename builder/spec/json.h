/* SPDX-License-Identifier: MIT
 *
 * json: one strict JSON document (RFC 8259) read by jansson. Every complaint
 * names the file, the line and the place: "manifests/x.json:12:
 * config.env[2]: expected string, found number". Duplicate keys, trailing
 * data, too deep nesting, too long keys and documents over JSON_MAX are
 * errors. spec/decode.h turns documents into structs.
 *
 * A place is the way to a value from the root: keys after dots, indices in
 * brackets, "" for the root. A key that is not made of letters, digits, "_",
 * "$" and "-" stands in quotes, as in JSON: labels."org.example.a".
 */
#ifndef SPEC_JSON_H
#define SPEC_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"

#define JSON_MAX ((size_t)1 << 20)	  /* bytes of a document */
#define JSON_LARGE_MAX ((size_t)16 << 20) /* of one that programs write */
#define JSON_DEPTH_MAX 32		  /* objects and lists in each other */
#define JSON_KEY_MAX 255		  /* bytes of a key */

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
/* The same within JSON_LARGE_MAX. */
int json_doc_parse_large(struct json_doc *doc, const char *name,
	struct slice text, struct arena *arena, struct error *err) MUST_CHECK;
void json_doc_release(struct json_doc *doc);

/* Line (from 1) of the value at a place such as "config.env[2]"; 0: none. */
unsigned json_doc_line(const struct json_doc *doc, const char *place);

/* The place of a member or an item of what stands at `place`; in the arena. */
const char *json_place_key(
	const char *place, const char *key, struct arena *arena);
const char *json_place_index(
	const char *place, size_t index, struct arena *arena);

/* A scalar as JSON for messages, without control characters; malloc'd. */
char *json_quote(const json_t *scalar);

/* Sets "name:line: place: message" (ERROR_SPEC) and returns -1. */
int json_complain(const struct json_doc *doc, const char *place,
	struct error *err, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
