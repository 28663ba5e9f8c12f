/* SPDX-License-Identifier: MIT
 *
 * router_decode: the table of a manifest's `routeros`. Decoding into a
 * manifest that has some already replaces ports by protocol and number,
 * volumes by path and env by name, where they stand, and adds the others.
 */
#ifndef SPEC_ROUTER_DECODE_H
#define SPEC_ROUTER_DECODE_H

#include "spec/decode.h"
#include "spec/router_spec.h"

extern const struct table router_table; /* of struct manifest */

/* Complains when a port of the router is forwarded twice. */
int router_check(
	const struct router_spec *router, struct error *err) MUST_CHECK;

#endif
