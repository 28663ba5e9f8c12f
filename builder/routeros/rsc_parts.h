/* SPDX-License-Identifier: MIT
 *
 * rsc_parts: what the kinds of scripts share. Part of routeros/rsc.
 */
#ifndef ROUTEROS_RSC_PARTS_H
#define ROUTEROS_RSC_PARTS_H

#include "routeros/rsc.h"

struct rsc {
	struct buf *out;
	const struct router_setup *setup;
	const struct router_steps *steps;
};

/* ":local NAME "value"", inside the block. */
void rsc_local(const struct rsc *script, const char *name, const char *value);
/* Disk, image, root-dir and interface, as rsc_checks() and the bodies need. */
void rsc_locals(const struct rsc *script);
/* Whether disk, image, room and names are there; two levels deep. */
void rsc_checks(const struct rsc *script);
/* "/menu/find where key="value"", of the step's keys. */
void rsc_find(const struct rsc *script, const struct router_step *step);
/* " name="value"" for properties that come after the first `from`. */
void rsc_properties(const struct rsc *script, const struct router_step *step,
	const char *const skipped[]);

/* The bodies, each one block. */
void rsc_install(const struct rsc *script);
void rsc_upgrade(const struct rsc *script);
void rsc_remove(const struct rsc *script);

#endif
