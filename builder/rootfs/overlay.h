/* SPDX-License-Identifier: MIT
 *
 * overlay: a folder rootfs-overlays/<name>/ put over the tree. Files become
 * extents of the host's files (nothing is read but templates). Without a rule
 * everything is 0:0, files are 0644 or 0755 (git's executable bit: the
 * owner's x), directories 0755, symlinks 0777, whatever umask, owner or times
 * the checkout has; the mtime is the one given. A directory that exists in
 * the tree keeps its metadata. Host symlinks are taken as they are and never
 * followed; device nodes, sockets and fifos are refused. Hard links between
 * host files are not kept (git has none): ask for them by a rule.
 */
#ifndef ROOTFS_OVERLAY_H
#define ROOTFS_OVERLAY_H

#include "base/error.h"
#include "io/sink.h"
#include "spec/overlay_spec.h"
#include "spec/list.h"
#include "tree/tree.h"

struct overlay {
	const char *name; /* for messages and origins */
	const char *dir;  /* the folder */
	const struct overlay_spec *spec;
	const struct pair_list *variables; /* for templates */
	int64_t mtime;
};

/* dir and spec must outlive the tree's contents. */
int overlay_apply(struct tree *tree, const struct overlay *overlay,
	struct error *err) MUST_CHECK;

/*
 * Writes what tells whether the overlay changed since the last build into
 * the sink: path, kind, executable bit, size, times and inode of every file
 * in bytewise order. Cheap: no content is read. *newest_ns gets the latest
 * ctime seen, in nanoseconds; 0 for an empty folder.
 */
int overlay_fingerprint(const char *dir, struct sink *out, int64_t *newest_ns,
	struct error *err) MUST_CHECK;

#endif
