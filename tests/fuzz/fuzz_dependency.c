/* SPDX-License-Identifier: MIT
 *
 * Any text as words of each place: what is taken is printed, read again and
 * printed the same; identities keep their canonical form.
 */
#include <assert.h>
#include <string.h>

#include "apk/dependency.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_word(struct slice word, enum dependency_place place)
{
	struct dependency dep, again;
	SCOPED_FREE char *text = NULL;
	SCOPED_FREE char *twice = NULL;

	if (dependency_parse(word, place, &dep))
		return;
	text = dependency_text(&dep);
	assert(!dependency_parse(slice_of(text), place, &again));
	twice = dependency_text(&again);
	assert(!strcmp(text, twice) && dep.op == again.op);
	assert(slice_eq(dep.name, again.name));
	assert(place == DEPENDENCY_OF_WORLD || !dep.tag.len);
	dependency_matches(&dep, word, NULL);
}

static void check_identity(struct slice text)
{
	char first[IDENTITY_TEXT_SIZE], hex[IDENTITY_TEXT_SIZE];
	struct identity id, again;

	if (identity_parse(text, &id))
		return;
	assert(!identity_parse(slice_of(identity_text(&id, first)), &again));
	assert(identity_eq(&id, &again));
	assert(!identity_parse(slice_of(identity_hex(&id, hex)), &again));
	assert(identity_eq(&id, &again));
}

static void check_list(struct slice text, enum dependency_place place)
{
	struct dependency_list list = { 0 };
	struct slice rest = text, word;
	struct arena arena;
	size_t n = 0;
	int malformed;

	while (dependency_cut(&rest, &word)) {
		check_word(word, place);
		n++;
	}
	arena_init(&arena);
	malformed = dependency_list_parse(text, place, &arena, &list);
	assert(malformed < 0 || list.n + (size_t)malformed == n);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make(data, size);

	check_list(text, DEPENDENCY_OF_PACKAGE);
	check_list(text, DEPENDENCY_PROVIDED);
	check_list(text, DEPENDENCY_OF_WORLD);
	check_identity(text);
	return 0;
}
