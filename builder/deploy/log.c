/* SPDX-License-Identifier: MIT
 *
 * The router's own log, as far as it is about containers: what it says of an
 * image that it cannot read stands nowhere else.
 */
#include <string.h>

#include "base/log.h"
#include "base/mask.h"
#include "deploy/parts.h"
#include "routeros/message.h"

#define TOPIC "container"
#define CAUSES_MAX 1
#define LINE_SHOWN 500 /* bytes of a line; containers write what they like */

static const struct rest_query query = { .menu = "/log" };

/* Whoever writes to the log might send what a terminal obeys. */
static char *plain(const char *text, struct arena *arena)
{
	char *copy = arena_printf(arena, "%.*s", LINE_SHOWN, text);

	mask_controls(copy);
	return copy;
}

static int read_log(
	struct deploy *deploy, struct rest_items *items, struct arena *arena)
{
	struct error ignored;

	return rest_print(&deploy->rest, &query, items, arena, &ignored);
}

static void keep_place(struct deploy *deploy, const struct rest_items *items)
{
	const char *id = items->n ? items->items[items->n - 1].id : NULL;

	if (id && (!deploy->log_id || strcmp(id, deploy->log_id)))
		deploy->log_id = arena_strdup(&deploy->arena, id);
}

void log_begin(struct deploy *deploy)
{
	struct rest_items items;
	struct arena arena;

	arena_init(&arena);
	buf_truncate(&deploy->log, 0);
	deploy->follows_log = true;
	if (!read_log(deploy, &items, &arena))
		keep_place(deploy, &items);
	arena_release(&arena);
}

static void tell(struct deploy *deploy, const struct rest_item *item,
	struct arena *arena)
{
	const char *topics = rest_value(item, "topics");
	const char *message = rest_value(item, "message");

	if (!topics || !message || !strstr(topics, TOPIC))
		return;
	message = plain(message, arena);
	log_info("  router: %s", message);
	if (deploy->log.len + strlen(message) + 1 > LOG_KEPT)
		buf_truncate(&deploy->log, 0);
	buf_printf(&deploy->log, "%s\n", message);
}

/* After a line that is gone, such as by a reboot, all are new. */
static size_t first_new(
	const struct deploy *deploy, const struct rest_items *items)
{
	for (size_t i = items->n; deploy->log_id && i-- > 0;) {
		const char *id = items->items[i].id;

		if (id && !strcmp(id, deploy->log_id))
			return i + 1;
	}
	return 0;
}

void log_follow(struct deploy *deploy)
{
	struct rest_items items;
	struct arena arena;

	if (!deploy->follows_log)
		return;
	arena_init(&arena);
	if (!read_log(deploy, &items, &arena)) {
		for (size_t i = first_new(deploy, &items); i < items.n; i++)
			tell(deploy, &items.items[i], &arena);
		keep_place(deploy, &items);
	}
	arena_release(&arena);
}

void log_explain(struct deploy *deploy, struct error *err)
{
	const struct router_message *found[CAUSES_MAX];
	const struct error why = *err;
	const char *heard = deploy->log.len ? deploy->log.data : "";

	/* What the router refused with counts as much as what it logged. */
	if (!router_messages_find(heard, found, CAUSES_MAX) &&
		!router_messages_find(why.text, found, CAUSES_MAX))
		return;
	error_set(err, why.kind, "%.1200s. \"%s\": %.300s %.300s", why.text,
		found[0]->text, found[0]->cause, found[0]->remedy);
}
