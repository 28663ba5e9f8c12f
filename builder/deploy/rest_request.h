/* SPDX-License-Identifier: MIT
 *
 * rest_request: what RouterOS' REST API is asked: paths and bodies. Values
 * are text, always: that is how routers take them. Results are in the arena.
 */
#ifndef DEPLOY_REST_REQUEST_H
#define DEPLOY_REST_REQUEST_H

#include "deploy/rest_answer.h"

/*
 * "/rest/interface/veth" and the tail, if any. An asterisk stays one:
 * routers do not find "%2A1".
 */
const char *rest_request_path(
	const char *menu, const char *tail, struct arena *arena);

/* {".id": id, "name": "value"}; id may be NULL. ERROR_USAGE: a value is not
 * UTF-8; the text names it. */
const char *rest_request_values(const char *id, const struct rest_value *values,
	size_t n, struct arena *arena, struct error *err) MUST_CHECK;

/*
 * *body is {".query": ["name=value"]}, words that must all be true; NULL:
 * there are none. Left out is what routers may say in another way, see
 * rest_item_has(): "", which is how they say that a value is not there, and
 * truth.
 */
int rest_request_query(const struct rest_value *where, size_t n,
	const char **body, struct arena *arena, struct error *err) MUST_CHECK;

#endif
