/* SPDX-License-Identifier: MIT */
/*
 * overlay DIR FILES BYTES
 *
 * Fills DIR with that many files of together about BYTES bytes, a hundred in
 * a folder: most are small, few are large, half of each compresses. The same
 * arguments give the same files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/support.h"

#define POOL_SIZE ((size_t)8 << 20) /* what contents are cut from */
#define RUN 64			    /* bytes that are alike, in the pool */
#define PER_FOLDER 100
#define FILES_MAX 1000000

/* xorshift64*, S. Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled". */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static unsigned char *make_pool(void)
{
	static const char words[] = "service network container interface "
				    "address configuration default option ";
	unsigned char *pool = must_alloc(POOL_SIZE);
	uint64_t state = 42;

	for (size_t at = 0; at < POOL_SIZE; at += RUN) {
		bool is_text = next_random(&state) & 1;

		for (size_t i = 0; i < RUN; i++) {
			uint64_t r = next_random(&state);
			size_t word = (i + (r & 8)) % (sizeof(words) - 1);

			pool[at + i] = is_text ? (unsigned char)words[word]
					       : (unsigned char)(r >> 24);
		}
	}
	return pool;
}

/* A third power: the median is an eighth of the largest. */
static uint64_t *make_sizes(size_t files, uint64_t bytes)
{
	uint64_t *sizes = must_alloc(files * sizeof(*sizes));
	uint64_t state = 7, sum = 0;

	for (size_t i = 0; i < files; i++) {
		uint64_t x = 8 + next_random(&state) % 1000;

		sizes[i] = x * x * x;
		sum += sizes[i];
	}
	for (size_t i = 0; i < files; i++)
		sizes[i] = (uint64_t)((double)sizes[i] / (double)sum *
				      (double)bytes);
	return sizes;
}

static void write_file(const char *path, size_t number,
	const unsigned char *pool, uint64_t size)
{
	uint64_t state = number + 1;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		die_errno("%s", path);
	while (size) {
		size_t from = next_random(&state) % (POOL_SIZE / 2);
		size_t n = size < POOL_SIZE / 2 ? size : POOL_SIZE / 2;

		must_write(fd, pool + from, n, path);
		size -= n;
	}
	close(fd);
}

static void add_file(const char *top, size_t number, const unsigned char *pool,
	uint64_t size)
{
	char dir[BENCH_PATH_SIZE], path[BENCH_PATH_SIZE], name[32];

	snprintf(name, sizeof(name), "d%04zu", number / PER_FOLDER);
	join_path(dir, top, name);
	if (number % PER_FOLDER == 0 && mkdir(dir, 0755) && errno != EEXIST)
		die_errno("create folder %s", dir);
	snprintf(name, sizeof(name), "f%06zu.bin", number);
	join_path(path, dir, name);
	write_file(path, number, pool, size);
}

int main(int argc, char **argv)
{
	unsigned char *pool;
	uint64_t *sizes;
	size_t files;

	if (argc != 4) {
		fputs("usage: overlay DIR FILES BYTES\n", stderr);
		return 2;
	}
	files = number_of(argv[2], FILES_MAX);
	pool = make_pool();
	sizes = make_sizes(files, number_of(argv[3], UINT64_C(1) << 40));
	for (size_t i = 0; i < files; i++)
		add_file(argv[1], i, pool, sizes[i]);
	free(sizes);
	free(pool);
	return 0;
}
