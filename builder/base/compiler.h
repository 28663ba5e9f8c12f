/* SPDX-License-Identifier: MIT
 *
 * compiler: the few attributes that the code relies on, and the scope
 * helpers. SCOPED_x declares a variable that releases itself when it goes
 * out of scope; scope_take() gives its value away.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#include <stdlib.h>
#include <unistd.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define UNUSED __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline void scope_free(void *p)
{
	free(*(void **)p);
}

static inline void scope_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* A malloc'd pointer that is freed at the end of the scope. */
#define SCOPED_FREE CLEANUP(scope_free)
/* A file descriptor that is closed at the end of the scope; -1 is none. */
#define SCOPED_FD CLEANUP(scope_close)

/* Takes the value out of a scoped pointer: the caller owns it now. */
#define scope_take(p)                                                          \
	({                                                                     \
		__typeof__(p) taken_ = (p);                                    \
		(p) = NULL;                                                    \
		taken_;                                                        \
	})

/* The same for a file descriptor. */
#define scope_take_fd(fd)                                                      \
	({                                                                     \
		int taken_ = (fd);                                             \
		(fd) = -1;                                                     \
		taken_;                                                        \
	})

#endif
