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
/* Whether disk, image and room are there; two levels deep. */
void rsc_checks(const struct rsc *script);
/* Whether root-dir is free; one level deep. */
void rsc_check_root(const struct rsc *script);
/* "/menu/find where key="value"", of the step's keys. */
void rsc_find(const struct rsc *script, const struct router_step *step);
/* " name="value"" for properties that come after the first `from`. */
void rsc_properties(const struct rsc *script, const struct router_step *step,
	const char *const skipped[]);

/* ---- rsc_marks.c: rscOwner, rscNext, rscBefore and rscSpare are comments - */

void rsc_marks(const struct rsc *script);
/* Whether the version's containers have the property. */
bool rsc_has(const struct rsc *script, const char *name);
/* What a run that was cut off had done becomes whole: one container has the
 * owner's mark, and interfaces and ports have the marks of their containers. */
void rsc_settle(const struct rsc *script);
/* The way back: what is new goes, inside a block of its own. */
void rsc_clean_next(const struct rsc *script);
/* What a run that was cut off had begun goes; the old container runs again. */
void rsc_discard_next(const struct rsc *script);
/* Those that alpbuild deploy keeps for going back go. */
void rsc_clean_previous(const struct rsc *script);

/* The bodies, each one block. */
void rsc_install(const struct rsc *script);
void rsc_upgrade(const struct rsc *script);
void rsc_remove(const struct rsc *script);

#endif
