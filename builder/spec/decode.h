/* SPDX-License-Identifier: MIT
 *
 * decode: turns a JSON document into structs by tables. A table lists the
 * keys of an object, and for each the function that decodes its value into
 * a field of the struct. Unknown keys (with the nearest known one), missing
 * keys, wrong types and bad values are complaints that name their place.
 * What is decoded lives in the arena: the document may be released.
 *
 * Conditions: where the format allows them (`archs` is set), an item of a
 * list may be {"arch": ["arm64"], "value": item}; if items are objects,
 * "arch" may stand among their own keys. An item that is not for `arch` is
 * decoded, and so checked, like the others and then left out.
 */
#ifndef SPEC_DECODE_H
#define SPEC_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "spec/arch.h"
#include "spec/json.h"

#define DECODE_ITEMS_MAX 2000	/* of a list or an object */
#define DECODE_STRING_MAX 65535 /* bytes of a string */

struct decoder {
	const struct json_doc *doc;
	const struct arch *arch;	/* that conditions are decided for */
	const struct arch_table *archs; /* NULL: no conditions */
	struct arena *arena;
};

/* A value and the way to it; lives on the stack of who decodes it. */
struct value {
	json_t *json;		/* borrowed, never changed */
	const struct value *up; /* NULL: the root */
	const char *key;	/* its key in an object; NULL: list item */
	size_t index;		/* of a list item */
	bool is_conditional;	/* an object whose "arch" was decided */
};

/* Decodes v into *out, whose type is between the function and its table. */
typedef int decode_fn(const struct decoder *d, const struct value *v, void *out,
	struct error *err);

struct field {
	const char *key;
	decode_fn *decode; /* NULL: an object of `table` */
	size_t offset;	   /* of what is decoded into, in the struct */
	bool required;
	/* Of an object, or of the items of a list; NULL: neither. */
	const struct table *table;
};

struct table {
	const struct field *fields;
	size_t n;
};

struct list_type {
	size_t size;	 /* of an item */
	decode_fn *item; /* into an item that is all zero */
	/* Appends an item to the list, or complains. */
	int (*add)(const struct decoder *d, const struct value *v, void *list,
		const void *item, struct error *err);
	const struct table *table; /* of items that are objects */
	bool is_unconditional;	   /* no conditions in this list */
	size_t max;		   /* items; 0: DECODE_ITEMS_MAX */
};

/* A rule for strings: what is accepted, and how to say it. */
struct string_rule {
	bool (*accepts)(const char *text);
	const char *expected; /* as in "expected a name of ..." */
};

/* The words that a key may have. */
struct word_list {
	const char *what;	  /* they are: "format" */
	const char *const *words; /* NULL at the end */
};

struct value value_root(const struct decoder *d);
struct value value_member(
	const struct value *up, const char *key, json_t *json);

/* "config.env[2]"; in the arena. */
const char *value_place(const struct decoder *d, const struct value *v);
/* "manifests/x.json:12: config.env[2]"; in the arena. */
const char *value_origin(const struct decoder *d, const struct value *v);
/* What is there, for messages: "abc" in quotes, a number, or its type. */
const char *value_show(const struct decoder *d, const struct value *v);

/* Sets "file:line: place: message" (ERROR_SPEC) and returns -1. */
int decode_complain(const struct decoder *d, const struct value *v,
	struct error *err, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Complains unless the value is of the type. */
int decode_expect(const struct decoder *d, const struct value *v,
	json_type type, struct error *err) MUST_CHECK;

int decode_object(const struct decoder *d, const struct value *v,
	const struct table *table, void *out, struct error *err) MUST_CHECK;
/* An object with keys of the user's choice: each member by one function. */
int decode_members(const struct decoder *d, const struct value *v,
	decode_fn *member, void *out, struct error *err) MUST_CHECK;
int decode_list(const struct decoder *d, const struct value *v,
	const struct list_type *type, void *list, struct error *err) MUST_CHECK;

/* Strings: out is const char ** and gets a copy in the arena. */
decode_fn decode_string; /* without control characters */
decode_fn decode_text;	 /* newline and tab are allowed */
int decode_string_as(const struct decoder *d, const struct value *v,
	const struct string_rule *rule, const char **out,
	struct error *err) MUST_CHECK;
int decode_number(const struct decoder *d, const struct value *v, uint64_t max,
	uint64_t *out, struct error *err) MUST_CHECK;
/* The name or alias of an architecture; out: const char **, its name. */
decode_fn decode_arch;
/* A string that is one of the words: its index. */
int decode_word(const struct decoder *d, const struct value *v,
	const struct word_list *list, size_t *out,
	struct error *err) MUST_CHECK;
/* Complains of a string that is none of the words (NULL at the end). */
int decode_unknown(const struct decoder *d, const struct value *v,
	const char *what, const char *const *words, struct error *err);

/* list_type.add for struct string_list, without and with equal items. */
int decode_add_new(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err);
int decode_add_any(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err);

#endif
