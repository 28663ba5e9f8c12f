/* SPDX-License-Identifier: MIT
 *
 * script_scan: the words of a shell script for script_shape.h: raw, with
 * their quotes. What a $(...) holds is scanned as a list of its own.
 */
#ifndef ROOTFS_SCRIPT_SCAN_H
#define ROOTFS_SCRIPT_SCAN_H

#include "base/buf.h"
#include "rootfs/script_shape.h"

#define SCAN_DEPTH_MAX 8   /* of $(...), and of case */
#define SCAN_TEXT_MAX 4096 /* bytes of one command */
#define SCAN_HERE_MAX 4	   /* here-documents of one line */

struct scan_here {
	struct slice end;
	bool strips_tabs, is_quoted;
};

struct scan {
	const char *at, *end;
	size_t line;
	struct script_shape *shape;
	struct arena *arena;
	const char *why;		      /* set by scan_refuse() */
	struct scan_here here[SCAN_HERE_MAX]; /* begun in this line */
	size_t nhere;
	unsigned depth;
};

/* Always false. */
bool scan_refuse(struct scan *s, const char *what);
/* The byte so far ahead; 0: the end. */
char scan_peek(const struct scan *s, size_t ahead);
bool scan_is_one_of(char c, const char *set);
void scan_skip_blanks(struct scan *s);
void scan_skip_comment(struct scan *s);

/* The word at `at`, raw, added to out. */
bool scan_word(struct scan *s, struct buf *out);
/* What follows "<<": the document itself starts behind the line. */
bool scan_here(struct scan *s);
/* Passes over the documents; `at` behind the newline. */
bool scan_skip_heres(struct scan *s);

/* Commands up to the bracket (which is passed) or, for NUL, the end. In
 * script_shape.c. */
bool scan_list(struct scan *s, char until);

#endif
