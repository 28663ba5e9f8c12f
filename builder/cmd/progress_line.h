/* SPDX-License-Identifier: MIT
 *
 * progress_line: one piece of work as text, without terminal and clock.
 */
#ifndef CMD_PROGRESS_LINE_H
#define CMD_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define PROGRESS_WIDTH_MIN 40 /* columns */
#define PROGRESS_WIDTH_MAX 120

struct progress_item {
	char *name;	      /* owned by who keeps the item */
	uint64_t done, total; /* bytes; total 0: not known */
	uint64_t first;	      /* bytes that were there before (a resume) */
	int64_t start_ms;     /* when `first` was told */
	int64_t told_ms;      /* when a line was last printed */
	bool is_started;      /* first and start_ms are set */
	bool is_over;
};

/* Takes in what progress_update() says. */
void progress_item_update(struct progress_item *item, uint64_t done,
	uint64_t total, int64_t now_ms);

/* Bytes a second since it began, 0 when that cannot be told yet. */
uint64_t progress_item_rate(const struct progress_item *item, int64_t now_ms);

/*
 * "name  [=====>    ]  45 %  1.2 MiB/s  0:07", at most width columns; without
 * total no bar but the bytes so far.
 */
void progress_line_bar(struct buf *out, const struct progress_item *item,
	unsigned width, int64_t now_ms);

/*
 * Replaces control characters (C0, DEL, and C1 in UTF-8) by "?", in place:
 * what a server or a mirror says must not steer the terminal.
 */
void progress_line_mask(char *text);

/* "name: 3.1 MiB, 1.2 MiB/s" when it is over. */
void progress_line_done(
	struct buf *out, const struct progress_item *item, int64_t now_ms);
/* "name: 45 % of 7.0 MiB, 1.2 MiB/s, 0:07 left" for logs. */
void progress_line_plain(
	struct buf *out, const struct progress_item *item, int64_t now_ms);

#endif
