/* SPDX-License-Identifier: MIT
 *
 * report_lock: what `lock` and `outdated` tell, as text or as JSON.
 */
#ifndef CMD_REPORT_LOCK_H
#define CMD_REPORT_LOCK_H

#include "build/lock_update.h"
#include "cmd/request.h"

struct lock_result {
	const struct lock *lock;
	struct lock_changes changes; /* against the lock that was there */
	size_t arch_count;
	bool written; /* false: it was there with these bytes */
};

void report_lock(
	const struct request *request, const struct lock_result *result);
/* What a lock made now would change. */
void report_outdated(
	const struct request *request, const struct lock_result *result);

#endif
