/* SPDX-License-Identifier: MIT
 *
 * rsc_image: what is known of an image that a router shall run: from the plan
 * of a manifest, or from an archive and the report beside it.
 */
#ifndef CMD_RSC_IMAGE_H
#define CMD_RSC_IMAGE_H

#include "cmd/request.h"

/* Fills in what request->router leaves open; the first operand, or the default
 * image. */
int rsc_image(struct router_setup *setup, const struct request *request,
	struct error *err) MUST_CHECK;
/* Of an archive; *setup has what was asked for. */
int rsc_archive(struct router_setup *setup, const char *path,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
