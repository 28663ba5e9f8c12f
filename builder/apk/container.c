/* SPDX-License-Identifier: MIT */
#include "apk/container.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "io/tar_read.h"

#define MAGIC_SIZE 3

static enum container_form find_form(const unsigned char magic[MAGIC_SIZE])
{
	if (magic[0] == 0x1f && magic[1] == 0x8b)
		return CONTAINER_GZIP;
	if (!memcmp(magic, "ADB", MAGIC_SIZE))
		return CONTAINER_ADB;
	return CONTAINER_OTHER;
}

int container_open(
	struct container *container, int fd, uint64_t max, struct error *err)
{
	unsigned char magic[MAGIC_SIZE] = { 0 };
	struct stat st;

	memset(container, 0, sizeof(*container));
	if (fstat(fd, &st))
		return error_errno(err, "fstat");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT, "not a regular file");
	container->size = (uint64_t)st.st_size;
	if (container->size > max)
		return error_set(err, ERROR_INPUT,
			"%" PRIu64 " bytes, more than the limit of %" PRIu64,
			container->size, max);
	if (container->size >= MAGIC_SIZE &&
		file_pread_all(fd, magic, MAGIC_SIZE, 0, err))
		return -1;
	container->fd = fd;
	container->form = find_form(magic);
	container->reader = gzip_member_reader_new(fd, 0);
	return 0;
}

void container_release(struct container *container)
{
	gzip_member_reader_free(container->reader);
	container->reader = NULL;
}

int container_expect_gzip(
	const struct container *container, const char *what, struct error *err)
{
	if (container->form == CONTAINER_GZIP)
		return 0;
	if (!container->size)
		return error_set(
			err, ERROR_INPUT, "an empty file, expected %s", what);
	if (container->form == CONTAINER_ADB)
		return error_set(err, ERROR_INPUT,
			"a file of apk v3 (ADB), which cannot be read yet: "
			"expected %s of apk v2 (gzip)",
			what);
	return error_set(err, ERROR_INPUT,
		"neither gzip nor any other form of %s", what);
}

uint64_t container_left(const struct container *container)
{
	uint64_t at = gzip_member_offset(container->reader);

	return at < container->size ? container->size - at : 0;
}

int container_next(struct container *container, struct sink *plain,
	uint64_t max, struct digest *digest, struct error *err)
{
	struct digest_sink raw;
	int found;

	if (!digest)
		return gzip_member_next(
			container->reader, NULL, plain, max, err);
	digest_sink_init(&raw, digest->kind, NULL);
	found = gzip_member_next(container->reader, &raw.sink, plain, max, err);
	if (found > 0 && sink_close(&raw.sink, err))
		found = -1;
	if (found > 0)
		*digest = raw.digest;
	digest_sink_release(&raw);
	return found;
}

int container_is_signature(
	struct slice member, const char *name, struct error *err)
{
	struct tar_reader *reader =
		tar_reader_new_bytes(member, name, TAR_END_REQUIRED, NULL, err);
	struct tar_entry entry;
	int found;

	if (!reader)
		return -1;
	found = tar_reader_next(reader, &entry, err);
	if (found > 0)
		found = slice_starts(slice_of(entry.path), ".SIGN.");
	tar_reader_free(reader);
	return found;
}
