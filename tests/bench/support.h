/* SPDX-License-Identifier: MIT
 *
 * What the programs of the benchmark share: they have one purpose each, so
 * whatever goes wrong ends them with a message.
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

/* Print the message, the second one with errno's; exit with status 1. */
void die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));
void die_errno(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* Never NULL; the caller frees. */
void *must_alloc(size_t size);

struct view {
	const unsigned char *data; /* NULL when empty */
	size_t size;
};

/* A whole file, mapped for reading. */
struct view view_file(const char *path);
void view_release(struct view *view);

void must_write(int fd, const void *p, size_t n, const char *path);

/* A decimal number up to max, or the program ends. */
uint64_t number_of(const char *text, uint64_t max);

/* "DIR/NAME"; the program ends when it is too long. */
#define BENCH_PATH_SIZE 4096
void join_path(char to[BENCH_PATH_SIZE], const char *dir, const char *name);

#endif
