/* SPDX-License-Identifier: MIT
 *
 * rest: RouterOS' REST API (from 7.1), over io/http_client: items of menus as
 * names and values, which are all text. A menu is "/interface/veth".
 *
 * A router that reboots or loses a connection is waited for: what may be
 * asked twice is asked again until `patience` is over. Only adding is not: it
 * may have happened, so the caller looks before it adds again.
 *
 * Errors, beside those of http_client_ask():
 *
 * - ERROR_LOGIN: 401, user name or password
 * - ERROR_ROUTER: the router refuses; the text names menu and command and ends
 *   with its own words, "detail" or "message" of its answer
 * - ERROR_INPUT: the answer is not what a router says
 */
#ifndef DEPLOY_REST_H
#define DEPLOY_REST_H

#include <stdbool.h>

#include "base/memory.h"
#include "io/http_client.h"

#define REST_ITEMS_MAX 20000 /* of a menu */
#define REST_VALUES_MAX 200  /* of an item */
#define REST_TEXT_MAX 100000 /* bytes of a name or value */

struct rest_value {
	const char *name, *value;
};

struct rest_item {
	const char *id; /* "*1A"; NULL: it has none */
	struct rest_value *values;
	size_t n;
};

struct rest_items {
	struct rest_item *items;
	size_t n;
};

struct rest {
	struct http_client *client; /* borrowed */
	const char *host;	    /* borrowed; for messages */
	long patience_ms;	    /* how long a router that does not answer
				       is waited for */
	const volatile int *cancel; /* while waiting; may be NULL */
	bool is_waiting; /* it was said that the router is waited for */
};

/* NULL: the item has no such value. */
const char *rest_value(const struct rest_item *item, const char *name);
/* "true" and "yes" are; NULL is not. */
bool rest_is_true(const char *value);

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
	const char *id; /* of the item; NULL when adding */
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
int rest_command(struct rest *rest, const char *menu, const char *command,
	const char *id, struct error *err) MUST_CHECK;

/* ---- answers, for tests and fuzzing ------------------------------------ */

/* A list of objects, or one object; ERROR_INPUT. */
int rest_parse_items(struct slice json, struct rest_items *items,
	struct arena *arena, struct error *err) MUST_CHECK;
/* What a refusal says: "detail", else "message", else the text itself as far
 * as it is one line of printable text; in the arena, never NULL. */
const char *rest_parse_refusal(struct slice json, struct arena *arena);

#endif
