/* SPDX-License-Identifier: MIT
 *
 * cancel: a sink that fails with ERROR_INTERRUPTED once a flag is set, so
 * that long writing stops soon after a signal. It stands first in a tee.
 */
#ifndef BUILD_CANCEL_H
#define BUILD_CANCEL_H

#include "io/sink.h"

struct cancel_sink {
	struct sink sink;
	const volatile int *flag; /* NULL: never */
};

void cancel_sink_init(struct cancel_sink *cancel, const volatile int *flag);
/* -1 and ERROR_INTERRUPTED when the flag is set. */
int cancel_check(const volatile int *flag, struct error *err) MUST_CHECK;

#endif
