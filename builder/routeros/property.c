/* SPDX-License-Identifier: MIT */
#include "routeros/property.h"

#include <string.h>

#define SINCE(minor_, patch_) .since = { 7, minor_, patch_ }
#define UNTIL(minor_, patch_) .until = { 7, minor_, patch_ }
#define ALWAYS                                                                 \
	{                                                                      \
		{ 0 },                                                         \
		{                                                              \
			0                                                      \
		}                                                              \
	}

/*
 * TREE: the trees of commands by version; MANUAL: MikroTik's manual; USE:
 * scripts of others that are in use; both as the project's reference on
 * RouterOS tells them, by section.
 */
#define TREE "4, TREE"
#define QUICK "5, MANUAL"
#define MANUAL "MANUAL: every version"

const struct router_property router_properties[] = {
	{ "/container", "file", ALWAYS, TREE },
	{ "/container", "interface", ALWAYS, TREE },
	{ "/container", "root-dir", ALWAYS, TREE },
	{ "/container", "hostname", ALWAYS, TREE },
	{ "/container", "dns", ALWAYS, TREE },
	{ "/container", "logging", ALWAYS, TREE },
	{ "/container", "comment", ALWAYS, TREE },
	{ "/container", "entrypoint", ALWAYS, TREE },
	{ "/container", "cmd", ALWAYS, TREE },
	{ "/container", "start-on-boot", { SINCE(6, 0) }, TREE },
	{ "/container", "name", { SINCE(19, 0) }, TREE },
	{ "/container", "envlist", { UNTIL(20, 0) }, TREE },
	{ "/container", "envlists", { SINCE(20, 0) }, TREE },
	{ "/container", "mounts", { UNTIL(21, 0) }, TREE },
	{ "/container", "mountlists", { SINCE(21, 0) }, TREE },
	{ "/container", "memory-high", { SINCE(20, 0) }, TREE },
	{ "/container", "memory-max", { SINCE(23, 0) }, TREE },
	{ "/container", "auto-restart-interval", { SINCE(20, 0), UNTIL(23, 0) },
		"3, TREE" },
	{ "/container", "restart-policy", { SINCE(23, 0) }, "3, TREE" },
	{ "/container", "restart-interval", { SINCE(23, 0) }, "3, TREE" },
	{ "/container", "stop-time", { SINCE(21, 0) }, TREE },
	{ "/container", "ignore-remote-image-change", { SINCE(23, 2) }, TREE },
	{ "/container/envs", "name", { UNTIL(20, 0) }, TREE },
	{ "/container/envs", "list", { SINCE(20, 0) }, TREE },
	{ "/container/envs", "key", ALWAYS, TREE },
	{ "/container/envs", "value", ALWAYS, TREE },
	{ "/container/mounts", "name", { UNTIL(21, 0) }, TREE },
	{ "/container/mounts", "list", { SINCE(21, 0) }, TREE },
	{ "/container/mounts", "src", ALWAYS, TREE },
	{ "/container/mounts", "dst", ALWAYS, TREE },
	{ "/interface/veth", "name", ALWAYS, TREE },
	{ "/interface/veth", "address", ALWAYS, TREE },
	{ "/interface/veth", "gateway", ALWAYS, TREE },
	{ "/interface/veth", "comment", ALWAYS, MANUAL },
	{ "/interface/bridge", "name", ALWAYS, QUICK },
	{ "/interface/bridge", "comment", ALWAYS, MANUAL },
	{ "/interface/bridge/port", "bridge", ALWAYS, QUICK },
	{ "/interface/bridge/port", "interface", ALWAYS, QUICK },
	{ "/interface/bridge/port", "comment", ALWAYS, MANUAL },
	{ "/ip/address", "address", ALWAYS, QUICK },
	{ "/ip/address", "interface", ALWAYS, QUICK },
	{ "/ip/address", "comment", ALWAYS, MANUAL },
	{ "/ip/firewall/nat", "chain", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "action", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "src-address", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "protocol", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "dst-port", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "to-addresses", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "to-ports", ALWAYS, QUICK },
	{ "/ip/firewall/nat", "dst-address-type", ALWAYS, MANUAL },
	{ "/ip/firewall/nat", "in-interface-list", ALWAYS, MANUAL },
	{ "/ip/firewall/nat", "comment", ALWAYS, MANUAL },
	{ NULL },
};

/* 7.21rc3 has the menus of 7.21. */
static struct routeros_version release_of(
	const struct routeros_version *version)
{
	struct routeros_version release = *version;

	release.stage = ROUTEROS_STABLE;
	release.number = 0;
	return release;
}

bool property_has(const char *menu, const char *name,
	const struct routeros_version *version)
{
	const struct routeros_version release = release_of(version);

	for (const struct router_property *p = router_properties; p->menu;
		p++) {
		if (!strcmp(p->menu, menu) && !strcmp(p->name, name) &&
			routeros_range_has(&p->range, &release))
			return true;
	}
	return false;
}

/* A version at which menus change narrows the range from one side. */
static void narrow(struct routeros_range *era,
	const struct routeros_version *change,
	const struct routeros_version *version)
{
	if (!routeros_version_is_set(change))
		return;
	if (routeros_version_cmp(change, version) <= 0) {
		if (routeros_version_cmp(change, &era->since) > 0)
			era->since = *change;
	} else if (!routeros_version_is_set(&era->until) ||
		   routeros_version_cmp(change, &era->until) < 0) {
		era->until = *change;
	}
}

struct routeros_range property_era(const struct routeros_version *version)
{
	const struct routeros_version release = release_of(version);
	struct routeros_range era = { .since = routeros_oldest };

	for (const struct router_property *p = router_properties; p->menu;
		p++) {
		narrow(&era, &p->range.since, &release);
		narrow(&era, &p->range.until, &release);
	}
	return era;
}
