/* SPDX-License-Identifier: MIT
 *
 * list: lists of strings and of key/value pairs, as manifests hold them.
 * Items and strings live in an arena.
 */
#ifndef SPEC_LIST_H
#define SPEC_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

struct string_list {
	const char **items;
	size_t n, cap;
};

struct pair {
	const char *key, *value;
};

struct pair_list {
	struct pair *items; /* in order of first appearance */
	size_t n, cap;
};

/*
 * A copy of an array of `n` items with room for more; *cap is its new room.
 * The arena keeps the old array until its end.
 */
void *list_grow(const void *items, size_t n, size_t *cap, size_t size,
	struct arena *arena);

/* Both copy their strings into the arena. */
void string_list_add(
	struct string_list *list, const char *item, struct arena *arena);
bool string_list_has(const struct string_list *list, const char *item);
/* Adds those of `more` that are not there yet. */
void string_list_merge(struct string_list *list, const struct string_list *more,
	struct arena *arena);
/* Replaces the value of a key that is there already. */
void pair_list_set(struct pair_list *list, const char *key, const char *value,
	struct arena *arena);
const char *pair_list_get(const struct pair_list *list, const char *key);

#endif
