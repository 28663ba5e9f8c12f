/* SPDX-License-Identifier: MIT
 *
 * releases: which minirootfs exist and what their bytes are. Two sources:
 * manifests/releases.json, the project's own pins, and a mirror's
 * latest-releases.yaml (YAML 1.1 by libyaml; a sequence of mappings).
 *
 *	releases.json: {"minirootfs": {"3.18.9": {"x86_64":
 *		{"size": 3292753, "sha256": "1d90..."}}}}
 */
#ifndef SPEC_RELEASES_H
#define SPEC_RELEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"

struct release_pin {
	const char *version; /* "3.18.9" */
	const char *arch;    /* Alpine's name */
	uint64_t size;	     /* bytes; 0: not known */
	const char *sha256;  /* 64 hex digits */
};

struct release_pins {
	struct release_pin *items;
	size_t n;
};

int release_pins_read(struct release_pins *pins, const char *path,
	struct arena *arena, struct error *err) MUST_CHECK;
const struct release_pin *release_pins_find(
	const struct release_pins *pins, const char *version, const char *arch);

/* The alpine-minirootfs entry of a latest-releases.yaml. */
struct latest_release {
	const char *version, *file, *arch;
	uint64_t size;	    /* 0: not said */
	const char *sha256; /* NULL: not said */
	const char *sha512; /* NULL: not said */
};
/* name: the document's URL, for messages. */
int latest_release_parse(struct latest_release *out, const char *name,
	struct slice text, struct arena *arena, struct error *err) MUST_CHECK;

/* "3.18.9" -> "v3.18"; "3.18" -> "v3.18"; NULL when it is neither; arena. */
const char *release_branch(const char *alpine, struct arena *arena);
/* True for "3.18.9", false for "3.18". */
bool release_is_exact(const char *alpine);

#endif
