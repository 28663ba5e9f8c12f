/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/buf.h"
#include "rootfs/host_walk.h"
#include "rootfs/overlay.h"

#define LINE_MAX_SIZE ((size_t)256)

struct printing {
	struct sink *out;
	int64_t newest_ns;
};

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* A NUL ends the path, because a path may hold anything else. */
static enum host_walk_next print_entry(
	const struct host_entry *entry, void *ctx, struct error *err)
{
	struct printing *p = ctx;
	const struct stat *st = &entry->st;
	int64_t ctime_ns = nanoseconds(st->st_ctim);
	SCOPED_BUF struct buf line;

	buf_init(&line, LINE_MAX_SIZE);
	buf_printf(&line,
		" %o %o %" PRId64 " %" PRId64 " %" PRId64 " %" PRIu64 "\n",
		(unsigned)(st->st_mode & S_IFMT),
		(unsigned)(st->st_mode & S_IXUSR), (int64_t)st->st_size,
		nanoseconds(st->st_mtim), ctime_ns, (uint64_t)st->st_ino);
	sink_write_str(p->out, entry->path);
	sink_write(p->out, "", 1);
	sink_write(p->out, line.data, line.len);
	if (ctime_ns > p->newest_ns)
		p->newest_ns = ctime_ns;
	return HOST_WALK_ON;
}

int overlay_fingerprint(const char *dir, struct sink *out, int64_t *newest_ns,
	struct error *err)
{
	struct printing p = { .out = out, .newest_ns = 0 };

	if (host_walk(dir, print_entry, &p, err))
		return -1;
	*newest_ns = p.newest_ns;
	return sink_check(out, err);
}
