/* SPDX-License-Identifier: MIT
 *
 * property: the properties of RouterOS' menus that scripts for it may set or
 * ask for, with the versions that have them and who says so. A step that
 * names another property is a bug, which property_has() finds.
 */
#ifndef ROUTEROS_PROPERTY_H
#define ROUTEROS_PROPERTY_H

#include "routeros/version.h"

struct router_property {
	const char *menu, *name;     /* "/container", "envlist" */
	struct routeros_range range; /* of the versions that have it */
	const char *source; /* section of the reference, and its evidence */
};

extern const struct router_property router_properties[]; /* NULL menu ends */

/* Whether a version's menu has the property. */
bool property_has(const char *menu, const char *name,
	const struct routeros_version *version);

/*
 * The versions around this one in which all menus look the same: what is
 * written for one of them is right for all. Betas and candidates count as
 * their release, which has the menus that they were made for.
 */
struct routeros_range property_era(const struct routeros_version *version);

#endif
