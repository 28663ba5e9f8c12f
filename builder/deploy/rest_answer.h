/* SPDX-License-Identifier: MIT
 *
 * rest_answer: what RouterOS' REST API answers (JSON), parsed: items of a
 * menu as names and values, which are all text, and refusals.
 *
 * Strict: names that are there twice, nested values and anything beyond the
 * limits are errors. But names that people gave may be in whatever code page
 * they had, and routers do not care: a byte that is not UTF-8, and NUL, is "?"
 * in the value.
 */
#ifndef DEPLOY_REST_ANSWER_H
#define DEPLOY_REST_ANSWER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"

#define REST_ITEMS_MAX 20000 /* of a menu */
#define REST_VALUES_MAX 200  /* of an item */
#define REST_TEXT_MAX 100000 /* bytes of a name or value */
#define REST_REFUSAL_MAX 500 /* bytes of a refusal that are shown */

struct rest_value {
	const char *name, *value;
};

struct rest_item {
	const char *id; /* "*1A"; NULL: it has none */
	struct rest_value *values;
	size_t n;
};

struct rest_items {
	struct rest_item *items;
	size_t n;
};

/* NULL: the item has no such value. */
const char *rest_value(const struct rest_item *item, const char *name);
/* "true" and "yes" are; NULL is not. */
bool rest_is_true(const char *value);
/*
 * Whether the item has all these values: "" is also what is not there, as
 * routers leave out what is empty, and "yes" is "true".
 */
bool rest_item_has(
	const struct rest_item *item, const struct rest_value *where, size_t n);

/* A list of objects, or one object; ERROR_INPUT. In the arena. */
int rest_parse_items(struct slice json, struct rest_items *items,
	struct arena *arena, struct error *err) MUST_CHECK;
/*
 * What a refusal says: "detail", else "message", else the text itself as far
 * as it is one line; in the arena, never NULL, printable.
 */
const char *rest_parse_refusal(struct slice json, struct arena *arena);

#endif
