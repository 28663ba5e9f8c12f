/* SPDX-License-Identifier: MIT
 *
 * What package_data tells of any data tar must hold: clean paths, none twice,
 * parents first, checksums where there must be some. Checksums of headers are
 * put right, as no mutation would. Input that starts with "!" is a script, so
 * that seeds are text; each line is one of
 *	TYPE NAME [CONTENT]	an entry; for 1 and 2 the content is the target
 *	x BODY			an extended header of "key=value" separated
 *				by ";"
 *	L BODY			a GNU long name
 *	.			the two blocks of zeros at the end
 */
#include <assert.h>
#include <string.h>

#include "../unit/tar_fixture.h"
#include "apk/name_map.h"
#include "apk/package_data.h"
#include "base/memory.h"
#include "base/path.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_records(struct buf *tar, struct slice records)
{
	SCOPED_BUF struct buf body;
	struct slice record, key;

	buf_init(&body, MAX);
	while (slice_cut(&records, ';', &record)) {
		SCOPED_FREE char *text = NULL;

		slice_cut(&record, '=', &key);
		text = slice_dup(key);
		fixture_record(&body, text, record);
	}
	fixture_special(tar, 'x', body.data, body.len);
}

static void run_entry(struct buf *tar, char type, struct slice rest)
{
	struct slice name = rest;
	SCOPED_FREE char *path = NULL;
	SCOPED_FREE char *content = NULL;

	slice_cut(&rest, ' ', &name);
	path = slice_dup(name);
	content = slice_dup(rest);
	fixture_add(tar,
		(struct fixture){ .name = path,
			.type = type,
			.content = type == '1' || type == '2' ? NULL : content,
			.link = content });
}

static void run_line(struct buf *tar, char type, struct slice rest)
{
	if (type == '.')
		fixture_end(tar);
	else if (type == 'x')
		run_records(tar, rest);
	else if (type == 'L')
		fixture_special(tar, type, rest.ptr, rest.len);
	else if (rest.len)
		run_entry(tar, type, rest);
}

static void run_script(struct buf *tar, struct slice script)
{
	struct slice line;

	while (slice_cut(&script, '\n', &line)) {
		struct slice rest = slice_make("", 0);

		if (line.len > 2)
			rest = slice_make(line.ptr + 2, line.len - 2);
		if (line.len)
			run_line(tar, line.ptr[0], rest);
	}
}

static void repair_checksums(struct buf *tar)
{
	for (size_t at = 0; at + 512 <= tar->len; at += 512) {
		if (!memcmp(tar->data + at + 257, "ustar", 5))
			fixture_checksum(tar->data + at, 0);
	}
}

static void check_entry(const struct package_entry *entry,
	struct name_map *seen, struct arena *arena)
{
	char *path = arena_strdup(arena, entry->tar.path), *clean;
	struct slice parent = path_parent(path);
	struct error err;

	assert(!path_clean(path, PATH_FROM_ARCHIVE, &clean, &err));
	assert(*path && !strcmp(path, clean));
	free(clean);
	assert(entry->is_skipped == (path[0] == '.'));
	assert(entry->tar.kind <= TAR_HARDLINK);
	assert(entry->tar.kind == TAR_DIRECTORY || entry->is_skipped ||
		entry->checksum.kind == IDENTITY_SHA1);
	assert(!name_map_get(seen, slice_of(path)));
	assert(!parent.len || name_map_get(seen, parent));
	if (entry->tar.kind == TAR_HARDLINK)
		assert(name_map_get(seen, slice_of(entry->tar.target)));
	name_map_set(seen, slice_of(path), path, arena);
}

static void read_all(struct package_data *data)
{
	struct name_map seen = { 0 };
	struct package_entry entry;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	while (package_data_next(data, &entry, &err) > 0)
		check_entry(&entry, &seen, &arena);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_data *package;
	SCOPED_BUF struct buf tar;
	SCOPED_FD int fd = -1;
	struct error err;

	buf_init(&tar, 4 * MAX);
	buf_add(&tar, "", 0);
	if (size && data[0] == '!')
		run_script(&tar, slice_make(data + 1, size - 1));
	else
		buf_add(&tar, data, size);
	repair_checksums(&tar);
	fd = fixture_fd(tar.data, tar.len);
	package = package_data_new(fd, "fuzz", &err);
	if (package)
		read_all(package);
	package_data_free(package);
	if (package_data_check(fd, "fuzz", &err))
		assert(err.kind == ERROR_INPUT || err.kind == ERROR_VERIFY);
	return 0;
}
