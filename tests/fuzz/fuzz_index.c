/* SPDX-License-Identifier: MIT
 *
 * Any text as an index: what is taken is printed as records that are read
 * again and printed the same, with names that can stand in a URL.
 */
#include <assert.h>
#include <string.h>

#include "apk/index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct index *index, struct buf *out)
{
	buf_init(out, INDEX_TEXT_MAX);
	for (size_t i = 0; i < index->n; i++) {
		package_print_fields(&index->packages[i], out);
		buf_add_str(out, "\n");
	}
}

static void check(const struct index *index, struct arena *arena)
{
	SCOPED_BUF struct buf once;
	SCOPED_BUF struct buf twice;
	struct index again;
	struct error err;

	for (size_t i = 0; i < index->n; i++) {
		const char *name =
			package_file_name(&index->packages[i], arena);

		assert(!strchr(name, '/') && !strstr(name, ".."));
		assert(strlen(name) <= PACKAGE_NAME_MAX);
	}
	print(index, &once);
	assert(!index_parse(&again, buf_slice(&once), "again", arena, &err));
	assert(again.n == index->n);
	print(&again, &twice);
	assert(slice_eq(buf_slice(&once), buf_slice(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct index index;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	if (index_parse(&index, slice_make(data, size), "x", &arena, &err))
		assert(err.kind == ERROR_INPUT &&
			slice_is_utf8(slice_of(err.text)));
	else
		check(&index, &arena);
	arena_release(&arena);
	return 0;
}
