/* SPDX-License-Identifier: MIT */
#include "rootfs/account_file.h"

#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

int account_file_read(const struct tree *tree, const char *path,
	struct node **node, struct buf *buf, struct error *err)
{
	struct content_reader reader;
	int rc;

	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, node, err))
		return error_wrap(err, "%s", path);
	if (!*node || (*node)->inode->kind != INODE_FILE)
		return error_set(err, ERROR_TREE,
			"the image has no file %s to look users and groups up "
			"in",
			path);
	content_reader_init(&reader);
	rc = content_read(
		&reader, &(*node)->inode->content, ACCOUNT_FILE_MAX, buf, err);
	content_reader_release(&reader);
	return rc ? error_wrap(err, "%s", path) : 0;
}

/* Cuts the next line that has the shape of an account. */
static bool next_account(struct slice *text, struct account *out)
{
	struct slice rest, password, number;
	uint64_t id;

	while (slice_cut(text, '\n', &out->line)) {
		rest = out->line;
		if (!slice_cut(&rest, ':', &out->name) || !out->name.len ||
			!slice_cut(&rest, ':', &password) ||
			!slice_cut(&rest, ':', &number) ||
			slice_to_u64(number, 10, UINT32_MAX, &id))
			continue;
		out->id = (uint32_t)id;
		out->rest = rest;
		return true;
	}
	return false;
}

bool account_find(struct slice text, const char *name, struct account *out)
{
	while (next_account(&text, out)) {
		if (slice_is(out->name, name))
			return true;
	}
	return false;
}

bool account_find_id(struct slice text, uint32_t id, struct account *out)
{
	while (next_account(&text, out)) {
		if (out->id == id)
			return true;
	}
	return false;
}

bool account_has_line(struct slice text, const char *name)
{
	struct slice line, first;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_cut(&line, ':', &first) && slice_is(first, name))
			return true;
	}
	return false;
}

char *account_nearest(struct slice text, const char *name)
{
	struct account account;
	char **names = NULL, *found = NULL;
	const char *near;
	size_t n = 0, cap = 0;

	while (next_account(&text, &account)) {
		names = memory_grow(names, n, &cap, sizeof(*names));
		names[n++] = slice_dup(account.name);
	}
	near = nearest_find(name, (const char *const *)names, n);
	if (near)
		found = memory_strdup(near);
	while (n)
		free(names[--n]);
	free(names);
	return found;
}
