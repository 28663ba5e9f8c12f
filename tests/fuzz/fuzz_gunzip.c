/* SPDX-License-Identifier: MIT
 *
 * Any bytes: uncompressed within the limit or refused; and compressed, read
 * back, then damaged, when only the same bytes may come out.
 */
#include <assert.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "io/gzip.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int uncompress(const void *p, size_t n, struct buf *out)
{
	SCOPED_FD int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct buf_sink bs;
	struct error err;

	buf_init(out, MAX);
	buf_sink_init(&bs, out);
	if (file_write_all(fd, p, n, &err))
		return -1;
	return gunzip_fd(fd, MAX, &bs.sink, &err);
}

static void there_and_back(const uint8_t *data, size_t size)
{
	const struct gzip_options options = { 1 + (int)(size % 9), 1 };
	SCOPED_BUF struct buf packed;
	SCOPED_BUF struct buf back;
	struct gzip_writer *writer;
	struct buf_sink bs;
	struct error err;

	buf_init(&packed, 2 * MAX);
	buf_sink_init(&bs, &packed);
	writer = gzip_writer_new(&bs.sink, &options);
	sink_write(gzip_writer_sink(writer), data, size);
	assert(!sink_close(gzip_writer_sink(writer), &err));
	gzip_writer_free(writer);
	assert(!uncompress(packed.data, packed.len, &back));
	assert(back.len == size);
	assert(!size || !memcmp(back.data, data, size));
	buf_release(&back);
	if (size < 2)
		return;
	packed.data[data[0] % packed.len] ^= (char)data[1];
	if (!uncompress(packed.data, packed.len, &back))
		assert(back.len == size && !memcmp(back.data, data, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_BUF struct buf out;

	if (!uncompress(data, size, &out))
		assert(out.len <= MAX);
	if (size <= MAX)
		there_and_back(data, size);
	return 0;
}
