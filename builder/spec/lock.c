/* SPDX-License-Identifier: MIT */
#include "spec/lock.h"

#include <string.h>

#include "base/file.h"
#include "spec/lock_decode.h"

int lock_parse(struct lock *lock, const char *name, struct slice text,
	struct arena *arena, struct error *err)
{
	struct decoder d = { .arena = arena };
	struct json_doc doc;
	int ret;

	memset(lock, 0, sizeof(*lock));
	lock->path = arena_strdup(arena, name);
	if (json_doc_parse_large(&doc, name, text, arena, err))
		return -1;
	d.doc = &doc;
	ret = lock_decode(&d, lock, err);
	json_doc_release(&doc);
	return ret;
}

int lock_read(struct lock *lock, const char *path, struct arena *arena,
	struct error *err)
{
	struct buf buf;
	int ret;

	if (file_read(path, LOCK_MAX, &buf, err)) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		return error_set(err, ERROR_LOCK,
			"%s: there is no such lock file (alpbuild lock makes "
			"it)",
			path);
	}
	ret = lock_parse(lock, path, buf_slice(&buf), arena, err);
	buf_release(&buf);
	return ret;
}

const struct lock_arch *lock_find_arch(
	const struct lock *lock, const char *name)
{
	for (size_t i = 0; i < lock->narchs; i++) {
		if (!strcmp(lock->archs[i].name, name))
			return &lock->archs[i];
	}
	return NULL;
}
