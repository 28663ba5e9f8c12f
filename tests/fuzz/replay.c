/* SPDX-License-Identifier: MIT
 *
 * replay: gives a fuzz target every file of its corpus folder, without
 * libFuzzer, as one test in TAP. The empty input always comes first.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

#define REPLAY_INPUT_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In memory of exactly its size, so that the sanitizer sees its end. */
static void replay_bytes(const void *data, size_t size)
{
	SCOPED_FREE uint8_t *exact = memory_alloc(size);

	if (size)
		memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
}

/* The name goes out first: after a crash it is the last line. */
static int replay_file(const char *dir, const char *name)
{
	SCOPED_FREE char *path = path_join(dir, name);
	struct error err = { 0 };
	struct buf buf;

	printf("# %s\n", path);
	fflush(stdout);
	if (file_read(path, REPLAY_INPUT_MAX, &buf, &err) < 0) {
		printf("# %s\n", err.text);
		return -1;
	}
	replay_bytes(buf.data, buf.len);
	buf_release(&buf);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **entries = NULL;
	int failed = 0;
	int n;

	if (argc != 2) {
		fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
		return 2;
	}
	printf("1..1\n");
	replay_bytes("", 0);
	n = scandir(argv[1], &entries, is_input, alphasort);
	for (int i = 0; i < n; i++) {
		failed |= replay_file(argv[1], entries[i]->d_name) != 0;
		free(entries[i]);
	}
	free(entries);
	printf("%sok 1 - %d inputs and the empty one\n", failed ? "not " : "",
		n < 0 ? 0 : n);
	return failed;
}
