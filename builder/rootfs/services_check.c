/* SPDX-License-Identifier: MIT
 *
 * What need and keyword of init scripts come to (OpenRC's librc-depend.c).
 */
#include "rootfs/services_check.h"

#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/nearest.h"

/* What OpenRC puts in the place of "-containers". */
static const char *const container_systems[] = { "docker", "jail", "lxc",
	"openvz", "podman", "rkt", "systemd-nspawn", "uml", "vserver" };

static bool is_container(const char *sys)
{
	for (size_t i = 0; i < ARRAY_SIZE(container_systems); i++) {
		if (!strcmp(container_systems[i], sys))
			return true;
	}
	return false;
}

/* "-lxc" and, as old scripts have it, "nolxc". */
static bool forbids(const char *word, const char *sys)
{
	if (!strcmp(word, "-containers"))
		return is_container(sys);
	if (*word == '-')
		return !strcmp(word + 1, sys);
	return !strncmp(word, "no", 2) && !strcmp(word + 2, sys);
}

enum init_keyword init_service_keyword(
	const struct init_service *service, const char *sys, const char **word)
{
	const struct init_words *words = &service->script.words[INIT_KEYWORD];
	enum init_keyword found = INIT_RUNS;

	*word = NULL;
	for (size_t i = 0; *sys && i < words->n; i++) {
		const struct init_word *keyword = &words->items[i];

		if (keyword->text[0] == '!' && forbids(keyword->text + 1, sys))
			return INIT_RUNS;
		if (!forbids(keyword->text, sys) || found == INIT_NEVER_RUNS)
			continue;
		*word = keyword->text;
		found = keyword->is_certain ? INIT_NEVER_RUNS
					    : INIT_MAY_NOT_RUN;
	}
	return found;
}

/* The first provider of a name; NULL: there is none. */
static struct init_provider *find_first(
	const struct init_services *services, const char *name)
{
	struct init_provider *all = services->providers;
	size_t low = 0, high = services->nproviders;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(all[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < services->nproviders && !strcmp(all[low].name, name)
		       ? &all[low]
		       : NULL;
}

static char *hint_of(const struct init_services *services, const char *name)
{
	SCOPED_FREE const char **names =
		memory_alloc((services->nproviders + 1) * sizeof(const char *));
	const char *near;

	for (size_t i = 0; i < services->nproviders; i++)
		names[i] = services->providers[i].name;
	near = nearest_find(name, names, services->nproviders);
	return near ? memory_printf(", did you mean %s", near)
		    : memory_strdup(": add the package or overlay that has "
				    "one, or take the service out");
}

static int complain_need(const struct init_services *services,
	const struct init_service *service, const char *need, struct error *err)
{
	SCOPED_FREE char *hint = hint_of(services, need);
	const char *why = service->why;

	return error_set(err, ERROR_TREE,
		"service %s%s%s%s needs %s, and no init script of the image "
		"has or provides that name%s",
		service->name, why ? " (needed by " : "", why ? why : "",
		why ? ")" : "", need, hint);
}

/* rc_need="!net" takes "net" away. */
static bool is_withdrawn(const struct init_words *words, const char *need)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *text = words->items[i].text;

		if (text[0] == '!' && !strcmp(text + 1, need))
			return true;
	}
	return false;
}

/* A computer's service, and nothing tells OpenRC that this is a container. */
static void warn_of_hardware(const struct init_services *services,
	const struct init_service *service)
{
	const char *word;

	if (*services->config.sys ||
		init_service_keyword(service, "lxc", &word) == INIT_RUNS)
		return;
	log_warn("service %s needs %s, which is not for containers (keyword "
		 "%s): set rc_sys=\"lxc\" in /etc/rc.conf, as the overlay "
		 "openrc does",
		service->why, service->name, word);
}

/*
 * The one that OpenRC would start for a need, if it is sure that it would;
 * NULL: none, or one that is enabled and so checked anyway.
 */
static struct init_service *find_dragged(
	const struct init_services *services, const struct init_provider *first)
{
	const struct init_provider *end =
		services->providers + services->nproviders;
	const struct init_provider *at = first;
	const char *word;

	for (; at < end && !strcmp(at->name, first->name); at++) {
		if (at->service->is_enabled ||
			init_service_keyword(at->service, services->config.sys,
				&word) != INIT_RUNS)
			return NULL;
	}
	return at - first == 1 ? first->service : NULL;
}

struct pending {
	struct init_service **items;
	size_t n, cap;
};

static void pending_release(struct pending *pending)
{
	free(pending->items);
}

static void pending_add(
	struct pending *pending, struct init_service *service, const char *why)
{
	if (service->is_seen)
		return;
	service->is_seen = true;
	service->why = why;
	pending->items = memory_grow(pending->items, pending->n, &pending->cap,
		sizeof(struct init_service *));
	pending->items[pending->n++] = service;
}

static void drag(struct init_services *services, struct pending *pending,
	const struct init_service *service, struct init_provider *first)
{
	struct init_service *dragged;

	if (first->is_decided)
		return;
	first->is_decided = true;
	dragged = find_dragged(services, first);
	if (!dragged || dragged->is_seen)
		return;
	pending_add(pending, dragged, service->name);
	log_debug("service %s starts %s too", service->name, dragged->name);
	warn_of_hardware(services, dragged);
}

static int check_needs(struct init_services *services,
	const struct init_service *service, struct pending *pending,
	struct error *err)
{
	const struct init_words *words = &service->script.words[INIT_NEED];

	for (size_t i = 0; i < words->n; i++) {
		const struct init_word *need = &words->items[i];
		struct init_provider *first;

		if (!need->is_certain || need->text[0] == '!' ||
			is_withdrawn(words, need->text))
			continue;
		first = find_first(services, need->text);
		if (!first)
			return complain_need(
				services, service, need->text, err);
		drag(services, pending, service, first);
	}
	return 0;
}

static int check_keyword(const struct init_services *services,
	const struct init_service *service, struct error *err)
{
	const char *sys = services->config.sys, *word;

	if (init_service_keyword(service, sys, &word) != INIT_NEVER_RUNS)
		return 0;
	return error_set(err, ERROR_TREE,
		"service %s has the keyword %s and /etc/rc.conf says "
		"rc_sys=\"%s\", so that OpenRC never starts it: take it out of "
		"the runlevel",
		service->name, word, sys);
}

int init_services_check(struct init_services *services,
	struct init_service *service, struct error *err)
{
	CLEANUP(pending_release) struct pending pending = { .n = 0 };

	if (check_keyword(services, service, err))
		return -1;
	pending_add(&pending, service, NULL);
	while (pending.n) {
		const struct init_service *next = pending.items[--pending.n];

		if (next->script.note)
			log_debug("init script %s: %s", next->name,
				next->script.note);
		if (check_needs(services, next, &pending, err))
			return -1;
	}
	return 0;
}
