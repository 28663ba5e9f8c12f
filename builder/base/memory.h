/* SPDX-License-Identifier: MIT
 *
 * memory: allocation that cannot fail, and arenas. When memory runs out the
 * program ends here, in one place, with the exit status of ERROR_MEMORY.
 *
 * An arena owns everything allocated from it and frees it at once. It is not
 * thread-safe: each build of one image has its own.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/slice.h"

/* Ends the program: for libraries that report that memory ran out. */
void memory_fail(void) __attribute__((noreturn));

/* Never NULL; the caller frees. memory_zero() fills with zeros. */
void *memory_alloc(size_t size);
void *memory_zero(size_t count, size_t size);
void *memory_realloc(void *p, size_t count, size_t size);
char *memory_strdup(const char *s);
/* sprintf into new memory; the caller frees. */
char *memory_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/*
 * Makes room for one more item in a growing array: `items` has `n` of `*cap`
 * items of `size` bytes. Returns the array, moved when it had to grow.
 */
void *memory_grow(void *items, size_t n, size_t *cap, size_t size);

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out, for reports */
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);
/* Zeroed, aligned for any type, valid until arena_release(). */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *s);
char *arena_slice(struct arena *arena, struct slice s);
char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A copy of `size` bytes at p. */
void *arena_copy(struct arena *arena, const void *p, size_t size);
/* memory_grow() in an arena: a copy when it had to grow. */
void *arena_grow(
	struct arena *arena, void *items, size_t n, size_t *cap, size_t size);

#endif
