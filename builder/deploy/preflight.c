/* SPDX-License-Identifier: MIT
 *
 * What can be known before anything is changed. The same as the scripts check
 * (routeros/rsc), and what only a program can: device-mode. Whether there is
 * room is in preflight_room.c.
 */
#include <string.h>

#include "base/log.h"
#include "deploy/parts.h"
#include "routeros/platform.h"

/* ---- the router itself ------------------------------------------------- */

static int check_architecture(const struct run *run, struct error *err)
{
	const struct platform *platform =
		platform_find(run->setup.architecture);
	const char *is = run->deploy->router.architecture;

	for (size_t i = 0; platform && platform->router_names[i]; i++) {
		if (!strcmp(platform->router_names[i], is))
			return 0;
	}
	return error_set(err, ERROR_ROUTER,
		"the image is for %s, the router is %s: it would be imported, "
		"and crash; build or choose the image of that architecture",
		platform ? platform->router_names[0] : run->setup.architecture,
		is);
}

static int check_package(struct deploy *deploy, struct error *err)
{
	const struct rest_query query = { .menu = "/system/package" };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		const struct rest_item *item = &items.items[i];
		const char *name = rest_value(item, "name");

		if (name && !strcmp(name, "container") &&
			!rest_is_true(rest_value(item, "disabled")) &&
			!rest_is_true(rest_value(item, "available")))
			return 0;
	}
	return error_set(err, ERROR_ROUTER,
		"the package container is not installed: upload "
		"container-VERSION.npk of the router's version and "
		"architecture, and reboot (from 7.18: "
		"/system/package/apply-changes)");
}

/* A router that does not tell will say so when the container is added. */
static int check_device_mode(struct deploy *deploy, struct error *err)
{
	const struct rest_query query = { .menu = "/system/device-mode" };
	struct rest_items items;
	const char *value;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err)) {
		if (err->kind != ERROR_ROUTER && err->kind != ERROR_INPUT)
			return -1;
		log_debug("device-mode is not known: %s", err->text);
		return 0;
	}
	value = items.n ? rest_value(&items.items[0], "container") : NULL;
	if (!value || rest_is_true(value))
		return 0;
	return error_set(err, ERROR_ROUTER,
		"device-mode does not allow containers: type "
		"/system/device-mode/update container=yes on the router, and "
		"press its button or cut its power as it says");
}

/* ---- what others have -------------------------------------------------- */

static bool has_forward(const struct router_setup *setup)
{
	for (size_t i = 0; !setup->no_nat && i < setup->nports; i++) {
		if (setup->ports[i].forward)
			return true;
	}
	return false;
}

static int check_list(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const struct rest_value where = { "name", run->setup.from };
	const struct rest_query query = { "/interface/list", &where, 1 };
	struct rest_items items;

	if (!has_forward(&run->setup) || !strcmp(run->setup.from, "all"))
		return 0;
	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	if (items.n)
		return 0;
	return error_set(err, ERROR_ROUTER,
		"there is no interface list %s, from which the ports may be "
		"used: choose one of /interface/list/print with --from, or "
		"--from all",
		run->setup.from);
}

/* There may be several addresses: "172.17.0.2/24,fd00::2/64". */
static bool has(
	const struct rest_item *item, const char *property, const char *text)
{
	struct slice rest = slice_of(rest_value(item, property)), word;

	while (slice_cut(&rest, ',', &word)) {
		if (slice_is(slice_trim(word), text))
			return true;
	}
	return false;
}

/* Its own, from a run that was cut off, is taken up again. */
static int check_interfaces(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const struct rest_query query = { .menu = "/interface/veth" };
	struct rest_items items;

	if (run->now[MARK_CURRENT].state != CONTAINER_GONE)
		return 0;
	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		const struct rest_item *item = &items.items[i];

		if (deploy_mark(deploy, rest_value(item, "comment")) >= 0)
			continue;
		if (has(item, "name", run->setup.veth) ||
			has(item, "address", run->setup.address))
			return error_set(err, ERROR_ROUTER,
				"the interface %s has the name or the address "
				"of the new one: choose others with --name and "
				"--address",
				rest_value(item, "name"));
	}
	return 0;
}

int preflight(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;

	if (check_architecture(run, err) || check_package(deploy, err) ||
		check_device_mode(deploy, err))
		return -1;
	if (containers_look(deploy, run->now, &deploy->arena, err) ||
		check_list(run, err))
		return -1;
	return check_interfaces(run, err);
}
