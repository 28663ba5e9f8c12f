/* SPDX-License-Identifier: MIT */
#include "io/http_part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "io/http_url.h"

#define READ_CHUNK ((size_t)256 * 1024)
#define META_MAX ((size_t)HTTP_URL_MAX + HTTP_VALIDATOR_MAX + 2)

static void new_digesters(struct http_part *part)
{
	digester_free(part->sha256);
	digester_free(part->sha512);
	part->sha256 = digester_new(DIGEST_SHA256);
	part->sha512 = part->want == DIGEST_SHA512 ? digester_new(DIGEST_SHA512)
						   : NULL;
}

static void hash(struct http_part *part, const void *p, size_t n)
{
	digester_add(part->sha256, p, n);
	if (part->sha512)
		digester_add(part->sha512, p, n);
	part->size += n;
}

/* Also leaves the file's position at its end. */
static int hash_existing(struct http_part *part, struct error *err)
{
	SCOPED_FREE char *chunk = memory_alloc(READ_CHUNK);

	for (;;) {
		ssize_t n = read(part->fd, chunk, READ_CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "read %s", part->path);
		if (!n)
			return 0;
		hash(part, chunk, (size_t)n);
	}
}

static void forget_source(struct http_part *part)
{
	free(scope_take(part->url));
	free(scope_take(part->validator));
}

/* "url\nvalidator\n"; anything else is as if there was none. */
static void read_meta(struct http_part *part)
{
	struct buf text SCOPED_BUF;
	struct slice rest, url, validator;
	struct error ignored;

	buf_init(&text, 0);
	if (file_read(part->meta, META_MAX, &text, &ignored))
		return;
	rest = buf_slice(&text);
	if (!slice_cut(&rest, '\n', &url) ||
		!slice_cut(&rest, '\n', &validator) || !rest.ptr || rest.len ||
		!url.len || memchr(text.data, '\0', text.len))
		return;
	part->url = slice_dup(url);
	if (validator.len)
		part->validator = slice_dup(validator);
}

/* Without it a later process can only start anew: failing is harmless. */
static void write_meta(const struct http_part *part)
{
	SCOPED_FREE char *text = memory_printf(
		"%s\n%s\n", part->url, part->validator ? part->validator : "");
	SCOPED_FD int fd = open(part->meta,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	struct error ignored;

	/* A torn one has no second line end, which read_meta() refuses. */
	if (fd >= 0 && file_write_all(fd, text, strlen(text), &ignored))
		unlink(part->meta);
}

static int open_existing(
	struct http_part *part, uint64_t max, struct error *err)
{
	struct stat st;

	if (fstat(part->fd, &st))
		return error_errno(err, "stat %s", part->path);
	if (!S_ISREG(st.st_mode))
		return error_set(
			err, ERROR_IO, "%s: not a regular file", part->path);
	if ((uint64_t)st.st_size > max)
		return http_part_restart(part, err);
	if (!st.st_size)
		return 0;
	read_meta(part);
	return hash_existing(part, err);
}

int http_part_open(struct http_part *part, const char *path,
	enum digest_kind want, uint64_t max, struct error *err)
{
	memset(part, 0, sizeof(*part));
	part->path = path;
	part->want = want;
	part->meta = memory_printf("%s.meta", path);
	part->fd = open(path,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (part->fd < 0) {
		error_errno(err, "create %s", path);
		http_part_release(part);
		return -1;
	}
	new_digesters(part);
	if (open_existing(part, max, err)) {
		http_part_release(part);
		return -1;
	}
	return 0;
}

void http_part_release(struct http_part *part)
{
	if (!part->meta)
		return;
	if (part->fd >= 0)
		close(part->fd);
	digester_free(part->sha256);
	digester_free(part->sha512);
	forget_source(part);
	free(part->meta);
	memset(part, 0, sizeof(*part));
}

int http_part_write(
	struct http_part *part, const void *p, size_t n, struct error *err)
{
	if (file_write_all(part->fd, p, n, err)) {
		/* How much of it was written is not known: drop it. */
		if (ftruncate(part->fd, (off_t)part->size) ||
			lseek(part->fd, 0, SEEK_END) < 0)
			return error_errno(err, "cut %s", part->path);
		return error_wrap(err, "%s", part->path);
	}
	hash(part, p, n);
	return 0;
}

int http_part_restart(struct http_part *part, struct error *err)
{
	if (unlink(part->meta) && errno != ENOENT)
		return error_errno(err, "remove %s", part->meta);
	if (ftruncate(part->fd, 0) || lseek(part->fd, 0, SEEK_SET) < 0)
		return error_errno(err, "empty %s", part->path);
	forget_source(part);
	part->size = 0;
	part->foreign = 0;
	new_digesters(part);
	return 0;
}

void http_part_begin(
	struct http_part *part, const char *url, const char *validator)
{
	part->foreign = part->size;
	if (part->size)
		return;
	forget_source(part);
	part->url = memory_strdup(url);
	if (validator)
		part->validator = memory_strdup(validator);
	write_meta(part);
}

int http_part_can_resume(
	const struct http_part *part, const char *url, const char **validator)
{
	bool same = part->url && !strcmp(part->url, url);

	*validator = same ? part->validator : NULL;
	if (!part->size)
		return 0;
	return *validator || part->want != DIGEST_NONE;
}

void http_part_finish(
	struct http_part *part, struct digest *sha256, struct digest *sha512)
{
	*sha256 = digester_finish(part->sha256);
	memset(sha512, 0, sizeof(*sha512));
	if (part->sha512)
		*sha512 = digester_finish(part->sha512);
}

void http_part_forget(struct http_part *part)
{
	unlink(part->meta);
}
