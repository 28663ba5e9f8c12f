/* SPDX-License-Identifier: MIT */
#include "apk/index.h"

#include <string.h>

#include "apk/shown.h"

struct reader {
	struct index *index;
	struct slice rest; /* of the text */
	const char *name;
	size_t line; /* number of the last line that was cut */
	size_t cap;  /* packages that there is room for */
	struct arena *arena;
};

/* A line shorter than a letter and a colon ends a record. */
static bool is_end(struct slice line)
{
	return line.len < 2;
}

/* Records in the text, or more than INDEX_PACKAGES_MAX. */
static size_t count_records(struct slice rest)
{
	bool is_inside = false;
	struct slice line;
	size_t n = 0;

	while (n <= INDEX_PACKAGES_MAX && slice_cut(&rest, '\n', &line)) {
		n += !is_inside && !is_end(line);
		is_inside = !is_end(line);
	}
	return n;
}

/*
 * 1: *line is the next one; 0: there is none. apk passes over a record whose
 * last line has no newline; here what was cut off somewhere is an error.
 */
static int next_line(struct reader *r, struct slice *line, struct error *err)
{
	if (!r->rest.len)
		return 0;
	r->line++;
	slice_cut(&r->rest, '\n', line);
	if (!r->rest.ptr)
		return error_set(err, ERROR_INPUT,
			"the last line has no newline: the index is cut off");
	if (line->len > PACKAGE_LINE_MAX)
		return error_set(err, ERROR_INPUT,
			"a line of %zu bytes (at most %zu)", line->len,
			PACKAGE_LINE_MAX);
	return 1;
}

/* apk knows them, and reads them in packages and the database only. */
static bool is_foreign(char letter)
{
	return letter && strchr("FMRZrq", letter);
}

static int set_field(struct package *pkg, struct slice line,
	struct arena *arena, struct error *err)
{
	struct slice value = slice_make(line.ptr + 2, line.len - 2);
	char text[SHOWN_SIZE], letter = line.ptr[0];
	int taken;

	if (line.ptr[1] != ':')
		return error_set(err, ERROR_INPUT,
			"expected a letter and a colon, found \"%s\"",
			shown(line, text));
	if (is_foreign(letter))
		return 0;
	taken = package_set_field(pkg, letter, value, arena, err);
	if (taken < 0)
		return -1;
	if (!taken && (letter < 'a' || letter > 'z'))
		pkg->uninstallable = "has a field that only a newer version "
				     "understands";
	return 0;
}

/* The record whose first line is given. */
static int read_record(struct reader *r, struct slice line, struct error *err)
{
	struct package *pkg = &r->index->packages[r->index->n];
	int more;

	do {
		if (set_field(pkg, line, r->arena, err))
			return -1;
		more = next_line(r, &line, err);
	} while (more > 0 && !is_end(line));
	if (more < 0 || package_check(pkg, err))
		return -1;
	r->index->n++;
	return 0;
}

static int complain(const struct reader *r, struct error *err)
{
	const struct package *pkg = &r->index->packages[r->index->n];
	char text[SHOWN_SIZE];

	if (r->index->n < r->cap && pkg->name.len)
		error_wrap(err, "package %s", shown(pkg->name, text));
	return error_wrap(err, "%s:%zu", r->name, r->line);
}

static int read_records(struct reader *r, struct error *err)
{
	struct slice line;
	int more;

	while ((more = next_line(r, &line, err)) > 0) {
		if (!is_end(line) && read_record(r, line, err))
			return -1;
	}
	return more;
}

int index_parse(struct index *index, struct slice text, const char *name,
	struct arena *arena, struct error *err)
{
	struct index found = { 0 };
	struct reader r = {
		.index = &found, .rest = text, .name = name, .arena = arena
	};

	if (text.len > INDEX_TEXT_MAX)
		return error_set(err, ERROR_INPUT,
			"%s: %zu bytes (at most %zu)", name, text.len,
			INDEX_TEXT_MAX);
	r.cap = count_records(text);
	if (r.cap > INDEX_PACKAGES_MAX)
		return error_set(err, ERROR_INPUT, "%s: more than %zu packages",
			name, INDEX_PACKAGES_MAX);
	found.packages = arena_alloc(arena, r.cap * sizeof(*found.packages));
	if (read_records(&r, err))
		return complain(&r, err);
	*index = found;
	return 0;
}
