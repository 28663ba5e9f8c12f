/* SPDX-License-Identifier: MIT */
#include "rootfs/owner.h"

#include "rootfs/account_file.h"

struct kind {
	const char *noun; /* "user" */
	const char *file;
};

static const struct kind user_kind = { "user", ACCOUNT_PASSWD };
static const struct kind group_kind = { "group", ACCOUNT_GROUP };

static int complain_unknown(const struct kind *kind, struct slice text,
	const char *name, struct error *err)
{
	SCOPED_FREE char *near = account_nearest(text, name);

	return error_set(err, ERROR_SPEC,
		"unknown %s \"%s\"%s%s%s, the image's %s does not list it",
		kind->noun, name, near ? ", did you mean \"" : "",
		near ? near : "", near ? "\"" : "", kind->file);
}

static int check_range(const struct kind *kind, const char *name, uint64_t id,
	struct error *err)
{
	if (id <= TREE_ID_MAX)
		return 0;
	return error_set(err, ERROR_SPEC,
		"%s \"%s\" has the number %llu, expected at most %d",
		kind->noun, name, (unsigned long long)id, TREE_ID_MAX);
}

static int look_up(const struct tree *tree, const struct kind *kind,
	const char *name, uint32_t *id, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	struct account account;
	struct node *node;
	uint64_t number;

	if (!slice_to_u64(slice_of(name), 10, UINT64_MAX, &number)) {
		if (check_range(kind, name, number, err))
			return -1;
		*id = (uint32_t)number;
		return 0;
	}
	if (account_file_read(tree, kind->file, &node, &text, err))
		return error_wrap(err, "%s \"%s\"", kind->noun, name);
	if (!account_find(buf_slice(&text), name, &account))
		return complain_unknown(kind, buf_slice(&text), name, err);
	if (check_range(kind, name, account.id, err))
		return -1;
	*id = account.id;
	return 0;
}

int owner_uid(const struct tree *tree, const char *user, uint32_t *uid,
	struct error *err)
{
	return look_up(tree, &user_kind, user, uid, err);
}

int owner_gid(const struct tree *tree, const char *group, uint32_t *gid,
	struct error *err)
{
	return look_up(tree, &group_kind, group, gid, err);
}
