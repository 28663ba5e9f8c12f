/* SPDX-License-Identifier: MIT
 *
 * log: the talk on stderr, never the product. Lines are whole even when
 * several threads write. The level is the program's only mutable global.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/compiler.h"

enum log_level {
	LOG_QUIET,   /* errors and warnings only (-q) */
	LOG_NORMAL,  /* what is being done, a line a step */
	LOG_VERBOSE, /* every file and decision (-v) */
};

void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* "alpbuild: warning: ..." at every level. */
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* True when stderr is a terminal that understands cursor movement. */
bool log_is_terminal(void);

#endif
