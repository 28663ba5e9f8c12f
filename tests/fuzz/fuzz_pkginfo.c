/* SPDX-License-Identifier: MIT
 *
 * Any text as a .PKGINFO: what is taken has a name that can stand in a URL.
 */
#include <assert.h>
#include <string.h>

#include "apk/pkginfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pkginfo info;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	if (pkginfo_parse(&info, slice_make(data, size), &arena, &err)) {
		assert(err.kind == ERROR_INPUT &&
			slice_is_utf8(slice_of(err.text)));
	} else {
		assert(!strchr(package_file_name(&info.package, &arena), '/'));
		assert(info.datahash.kind == DIGEST_NONE ||
			info.datahash.kind == DIGEST_SHA256);
	}
	arena_release(&arena);
	return 0;
}
