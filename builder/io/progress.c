/* SPDX-License-Identifier: MIT */
#include "io/progress.h"

#include <stddef.h>

#define NO_ID (-1)

int progress_begin(struct progress *p, const char *name, uint64_t total)
{
	return p ? p->ops->begin(p, name, total) : NO_ID;
}

void progress_update(struct progress *p, int id, uint64_t done, uint64_t total)
{
	if (p)
		p->ops->update(p, id, done, total);
}

void progress_note(struct progress *p, int id, const char *text)
{
	if (p)
		p->ops->note(p, id, text);
}

void progress_end(struct progress *p, int id, const char *outcome)
{
	if (p)
		p->ops->end(p, id, outcome);
}
