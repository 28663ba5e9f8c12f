/* SPDX-License-Identifier: MIT */
#include "build/fetch_known.h"

#include <string.h>

#include "base/buf.h"

#define PARTS 3 /* of a version */
#define TEXT_MAX ((size_t)1024)

/* "3.18.9" as numbers; what is missing or is none counts as 0. */
static void split(const char *version, uint64_t parts[PARTS])
{
	struct slice rest = slice_of(version), part;

	for (size_t i = 0; i < PARTS; i++) {
		parts[i] = 0;
		if (slice_cut(&rest, '.', &part) &&
			slice_to_u64(part, 10, UINT32_MAX, &parts[i]))
			parts[i] = 0;
	}
}

/* By the first n numbers: <0, 0, >0. */
static int compare(const char *a, const char *b, size_t n)
{
	uint64_t x[PARTS], y[PARTS];

	split(a, x);
	split(b, y);
	for (size_t i = 0; i < n; i++) {
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	return 0;
}

/* The newest one of a branch that is older than `below` (NULL: any). */
static const char *newest(
	const struct release_pins *pins, const char *arch, const char *below)
{
	const char *best = NULL;

	for (size_t i = 0; i < pins->n; i++) {
		const char *version = pins->items[i].version;

		/* Snapshots of edge have a date instead. */
		if (strcmp(pins->items[i].arch, arch) ||
			!release_is_exact(version) ||
			(below && compare(version, below, 2) >= 0))
			continue;
		if (!best || compare(version, best, PARTS) > 0)
			best = version;
	}
	return best;
}

const char *fetch_known_releases(
	const struct release_pins *pins, const char *arch, struct arena *arena)
{
	struct buf text SCOPED_BUF;
	const char *version = NULL;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < FETCH_KNOWN_MAX; i++) {
		version = newest(pins, arch, version);
		if (!version)
			break;
		buf_printf(&text, "%s%s", i ? ", " : "", version);
	}
	return text.len ? arena_slice(arena, buf_slice(&text)) : "none";
}
