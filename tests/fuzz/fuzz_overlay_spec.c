/* SPDX-License-Identifier: MIT
 *
 * overlay.json: no bytes may crash the reader, complaints are printable, and
 * accepted paths are clean.
 */
#include <stdlib.h>

#include "base/path.h"
#include "spec/overlay_decode.h"
#include "spec/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path)
{
	SCOPED_FREE char *clean = NULL;
	struct error err;

	if (path_clean(path, PATH_FROM_ARCHIVE, &clean, &err) || !*clean ||
		!slice_eq(slice_of(clean), slice_of(path)))
		abort();
}

static int decode(struct arena *arena, struct slice text, struct error *err)
{
	struct arch items[] = { { .name = "arm64" }, { .name = "armv7" } };
	struct arch_table archs = { items, ARRAY_SIZE(items) };
	struct decoder d = { .arch = items, .archs = &archs, .arena = arena };
	struct overlay_spec spec;
	struct json_doc doc;
	int ret;

	if (json_doc_parse(&doc, "fuzz", text, arena, err))
		return -1;
	d.doc = &doc;
	ret = overlay_decode(&d, &spec, err);
	json_doc_release(&doc);
	for (size_t i = 0; !ret && i < spec.rules.n; i++)
		check_path(spec.rules.items[i].path);
	for (size_t i = 0; !ret && i < spec.templates.n; i++)
		check_path(spec.templates.items[i]);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct arena arena;

	arena_init(&arena);
	if (decode(&arena, slice_make(data, size), &err) &&
		(!err.text[0] || !syntax_is_printable(err.text, "")))
		abort();
	arena_release(&arena);
	return 0;
}
