/* SPDX-License-Identifier: MIT */
#include "apk/package_data.h"

#include <inttypes.h>
#include <string.h>

#include "apk/name_map.h"
#include "apk/package_header.h"
#include "base/file.h"
#include "base/path.h"
#include "io/digest.h"

/* What abuild puts into a data section that would hold nothing. */
#define EMPTY_MARK ".dummy"

/* What is remembered of an entry for those that come after it. */
struct seen {
	enum tar_kind kind;
	struct identity checksum;
};

struct package_data {
	struct tar_reader *reader;
	int fd; /* borrowed */
	char *name;
	struct arena arena; /* owns what was seen */
	struct name_map seen;
	struct buf headers; /* of the current entry */
	struct package_header header;
	bool has_failed;
};

struct package_data *package_data_new(
	int fd, const char *name, struct error *err)
{
	struct package_data *data = memory_zero(1, sizeof(*data));

	data->fd = fd;
	data->name = memory_strdup(name);
	arena_init(&data->arena);
	buf_init(&data->headers, PACKAGE_HEADERS_MAX);
	if (lseek(fd, 0, SEEK_SET))
		error_errno(err, "%s: seek", name);
	else
		data->reader = tar_reader_new(fd, name, TAR_PLAIN, NULL, err);
	if (data->reader)
		return data;
	package_data_free(data);
	return NULL;
}

void package_data_free(struct package_data *data)
{
	if (!data)
		return;
	tar_reader_free(data->reader);
	buf_release(&data->headers);
	arena_release(&data->arena);
	free(data->name);
	free(data);
}

static int read_headers(
	struct package_data *data, const struct tar_entry *e, struct error *err)
{
	struct slice headers = tar_reader_headers(data->reader);
	uint64_t n = e->offset - e->header;

	if (n > PACKAGE_HEADERS_MAX)
		return error_set(err, ERROR_INPUT,
			"its headers have %" PRIu64 " bytes, expected at most "
			"%zu",
			n, PACKAGE_HEADERS_MAX);
	buf_truncate(&data->headers, 0);
	if (headers.len)
		buf_add(&data->headers, headers.ptr, headers.len);
	while (data->headers.len < n) {
		char block[4096];
		size_t part = (size_t)n - data->headers.len;

		if (part > sizeof(block))
			part = sizeof(block);
		if (file_pread_all(data->fd, block, part,
			    (long long)(e->header + data->headers.len), err))
			return -1;
		buf_add(&data->headers, block, part);
	}
	return package_header_parse(
		&data->header, buf_slice(&data->headers), err);
}

/* The tar reader cleans names, apk takes them as they are. */
static int check_name(struct slice raw, const char *clean, const char *what,
	struct error *err)
{
	if (slice_is(raw, clean))
		return 0;
	return error_set(err, ERROR_INPUT,
		"its %s is not written as \"%s\" but in another way, which apk "
		"would pass over",
		what, clean);
}

static int check_raw(const struct package_header *header,
	const struct tar_entry *e, struct error *err)
{
	static const char types[] = { [TAR_FILE] = '0',
		[TAR_DIRECTORY] = '5',
		[TAR_SYMLINK] = '2',
		[TAR_HARDLINK] = '1' };
	struct slice path = header->path;

	if (header->type != types[e->kind])
		return error_set(err, ERROR_INPUT,
			"its type is told by the byte 0x%02x, expected '%c'",
			(unsigned char)header->type, types[e->kind]);
	if (e->kind == TAR_DIRECTORY && slice_ends(path, "/"))
		path.len--;
	if (check_name(path, e->path, "name", err))
		return -1;
	if (!e->target)
		return 0;
	return check_name(header->target, e->target, "target", err);
}

/* NULL: it is the root. */
static const struct seen *find_parent(
	const struct package_data *data, const char *path)
{
	struct slice parent = path_parent(path);

	return parent.len ? name_map_get(&data->seen, parent) : NULL;
}

static int check_place(const struct package_data *data,
	const struct tar_entry *e, struct error *err)
{
	struct slice parent = path_parent(e->path);
	const struct seen *dir = find_parent(data, e->path);

	if (!e->path[0])
		return error_set(err, ERROR_INPUT,
			"it is the root, which packages do not have");
	if (e->path[0] == '.' && strcmp(e->path, EMPTY_MARK) != 0)
		return error_set(err, ERROR_INPUT,
			"its name starts with \".\" at the top, which apk "
			"would pass over");
	if (parent.len && (!dir || dir->kind != TAR_DIRECTORY))
		return error_set(err, ERROR_INPUT,
			"there is no entry of the directory %.*s before it",
			SLICE_ARGS(parent));
	if (name_map_get(&data->seen, slice_of(e->path)))
		return error_set(err, ERROR_INPUT, "it is there twice");
	return 0;
}

static int take_hard_link(const struct package_data *data,
	struct package_entry *entry, struct error *err)
{
	const struct seen *target =
		name_map_get(&data->seen, slice_of(entry->tar.target));

	if (!target ||
		(target->kind != TAR_FILE && target->kind != TAR_HARDLINK))
		return error_set(err, ERROR_INPUT,
			"hard link to %s, which is no earlier file of the "
			"package",
			entry->tar.target);
	entry->checksum = target->checksum;
	return 0;
}

static int take_kind(const struct package_data *data,
	struct package_entry *entry, struct error *err)
{
	const struct tar_entry *e = &entry->tar;

	if (e->kind == TAR_DIRECTORY)
		return 0;
	if (e->kind == TAR_HARDLINK)
		return take_hard_link(data, entry, err);
	entry->checksum = data->header.checksum;
	if (entry->checksum.kind == IDENTITY_NONE && !entry->is_skipped)
		return error_set(err, ERROR_INPUT,
			"it has no checksum: packages of apk-tools before 2.2 "
			"are not supported");
	if (e->kind == TAR_SYMLINK && path_link_leaves(e->path, e->target))
		return error_set(err, ERROR_INPUT,
			"symbolic link to %s leaves the tree", e->target);
	return 0;
}

static void remember(
	struct package_data *data, const struct package_entry *entry)
{
	struct seen *seen = arena_alloc(&data->arena, sizeof(*seen));
	const char *path = arena_strdup(&data->arena, entry->tar.path);

	seen->kind = entry->tar.kind;
	seen->checksum = entry->checksum;
	name_map_set(&data->seen, slice_of(path), seen, &data->arena);
}

static int take_entry(struct package_data *data, struct package_entry *entry,
	struct error *err)
{
	const struct tar_entry *e = &entry->tar;

	if (e->kind > TAR_HARDLINK)
		return error_set(err, ERROR_INPUT,
			"it is a device node or fifo, which an image cannot "
			"hold");
	if (read_headers(data, e, err) || check_raw(&data->header, e, err) ||
		check_place(data, e, err))
		return -1;
	entry->is_skipped = e->path[0] == '.';
	if (take_kind(data, entry, err))
		return -1;
	entry->xattrs = package_header_xattrs(&data->header);
	remember(data, entry);
	return 0;
}

int package_data_next(struct package_data *data, struct package_entry *entry,
	struct error *err)
{
	int found;

	if (data->has_failed)
		return error_set(
			err, ERROR_INPUT, "%s: failed before", data->name);
	memset(entry, 0, sizeof(*entry));
	found = tar_reader_next(data->reader, &entry->tar, err);
	if (found > 0 && take_entry(data, entry, err)) {
		error_wrap(err, "%s: entry %s", data->name, entry->tar.path);
		found = -1;
	}
	data->has_failed = found < 0;
	return found;
}

static int compare(const struct identity *want, const struct digest *got,
	struct error *err)
{
	const struct identity found = identity_make(IDENTITY_SHA1, got->bytes);
	char want_text[IDENTITY_TEXT_SIZE], found_text[IDENTITY_TEXT_SIZE];

	if (identity_eq(want, &found))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"checksum mismatch (expected %s, got %s)",
		identity_hex(want, want_text),
		identity_hex(&found, found_text));
}

static int check_content(struct package_data *data,
	const struct package_entry *entry, struct error *err)
{
	struct digest_sink hash;
	int failed;

	digest_sink_init(&hash, DIGEST_SHA1, NULL);
	failed = tar_reader_copy(data->reader, &hash.sink, err) ||
		 sink_close(&hash.sink, err);
	if (!failed && compare(&entry->checksum, &hash.digest, err))
		failed = error_wrap(
			err, "%s: entry %s", data->name, entry->tar.path);
	digest_sink_release(&hash);
	return failed ? -1 : 0;
}

static int check_target(const struct package_data *data,
	const struct package_entry *entry, struct error *err)
{
	const char *target = entry->tar.target;
	const struct digest digest =
		digest_of(DIGEST_SHA1, target, strlen(target));

	if (!compare(&entry->checksum, &digest, err))
		return 0;
	return error_wrap(err, "%s: entry %s", data->name, entry->tar.path);
}

static int check_all(struct package_data *data, struct error *err)
{
	struct package_entry entry;
	int found;

	while ((found = package_data_next(data, &entry, err)) > 0) {
		int failed = 0;

		if (entry.checksum.kind == IDENTITY_NONE)
			continue;
		if (entry.tar.kind == TAR_FILE)
			failed = check_content(data, &entry, err);
		else if (entry.tar.kind == TAR_SYMLINK)
			failed = check_target(data, &entry, err);
		if (failed)
			return -1;
	}
	return found;
}

int package_data_check(int fd, const char *name, struct error *err)
{
	struct package_data *data = package_data_new(fd, name, err);
	int rc;

	if (!data)
		return -1;
	rc = check_all(data, err);
	package_data_free(data);
	return rc;
}
