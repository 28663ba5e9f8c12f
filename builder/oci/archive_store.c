/* SPDX-License-Identifier: MIT */
#include "oci/archive_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/tar_read.h"
#include "oci/archive.h"
#include "oci/archive_temp.h"
#include "oci/fd_sink.h"

#define BLOCK 512

struct member {
	char *name;
	char *target; /* NULL unless it is a link */
	enum tar_kind kind;
	bool is_dotted; /* "./name" in the archive */
	uint64_t size, offset;
};

struct archive_store {
	int fd; /* the plain tar or the folder */
	bool is_folder, is_gzipped;
	struct member *members; /* of a tar, sorted by name */
	size_t nmembers, cap;
};

/* Where the bytes of a regular file are. */
struct place {
	int fd;		 /* to be closed when it is not the store's */
	uint64_t offset; /* in it */
	uint64_t size;
};

static int compare_names(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/*
 * Of several the last one is the member's own: before it there are those that
 * extend it, with names of theirs. The name is its first field.
 */
static struct slice last_header(const struct tar_reader *reader)
{
	struct slice headers = tar_reader_headers(reader);

	if (headers.len <= BLOCK)
		return headers;
	return slice_make(headers.ptr + headers.len - BLOCK, BLOCK);
}

static void add_member(struct archive_store *store,
	const struct tar_entry *entry, const struct tar_reader *reader)
{
	struct member member = {
		.name = memory_strdup(entry->path),
		.target = entry->target ? memory_strdup(entry->target) : NULL,
		.kind = entry->kind,
		.size = entry->size,
		.offset = entry->offset,
		.is_dotted = slice_starts(last_header(reader), "./"),
	};

	store->members = memory_grow(
		store->members, store->nmembers, &store->cap, sizeof(member));
	store->members[store->nmembers++] = member;
}

/* Folders may come twice, anything else would be ambiguous. */
static int check_duplicates(
	const struct archive_store *store, struct error *err)
{
	for (size_t i = 1; i < store->nmembers; i++) {
		const struct member *a = &store->members[i - 1], *b = a + 1;

		if (strcmp(a->name, b->name) ||
			(a->kind == TAR_DIRECTORY && b->kind == a->kind))
			continue;
		return error_set(err, ERROR_INPUT,
			"member \"%s\" is there twice", b->name);
	}
	return 0;
}

static int read_members(
	struct archive_store *store, const char *name, struct error *err)
{
	const struct tar_limits limits = { .entries = ARCHIVE_MEMBERS_MAX };
	struct tar_reader *reader =
		tar_reader_new(store->fd, name, TAR_PLAIN, &limits, err);
	struct tar_entry entry;
	int got = -1;

	while (reader && (got = tar_reader_next(reader, &entry, err)) > 0)
		add_member(store, &entry, reader);
	tar_reader_free(reader);
	if (got)
		return -1;
	if (store->nmembers)
		qsort(store->members, store->nmembers, sizeof(struct member),
			compare_names);
	if (check_duplicates(store, err))
		return error_wrap(err, "%s", name);
	return 0;
}

/* The file's uncompressed bytes take its place. */
static int unpack_whole(
	struct archive_store *store, const char *path, struct error *err)
{
	struct digest unused = { .kind = DIGEST_SHA256 };
	int plain;

	if (archive_temp_check(store->fd, err))
		return error_wrap(err, "%s", path);
	if (!archive_temp_is_gzip(store->fd))
		return 0;
	plain = archive_temp_gunzip(store->fd, &unused, err);
	if (plain < 0)
		return error_wrap(err, "%s", path);
	close(store->fd);
	store->fd = plain;
	store->is_gzipped = true;
	return 0;
}

static int open_path(
	struct archive_store *store, const char *path, struct error *err)
{
	struct stat st;

	/* A fifo would block, and is refused below. */
	store->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (store->fd < 0 || fstat(store->fd, &st))
		return error_errno(err, "%s", path);
	store->is_folder = S_ISDIR(st.st_mode);
	if (store->is_folder)
		return 0;
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT,
			"%s is neither a file nor a folder", path);
	if (unpack_whole(store, path, err))
		return -1;
	return read_members(store, path, err);
}

struct archive_store *archive_store_open(const char *path, struct error *err)
{
	struct archive_store *store = memory_zero(1, sizeof(*store));

	if (!open_path(store, path, err))
		return store;
	archive_store_free(store);
	return NULL;
}

void archive_store_free(struct archive_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->nmembers; i++) {
		free(store->members[i].name);
		free(store->members[i].target);
	}
	free(store->members);
	if (store->fd >= 0)
		close(store->fd);
	free(store);
}

bool archive_store_is_folder(const struct archive_store *store)
{
	return store->is_folder;
}

bool archive_store_is_gzipped(const struct archive_store *store)
{
	return store->is_gzipped;
}

/* The first member whose name is not less; NULL: all are. */
static const struct member *find_least(
	const struct archive_store *store, const char *name)
{
	size_t low = 0, high = store->nmembers;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(store->members[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < store->nmembers ? &store->members[low] : NULL;
}

static const struct member *find_member(
	const struct archive_store *store, const char *name)
{
	const struct member *member = find_least(store, name);

	return member && !strcmp(member->name, name) ? member : NULL;
}

bool archive_store_holds(const struct archive_store *store, const char *name)
{
	SCOPED_FREE char *folder = memory_printf("%s/", name);
	const struct member *member = find_least(store, folder);

	return member && slice_starts(slice_of(member->name), folder);
}

bool archive_store_has(const struct archive_store *store, const char *name)
{
	struct stat st;

	if (!store->is_folder)
		return find_member(store, name) != NULL;
	return !fstatat(store->fd, name, &st, AT_SYMLINK_NOFOLLOW);
}

bool archive_store_is_link(const struct archive_store *store, const char *name)
{
	const struct member *member =
		store->is_folder ? NULL : find_member(store, name);

	return member && member->target;
}

bool archive_store_is_dotted(
	const struct archive_store *store, const char *name)
{
	const struct member *member =
		store->is_folder ? NULL : find_member(store, name);

	return member && member->is_dotted;
}

static int missing(const char *name, struct error *err)
{
	return error_set(err, ERROR_INPUT, "member \"%s\" is missing", name);
}

/* "../x.tar" of "id/layer.tar" is "x.tar"; never above the archive's root. */
static int join_target(const struct member *link, char **out, struct error *err)
{
	struct slice parent = path_parent(link->name);
	struct slice rest = slice_of(link->target), part;
	SCOPED_BUF struct buf buf;

	buf_init(&buf, PATH_TEXT_MAX);
	buf_add_slice(&buf, parent);
	while (path_cut(&rest, &part)) {
		if (slice_is(part, "."))
			continue;
		if (!slice_is(part, "..")) {
			if (buf.len)
				buf_add(&buf, "/", 1);
			buf_add_slice(&buf, part);
			continue;
		}
		if (!buf.len)
			return error_set(err, ERROR_INPUT,
				"member \"%s\" links to \"%s\", which is "
				"outside the archive",
				link->name, link->target);
		buf_truncate(&buf, path_parent(buf.data).len);
	}
	if (link->target[0] == '/' || buf.overflow)
		return error_set(err, ERROR_INPUT,
			"member \"%s\" links to \"%.64s\", expected a "
			"relative name of the archive",
			link->name, link->target);
	*out = buf_take(&buf);
	return 0;
}

/* The next name on the way; *out is malloc'd. */
static int link_target(const struct member *link, char **out, struct error *err)
{
	if (link->kind == TAR_SYMLINK)
		return join_target(link, out, err);
	*out = memory_strdup(link->target);
	return 0;
}

static int follow(const struct archive_store *store, const char *name,
	const struct member **out, struct error *err)
{
	SCOPED_FREE char *at = memory_strdup(name);

	for (int i = 0; i <= ARCHIVE_LINKS_MAX; i++) {
		const struct member *member = find_member(store, at);

		if (!member)
			return missing(at, err);
		if (member->kind == TAR_FILE) {
			*out = member;
			return 0;
		}
		if (!member->target)
			return error_set(err, ERROR_INPUT,
				"member \"%s\" is not a regular file", at);
		free(scope_take(at));
		if (link_target(member, &at, err))
			return -1;
	}
	return error_set(err, ERROR_INPUT,
		"member \"%s\": more than %d links, one after the other", name,
		ARCHIVE_LINKS_MAX);
}

static int locate_file(const struct archive_store *store, const char *name,
	struct place *place, struct error *err)
{
	SCOPED_FD int fd = openat(store->fd, name,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return missing(name, err);
	if (fd < 0 || fstat(fd, &st))
		return error_errno(err, "%s", name);
	if (!S_ISREG(st.st_mode))
		return error_set(
			err, ERROR_INPUT, "\"%s\" is not a regular file", name);
	*place = (struct place){ .fd = scope_take_fd(fd),
		.size = (uint64_t)st.st_size };
	return 0;
}

static int locate(const struct archive_store *store, const char *name,
	struct place *place, struct error *err)
{
	const struct member *member = NULL;

	if (store->is_folder)
		return locate_file(store, name, place, err);
	if (follow(store, name, &member, err))
		return -1;
	*place = (struct place){
		.fd = store->fd, .offset = member->offset, .size = member->size
	};
	return 0;
}

static void leave(const struct archive_store *store, const struct place *place)
{
	if (place->fd != store->fd)
		close(place->fd);
}

int archive_store_size(const struct archive_store *store, const char *name,
	uint64_t *size, struct error *err)
{
	struct place place;

	if (locate(store, name, &place, err))
		return -1;
	*size = place.size;
	leave(store, &place);
	return 0;
}

static int read_place(
	const struct place *place, struct buf *buf, struct error *err)
{
	struct buf_sink to;

	buf_sink_init(&to, buf);
	if (place->size > buf->max)
		return error_set(err, ERROR_INPUT,
			"%llu bytes, larger than the limit of %zu",
			(unsigned long long)place->size, buf->max);
	sink_copy_fd(&to.sink, place->fd, place->offset, place->size);
	return sink_close(&to.sink, err);
}

int archive_store_read(const struct archive_store *store, const char *name,
	struct buf *buf, struct error *err)
{
	struct place place;
	int failed;

	if (locate(store, name, &place, err))
		return -1;
	buf_init(buf, ARCHIVE_DOCUMENT_MAX);
	buf_add(buf, "", 0);
	failed = read_place(&place, buf, err);
	leave(store, &place);
	if (!failed)
		return 0;
	buf_release(buf);
	return error_wrap(err, "member \"%s\"", name);
}

int archive_store_peek(const struct archive_store *store, const char *name,
	void *p, size_t n, struct error *err)
{
	struct place place;
	ssize_t got;

	if (locate(store, name, &place, err))
		return -1;
	memset(p, 0, n);
	got = pread(place.fd, p, place.size < n ? (size_t)place.size : n,
		(off_t)place.offset);
	if (got < 0)
		error_errno(err, "read member \"%s\"", name);
	leave(store, &place);
	return got < 0 ? -1 : 0;
}

int archive_store_extract(
	const struct archive_store *store, const char *name, struct error *err)
{
	SCOPED_FD int fd = -1;
	struct place place;
	struct fd_sink to;

	if (locate(store, name, &place, err))
		return -1;
	if (place.fd != store->fd)
		return place.fd;
	fd = archive_temp_new(err);
	if (fd < 0)
		return -1;
	fd_sink_init(&to, fd);
	sink_copy_fd(&to.sink, place.fd, place.offset, place.size);
	if (sink_close(&to.sink, err))
		return error_wrap(err, "member \"%s\"", name);
	return scope_take_fd(fd);
}
