/* SPDX-License-Identifier: MIT
 *
 * minirootfs_fixture: Alpine's real minirootfs in a tree, from the mirror
 * that ALPBUILD_TEST_MIRROR names as a file: URL. Without it the test that
 * asks is skipped.
 */
#ifndef UNIT_MINIROOTFS_FIXTURE_H
#define UNIT_MINIROOTFS_FIXTURE_H

#include "io/gzip.h"
#include "rootfs/base_rootfs.h"
#include "spec/arch.h"
#include "unit/tree_fixture.h"

#define MINIROOTFS_VERSION "3.18.9"

static inline const char *minirootfs_mirror(void)
{
	const char *url = getenv("ALPBUILD_TEST_MIRROR");

	if (!url || strncmp(url, "file://", 7)) {
		print_message("ALPBUILD_TEST_MIRROR names no file: URL of "
			      "Alpine's files\n");
		skip();
	}
	return url + strlen("file://");
}

/* Uncompresses the minirootfs into the fixture's folder; its path. */
static inline const char *minirootfs_unzip(
	struct fixture *f, const char *alpine)
{
	const char *gz = arena_printf(&f->arena,
		"%s/v3.18/releases/%s/alpine-minirootfs-%s-%s.tar.gz",
		minirootfs_mirror(), alpine, MINIROOTFS_VERSION, alpine);
	int fd = open(gz, O_RDONLY);
	struct buf_sink sink;
	struct buf buf;

	if (fd < 0)
		fail_msg("cannot open %s", gz);
	buf_init(&buf, (size_t)32 << 20);
	buf_sink_init(&sink, &buf);
	if (gunzip_fd(fd, buf.max, &sink.sink, &f->err) ||
		sink_close(&sink.sink, &f->err))
		fail_msg("%s", f->err.text);
	close(fd);
	fixture_write_bytes(f, "minirootfs.tar", buf.data, buf.len);
	buf_release(&buf);
	return fixture_path(f, "minirootfs.tar");
}

/* The architectures of the project, in the fixture's arena. */
static inline struct arch_table minirootfs_archs(struct fixture *f)
{
	struct arch_table archs;

	if (arch_table_read(&archs, "arch", &f->arena, &f->err))
		fail_msg("%s", f->err.text);
	return archs;
}

#endif
