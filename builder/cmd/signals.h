/* SPDX-License-Identifier: MIT
 *
 * signals: SIGINT, SIGTERM and, unless it is ignored, SIGHUP ask the work to
 * stop (exit status 130); what was begun is dropped, nothing stays
 * half-written. The same signal again kills.
 */
#ifndef CMD_SIGNALS_H
#define CMD_SIGNALS_H

void signals_install(void);
/* For work that leaves nothing behind: the first one ends it at once. */
void signals_end_at_once(void);
/* Becomes non-zero when a signal came. */
const volatile int *signals_flag(void);

#endif
