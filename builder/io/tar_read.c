/* SPDX-License-Identifier: MIT */
#include "io/tar_read.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <locale.h>
#include <string.h>

#include "base/memory.h"
#include "io/tar_entry.h"
#include "io/tar_source.h"

struct tar_reader {
	char *name;
	struct tar_source source;
	struct archive *archive;
	locale_t utf8;
	struct tar_limits limits;
	uint64_t nentries;
	uint64_t total;		/* bytes of all contents so far */
	uint64_t expected;	/* where the next header must start */
	enum tar_end end;	/* how the archive must end */
	struct tar_entry entry; /* the current one */
	struct tar_names names;
	int found;   /* what the last tar_reader_next() returned, or 1 */
	bool copied; /* the current entry's content */
};

static ssize_t read_callback(struct archive *a, void *data, const void **p)
{
	struct tar_source *source = data;

	if (tar_source_fill(source)) {
		archive_set_error(a, ARCHIVE_FATAL, "read failed");
		return -1;
	}
	*p = source->buffer;
	return (ssize_t)source->n;
}

static int64_t skip_callback(struct archive *a, void *data, int64_t n)
{
	return (int64_t)tar_source_skip(data, (uint64_t)n);
}

/* What libarchive (or the source below it) has to say, in our manner. */
static int archive_failure(struct tar_reader *reader, struct error *err)
{
	const char *text = archive_error_string(reader->archive);
	size_t len;

	if (reader->source.failed) {
		*err = reader->source.error;
		return -1;
	}
	if (!text)
		text = "malformed tar archive";
	error_set(err, ERROR_INPUT, "%s", text);
	err->text[0] = (char)tolower((unsigned char)err->text[0]);
	len = strlen(err->text);
	if (len && err->text[len - 1] == '.')
		err->text[len - 1] = '\0';
	return -1;
}

static int not_tar(struct tar_reader *reader, struct error *err)
{
	if (!reader->source.length)
		return error_set(
			err, ERROR_INPUT, "empty file, expected a tar archive");
	if (!reader->source.gzip && tar_source_is_gzip(&reader->source))
		return error_set(err, ERROR_INPUT,
			"gzip data, expected an uncompressed tar archive");
	return error_set(err, ERROR_INPUT, "not a tar archive");
}

static int open_archive(struct tar_reader *reader, struct error *err)
{
	struct archive *a = archive_read_new();

	if (!a)
		memory_fail();
	reader->archive = a;
	archive_read_support_format_tar(a);
	archive_read_set_read_callback(a, read_callback);
	archive_read_set_skip_callback(a, skip_callback);
	archive_read_set_callback_data(a, &reader->source);
	if (archive_read_open1(a) == ARCHIVE_OK)
		return 0;
	return reader->source.failed ? archive_failure(reader, err)
				     : not_tar(reader, err);
}

static int open_reader(struct tar_reader *reader, struct error *err)
{
	reader->utf8 = tar_locale_new();
	if (reader->utf8 == (locale_t)0)
		return error_errno(err, "the locale C.UTF-8");
	return open_archive(reader, err);
}

static struct tar_reader *reader_alloc(
	const char *name, const struct tar_limits *limits)
{
	struct tar_reader *reader = memory_zero(1, sizeof(*reader));

	reader->name = memory_strdup(name);
	reader->found = 1;
	if (limits)
		reader->limits = *limits;
	if (!reader->limits.entries)
		reader->limits.entries = TAR_ENTRIES_MAX;
	if (!reader->limits.size)
		reader->limits.size = TAR_SIZE_MAX;
	return reader;
}

static struct tar_reader *refuse(struct tar_reader *reader, struct error *err)
{
	error_wrap(err, "%s", reader->name);
	tar_reader_free(reader);
	return NULL;
}

struct tar_reader *tar_reader_new(int fd, const char *name, enum tar_form form,
	const struct tar_limits *limits, struct error *err)
{
	struct tar_reader *reader = reader_alloc(name, limits);

	if (tar_source_init(&reader->source, fd, form, err) ||
		open_reader(reader, err))
		return refuse(reader, err);
	return reader;
}

struct tar_reader *tar_reader_new_bytes(struct slice bytes, const char *name,
	enum tar_end end, const struct tar_limits *limits, struct error *err)
{
	struct tar_reader *reader = reader_alloc(name, limits);

	tar_source_init_bytes(&reader->source, bytes);
	reader->end = end;
	if (open_reader(reader, err))
		return refuse(reader, err);
	return reader;
}

void tar_reader_free(struct tar_reader *reader)
{
	if (!reader)
		return;
	archive_read_free(reader->archive);
	tar_source_release(&reader->source);
	tar_locale_free(reader->utf8);
	tar_names_release(&reader->names);
	free(reader->name);
	free(reader);
}

/* A fragment is its entries and nothing more. */
static int check_fragment_end(struct tar_reader *reader, struct error *err)
{
	uint64_t length = reader->source.length;

	if (length == reader->expected)
		return 0;
	if (length < reader->expected)
		return error_set(err, ERROR_INPUT, "truncated tar archive");
	return error_set(err, ERROR_INPUT,
		"%" PRIu64 " bytes after the last entry, expected none: this "
		"part of a tar archive must not have the blocks that end one",
		length - reader->expected);
}

/* libarchive takes a file that just stops between two entries for an end. */
static int check_end(struct tar_reader *reader, struct error *err)
{
	uint64_t end = (uint64_t)archive_filter_bytes(reader->archive, 0);

	if (reader->end == TAR_END_ABSENT)
		return check_fragment_end(reader, err);
	if (!reader->source.mark_is_zero ||
		end != reader->expected + 2 * TAR_SOURCE_BLOCK)
		return error_set(err, ERROR_INPUT,
			"truncated tar archive: it does not end in two "
			"blocks of zeros");
	return tar_source_finish(&reader->source, end, err);
}

/* 1: *e is the next entry, 0: the archive ended well, -1: error. */
static int next_header(
	struct tar_reader *reader, struct archive_entry **e, struct error *err)
{
	int code;

	tar_source_mark(&reader->source, reader->expected);
	code = archive_read_next_header(reader->archive, e);
	if (code == ARCHIVE_EOF)
		return check_end(reader, err);
	if (code == ARCHIVE_WARN) {
		archive_failure(reader, err);
		return error_wrap(err, "libarchive warns");
	}
	if (code != ARCHIVE_OK)
		return archive_failure(reader, err);
	/* The sizes that it told and those that it used must be the same. */
	if (archive_read_header_position(reader->archive) !=
		(int64_t)reader->expected)
		return error_set(err, ERROR_INPUT,
			"header in an unexpected place: sparse files are not "
			"supported");
	return 1;
}

static int check_limits(
	struct tar_reader *reader, uint64_t size, struct error *err)
{
	const struct tar_limits *limits = &reader->limits;

	if (reader->nentries == limits->entries)
		return error_set(err, ERROR_INPUT,
			"the archive has more than %" PRIu64 " entries",
			limits->entries);
	if (size > limits->size - reader->total)
		return error_set(err, ERROR_INPUT,
			"the contents are larger than the limit of %" PRIu64
			" bytes",
			limits->size);
	reader->nentries++;
	reader->total += size;
	return 0;
}

/* Its readable part may have been made longer than what somebody wrote. */
static int check_length(const struct tar_reader *reader, uint64_t offset,
	uint64_t size, struct error *err)
{
	const uint64_t length = reader->limits.length;

	if (!length || !size || (offset <= length && size <= length - offset))
		return 0;
	return error_set(err, ERROR_INPUT,
		"its content is cut off: the archive has %" PRIu64
		" bytes, it would end at %" PRIu64,
		length, offset + size);
}

static int decode(
	struct tar_reader *reader, struct archive_entry *e, struct error *err)
{
	uint64_t offset = (uint64_t)archive_filter_bytes(reader->archive, 0);
	struct tar_entry *entry = &reader->entry;
	const unsigned char *header;
	uint64_t blocks;

	if (tar_entry_read(e, entry, &reader->names, err))
		return -1;
	header = tar_source_block(&reader->source, offset - TAR_SOURCE_BLOCK);
	if (entry->kind == TAR_FILE &&
		tar_entry_check_header(header, entry->size, err))
		return -1;
	if (check_limits(reader, entry->size, err) ||
		check_length(reader, offset, entry->size, err))
		return -1;
	blocks = (entry->size + TAR_SOURCE_BLOCK - 1) / TAR_SOURCE_BLOCK;
	entry->header = reader->expected;
	entry->offset = offset;
	reader->expected = offset + blocks * TAR_SOURCE_BLOCK;
	reader->copied = false;
	return 1;
}

static int decode_failure(struct tar_reader *reader, struct error *err)
{
	const char *path = reader->names.path;

	if (path)
		return error_wrap(err, "entry %s", *path ? path : ".");
	return error_wrap(err, "entry number %" PRIu64, reader->nentries + 1);
}

static int next(struct tar_reader *reader, struct error *err)
{
	CLEANUP(tar_names_release) struct tar_names last = reader->names;
	struct archive_entry *e = NULL;
	int found;

	memset(&reader->names, 0, sizeof(reader->names));
	found = next_header(reader, &e, err);
	if (found < 0 && last.path)
		return error_wrap(err, "after entry %s", last.path);
	if (found > 0 && decode(reader, e, err) < 0)
		return decode_failure(reader, err);
	return found;
}

/* libarchive turns names into the characters of the thread's locale. */
int tar_reader_next(
	struct tar_reader *reader, struct tar_entry *entry, struct error *err)
{
	locale_t old;
	int found;

	if (reader->found < 0)
		return error_set(
			err, ERROR_INPUT, "%s: failed before", reader->name);
	if (!reader->found)
		return 0;
	old = uselocale(reader->utf8);
	found = next(reader, err);
	uselocale(old);
	reader->found = found;
	if (found < 0)
		return error_wrap(err, "%s", reader->name);
	if (found)
		*entry = reader->entry;
	return found;
}

static int copy(struct tar_reader *reader, struct sink *to, struct error *err)
{
	uint64_t total = 0;

	while (total < reader->entry.size) {
		const void *p = NULL;
		size_t n = 0;
		int64_t at = 0;
		int code =
			archive_read_data_block(reader->archive, &p, &n, &at);

		if (code != ARCHIVE_OK && code != ARCHIVE_EOF)
			return archive_failure(reader, err);
		if (code == ARCHIVE_EOF || at != (int64_t)total ||
			n > reader->entry.size - total)
			return error_set(err, ERROR_INPUT,
				"sparse files are not supported");
		sink_write(to, p, n);
		total += n;
		if (to->failed)
			return 0;
	}
	return 0;
}

int tar_reader_copy(
	struct tar_reader *reader, struct sink *to, struct error *err)
{
	assert(reader->found > 0 && !reader->copied);
	reader->copied = true;
	if (copy(reader, to, err)) {
		reader->found = -1;
		return error_wrap(
			err, "%s: entry %s", reader->name, reader->entry.path);
	}
	return sink_check(to, err);
}

struct slice tar_reader_headers(const struct tar_reader *reader)
{
	const struct tar_entry *entry = &reader->entry;
	uint64_t n = entry->offset - entry->header;
	const unsigned char *bytes =
		tar_source_bytes(&reader->source, entry->header, n);

	return slice_make(bytes, bytes ? (size_t)n : 0);
}

locale_t tar_locale_new(void)
{
	return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

void tar_locale_free(locale_t locale)
{
	if (locale)
		freelocale(locale);
}
