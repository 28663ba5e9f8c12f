/* SPDX-License-Identifier: MIT
 *
 * progress: how far downloads are, on stderr. On a terminal, what is under
 * way has a bar each at the bottom (size, rate, time left), and what is over
 * scrolls away above them; elsewhere a line for each that is over, and one
 * now and then for each that takes long; nothing with -q.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "io/progress.h"

/* On stderr; never NULL. */
struct progress *progress_new(void);
/* Takes the bars off the terminal. */
void progress_free(struct progress *progress);

#endif
