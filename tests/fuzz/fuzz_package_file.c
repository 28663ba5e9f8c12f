/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a package of which the index says that it is hello-1.0-r0 and
 * which of its members is the control section.
 */
#include <assert.h>

#include "apk/package_file.h"
#include "container_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct package_file *file, const struct package *record,
	const struct container_script *script)
{
	const struct package *pkg = &file->info.package;

	assert(slice_eq(pkg->name, record->name));
	assert(slice_eq(pkg->version, record->version));
	assert(identity_eq(&pkg->identity, &record->identity));
	assert(pkg->size == script->file.len);
	assert(file->info.datahash.kind == DIGEST_SHA256);
	assert(file->data_offset < script->file.len);
	assert(file->scripts.n <= SCRIPT_NKINDS);
	for (size_t i = 0; i < file->scripts.n; i++)
		assert(file->scripts.items[i].text.len <= SCRIPT_MAX);
}

static void unpack(const struct container_script *script, size_t control)
{
	SCOPED_FD int fd = fixture_fd(script->file.data, script->file.len);
	const struct buf *member = &script->members[control];
	struct digest id = digest_of(DIGEST_SHA1, member->data, member->len);
	const struct package record = {
		.name = slice_of("hello"),
		.version = slice_of("1.0-r0"),
		.identity = identity_make(IDENTITY_SHA1, id.bytes),
	};
	const struct package_file_input input = {
		.fd = fd, .name = "fuzz", .record = &record
	};
	struct package_file file;
	struct arena arena;
	struct error err;
	struct sink data;

	null_sink_init(&data);
	arena_init(&arena);
	if (!package_file_read(&file, &input, &arena, &err))
		check(&file, &record, script);
	if (!package_file_unpack(&file, &input, &data, &arena, &err))
		check(&file, &record, script);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct container_script script;

	container_script_init(&script, data, size);
	unpack(&script, 0);
	unpack(&script, 1);
	container_script_release(&script);
	return 0;
}
