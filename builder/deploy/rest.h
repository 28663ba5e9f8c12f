/* SPDX-License-Identifier: MIT
 *
 * rest: RouterOS' REST API (from 7.1), over io/http_client: items of menus as
 * names and values, which are all text. A menu is "/interface/veth".
 *
 * A router that reboots or loses a connection is waited for: what may be
 * asked twice is asked again until `patience` is over, counted from the first
 * failure. Only adding is not: it may have happened, so the caller looks before
 * it adds again. A command, too, may have been carried out by the try before
 * the one that was refused: whoever is told so looks.
 *
 * Errors, beside those of http_client_ask():
 *
 * - ERROR_NETWORK, too: patience is over; the text tells what was asked
 * - ERROR_LOGIN: 401, user name or password; never asked again
 * - ERROR_ROUTER: the router refuses; the text names menu and command and ends
 *   with its own words, "detail" or "message" of its answer
 * - ERROR_INPUT: the answer is not what a router says, or an item that is to be
 *   changed has no id
 * - ERROR_USAGE: a value that is to be sent is not UTF-8
 */
#ifndef DEPLOY_REST_H
#define DEPLOY_REST_H

#include "deploy/rest_answer.h"
#include "io/http_client.h"

struct rest {
	struct http_client *client; /* borrowed */
	const char *host;	    /* borrowed; for messages */
	long patience_ms;	    /* how long a router that does not answer
				       is waited for */
	const volatile int *cancel; /* while waiting; may be NULL */
	bool is_waiting; /* it was said that the router is waited for */
};

/*
 * The items of a menu that have all these values, in the arena; menus with
 * one item only, such as /system/resource, have one. where may be NULL.
 * Filtering is done here, too: not every version does all of it.
 */
struct rest_query {
	const char *menu;
	const struct rest_value *where;
	size_t n;
};
int rest_print(struct rest *rest, const struct rest_query *query,
	struct rest_items *items, struct arena *arena,
	struct error *err) MUST_CHECK;

/* One try. *id is in the arena. */
struct rest_change {
	const char *menu;
	const char *id; /* of the item; when adding it is not looked at */
	const struct rest_value *values;
	size_t n;
};
int rest_add(struct rest *rest, const struct rest_change *change,
	const char **id, struct arena *arena, struct error *err) MUST_CHECK;
int rest_set(struct rest *rest, const struct rest_change *change,
	struct error *err) MUST_CHECK;
/* An item that is not there is removed already. */
int rest_remove(struct rest *rest, const char *menu, const char *id,
	struct error *err) MUST_CHECK;
/* "start" or "stop" of an item. */
int rest_command(struct rest *rest, const char *menu, const char *name,
	const char *id, struct error *err) MUST_CHECK;

#endif
