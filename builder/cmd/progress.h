/* SPDX-License-Identifier: MIT
 *
 * progress: bars on a terminal, lines elsewhere, nothing with -q.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "io/progress.h"

/* On stderr; never NULL. */
struct progress *progress_new(void);
void progress_free(struct progress *progress);

#endif
