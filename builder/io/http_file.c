/* SPDX-License-Identifier: MIT */
#include "io/http_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/http_url.h"

#define COPY_CHUNK ((size_t)256 * 1024)

static enum http_outcome open_source(
	const char *path, int *fd, uint64_t *size, struct error *why)
{
	struct stat st;

	/* O_NONBLOCK: a named pipe must not hang, it is refused below. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &st)) {
		bool missing = errno == ENOENT || errno == ENOTDIR;

		error_set(why, ERROR_NETWORK, "%s",
			missing ? "no such file" : strerror(errno));
		return missing ? HTTP_TRY_MISSING : HTTP_TRY_REFUSED;
	}
	if (!S_ISREG(st.st_mode)) {
		error_set(why, ERROR_NETWORK, "not a regular file");
		return HTTP_TRY_REFUSED;
	}
	*size = (uint64_t)st.st_size;
	return HTTP_TRY_COMPLETE;
}

static enum http_outcome too_large(
	const struct http_job *job, uint64_t size, struct error *why)
{
	error_set(why, ERROR_VERIFY, "has %llu bytes, expected %s%llu",
		(unsigned long long)size, job->transfer->size ? "" : "at most ",
		(unsigned long long)http_job_limit(job));
	return HTTP_TRY_WRONG;
}

static enum http_outcome copy(
	struct http_job *job, int fd, uint64_t total, struct error *why)
{
	SCOPED_FREE char *chunk = memory_alloc(COPY_CHUNK);
	uint64_t limit = http_job_limit(job);

	for (;;) {
		ssize_t n = read(fd, chunk, COPY_CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			error_set(why, ERROR_NETWORK, "%s", strerror(errno));
			return HTTP_TRY_REFUSED;
		}
		if (!n)
			return HTTP_TRY_COMPLETE;
		/* It may have grown since it was opened. */
		if ((uint64_t)n > limit - job->part.size)
			return too_large(
				job, job->part.size + (uint64_t)n, why);
		if (http_part_write(&job->part, chunk, (size_t)n, why))
			return HTTP_TRY_FATAL;
		progress_update(job->options->progress, job->progress,
			job->part.size, total);
	}
}

enum http_outcome http_file_copy(struct http_job *job, struct error *why)
{
	SCOPED_FREE char *path = http_url_file_path(http_job_url(job), why);
	SCOPED_FD int fd = -1;
	enum http_outcome opened;
	uint64_t size;

	if (!path)
		return HTTP_TRY_REFUSED;
	opened = open_source(path, &fd, &size, why);
	if (opened != HTTP_TRY_COMPLETE)
		return opened;
	/* Copying is quick: what an earlier try left is not worth trusting. */
	if (job->part.size && http_part_restart(&job->part, why))
		return HTTP_TRY_FATAL;
	if (size > http_job_limit(job))
		return too_large(job, size, why);
	return copy(job, fd, size, why);
}
