/* SPDX-License-Identifier: MIT */
#include "spec/list.h"

#include <string.h>

#define LIST_FIRST_CAP 8

void *list_grow(const void *items, size_t n, size_t *cap, size_t size,
	struct arena *arena)
{
	void *moved;

	*cap = *cap ? *cap * 2 : LIST_FIRST_CAP;
	moved = arena_alloc(arena, *cap * size);
	if (n)
		memcpy(moved, items, n * size);
	return moved;
}

void string_list_add(
	struct string_list *list, const char *item, struct arena *arena)
{
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	list->items[list->n++] = arena_strdup(arena, item);
}

bool string_list_has(const struct string_list *list, const char *item)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i], item))
			return true;
	}
	return false;
}

void string_list_merge(struct string_list *list, const struct string_list *more,
	struct arena *arena)
{
	for (size_t i = 0; i < more->n; i++) {
		if (!string_list_has(list, more->items[i]))
			string_list_add(list, more->items[i], arena);
	}
}

static struct pair *pair_find(const struct pair_list *list, const char *key)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i].key, key))
			return &list->items[i];
	}
	return NULL;
}

void pair_list_set(struct pair_list *list, const char *key, const char *value,
	struct arena *arena)
{
	struct pair *pair = pair_find(list, key);

	if (pair) {
		pair->value = arena_strdup(arena, value);
		return;
	}
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	pair = &list->items[list->n++];
	pair->key = arena_strdup(arena, key);
	pair->value = arena_strdup(arena, value);
}

const char *pair_list_get(const struct pair_list *list, const char *key)
{
	const struct pair *pair = pair_find(list, key);

	return pair ? pair->value : NULL;
}
