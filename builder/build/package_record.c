/* SPDX-License-Identifier: MIT */
#include "build/package_record.h"

#include <string.h>
#include <unistd.h>

#include "apk/index.h"

/* What the index said, parsed again. */
static int parse_text(const struct package_input *item, struct arena *arena,
	struct package *out, struct error *err)
{
	struct index index;

	if (index_parse(&index, slice_of(item->record_text), item->name, arena,
		    err))
		return -1;
	if (index.n != 1)
		return error_set(err, ERROR_INPUT,
			"%s: expected one record, found %zu", item->name,
			index.n);
	*out = index.packages[0];
	return 0;
}

/* What must be known to read a package's own words. */
static int first_record(const struct package_input *item, struct arena *arena,
	struct package *out, struct error *err)
{
	if (item->record_text)
		return parse_text(item, arena, out, err);
	memset(out, 0, sizeof(*out));
	out->name = slice_of(item->name);
	out->version = slice_of(item->version);
	out->identity = item->identity;
	out->size = item->size;
	return 0;
}

/* The record as `apk index` makes it of the package itself. */
static struct package own_record(
	const struct package_input *item, const struct package_file *file)
{
	struct package record = file->info.package;

	record.identity = item->identity;
	record.size = item->size;
	record.arch = slice_of(item->arch);
	return record;
}

static bool says_the_same(const struct package *a, const struct package *b)
{
	SCOPED_BUF struct buf x;
	SCOPED_BUF struct buf y;

	buf_init(&x, PACKAGE_LINE_MAX);
	buf_init(&y, PACKAGE_LINE_MAX);
	package_print_fields(a, &x);
	package_print_fields(b, &y);
	return slice_eq(buf_slice(&x), buf_slice(&y));
}

/* From its open file. */
static int read_record(struct package_input *item, int fd, struct arena *arena,
	struct error *err)
{
	struct package own, first;
	const struct package_file_input input = {
		.fd = fd, .name = package_input_file(item), .record = &first
	};

	if (first_record(item, arena, &first, err) ||
		package_file_read(&item->file, &input, arena, err))
		return -1;
	own = own_record(item, &item->file);
	if (item->record_text && says_the_same(&own, &first))
		item->record_text = NULL;
	item->record = item->record_text ? first : own;
	return 0;
}

int package_record_read(struct package_input *item, const struct cache *cache,
	struct arena *arena, struct error *err)
{
	SCOPED_FD int fd = -1;
	int found = cache_open_unchecked(cache, &item->sha256, &fd, err);

	if (found < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_IO,
			"%s vanished from the cache: run it again",
			package_input_file(item));
	return read_record(item, fd, arena, err);
}

int package_unpack(struct package_input *item, int fd, struct sink *data,
	struct error *err)
{
	struct package_input copy = *item;
	const struct package_file_input input = { .fd = fd,
		.name = package_input_file(item),
		.record = &copy.record };
	struct package_file file;
	struct arena arena;
	int failed;

	arena_init(&arena);
	failed = read_record(&copy, fd, &arena, err);
	if (!failed)
		failed = package_file_unpack(&file, &input, data, &arena, err);
	arena_release(&arena);
	return failed;
}
