/* SPDX-License-Identifier: MIT
 *
 * script_work: a script while it is carried out: what its commands share.
 * They work as Linux and busybox do for root with umask 022, on the tree.
 *
 * Functions that return int give 0; SCRIPT_FAILED when the command would fail
 * on a real system, too (what it says goes into the note, and the script goes
 * on as the shell would); -1 when the tree cannot be worked on.
 */
#ifndef ROOTFS_SCRIPT_WORK_H
#define ROOTFS_SCRIPT_WORK_H

#include "base/buf.h"
#include "rootfs/script.h"

#define SCRIPT_FAILED 1
#define SCRIPT_NOTE_MAX ((size_t)1 << 10) /* bytes */
#define SCRIPT_UMASK 022

struct script_work {
	const struct script_run *run; /* borrowed */
	struct tree *tree;	      /* run's */
	const char *origin;	      /* "script openrc.post-install" */
	struct buf note;	      /* what was done and what failed */
	size_t line;		      /* of the command under way; 0: none */
};

/* Always SCRIPT_FAILED; the text goes into the note, with the line. */
int script_fail(struct script_work *work, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
/* Adds to the note, after "; ". */
void script_note(struct script_work *work, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/*
 * A path of a script, absolute or relative to the root, made clean in the
 * arena. NULL with *why when it has a "..", is malformed, or lies in a file
 * system of the kernel (dev, proc, sys), which no image holds.
 */
const char *script_path(
	struct arena *arena, const char *text, const char **why);

/* *node is NULL when it is not there, also when a link leads in a circle. */
void script_find(const struct script_work *work, const char *path,
	enum tree_follow follow, struct node **node);
/* The folder that would hold the path: 0, or it is none. */
int script_parent(struct script_work *work, const char *path);

/* Puts an entry of the script's time and origin; the parent is there. */
int script_put(struct script_work *work, const char *path,
	const struct tree_entry *entry, struct error *err) MUST_CHECK;
/* The same for a new one, which takes the group (a folder the bit, too) from
   a parent that is setgid. */
int script_put_new(struct script_work *work, const char *path,
	const struct tree_entry *entry, struct error *err) MUST_CHECK;
/* mkdir -p: the folder and those above, 0755 root. */
int script_make_dirs(struct script_work *work, const char *path,
	struct error *err) MUST_CHECK;
/* A symbolic link where nothing is. */
int script_put_link(struct script_work *work, const char *path,
	const char *target, struct error *err) MUST_CHECK;

/*
 * A file at the path, links followed, of at most max bytes; buf is
 * initialised here, and released on anything but 0.
 */
int script_read(struct script_work *work, const char *path, size_t max,
	struct buf *buf, struct error *err) MUST_CHECK;
/* A new file in the place of the node, with its mode and owner. */
int script_rewrite(struct script_work *work, const struct node *node,
	const struct buf *text, struct error *err) MUST_CHECK;

#endif
