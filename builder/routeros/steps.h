/* SPDX-License-Identifier: MIT
 *
 * steps: what makes a router run a container, in order, as data: each adds
 * one item to a menu unless an item with the same keys is there already, so
 * that what somebody changed in it stays. Whoever carries them out, a script
 * on the router or a program over the network, does the same.
 */
#ifndef ROUTEROS_STEPS_H
#define ROUTEROS_STEPS_H

#include "routeros/setup.h"

#define STEP_PROPERTIES_MAX 24

enum router_step_kind {
	RSTEP_SHARED,	 /* of all containers that alpbuild put on the bridge */
	RSTEP_OWN,	 /* of this container, and none else */
	RSTEP_INTERFACE, /* likewise: its veth */
	RSTEP_PORT,	 /* likewise: the veth on the bridge */
	RSTEP_CONTAINER, /* then: wait until it is extracted, start it */
};

struct router_step_property {
	const char *name, *value;
};

struct router_step {
	enum router_step_kind kind;
	const char *menu;   /* "/interface/veth" */
	const char *what;   /* "variable TZ", for messages */
	const char *advice; /* what to do when it fails */
	size_t nkeys;	    /* the first properties tell whether it is there;
			       they are always set, too */
	struct router_step_property properties[STEP_PROPERTIES_MAX];
	size_t nproperties;
};

struct router_steps {
	struct router_step *items; /* RSTEP_CONTAINER is the last */
	size_t n;
};

/* Of a complete setup; every property is one that its version has. */
void router_steps_make(struct router_steps *steps,
	const struct router_setup *setup, struct arena *arena);

/* NULL: the step has no such property. */
const char *router_step_value(const struct router_step *step, const char *name);
/* For machines: "shared", "own", "interface", "port", "container". */
const char *router_step_word(enum router_step_kind kind);

#endif
