/* SPDX-License-Identifier: MIT */
#include "deploy/rest.h"

#include <string.h>

#include "deploy/rest_request.h"
#include "deploy/rest_wait.h"

#define STATUS_LOGIN 401
#define STATUS_MISSING 404
#define NO_POLICY "not enough permissions"
#define NO_POLICY_ADVICE                                                       \
	": the user's group lacks a policy, see /user/group/print; "           \
	"docs/deploy.md lists what is needed"

/* One question and its answer, of any number of tries. */
struct exchange {
	struct rest *rest;
	struct arena *arena;
	const char *method, *menu;
	const char *tail; /* after the menu: an id or a command; NULL: none */
	const char *command; /* as RouterOS calls it, for messages */
	const char *json;    /* NULL: none */
	long status;
	const char *refusal; /* NULL: it was done */
	struct buf body;     /* of the answer */
};

static void exchange_release(struct exchange *x)
{
	buf_release(&x->body);
}

#define SCOPED_EXCHANGE CLEANUP(exchange_release)

static const char *what(const struct exchange *x)
{
	return arena_printf(x->arena, "%s/%s", x->menu, x->command);
}

/* The server said something, which need not be that it was done. */
static int send_once(struct exchange *x, struct error *err)
{
	const struct http_client_request request = {
		.method = x->method,
		.path = rest_request_path(x->menu, x->tail, x->arena),
		.json = x->json,
	};
	struct http_client_answer answer = { 0 };
	int ret = http_client_ask(x->rest->client, &request, &answer, err);

	buf_release(&x->body);
	x->body = answer.body;
	x->status = answer.status;
	if (!ret && x->status >= 502 && x->status <= 504)
		return error_set(err, ERROR_NETWORK,
			"it answers with status %ld", x->status);
	return ret;
}

static int send_patiently(struct exchange *x, struct error *err)
{
	struct rest_wait wait = { 0 };
	struct error why;

	while (send_once(x, &why)) {
		if (why.kind != ERROR_NETWORK ||
			rest_wait(x->rest, &wait, what(x), &why)) {
			*err = why;
			return -1;
		}
	}
	rest_wait_over(x->rest);
	return 0;
}

static void judge(struct exchange *x)
{
	x->refusal = NULL;
	if (x->status < 200 || x->status > 299)
		x->refusal = rest_parse_refusal(buf_slice(&x->body), x->arena);
}

/* Routers refuse in JSON, and send nobody elsewhere. */
static bool is_foreign(const struct exchange *x)
{
	return x->status < 400 ||
	       (x->status == STATUS_MISSING &&
		       !slice_starts(buf_slice(&x->body), "{"));
}

static int check_refusal(const struct exchange *x, struct error *err)
{
	if (!x->refusal)
		return 0;
	if (x->status == STATUS_LOGIN)
		return error_set(err, ERROR_LOGIN,
			"router %s refuses user name or password (status %ld "
			"at %s)",
			x->rest->host, x->status, what(x));
	if (is_foreign(x))
		return error_set(err, ERROR_INPUT,
			"router %s: the answer to %s: status %ld, and nothing "
			"that RouterOS says%s%s",
			x->rest->host, what(x), x->status,
			*x->refusal ? ": " : "", x->refusal);
	return error_set(err, ERROR_ROUTER,
		"router %s refuses %s (status %ld)%s%s%s", x->rest->host,
		what(x), x->status, *x->refusal ? ": " : "", x->refusal,
		strstr(x->refusal, NO_POLICY) ? NO_POLICY_ADVICE : "");
}

static int ask(struct exchange *x, struct error *err)
{
	if (send_patiently(x, err))
		return -1;
	judge(x);
	return check_refusal(x, err);
}

static int take_items(
	struct exchange *x, struct rest_items *items, struct error *err)
{
	if (rest_parse_items(buf_slice(&x->body), items, x->arena, err))
		return error_wrap(err, "router %s: the answer to %s",
			x->rest->host, what(x));
	return 0;
}

/* Whoever says so in spite of status 200 has no items to show. */
static int check_items(const struct exchange *x, const struct rest_items *items,
	struct error *err)
{
	const struct rest_item *item = items->items;

	if (items->n != 1 || item->id || !rest_value(item, "error"))
		return 0;
	return error_set(err, ERROR_INPUT,
		"router %s: the answer to %s is an error, with status %ld",
		x->rest->host, what(x), x->status);
}

static void filter(struct rest_items *items, const struct rest_query *query)
{
	size_t n = 0;

	for (size_t i = 0; i < items->n; i++) {
		if (rest_item_has(&items->items[i], query->where, query->n))
			items->items[n++] = items->items[i];
	}
	items->n = n;
}

int rest_print(struct rest *rest, const struct rest_query *query,
	struct rest_items *items, struct arena *arena, struct error *err)
{
	SCOPED_EXCHANGE struct exchange x = {
		.rest = rest,
		.arena = arena,
		.method = "GET",
		.menu = query->menu,
		.command = "print",
	};

	*items = (struct rest_items){ 0 };
	if (rest_request_query(query->where, query->n, &x.json, arena, err))
		return error_wrap(err, "%s", query->menu);
	if (x.json) {
		x.method = "POST";
		x.tail = x.command;
	}
	if (ask(&x, err) || take_items(&x, items, err) ||
		check_items(&x, items, err))
		return -1;
	filter(items, query);
	return 0;
}

static int take_id(struct exchange *x, const char **id, struct error *err)
{
	struct rest_items items;

	if (take_items(x, &items, err))
		return -1;
	*id = items.n ? items.items[0].id : NULL;
	if (!*id)
		return error_set(err, ERROR_INPUT,
			"router %s: the answer to %s has no \".id\"",
			x->rest->host, what(x));
	return 0;
}

int rest_add(struct rest *rest, const struct rest_change *change,
	const char **id, struct arena *arena, struct error *err)
{
	SCOPED_EXCHANGE struct exchange x = {
		.rest = rest,
		.arena = arena,
		.method = "PUT",
		.menu = change->menu,
		.command = "add",
		.json = rest_request_values(
			NULL, change->values, change->n, arena, err),
	};

	*id = NULL;
	if (!x.json)
		return error_wrap(err, "%s", change->menu);
	if (send_once(&x, err)) {
		if (err->kind == ERROR_NETWORK)
			error_wrap(err, "router %s does not answer (%s)",
				rest->host, what(&x));
		return -1;
	}
	rest_wait_over(rest);
	judge(&x);
	if (check_refusal(&x, err))
		return -1;
	return take_id(&x, id, err);
}

/* "*1A". In a path anything else, or nothing, could be another item. */
static int check_id(const struct exchange *x, const char *id, struct error *err)
{
	const char *digits = "0123456789ABCDEFabcdef";

	if (id && id[0] == '*' && id[1] && !id[1 + strspn(id + 1, digits)])
		return 0;
	return error_set(err, ERROR_INPUT,
		"router %s: an item that %s is wanted for has no id that "
		"RouterOS gives, such as *1A",
		x->rest->host, what(x));
}

static int set(struct rest *rest, const struct rest_change *change,
	struct arena *arena, struct error *err)
{
	SCOPED_EXCHANGE struct exchange x = {
		.rest = rest,
		.arena = arena,
		.method = "PATCH",
		.menu = change->menu,
		.tail = change->id,
		.command = "set",
		.json = rest_request_values(
			NULL, change->values, change->n, arena, err),
	};

	if (!x.json)
		return error_wrap(err, "%s", change->menu);
	return check_id(&x, change->id, err) ? -1 : ask(&x, err);
}

int rest_set(
	struct rest *rest, const struct rest_change *change, struct error *err)
{
	struct arena arena;
	int ret;

	arena_init(&arena);
	ret = set(rest, change, &arena, err);
	arena_release(&arena);
	return ret;
}

/* "no such item", and not that the menu itself is missing. */
static bool is_gone(const struct exchange *x)
{
	if (!x->refusal)
		return false;
	if (x->status == STATUS_MISSING)
		return !strstr(x->refusal, "no such command");
	return strstr(x->refusal, "no such item");
}

static int remove_item(struct exchange *x, struct error *err)
{
	if (check_id(x, x->tail, err) || send_patiently(x, err))
		return -1;
	judge(x);
	return is_gone(x) ? 0 : check_refusal(x, err);
}

int rest_remove(
	struct rest *rest, const char *menu, const char *id, struct error *err)
{
	struct arena arena;
	SCOPED_EXCHANGE struct exchange x = {
		.rest = rest,
		.arena = &arena,
		.method = "DELETE",
		.menu = menu,
		.tail = id,
		.command = "remove",
	};
	int ret;

	arena_init(&arena);
	ret = remove_item(&x, err);
	arena_release(&arena);
	return ret;
}

static int command(struct exchange *x, const char *id, struct error *err)
{
	if (check_id(x, id, err))
		return -1;
	x->json = rest_request_values(id, NULL, 0, x->arena, err);
	return x->json ? ask(x, err) : -1;
}

int rest_command(struct rest *rest, const char *menu, const char *name,
	const char *id, struct error *err)
{
	struct arena arena;
	SCOPED_EXCHANGE struct exchange x = {
		.rest = rest,
		.arena = &arena,
		.method = "POST",
		.menu = menu,
		.tail = name,
		.command = name,
	};
	int ret;

	arena_init(&arena);
	ret = command(&x, id, err);
	arena_release(&arena);
	return ret;
}
