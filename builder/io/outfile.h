/* SPDX-License-Identifier: MIT
 *
 * outfile: a file that appears complete or not at all. Bytes go to a locked
 * temporary beside the destination (".<name>.<random>.tmp"); commit syncs and
 * renames it, release without commit removes it. A killed process leaves at
 * most its temporaries, which outfile_sweep() recognises by their free lock.
 */
#ifndef IO_OUTFILE_H
#define IO_OUTFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/sink.h"

struct outfile {
	struct sink sink; /* sequential writes at the end of the file */
	char *path;	  /* the destination; owned */
	char *tmp;	  /* the temporary; NULL once committed; owned */
	int fd;		  /* read-write, until release; -1 when not open */
	/* private */
	char *buffer; /* small writes not yet in the file; owned */
	size_t used;  /* bytes of it */
};

/*
 * Creates the temporary (mode 0666 less the umask) in the folder of path,
 * which must exist. outfile_release() is safe after a failure and after a
 * zeroed struct with fd -1.
 */
int outfile_open(
	struct outfile *out, const char *path, struct error *err) MUST_CHECK;
/* Overwrites bytes that were written before. */
int outfile_patch(struct outfile *out, uint64_t offset, const void *p, size_t n,
	struct error *err) MUST_CHECK;
/* Writes what is buffered, so that it can be read back from fd. */
int outfile_flush(struct outfile *out, struct error *err) MUST_CHECK;
/* fsync, then rename over the destination. Closes the sink. */
int outfile_commit(struct outfile *out, struct error *err) MUST_CHECK;
/* The same under another name in the same folder (a digest, say). */
int outfile_commit_as(
	struct outfile *out, const char *path, struct error *err) MUST_CHECK;
void outfile_release(struct outfile *out);

/* Removes temporaries of dead processes in a folder; silent on failure. */
void outfile_sweep(const char *dir);

/*
 * Writes a small file in one go, complete or not at all. outfile_replace() is
 * for what may be lost: it does not sync, so that after a power cut the file
 * may be the old one or hold anything.
 */
int outfile_replace(const char *path, const void *p, size_t n,
	struct error *err) MUST_CHECK;
int outfile_write(const char *path, const void *p, size_t n,
	struct error *err) MUST_CHECK;

#endif
