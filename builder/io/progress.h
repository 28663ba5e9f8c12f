/* SPDX-License-Identifier: MIT
 *
 * progress: how long work tells how far it is. Modules below cmd/ only call;
 * cmd/progress.c draws bars on a terminal and prints lines elsewhere. All
 * calls are allowed from any thread, and with a NULL progress.
 */
#ifndef IO_PROGRESS_H
#define IO_PROGRESS_H

#include <stdint.h>

struct progress;

struct progress_ops {
	/* A new piece of work; the id is given back in the other calls. */
	int (*begin)(struct progress *p, const char *name, uint64_t total);
	/* Bytes done so far; total as it is known now, 0 when unknown. */
	void (*update)(
		struct progress *p, int id, uint64_t done, uint64_t total);
	/* A remark on it: a retry, another mirror, a resume. */
	void (*note)(struct progress *p, int id, const char *text);
	/* outcome: NULL when it succeeded, else why not. */
	void (*end)(struct progress *p, int id, const char *outcome);
};

struct progress {
	const struct progress_ops *ops;
};

int progress_begin(struct progress *p, const char *name, uint64_t total);
void progress_update(struct progress *p, int id, uint64_t done, uint64_t total);
void progress_note(struct progress *p, int id, const char *text);
void progress_end(struct progress *p, int id, const char *outcome);

#endif
