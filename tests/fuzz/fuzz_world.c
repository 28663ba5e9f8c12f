/* SPDX-License-Identifier: MIT
 *
 * Any text as a world, and each of its lines as a repository: what is printed
 * is read again and printed the same.
 */
#include <assert.h>
#include <string.h>

#include "apk/repositories.h"
#include "apk/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_world(
	const struct dependency_list *world, struct arena *arena)
{
	SCOPED_BUF struct buf once;
	SCOPED_BUF struct buf twice;
	struct dependency_list again;
	struct error err;

	buf_init(&once, 2 * WORLD_MAX);
	buf_init(&twice, 2 * WORLD_MAX);
	world_print(world, &once);
	if (once.len > WORLD_MAX)
		return;
	assert(!world_parse(&again, buf_slice(&once), "again", arena, &err));
	world_print(&again, &twice);
	assert(slice_eq(buf_slice(&once), buf_slice(&twice)));
}

static void check_repository(const char *line, struct arena *arena)
{
	struct repository repository;
	struct error err;
	const char *path;

	if (repository_parse(&repository, line, arena, &err)) {
		assert(err.kind == ERROR_SPEC);
		return;
	}
	path = repository_path(&repository, "v3.18", arena);
	assert(!path || (path[0] != '/' && !strstr(path, "..")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make(data, size), line;
	struct dependency_list world;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	if (world_parse(&world, text, "x", &arena, &err))
		assert(err.kind == ERROR_INPUT);
	else
		check_world(&world, &arena);
	while (slice_cut(&text, '\n', &line)) {
		SCOPED_FREE char *copy = slice_dup(line);

		check_repository(copy, &arena);
	}
	arena_release(&arena);
	return 0;
}
