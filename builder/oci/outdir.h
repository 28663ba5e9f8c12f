/* SPDX-License-Identifier: MIT
 *
 * outdir: a folder that appears complete or not at all, as io/outfile does it
 * for a file. It is made in a temporary beside the destination,
 * ".<name>.<random>.tmp", locked while its maker lives; commit lets the two
 * change places in one step (renameat2, RENAME_EXCHANGE) and removes what
 * has the temporary's name then. A killed process leaves a temporary whose
 * lock is free: the next one sweeps it.
 */
#ifndef OCI_OUTDIR_H
#define OCI_OUTDIR_H

#include "base/error.h"

struct outdir {
	char *path;   /* the destination, without trailing slashes; owned */
	char *folder; /* that it stands in; owned */
	char *tmp;    /* the temporary; NULL: none; owned */
	int lock;     /* the open, locked temporary; -1: none */
};

/* outdir_release() is safe after a failure. */
int outdir_open(
	struct outdir *out, const char *path, struct error *err) MUST_CHECK;
/* Syncs the temporary's own entries; files and folders in it are yours. */
int outdir_commit(struct outdir *out, struct error *err) MUST_CHECK;
void outdir_release(struct outdir *out);

/* fsync of a folder; one that may not be read is left alone. */
int outdir_sync(const char *path, struct error *err) MUST_CHECK;

#endif
