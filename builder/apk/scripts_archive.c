/* SPDX-License-Identifier: MIT */
#include "apk/scripts_archive.h"

#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "io/gzip.h"
#include "io/tar_read.h"

#define BLOCK 512
/* Fields of a tar header (POSIX.1-1988, 10.1.1). */
#define NAME_SIZE 100
#define TYPEFLAG_OFFSET 156
#define PREFIX_OFFSET 345

const char *const script_names[SCRIPT_NKINDS] = {
	[SCRIPT_PRE_INSTALL] = "pre-install",
	[SCRIPT_POST_INSTALL] = "post-install",
	[SCRIPT_PRE_DEINSTALL] = "pre-deinstall",
	[SCRIPT_POST_DEINSTALL] = "post-deinstall",
	[SCRIPT_PRE_UPGRADE] = "pre-upgrade",
	[SCRIPT_POST_UPGRADE] = "post-upgrade",
	[SCRIPT_TRIGGER] = "trigger",
};

enum script_kind script_kind_find(struct slice name)
{
	enum script_kind kind = 0;

	while (kind < SCRIPT_NKINDS && !slice_is(name, script_names[kind]))
		kind++;
	return kind;
}

void script_list_add(struct script_list *list, const struct script *script,
	struct arena *arena)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 8;
		struct script *items = arena_alloc(arena, cap * sizeof(*items));

		if (list->n)
			memcpy(items, list->items, list->n * sizeof(*items));
		list->items = items;
		list->cap = cap;
	}
	list->items[list->n++] = *script;
}

void script_list_drop(struct script_list *list, const struct identity *identity)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (!identity_eq(&list->items[i].identity, identity))
			list->items[n++] = list->items[i];
	}
	list->n = n;
}

/* "head.tail" at the last dot. */
static bool cut_last(struct slice *head, struct slice *tail)
{
	const char *dot = head->len ? memrchr(head->ptr, '.', head->len) : NULL;

	if (!dot)
		return false;
	*tail = slice_make(dot + 1, head->len - (size_t)(dot + 1 - head->ptr));
	head->len = (size_t)(dot - head->ptr);
	return true;
}

static int parse_name(struct slice name, struct script *out, struct error *err)
{
	struct slice kind, identity;

	if (!cut_last(&name, &kind) || !cut_last(&name, &identity) ||
		!version_split(name, &out->package, &out->version) ||
		identity_parse(identity, &out->identity))
		return error_set(err, ERROR_INPUT,
			"expected a name as PACKAGE-VERSION.Q1DIGEST.TYPE");
	out->kind = script_kind_find(kind);
	if (out->kind == SCRIPT_NKINDS)
		return error_set(err, ERROR_INPUT,
			"\"%.*s\" is no kind of script",
			kind.len < NAME_SIZE ? (int)kind.len : NAME_SIZE,
			kind.ptr);
	return 0;
}

/*
 * The name as it was written. A clean path is not: the base64 of an identity
 * may hold "//", which cleaning makes "/".
 */
static struct slice raw_name(
	struct slice bytes, const struct tar_entry *entry, struct arena *arena)
{
	const char *first = bytes.ptr + entry->header;
	const char *last = bytes.ptr + entry->offset - BLOCK;

	if (first == last && !last[PREFIX_OFFSET])
		return slice_make(last, strnlen(last, NAME_SIZE));
	if (first < last && first[TYPEFLAG_OFFSET] == 'L')
		return slice_make(first + BLOCK,
			strnlen(first + BLOCK, (size_t)(last - first) - BLOCK));
	return slice_of(arena_strdup(arena, entry->path));
}

static int parse_entry(struct script_list *list, struct slice bytes,
	const struct tar_entry *entry, struct arena *arena, struct error *err)
{
	struct script script = { .mtime = entry->mtime };

	if (entry->kind != TAR_FILE)
		return error_set(err, ERROR_INPUT, "expected a regular file");
	if (entry->size > SCRIPT_MAX)
		return error_set(err, ERROR_INPUT,
			"a script of %llu bytes (at most %zu)",
			(unsigned long long)entry->size, SCRIPT_MAX);
	if (parse_name(raw_name(bytes, entry, arena), &script, err))
		return -1;
	script.text =
		slice_make(bytes.ptr + entry->offset, (size_t)entry->size);
	script_list_add(list, &script, arena);
	return 0;
}

static void free_reader(struct tar_reader **reader)
{
	tar_reader_free(*reader);
}

static int parse_tar(struct script_list *list, struct slice bytes,
	const char *name, struct arena *arena, struct error *err)
{
	CLEANUP(free_reader)
	struct tar_reader *reader =
		tar_reader_new_bytes(bytes, name, TAR_END_REQUIRED, NULL, err);
	struct tar_entry entry;
	int found;

	if (!reader)
		return -1;
	while ((found = tar_reader_next(reader, &entry, err)) > 0) {
		if (!parse_entry(list, bytes, &entry, arena, err))
			continue;
		error_wrap(err, "entry %s", entry.path);
		return error_wrap(err, "%s", name);
	}
	return found;
}

static int gunzip(struct slice bytes, struct buf *out, struct error *err)
{
	SCOPED_FD int fd = memfd_create("scripts", MFD_CLOEXEC);
	struct buf_sink sink;

	if (fd < 0)
		return error_errno(err, "memory for an archive");
	if (file_write_all(fd, bytes.ptr, bytes.len, err))
		return -1;
	buf_sink_init(&sink, out);
	if (gunzip_fd(fd, SCRIPTS_ARCHIVE_MAX, &sink.sink, err))
		return -1;
	return sink_close(&sink.sink, err);
}

int scripts_archive_parse(struct script_list *list, struct slice bytes,
	const char *name, struct arena *arena, struct error *err)
{
	SCOPED_BUF struct buf plain;

	buf_init(&plain, SCRIPTS_ARCHIVE_MAX);
	if (bytes.len > SCRIPTS_ARCHIVE_MAX)
		return error_set(err, ERROR_INPUT,
			"%s: %zu bytes (at most %zu)", name, bytes.len,
			SCRIPTS_ARCHIVE_MAX);
	if (slice_starts(bytes, "\x1f\x8b")) {
		if (gunzip(bytes, &plain, err))
			return error_wrap(err, "%s", name);
		bytes = slice_make(
			arena_copy(arena, plain.data, plain.len), plain.len);
	}
	return parse_tar(list, bytes, name, arena, err);
}
