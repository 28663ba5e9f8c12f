/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a file of gzip members: the raw bytes of all members are the
 * file, and each of them alone gives the same again.
 */
#include <assert.h>
#include <string.h>

#include "container_script.h"
#include "io/gzip_member.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int next(
	struct gzip_member_reader *reader, struct buf *raw, struct buf *plain)
{
	struct buf_sink raw_sink, plain_sink;
	struct error err;

	buf_init(raw, CONTAINER_SCRIPT_MAX);
	buf_init(plain, MAX);
	buf_sink_init(&raw_sink, raw);
	buf_sink_init(&plain_sink, plain);
	return gzip_member_next(
		reader, &raw_sink.sink, &plain_sink.sink, MAX, &err);
}

static void check_alone(const struct buf *raw, const struct buf *plain)
{
	SCOPED_FD int fd = fixture_fd(raw->data, raw->len);
	struct gzip_member_reader *reader = gzip_member_reader_new(fd, 0);
	SCOPED_BUF struct buf raw2;
	SCOPED_BUF struct buf plain2;

	assert(next(reader, &raw2, &plain2) == 1);
	assert(slice_eq(buf_slice(raw), buf_slice(&raw2)));
	assert(slice_eq(buf_slice(plain), buf_slice(&plain2)));
	assert(gzip_member_next(reader, NULL, NULL, 0, NULL) == 0);
	gzip_member_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct container_script script;
	struct gzip_member_reader *reader;
	SCOPED_FD int fd = -1;
	uint64_t at = 0;
	int found;

	container_script_init(&script, data, size);
	fd = fixture_fd(script.file.data, script.file.len);
	reader = gzip_member_reader_new(fd, 0);
	do {
		SCOPED_BUF struct buf raw;
		SCOPED_BUF struct buf plain;

		found = next(reader, &raw, &plain);
		if (found > 0) {
			assert(!memcmp(
				raw.data, script.file.data + at, raw.len));
			at += raw.len;
			assert(gzip_member_offset(reader) == at);
			check_alone(&raw, &plain);
		}
	} while (found > 0);
	assert(found || at == script.file.len);
	gzip_member_reader_free(reader);
	container_script_release(&script);
	return 0;
}
