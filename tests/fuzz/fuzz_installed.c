/* SPDX-License-Identifier: MIT
 *
 * A database that is read can be written, and what is written is read again
 * as the same; every file has an owner.
 */
#include <assert.h>
#include <string.h>

#include "apk/installed.h"

#define TEXT_MAX ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_owners(const struct installed *db)
{
	struct owner_map *map = owner_map_new(db);
	struct db_owner owner;

	for (size_t i = 0; i < db->n; i++) {
		const struct db_package *pkg = db->packages[i];

		for (size_t j = 0; j < pkg->n; j++) {
			SCOPED_FREE char *path = slice_dup(pkg->dirs[j]->path);

			assert(owner_map_find(map, path, &owner));
			assert(owner.dir);
			owner_map_remove(map, path);
			assert(!owner_map_find(map, path, &owner));
			owner_map_set(map, path, &owner);
		}
	}
	owner_map_free(map);
}

static void check_again(
	const struct installed *db, enum apk_flavor flavor, struct arena *arena)
{
	SCOPED_BUF struct buf first, second;
	struct installed again;
	struct error err;

	buf_init(&first, TEXT_MAX);
	buf_init(&second, TEXT_MAX);
	installed_print(db, flavor, &first);
	installed_init(&again, arena);
	assert(!installed_parse(&again, buf_slice(&first), "again", &err));
	assert(again.n == db->n);
	installed_print(&again, flavor, &second);
	assert(slice_eq(buf_slice(&first), buf_slice(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct installed db;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	installed_init(&db, &arena);
	if (!installed_parse(&db, slice_make(data, size), "fuzz", &err)) {
		check_again(&db, APK_2, &arena);
		check_again(&db, APK_3, &arena);
		check_owners(&db);
	}
	arena_release(&arena);
	return 0;
}
