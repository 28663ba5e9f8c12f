/* SPDX-License-Identifier: MIT
 *
 * One manifest, without what it extends: no bytes may crash the reader, and
 * what it complains of is printable.
 */
#include <stdlib.h>

#include "spec/manifest_decode.h"
#include "spec/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int decode(struct arena *arena, struct slice text, struct error *err)
{
	struct arch items[] = { { .name = "arm64" }, { .name = "armv7" } };
	struct arch_table archs = { items, ARRAY_SIZE(items) };
	struct decoder d = { .arch = items, .archs = &archs, .arena = arena };
	struct manifest m = { .description = "" };
	struct json_doc doc;
	int ret;

	if (json_doc_parse(&doc, "fuzz", text, arena, err))
		return -1;
	d.doc = &doc;
	ret = manifest_decode(&d, &m, err) || manifest_check(&d, &m, err);
	json_doc_release(&doc);
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct arena arena;

	arena_init(&arena);
	if (decode(&arena, slice_make(data, size), &err) &&
		(err.kind != ERROR_SPEC || !err.text[0] ||
			!syntax_is_printable(err.text, "")))
		abort();
	arena_release(&arena);
	return 0;
}
