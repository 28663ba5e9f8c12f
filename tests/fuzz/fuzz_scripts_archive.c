/* SPDX-License-Identifier: MIT
 *
 * An archive of scripts, or "!" and a file of triggers: what is read can be
 * written, and what is written is read again as the same.
 */
#include <assert.h>
#include <string.h>

#include "apk/scripts_archive.h"

#define OUT_MAX ((size_t)64 << 20)
#define DB                                                                     \
	"C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:a\nV:1\n\n"                       \
	"C:Q1BAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:b\nV:1\n\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A database in which every script has its package. */
static void add_packages(struct installed *db, const struct script_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct script *script = &list->items[i];
		const struct package pkg = { .name = script->package,
			.version = script->version,
			.identity = script->identity,
			.build_time = script->mtime };

		if (!installed_find(db, pkg.name))
			installed_add(db, &pkg);
	}
}

static void write_all(const struct script_list *list,
	const struct installed *db, enum apk_flavor flavor, struct buf *out)
{
	struct buf_sink sink;
	struct error err;

	buf_sink_init(&sink, out);
	scripts_archive_write(list, db, flavor, &sink.sink);
	assert(!sink_close(&sink.sink, &err));
}

static void check_scripts(struct slice bytes, struct arena *arena)
{
	SCOPED_BUF struct buf first, second;
	struct script_list list = { 0 }, again = { 0 };
	struct installed db;
	struct error err;

	buf_init(&first, OUT_MAX);
	buf_init(&second, OUT_MAX);
	if (scripts_archive_parse(&list, bytes, "fuzz", arena, &err))
		return;
	installed_init(&db, arena);
	add_packages(&db, &list);
	write_all(&list, &db, APK_2, &first);
	assert(!scripts_archive_parse(
		&again, buf_slice(&first), "again", arena, &err));
	write_all(&again, &db, APK_2, &second);
	assert(slice_eq(buf_slice(&first), buf_slice(&second)));
}

static void check_triggers(struct slice text, struct arena *arena)
{
	SCOPED_BUF struct buf first, second;
	struct installed db, again;
	struct error err;

	buf_init(&first, OUT_MAX);
	buf_init(&second, OUT_MAX);
	installed_init(&db, arena);
	installed_init(&again, arena);
	assert(!installed_parse(&db, slice_of(DB), "db", &err));
	assert(!installed_parse(&again, slice_of(DB), "db", &err));
	if (triggers_parse(&db, text, "fuzz", &err))
		return;
	triggers_print(&db, APK_2, &first);
	assert(!triggers_parse(&again, buf_slice(&first), "again", &err));
	triggers_print(&again, APK_2, &second);
	assert(slice_eq(buf_slice(&first), buf_slice(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_make(data, size);
	struct arena arena;

	arena_init(&arena);
	if (size && data[0] == '!')
		check_triggers(slice_make(data + 1, size - 1), &arena);
	else
		check_scripts(bytes, &arena);
	arena_release(&arena);
	return 0;
}
