/* SPDX-License-Identifier: MIT */
#include "spec/arch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "spec/arch_decode.h"

#define ARCH_SUFFIX ".json"

static int is_arch_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       slice_ends(slice_of(entry->d_name), ARCH_SUFFIX);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_one(struct arch *arch, const char *path, struct arena *arena,
	struct error *err)
{
	const char *base = path_base(path);
	struct decoder d = { .arena = arena };
	struct json_doc doc;
	int ret;

	arch->path = arena_strdup(arena, path);
	if (json_doc_read(&doc, path, arena, err))
		return -1;
	d.doc = &doc;
	ret = arch_decode(&d,
		arena_slice(arena,
			slice_make(base, strlen(base) - strlen(ARCH_SUFFIX))),
		arch, err);
	json_doc_release(&doc);
	return ret;
}

/* A name that means two architectures would be decided by the order. */
static int check_names(
	const struct arch_table *table, const char *dir, struct error *err)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct arch *arch = &table->items[i];

		for (size_t k = 0; k < arch->aliases.n; k++) {
			const char *alias = arch->aliases.items[k];
			const struct arch *other = arch_find(table, alias);

			if (other == arch && strcmp(alias, arch->name) != 0)
				continue;
			return error_set(err, ERROR_SPEC,
				"%s/%s" ARCH_SUFFIX ": aliases[%zu]: \"%s\" "
				"means %s already",
				dir, arch->name, k, alias, other->name);
		}
	}
	return 0;
}

static int read_all(struct arch_table *table, const char *dir,
	struct dirent **entries, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < table->n; i++) {
		SCOPED_FREE char *path = path_join(dir, entries[i]->d_name);

		table->items[i].table = table;
		if (read_one(&table->items[i], path, arena, err))
			return -1;
	}
	return check_names(table, dir, err);
}

int arch_table_read(struct arch_table *table, const char *dir,
	struct arena *arena, struct error *err)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_arch_file, by_name), ret;

	if (n < 0)
		return error_errno(err, "architectures: cannot read %s", dir);
	table->n = (size_t)n;
	table->items = arena_alloc(arena, table->n * sizeof(*table->items));
	ret = read_all(table, dir, entries, arena, err);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	if (!ret && !n)
		return error_set(err, ERROR_NOT_FOUND,
			"architectures: no *" ARCH_SUFFIX " in %s", dir);
	return ret;
}

const struct arch *arch_find(const struct arch_table *table, const char *name)
{
	for (size_t i = 0; i < table->n; i++) {
		if (!strcmp(table->items[i].name, name))
			return &table->items[i];
	}
	for (size_t i = 0; i < table->n; i++) {
		if (string_list_has(&table->items[i].aliases, name))
			return &table->items[i];
	}
	return NULL;
}

const char *arch_names(const struct arch_table *table, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < table->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
			table->items[i].name);
	return text;
}
