/* SPDX-License-Identifier: MIT */
#include "spec/service_decode.h"

#include <string.h>

#include "spec/list.h"
#include "spec/manifest.h"
#include "spec/syntax.h"

struct service_list {
	struct service_spec *items;
	size_t n, cap;
};

static bool is_listed(
	const struct service_list *list, const struct service_spec *service)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i].name, service->name) &&
			!strcmp(list->items[i].runlevel, service->runlevel))
			return true;
	}
	return false;
}

static void add(struct service_list *list, const struct service_spec *service,
	struct arena *arena)
{
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	list->items[list->n++] = *service;
}

static int decode_service(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct service_spec *service = out;

	if (decode_string_as(d, v, &syntax_service, &service->name, err))
		return -1;
	service->place = value_origin(d, v);
	return 0;
}

static int add_service(const struct decoder *d, const struct value *v,
	void *list, const void *item, struct error *err)
{
	struct service_spec service = *(const struct service_spec *)item;

	service.runlevel = ""; /* all of this list are of the same */
	if (is_listed(list, &service))
		return decode_complain(
			d, v, err, "\"%s\" is listed twice", service.name);
	add(list, &service, d->arena);
	return 0;
}

/* v: the list of a runlevel. What was inherited already stays once. */
static int decode_runlevel(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(
						       struct service_spec),
		.item = decode_service,
		.add = add_service };
	struct service_list *all = out;
	struct service_list own = { 0 };
	const char *runlevel;

	if (!syntax_runlevel.accepts(v->key))
		return decode_complain(d, v, err, "expected a runlevel: %s",
			syntax_runlevel.expected);
	if (decode_list(d, v, &type, &own, err))
		return -1;
	if (all->n + own.n > DECODE_ITEMS_MAX)
		return decode_complain(
			d, v, err, "more than %d services", DECODE_ITEMS_MAX);
	runlevel = arena_strdup(d->arena, v->key);
	for (size_t i = 0; i < own.n; i++) {
		own.items[i].runlevel = runlevel;
		if (!is_listed(all, &own.items[i]))
			add(all, &own.items[i], d->arena);
	}
	return 0;
}

int decode_services(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	struct manifest *m = out;
	struct service_list all = { m->services, m->nservices, m->nservices };

	if (decode_members(d, v, decode_runlevel, &all, err))
		return -1;
	m->services = all.items;
	m->nservices = all.n;
	return 0;
}
