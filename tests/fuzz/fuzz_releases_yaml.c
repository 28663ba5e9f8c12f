/* SPDX-License-Identifier: MIT
 *
 * A mirror's latest-releases.yaml: no bytes may crash the reader, complaints
 * are printable, and the file's name is fit for a URL and a path.
 */
#include <stdlib.h>
#include <string.h>

#include "spec/releases.h"
#include "spec/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make(data, size);
	struct latest_release latest;
	struct error err = { 0 };
	struct arena arena;

	arena_init(&arena);
	if (latest_release_parse(&latest, "fuzz", text, &arena, &err)) {
		if (!err.text[0] || !syntax_is_printable(err.text, ""))
			abort();
	} else if (strpbrk(latest.file, "/\\?#% \n") || !*latest.version ||
		   strpbrk(latest.arch, "/.")) {
		abort();
	}
	arena_release(&arena);
	return 0;
}
