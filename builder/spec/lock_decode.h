/* SPDX-License-Identifier: MIT
 *
 * lock_decode: the tables of a lock. There are no conditions in one.
 */
#ifndef SPEC_LOCK_DECODE_H
#define SPEC_LOCK_DECODE_H

#include "spec/decode.h"
#include "spec/lock.h"

extern const struct table lock_table;

/* Everything but the document's path. */
int lock_decode(const struct decoder *d, struct lock *lock,
	struct error *err) MUST_CHECK;

#endif
