/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an index: with keys, of which none made a signature, nothing is
 * ever taken; without, packages are sound.
 */
#include <assert.h>

#include "apk/index_file.h"
#include "container_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct keyring nothing = { 0 };
	struct index_file_input input = { .name = "fuzz", .ring = &nothing };
	struct container_script script;
	struct index_file file;
	SCOPED_FD int fd = -1;
	struct arena arena;
	struct error err;

	container_script_init(&script, data, size);
	fd = fixture_fd(script.file.data, script.file.len);
	input.fd = fd;
	arena_init(&arena);
	assert(index_file_read(&file, &input, &arena, &err));
	input.ring = NULL;
	if (!index_file_read(&file, &input, &arena, &err)) {
		assert(!file.key);
		for (size_t i = 0; i < file.index.n; i++)
			assert(!package_check(&file.index.packages[i], &err));
	}
	container_script_release(&script);
	arena_release(&arena);
	return 0;
}
