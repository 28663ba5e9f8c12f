/* SPDX-License-Identifier: MIT */
#include "bench/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void die_errno(const char *format, ...)
{
	const char *cause = strerror(errno);
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", cause);
	exit(1);
}

void *must_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die("out of memory");
	return p;
}

struct view view_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct view view = { .data = NULL };
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st))
		die_errno("%s", path);
	view.size = (size_t)st.st_size;
	if (view.size) {
		p = mmap(NULL, view.size, PROT_READ, MAP_PRIVATE | MAP_POPULATE,
			fd, 0);
		if (p == MAP_FAILED)
			die_errno("map %s", path);
		view.data = p;
	}
	close(fd);
	return view;
}

void view_release(struct view *view)
{
	union {
		const unsigned char *borrowed;
		void *p;
	} data = { .borrowed = view->data };

	if (view->data)
		munmap(data.p, view->size);
	view->data = NULL;
	view->size = 0;
}

void must_write(int fd, const void *p, size_t n, const char *path)
{
	const char *from = p;

	while (n) {
		ssize_t put = write(fd, from, n);

		if (put < 0)
			die_errno("write %s", path);
		from += put;
		n -= (size_t)put;
	}
}

uint64_t number_of(const char *text, uint64_t max)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || (*end && *end != ' ' && *end != '\n') ||
		value > max)
		die("\"%.20s\" is not a number up to %llu", text,
			(unsigned long long)max);
	return value;
}

void join_path(char to[BENCH_PATH_SIZE], const char *dir, const char *name)
{
	int n = snprintf(to, BENCH_PATH_SIZE, "%s/%s", dir, name);

	if (n < 0 || n >= BENCH_PATH_SIZE)
		die("%s/%s: too long", dir, name);
}
