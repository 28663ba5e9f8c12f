/* SPDX-License-Identifier: MIT
 *
 * Any text: cleaning refuses it or makes it clean for good; a path matches
 * itself as a pattern when it has no wildcard; patterns end.
 */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, enum path_origin origin)
{
	struct error err;
	char *path, *again;

	if (path_clean(text, origin, &path, &err)) {
		assert(slice_is_utf8(slice_of(err.text)) ||
			strlen(text) > sizeof(err.text) / 4);
		return;
	}
	assert(path[0] != '/' && strlen(path) <= strlen(text));
	assert(!path_clean(path, PATH_FROM_ARCHIVE, &again, &err));
	assert(!strcmp(path, again));
	assert(path_is_pattern(path) || path_glob(path, path));
	free(path);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The first NUL ends the pattern. */
	SCOPED_FREE char *text = slice_dup(slice_make(data, size));
	size_t len = strlen(text);

	check(text, PATH_FROM_ARCHIVE);
	check(text, PATH_FROM_SPEC);
	if (size < 2000)
		path_glob(text, len < size ? text + len + 1 : text);
	return 0;
}
