/* SPDX-License-Identifier: MIT
 *
 * The first line is a directory, the rest a list of protected paths. What
 * holds: a directory for which no rule stands is protected as its parent is,
 * and an empty list changes nothing.
 */
#include <assert.h>
#include <string.h>

#include "base/path.h"
#include "rootfs/install_protect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct protect_list *list, const char *dir)
{
	SCOPED_FREE char *below = memory_printf("%s/~\x01~", dir);
	bool covered = protect_list_covers(list, dir);

	/* No rule is that deep without a star. */
	for (size_t i = 0; i < list->n; i++) {
		for (size_t j = 0; j < list->rules[i].n; j++) {
			if (strpbrk(list->rules[i].parts[j], "*?[~\\"))
				return;
		}
	}
	assert(protect_list_covers(list, below) == covered);
}

static void try_list(struct arena *arena, const char *dir, struct slice text)
{
	struct protect_list list;
	struct error err;

	protect_list_init(&list, arena);
	if (protect_list_parse(&list, text, "fuzz", &err))
		assert(err.kind == ERROR_TREE);
	assert(list.n <= PROTECT_RULES_MAX);
	check(&list, dir);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make(data, size), line;
	SCOPED_FREE char *first = NULL;
	struct arena arena;
	struct error err;
	char *dir;

	if (!size || !slice_cut(&text, '\n', &line))
		return 0;
	first = slice_dup(line);
	if (path_clean(first, PATH_FROM_ARCHIVE, &dir, &err))
		return 0;
	arena_init(&arena);
	try_list(&arena, dir, text);
	arena_release(&arena);
	free(dir);
	return 0;
}
