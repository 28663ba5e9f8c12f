/* SPDX-License-Identifier: MIT
 *
 * rest_wait: patience with a router that does not answer: pauses that double,
 * until it is over. People are told once that it is waited for, and once that
 * the router is back. Private to rest.
 */
#ifndef DEPLOY_REST_WAIT_H
#define DEPLOY_REST_WAIT_H

#include "deploy/rest.h"

struct rest_wait {
	int64_t since_ms; /* when the first try had failed */
	long pause_ms;	  /* the next one; 0: nothing has failed yet */
};

/*
 * Called after a try that failed with err, of ERROR_NETWORK: 0 when it is
 * time for the next one. Else -1: patience is over and err tells so, with
 * `what` was asked, or ERROR_INTERRUPTED.
 */
int rest_wait(struct rest *rest, struct rest_wait *wait, const char *what,
	struct error *err) MUST_CHECK;
/* It answers. */
void rest_wait_over(struct rest *rest);

#endif
