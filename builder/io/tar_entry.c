/* SPDX-License-Identifier: MIT */
#include "io/tar_entry.h"

#include <archive_entry.h>
#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "io/tar_source.h"

/* Linux has no larger owner: (uid_t)-1 means "leave it". */
#define OWNER_MAX INT64_C(4294967294)
#define TARGET_MAX 4095 /* bytes of a symlink's target, as in Linux */

/* Fields of a header (POSIX.1-1988 ustar). */
#define SIZE_OFFSET 124
#define SIZE_SIZE 12
#define SIZE_OCTAL_MAX UINT64_C(077777777777) /* 8 GiB - 1 */
#define CHECKSUM_OFFSET 148
#define CHECKSUM_SIZE 8
#define TYPEFLAG_OFFSET 156

void tar_names_release(struct tar_names *names)
{
	free(names->path);
	free(names->target);
	names->path = names->target = NULL;
}

static int read_kind(
	struct archive_entry *e, struct tar_entry *entry, struct error *err)
{
	static const struct {
		unsigned type;
		enum tar_kind kind;
	} kinds[] = {
		{ AE_IFREG, TAR_FILE },
		{ AE_IFDIR, TAR_DIRECTORY },
		{ AE_IFLNK, TAR_SYMLINK },
		{ AE_IFCHR, TAR_CHARACTER },
		{ AE_IFBLK, TAR_BLOCK },
		{ AE_IFIFO, TAR_FIFO },
	};

	if (archive_entry_hardlink(e)) {
		entry->kind = TAR_HARDLINK;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].type != archive_entry_filetype(e))
			continue;
		entry->kind = kinds[i].kind;
		return 0;
	}
	return error_set(err, ERROR_INPUT, "unknown type of entry");
}

static int read_path(
	struct archive_entry *e, struct tar_names *names, struct error *err)
{
	const char *text = archive_entry_pathname(e);

	if (!text)
		return error_set(err, ERROR_INPUT, "path is not valid UTF-8");
	if (!*text)
		return error_set(err, ERROR_INPUT, "path is empty");
	return path_clean(text, PATH_FROM_ARCHIVE, &names->path, err);
}

static int check_root(const struct tar_entry *entry, struct error *err)
{
	if (*entry->path || entry->kind == TAR_DIRECTORY)
		return 0;
	return error_set(
		err, ERROR_INPUT, "the archive's root is not a directory");
}

static int read_hard_link(
	const char *text, struct tar_names *names, struct error *err)
{
	if (path_clean(text, PATH_FROM_ARCHIVE, &names->target, err))
		return error_wrap(err, "hard link target");
	if (!*names->target)
		return error_set(
			err, ERROR_INPUT, "hard link to the archive's root");
	return 0;
}

static int read_symlink(
	const char *text, struct tar_names *names, struct error *err)
{
	struct slice target = slice_of(text);

	if (!target.len)
		return error_set(err, ERROR_INPUT, "symlink without target");
	if (target.len > TARGET_MAX)
		return error_set(err, ERROR_INPUT,
			"symlink target of %zu bytes (at most %d)", target.len,
			TARGET_MAX);
	if (!slice_is_utf8(target))
		return error_set(
			err, ERROR_INPUT, "symlink target is not valid UTF-8");
	names->target = slice_dup(target);
	return 0;
}

static int read_target(struct archive_entry *e, enum tar_kind kind,
	struct tar_names *names, struct error *err)
{
	if (kind == TAR_HARDLINK)
		return read_hard_link(archive_entry_hardlink(e), names, err);
	if (kind == TAR_SYMLINK)
		return read_symlink(archive_entry_symlink(e), names, err);
	return 0;
}

static int read_size(
	struct archive_entry *e, struct tar_entry *entry, struct error *err)
{
	int64_t size = archive_entry_size(e);

	if (size < 0)
		return error_set(err, ERROR_INPUT, "negative size");
	if (size && entry->kind != TAR_FILE)
		return error_set(err, ERROR_INPUT,
			"%" PRId64 " bytes of content, but it is no file",
			size);
	if (archive_entry_sparse_count(e))
		return error_set(
			err, ERROR_INPUT, "sparse files are not supported");
	entry->size = (uint64_t)size;
	return 0;
}

static int read_owner(const char *what, int64_t id, const char *text,
	const char **name, struct error *err)
{
	if (id < 0 || id > OWNER_MAX)
		return error_set(err, ERROR_INPUT,
			"%s %" PRId64 " is out of range (0 to %" PRId64 ")",
			what, id, OWNER_MAX);
	if (text && *text && !slice_is_utf8(slice_of(text)))
		return error_set(err, ERROR_INPUT,
			"name of its %s is not valid UTF-8", what);
	*name = text && *text ? text : NULL;
	return 0;
}

static int read_owners(
	struct archive_entry *e, struct tar_entry *entry, struct error *err)
{
	int64_t uid = archive_entry_uid(e), gid = archive_entry_gid(e);

	if (read_owner(
		    "uid", uid, archive_entry_uname(e), &entry->uname, err) ||
		read_owner(
			"gid", gid, archive_entry_gname(e), &entry->gname, err))
		return -1;
	entry->uid = (uint64_t)uid;
	entry->gid = (uint64_t)gid;
	return 0;
}

static bool has_xattrs(struct archive_entry *e)
{
	unsigned long set = 0, clear = 0;

	archive_entry_fflags(e, &set, &clear);
	return archive_entry_xattr_count(e) > 0 ||
	       archive_entry_acl_types(e) != 0 || set || clear ||
	       archive_entry_fflags_text(e);
}

int tar_entry_read(struct archive_entry *e, struct tar_entry *entry,
	struct tar_names *names, struct error *err)
{
	memset(entry, 0, sizeof(*entry));
	if (read_path(e, names, err))
		return -1;
	entry->path = names->path;
	if (read_kind(e, entry, err) || check_root(entry, err) ||
		read_target(e, entry->kind, names, err) ||
		read_size(e, entry, err) || read_owners(e, entry, err))
		return -1;
	entry->target = names->target;
	entry->mode = archive_entry_mode(e) & 07777;
	entry->mtime = archive_entry_mtime(e);
	entry->has_xattrs = has_xattrs(e);
	return 0;
}

/* An octal field, blanks around it; NUL may end it early. */
static int read_octal(const unsigned char *p, size_t n, uint64_t *value)
{
	struct slice field = slice_make(p, n);

	field.len = strnlen(field.ptr, n);
	return slice_to_u64(slice_trim(field), 8, UINT64_MAX, value);
}

/* Old writers added the bytes up as signed ones; both sums are in use. */
static bool is_header(const unsigned char *block)
{
	uint32_t sum = CHECKSUM_SIZE * ' ', signed_sum = sum;
	uint64_t stated = 0;

	for (size_t i = 0; i < TAR_SOURCE_BLOCK; i++) {
		if (i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_SIZE)
			continue;
		sum += block[i];
		signed_sum += (uint32_t)(signed char)block[i];
	}
	return !read_octal(block + CHECKSUM_OFFSET, CHECKSUM_SIZE, &stated) &&
	       (stated == sum || stated == signed_sum);
}

/* Octal, or in base 256 (GNU) when the first bit is set. */
static uint64_t stated_size(const unsigned char *block)
{
	const unsigned char *p = block + SIZE_OFFSET;
	uint64_t size = p[0] & 0x7f;

	if (!(p[0] & 0x80))
		return read_octal(p, SIZE_SIZE, &size) ? 0 : size;
	for (int i = 1; i < SIZE_SIZE; i++)
		size = size << 8 | p[i];
	return size;
}

int tar_entry_check_header(
	const unsigned char *block, uint64_t size, struct error *err)
{
	unsigned type;

	if (!block || !is_header(block))
		return error_set(
			err, ERROR_INPUT, "sparse files are not supported");
	type = block[TYPEFLAG_OFFSET];
	if (type != '0' && type != '\0')
		return error_set(err, ERROR_INPUT,
			"unknown type of entry (typeflag byte 0x%02x)", type);
	if (size <= SIZE_OCTAL_MAX && size != stated_size(block))
		return error_set(err, ERROR_INPUT,
			"size of %" PRIu64 " bytes, but its header says "
			"%" PRIu64 ": sparse files are not supported",
			size, stated_size(block));
	return 0;
}
