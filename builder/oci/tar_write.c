/* SPDX-License-Identifier: MIT */
#include "oci/tar_write.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"

#define TAR_TYPE_PAX 'x'
#define PAX_FOLDER "PaxHeaders/"
/* Two paths of TREE_DEPTH_MAX components and a size fit many times over. */
#define PAX_RECORDS_MAX ((size_t)4 << 20)

/* POSIX.1-1988, 10.1.1: the header block. */
struct ustar {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char chksum[8];
	char typeflag;
	char linkname[100];
	char magic[6];
	char version[2];
	char uname[32];
	char gname[32];
	char devmajor[8];
	char devminor[8];
	char prefix[155];
	char pad[12];
};
_Static_assert(sizeof(struct ustar) == TAR_BLOCK_SIZE, "one block");

/* A path with the slash that a directory ends in, split for the block. */
struct split {
	size_t len;    /* of the whole, with the slash */
	size_t prefix; /* bytes of path that go to the prefix field */
	size_t name;   /* where the name field starts in path */
	bool fits;
};

/* n octal digits, then NUL: the field is one larger and zeroed. */
static void put_octal(char *field, size_t n, uint64_t value)
{
	while (n--) {
		field[n] = (char)('0' + (value & 7));
		value >>= 3;
	}
	assert(!value);
}

static bool is_directory(const struct tar_header *header)
{
	return header->type == TAR_TYPE_DIRECTORY;
}

/* The longest prefix that fits, as GNU tar and Go's archive/tar choose. */
static struct split split_path(const struct tar_header *header)
{
	const struct ustar *u;
	const char *path = header->path;
	size_t plain = strlen(path);
	struct split split = { .len = plain + is_directory(header) };
	size_t i =
		plain < sizeof(u->prefix) + 1 ? plain : sizeof(u->prefix) + 1;

	if (split.len <= sizeof(u->name)) {
		split.fits = true;
		return split;
	}
	while (i > 0 && path[i - 1] != '/')
		i--;
	if (i < 2 || split.len - i > sizeof(u->name))
		return split;
	split.prefix = i - 1;
	split.name = i;
	split.fits = true;
	return split;
}

static uint32_t checksum(const char *block)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < TAR_BLOCK_SIZE; i++)
		sum += (unsigned char)block[i];
	return sum;
}

static int64_t clamp_mtime(int64_t mtime)
{
	if (mtime < 0)
		return 0;
	return mtime > TAR_MTIME_MAX ? TAR_MTIME_MAX : mtime;
}

static void copy_field(char *field, size_t size, const char *text)
{
	size_t len = strlen(text);

	memcpy(field, text, len < size ? len : size);
}

/* What does not fit is cut here; its PAX record says it in full. */
static void fill_names(struct ustar *u, const struct tar_header *header)
{
	struct split split = split_path(header);

	memcpy(u->prefix, header->path, split.prefix);
	copy_field(u->name, sizeof(u->name), header->path + split.name);
	if (is_directory(header) && split.len - split.name <= sizeof(u->name))
		u->name[split.len - split.name - 1] = '/';
	if (header->target)
		copy_field(u->linkname, sizeof(u->linkname), header->target);
}

static void fill_block(const struct tar_header *header, char typeflag,
	char block[TAR_BLOCK_SIZE])
{
	struct ustar u = { .typeflag = typeflag };
	uint64_t size = header->size;

	fill_names(&u, header);
	put_octal(u.mode, 7, header->mode & 07777);
	put_octal(u.uid, 7, header->uid);
	put_octal(u.gid, 7, header->gid);
	put_octal(u.size, 11, size > TAR_USTAR_SIZE_MAX ? 0 : size);
	put_octal(u.mtime, 11, (uint64_t)clamp_mtime(header->mtime));
	memset(u.chksum, ' ', sizeof(u.chksum));
	memcpy(u.magic, "ustar", 6);
	memcpy(u.version, "00", 2);
	put_octal(u.devmajor, 7, 0);
	put_octal(u.devminor, 7, 0);
	memcpy(block, &u, TAR_BLOCK_SIZE);
	put_octal(u.chksum, 6, checksum(block));
	u.chksum[6] = '\0';
	memcpy(block, &u, TAR_BLOCK_SIZE);
}

static bool path_fits(const struct tar_header *header)
{
	return split_path(header).fits;
}

static bool target_fits(const struct tar_header *header)
{
	const struct ustar *u;

	return !header->target || strlen(header->target) <= sizeof(u->linkname);
}

static bool fits(const struct tar_header *header)
{
	return path_fits(header) && target_fits(header) &&
	       header->size <= TAR_USTAR_SIZE_MAX;
}

/* "27 path=..." LF: the length counts its own digits too. */
static void add_record(struct buf *records, const char *key, struct slice value)
{
	size_t rest = strlen(key) + value.len + 3, len = rest + 1;

	while (len != rest + (size_t)snprintf(NULL, 0, "%zu", len))
		len = rest + (size_t)snprintf(NULL, 0, "%zu", len);
	buf_printf(records, "%zu %s=", len, key);
	buf_add_slice(records, value);
	buf_add_str(records, "\n");
}

static void add_path_record(
	struct buf *records, const struct tar_header *header)
{
	SCOPED_BUF struct buf path;

	buf_init(&path, PAX_RECORDS_MAX);
	buf_add_str(&path, header->path);
	if (is_directory(header))
		buf_add_str(&path, "/");
	add_record(records, "path", buf_slice(&path));
}

/* Only the records that are needed, in bytewise order of their keys. */
static void pax_records(struct buf *records, const struct tar_header *header)
{
	char size[24];

	buf_init(records, PAX_RECORDS_MAX);
	if (!target_fits(header))
		add_record(records, "linkpath", slice_of(header->target));
	if (!path_fits(header))
		add_path_record(records, header);
	if (header->size > TAR_USTAR_SIZE_MAX) {
		snprintf(size, sizeof(size), "%llu",
			(unsigned long long)header->size);
		add_record(records, "size", slice_of(size));
	}
	assert(!records->overflow);
}

/* The name is for readers without PAX only: cut between UTF-8 characters. */
static void write_pax(struct sink *out, const struct tar_header *header,
	const struct buf *records)
{
	const struct ustar *u;
	char name[sizeof(u->name) + 1], block[TAR_BLOCK_SIZE];
	size_t len = (size_t)snprintf(
		name, sizeof(name), PAX_FOLDER "%s", path_base(header->path));
	struct tar_header pax = { .path = name,
		.mode = 0644,
		.mtime = header->mtime,
		.size = records->len };

	if (len >= sizeof(name)) {
		const char *full = path_base(header->path);

		len = sizeof(name) - 1;
		while (len > strlen(PAX_FOLDER) &&
			(full[len - strlen(PAX_FOLDER)] & 0xc0) == 0x80)
			len--;
		name[len] = '\0';
	}
	fill_block(&pax, TAR_TYPE_PAX, block);
	sink_write(out, block, sizeof(block));
	sink_write(out, records->data, records->len);
	tar_write_padding(out, records->len);
}

void tar_write_header(struct sink *out, const struct tar_header *header)
{
	char block[TAR_BLOCK_SIZE];

	if (!fits(header)) {
		SCOPED_BUF struct buf records;

		pax_records(&records, header);
		write_pax(out, header, &records);
	}
	fill_block(header, (char)header->type, block);
	sink_write(out, block, sizeof(block));
}

void tar_write_padding(struct sink *out, uint64_t size)
{
	sink_write_zeros(out, tar_padded_size(size) - size);
}

void tar_write_end(struct sink *out)
{
	sink_write_zeros(out, 2 * TAR_BLOCK_SIZE);
}

uint64_t tar_header_size(const struct tar_header *header)
{
	if (fits(header))
		return TAR_BLOCK_SIZE;

	SCOPED_BUF struct buf records;

	pax_records(&records, header);
	return 2 * TAR_BLOCK_SIZE + tar_padded_size(records.len);
}

uint64_t tar_padded_size(uint64_t size)
{
	return (size + TAR_BLOCK_SIZE - 1) / TAR_BLOCK_SIZE * TAR_BLOCK_SIZE;
}
