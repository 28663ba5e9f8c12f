/* SPDX-License-Identifier: MIT */
#include "io/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"

/* A lock that is busy, and *cancel, are looked at so often. */
#define WAIT_MS 20

static char *partial_path(const struct cache *cache, const char *key)
{
	struct digest name = digest_of(DIGEST_SHA256, key, strlen(key));
	char hex[DIGEST_HEX_SIZE];

	return memory_printf(
		"%s/partial/%s", cache->root, digest_hex(&name, hex));
}

static int wait_for_lock(
	int fd, const char *key, const volatile int *cancel, struct error *err)
{
	const struct timespec pause = { .tv_nsec = WAIT_MS * 1000000L };

	for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB); i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_errno(err, "lock the download of %s", key);
		if (!i)
			log_info("waiting for another process that fetches %s",
				key);
		if (cancel && *cancel)
			return error_set(err, ERROR_INTERRUPTED,
				"interrupted while another process fetches %s",
				key);
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* Who held the lock may have moved the file into the cache, or removed it. */
static bool is_still_there(const char *path, int fd)
{
	struct stat opened, now;

	return !fstat(fd, &opened) && !lstat(path, &now) &&
	       opened.st_ino == now.st_ino && opened.st_dev == now.st_dev;
}

int cache_lock_partial(const struct cache *cache, const char *key,
	struct cache_partial *partial, const volatile int *cancel,
	struct error *err)
{
	SCOPED_FREE char *path = partial_path(cache, key);

	partial->path = NULL;
	partial->lock_fd = -1;
	if (file_mkdirs_for(path, err))
		return error_wrap(err, "cache");
	for (;;) {
		SCOPED_FD int fd = open(
			path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

		if (fd < 0)
			return error_errno(err, "cache: create %s", path);
		if (wait_for_lock(fd, key, cancel, err))
			return -1;
		if (is_still_there(path, fd)) {
			partial->path = scope_take(path);
			partial->lock_fd = scope_take_fd(fd);
			return 0;
		}
	}
}

/*
 * Not synced to the disk: a blob is verified when it is used, so that one
 * which a power cut spoiled is only fetched again.
 */
int cache_adopt_partial(const struct cache *cache,
	struct cache_partial *partial, const struct digest *sha256,
	struct error *err)
{
	SCOPED_FREE char *to = cache_blob_path(cache, sha256);

	if (rename(partial->path, to))
		return error_errno(err, "cache: rename to %s", to);
	free(scope_take(partial->path));
	return 0;
}

/* An empty one is of no use to anybody, nor is what io/http_part put beside. */
static void remove_empty(const struct cache_partial *partial)
{
	SCOPED_FREE char *meta = NULL;
	struct stat st;

	if (!partial->path || fstat(partial->lock_fd, &st) || st.st_size)
		return;
	meta = memory_printf("%s.meta", partial->path);
	unlink(meta);
	unlink(partial->path);
}

void cache_release_partial(struct cache_partial *partial)
{
	if (partial->lock_fd < 0)
		return;
	remove_empty(partial);
	close(scope_take_fd(partial->lock_fd));
	free(scope_take(partial->path));
}
