/* SPDX-License-Identifier: MIT
 *
 * overlay_spec: rootfs-overlays/<name>/overlay.json, the metadata of an
 * overlay's files.
 *
 *	{"description": "...",
 *	 "rules": [ ...as in spec/rule.h... ],
 *	 "templates": ["/etc/motd"],	 patterns: ${{variables}} are filled in
 *	 "ignore": ["/README.md"]}	 patterns: not part of the image
 *
 * overlay.json itself is never part of the image. The file may be missing.
 * Conditions by architecture are allowed on every list item.
 */
#ifndef SPEC_OVERLAY_SPEC_H
#define SPEC_OVERLAY_SPEC_H

#include "base/error.h"
#include "base/memory.h"
#include "spec/arch.h"
#include "spec/list.h"
#include "spec/rule.h"

struct overlay_spec {
	const char *description;
	struct rule_list rules;
	struct string_list templates; /* clean patterns */
	struct string_list ignore;    /* clean patterns */
};

/* path: of overlay.json; a missing file gives the empty spec. */
int overlay_spec_read(struct overlay_spec *spec, const char *path,
	const struct arch *arch, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
