/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/sftp_parts.h"

#define BUFFER_SIZE (512L * 1024)
#define LITTLE 30000 /* bytes: one packet of libssh2 */

/* A part of a local file on its way. */
struct upload {
	struct sftp *sftp;
	const char *local, *path;
	int fd;
	uint64_t size;	    /* of the file, when it was opened */
	uint64_t at, end;   /* the next byte, and the first that stays here */
	uint64_t start;	    /* the byte that this request begins with */
	bool was_read;	    /* the router has opened its file */
	int progress;	    /* id */
	struct error error; /* of reading */
};

/* ---- the local file ---------------------------------------------------- */

static int changed(const struct upload *u, uint64_t size, struct error *err)
{
	return error_set(err, ERROR_VERIFY,
		"%s: it changes while it is uploaded: it had %llu bytes, and "
		"has %llu",
		u->local, (unsigned long long)u->size,
		(unsigned long long)size);
}

static int check_unchanged(const struct upload *u, struct error *err)
{
	struct stat st;

	if (fstat(u->fd, &st))
		return error_errno(err, "%s", u->local);
	return (uint64_t)st.st_size == u->size
		       ? 0
		       : changed(u, (uint64_t)st.st_size, err);
}

static int open_local(struct upload *u, struct error *err)
{
	struct stat st;

	u->fd = open(u->local, O_RDONLY | O_CLOEXEC);
	if (u->fd < 0 || fstat(u->fd, &st))
		return error_errno(err, "%s", u->local);
	if (!S_ISREG(st.st_mode))
		return error_set(
			err, ERROR_IO, "%s: not a regular file", u->local);
	u->size = u->end = (uint64_t)st.st_size;
	if (u->at <= u->size)
		return 0;
	return error_set(err, ERROR_VERIFY,
		"%s: it has %llu bytes, and the router has %llu of it already",
		u->local, (unsigned long long)u->size,
		(unsigned long long)u->at);
}

/* libcurl asks for bytes; 0 is the end. */
static size_t on_read(char *p, size_t size, size_t n, void *arg)
{
	struct upload *u = arg;
	uint64_t left = u->end - u->at;
	size_t want = size * n < left ? size * n : (size_t)left;
	ssize_t got;

	u->was_read = true;
	if (!want)
		return 0;
	got = pread(u->fd, p, want, (off_t)u->at);
	if (got < 0) {
		error_errno(&u->error, "%s", u->local);
		return CURL_READFUNC_ABORT;
	}
	if (!got) {
		changed(u, u->at, &u->error);
		return CURL_READFUNC_ABORT;
	}
	u->at += (size_t)got;
	return (size_t)got;
}

/* libcurl goes to where the upload goes on. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
	struct upload *u = arg;

	if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > u->end)
		return CURL_SEEKFUNC_FAIL;
	u->at = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

/* ---- requests ---------------------------------------------------------- */

static void on_moved(void *arg, uint64_t nmoved)
{
	const struct upload *u = arg;

	progress_update(
		u->sftp->progress, u->progress, u->start + nmoved, u->size);
}

/* From u->at to u->end, behind what is there. */
static int send_part(struct upload *u, CURLcode *code, struct error *err)
{
	struct sftp *sftp = u->sftp;
	const struct http_curl *curl = &sftp->remote.curl;
	CURL *easy = sftp->remote.easy;
	int rc;

	u->start = u->at;
	u->was_read = false;
	sftp_begin(sftp, u->path);
	curl->easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl->easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_SIZE);
	curl->easy_setopt(
		easy, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)u->start);
	curl->easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl->easy_setopt(easy, CURLOPT_READDATA, u);
	curl->easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl->easy_setopt(easy, CURLOPT_SEEKDATA, u);
	sftp->remote.moved = on_moved;
	sftp->remote.moved_arg = u;
	rc = sftp_run(sftp, code, err);
	sftp->remote.moved = NULL;
	if (u->error.kind && !rc) {
		*err = u->error;
		rc = -1;
	}
	return rc;
}

static int check_remote(struct upload *u, struct error *err)
{
	int64_t size;

	if (!u->at)
		return 0;
	if (sftp_size(u->sftp, u->path, &size, err))
		return -1;
	if (size >= 0 && (uint64_t)size == u->at)
		return 0;
	return error_set(err, ERROR_VERIFY,
		"%s: %s has %lld bytes there, expected %llu: somebody else "
		"writes it",
		u->sftp->remote.name, u->path, (long long)(size < 0 ? 0 : size),
		(unsigned long long)u->at);
}

/*
 * libcurl says CURLE_SSH when the router refuses bytes as well as when the
 * connection breaks. So a little more is sent: a full disk refuses that, too,
 * on a connection that does all else.
 */
static int why_broken(struct upload *u, struct error *err)
{
	const char *name = u->sftp->remote.name;
	struct error unseen;
	CURLcode code;
	int64_t size;

	remote_failed(&u->sftp->remote, CURLE_SSH, err);
	if (err->kind == ERROR_INTERRUPTED ||
		sftp_size(u->sftp, u->path, &size, &unseen) || size < 0 ||
		(uint64_t)size >= u->size)
		return -1;
	u->at = (uint64_t)size;
	u->end = u->size - u->at < LITTLE ? u->size : u->at + LITTLE;
	if (send_part(u, &code, &unseen) || code != CURLE_SSH || !u->was_read)
		return error_set(err, ERROR_NETWORK,
			"%s: the connection broke at byte %lld of %s", name,
			(long long)size, u->path);
	return error_set(err, ERROR_ROUTER,
		"%s: the router takes no more than %lld of %llu bytes of %s: "
		"its disk is full, or that is no place for files",
		name, (long long)size, (unsigned long long)u->size, u->path);
}

static int explain(struct upload *u, CURLcode code, struct error *err)
{
	if (code == CURLE_OK)
		return check_unchanged(u, err);
	if (code == CURLE_SSH && u->was_read)
		return why_broken(u, err);
	/* "Upload failed: Operation failed (4/-31)", or "ssh error (0/...)" */
	if (code == CURLE_SSH && u->sftp->remote.said[0] &&
		!strstr(u->sftp->remote.said, "ssh error")) {
		remote_failed(&u->sftp->remote, code, err);
		if (err->kind == ERROR_NETWORK)
			err->kind = ERROR_ROUTER;
	} else {
		sftp_explain(u->sftp, code, err);
	}
	return error_wrap(err, "cannot write %s", u->path);
}

static int run(struct upload *u, struct error *err)
{
	CURLcode code;

	if (check_remote(u, err))
		return -1;
	if (u->at && u->at == u->size)
		return 0;
	if (send_part(u, &code, err))
		return -1;
	return explain(u, code, err);
}

int sftp_upload(struct sftp *sftp, const char *local, const char *path,
	uint64_t offset, struct error *err)
{
	struct upload u = {
		.sftp = sftp,
		.local = local,
		.path = path,
		.at = offset,
	};
	int rc = open_local(&u, err);

	if (!rc) {
		u.progress = progress_begin(sftp->progress, path, u.size);
		progress_update(sftp->progress, u.progress, offset, u.size);
		rc = run(&u, err);
		progress_end(sftp->progress, u.progress, rc ? err->text : NULL);
	}
	if (u.fd >= 0)
		close(u.fd);
	return rc;
}
