/* SPDX-License-Identifier: MIT
 *
 * session: what build, plan and fetch do first, each in the same way: find
 * the project, open the cache, make the plan, settle versions and digests.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "build/image.h"
#include "build/packages.h"
#include "cmd/progress.h"
#include "cmd/request.h"

struct session {
	struct project project;
	struct cache cache;
	struct build_plan plan;
	struct fetch_options fetch;
	struct progress *progress; /* owned */
	const char *keyring;	   /* folder of keys; NULL: none */
	enum packages_reuse reuse;
};

/*
 * session_close() is due after success and failure alike. With --locked or
 * --vendor, minirootfs and packages are those of the lock.
 */
int session_open(struct session *session, const struct request *request,
	struct error *err) MUST_CHECK;
void session_close(struct session *session);
/* Its two halves: project, plan and cache; then versions and digests of what
 * is not settled yet. */
int session_begin(struct session *session, const struct request *request,
	struct error *err) MUST_CHECK;
int session_settle(struct session *session, const struct request *request,
	struct error *err) MUST_CHECK;
/* Downloads what the cache lacks. */
int session_fetch(struct session *session, struct error *err) MUST_CHECK;
/* The same as far as image_build() needs it: packages_find(). */
int session_find(struct session *session, struct error *err) MUST_CHECK;

#endif
