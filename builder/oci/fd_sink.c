/* SPDX-License-Identifier: MIT */
#include "oci/fd_sink.h"

#include "base/file.h"

static int fd_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	return file_write_all(((struct fd_sink *)sink)->fd, p, n, err);
}

void fd_sink_init(struct fd_sink *fs, int fd)
{
	static const struct sink_ops ops = { .write = fd_sink_write };

	sink_init(&fs->sink, &ops);
	fs->fd = fd;
}
