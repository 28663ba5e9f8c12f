/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define ARENA_BLOCK_SIZE ((size_t)64 * 1024)
#define ARENA_ALIGN sizeof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t used, size; /* of data */
	max_align_t data[];
};

void memory_fail(void)
{
	fputs("alpbuild: out of memory\n", stderr);
	exit(error_kind_status(ERROR_MEMORY));
}

void *memory_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		memory_fail();
	return p;
}

void *memory_zero(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		memory_fail();
	return p;
}

void *memory_realloc(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		memory_fail();
	p = realloc(p, count && size ? count * size : 1);
	if (!p)
		memory_fail();
	return p;
}

char *memory_strdup(const char *s)
{
	return slice_dup(slice_of(s));
}

char *memory_printf(const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		memory_fail();
	va_end(args);
	return text;
}

void *memory_grow(void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	return memory_realloc(items, *cap, size);
}

void arena_init(struct arena *arena)
{
	memset(arena, 0, sizeof(*arena));
}

void arena_release(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
	arena->used = 0;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		memory_fail();
	block = memory_zero(1, sizeof(*block) + size);
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t need;
	void *p;

	if (size > SIZE_MAX - ARENA_ALIGN)
		memory_fail();
	need = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (!block || block->size - block->used < need) {
		block = block_new(
			need > ARENA_BLOCK_SIZE ? need : ARENA_BLOCK_SIZE);
		block->next = arena->blocks;
		arena->blocks = block;
	}
	p = (char *)block->data + block->used;
	block->used += need;
	arena->used += need;
	return p;
}

char *arena_slice(struct arena *arena, struct slice s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_slice(arena, slice_of(s));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text = NULL, *copy;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		memory_fail();
	va_end(args);
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

void *arena_copy(struct arena *arena, const void *p, size_t size)
{
	void *copy = arena_alloc(arena, size);

	if (size)
		memcpy(copy, p, size);
	return copy;
}

void *arena_grow(
	struct arena *arena, void *items, size_t n, size_t *cap, size_t size)
{
	void *grown;

	if (n < *cap)
		return items;
	if (*cap > SIZE_MAX / 2 / size)
		memory_fail();
	*cap = *cap ? *cap * 2 : 8;
	grown = arena_alloc(arena, *cap * size);
	if (n)
		memcpy(grown, items, n * size);
	return grown;
}
