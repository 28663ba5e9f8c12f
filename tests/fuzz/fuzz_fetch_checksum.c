/* SPDX-License-Identifier: MIT
 *
 * A mirror's .sha256 or .sha512. What is accepted is exactly what
 * sha256sum(1) writes for that digest and file.
 */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "build/fetch_checksum.h"

#define NAME "f.tar.gz"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice text, enum digest_kind kind)
{
	struct digest digest = { 0 };
	struct error err = { 0 };
	char hex[DIGEST_HEX_SIZE];
	SCOPED_FREE char *want = NULL;

	if (fetch_checksum_parse(text, NAME, kind, &digest, &err)) {
		assert(err.kind == ERROR_INPUT);
		return;
	}
	assert(digest.kind == kind);
	want = memory_printf("%s  " NAME "\n", digest_hex(&digest, hex));
	want[strlen(hex) + 1] = text.ptr[strlen(hex) + 1];
	assert(text.len + 1 >= strlen(want));
	assert(!memcmp(text.ptr, want, text.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(slice_make(data, size), DIGEST_SHA256);
	check(slice_make(data, size), DIGEST_SHA512);
	return 0;
}
