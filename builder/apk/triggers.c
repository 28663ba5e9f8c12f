/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "apk/installed_sort.h"
#include "apk/scripts_archive.h"

/* What was not read comes after all that was. */
static size_t rank(const struct db_package *pkg)
{
	return pkg->trigger_line ? pkg->trigger_line : SIZE_MAX;
}

static void print_triggers(const struct package *pkg, struct buf *out)
{
	char text[IDENTITY_TEXT_SIZE];
	struct slice rest = pkg->triggers, glob;

	buf_add_str(out, identity_text(&pkg->identity, text));
	while (slice_cut(&rest, ' ', &glob)) {
		if (!glob.len)
			continue;
		buf_add_str(out, " ");
		buf_add_slice(out, glob);
	}
	buf_add_str(out, "\n");
}

struct ranked {
	struct db_package *package;
	size_t index; /* in the database */
};

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	size_t p = rank(x->package), q = rank(y->package);

	if (p != q)
		return p < q ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void sort_as_read(struct db_package **packages, size_t n)
{
	SCOPED_FREE struct ranked *ranked = memory_zero(n + 1, sizeof(*ranked));

	for (size_t i = 0; i < n; i++)
		ranked[i] = (struct ranked){ packages[i], i };
	qsort(ranked, n, sizeof(*ranked), compare);
	for (size_t i = 0; i < n; i++)
		packages[i] = ranked[i].package;
}

void triggers_print(
	const struct installed *db, enum apk_flavor flavor, struct buf *out)
{
	SCOPED_FREE struct db_package **packages =
		installed_in_order(db, flavor);

	if (flavor == APK_2)
		sort_as_read(packages, db->n);
	for (size_t i = 0; i < db->n; i++) {
		const struct package *pkg = &packages[i]->package;

		if (slice_trim(pkg->triggers).len)
			print_triggers(pkg, out);
	}
}

/* Zeros in the bytes behind a shorter digest keep the kinds apart. */
static struct slice key_of(const struct identity *identity)
{
	return slice_make(identity->bytes, sizeof(identity->bytes));
}

static void map_identities(
	const struct installed *db, struct name_map *map, struct arena *arena)
{
	for (size_t i = 0; i < db->n; i++)
		name_map_set(map, key_of(&db->packages[i]->package.identity),
			db->packages[i], arena);
}

static int read_line(const struct name_map *map, struct slice line,
	size_t number, struct error *err)
{
	struct identity identity;
	struct db_package *pkg;
	struct slice word;

	if (!slice_cut(&line, ' ', &word) || identity_parse(word, &identity))
		return error_set(err, ERROR_INPUT,
			"expected an identity as \"Q1...\" and globs");
	pkg = name_map_get(map, key_of(&identity));
	if (!pkg)
		return 0;
	if (pkg->trigger_line)
		return error_set(err, ERROR_INPUT,
			"triggers of a package that has some in line %zu",
			pkg->trigger_line);
	pkg->package.triggers = line;
	pkg->trigger_line = number;
	return 0;
}

int triggers_parse(struct installed *db, struct slice text, const char *name,
	struct error *err)
{
	struct name_map map = { 0 };
	struct arena arena;
	struct slice line;
	size_t number = 0;
	int failed = 0;

	arena_init(&arena);
	map_identities(db, &map, &arena);
	while (!failed && slice_cut(&text, '\n', &line)) {
		number++;
		failed = line.len && read_line(&map, line, number, err);
	}
	arena_release(&arena);
	return failed ? error_wrap(err, "%s:%zu", name, number) : 0;
}
