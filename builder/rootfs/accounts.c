/* SPDX-License-Identifier: MIT */
#include "rootfs/accounts.h"

#include "base/memory.h"
#include "rootfs/account_file.h"
#include "rootfs/account_lines.h"

/* One of the three files while it is changed. */
struct file {
	const char *path;
	struct node *node;
	struct buf text;
	bool is_changed;
};

struct accounts {
	struct file passwd, group, shadow;
	int64_t mtime;
};

#define DAY 86400 /* seconds: shadow counts days since 1970 */

static int file_open(
	struct file *file, const struct tree *tree, struct error *err)
{
	return account_file_read(
		tree, file->path, &file->node, &file->text, err);
}

static int file_store(struct file *file, const struct tree *tree, int64_t mtime,
	struct error *err)
{
	struct buf *text = &file->text;

	if (text->overflow)
		return error_set(err, ERROR_SPEC,
			"%s would have more than %zu bytes", file->path,
			ACCOUNT_FILE_MAX);
	if (!file->is_changed)
		return 0;
	file->node->inode->content = content_bytes(
		arena_copy(tree->arena, text->data, text->len), text->len);
	file->node->inode->mtime = mtime;
	file->node->origin = ACCOUNTS_ORIGIN;
	return 0;
}

static void file_add(struct file *file, const char *line)
{
	account_append(&file->text, line);
	file->is_changed = true;
}

static bool find(const struct file *file, const char *name, struct account *out)
{
	return account_find(buf_slice(&file->text), name, out);
}

static bool find_id(const struct file *file, uint32_t id, struct account *out)
{
	return account_find_id(buf_slice(&file->text), id, out);
}

static void add_member(
	struct file *group, const struct account *account, const char *member)
{
	if (account_add_member(&group->text, account, member))
		group->is_changed = true;
}

static int check_name(const char *name, uint32_t id, struct error *err)
{
	if (!account_name_is_valid(name))
		return error_set(err, ERROR_SPEC,
			"\"%s\" is no name, expected [a-z_][a-z0-9_-]*[$]? of "
			"at most %d bytes",
			name, ACCOUNT_NAME_MAX);
	if (id > TREE_ID_MAX)
		return error_set(err, ERROR_SPEC,
			"number %u of %s, expected at most %d", id, name,
			TREE_ID_MAX);
	return 0;
}

static int check_taken(const struct file *file, const char *noun,
	const char *name, uint32_t id, struct error *err)
{
	struct account other;

	if (!find_id(file, id, &other))
		return 0;
	return error_set(err, ERROR_SPEC,
		"%s %u for %s belongs to %.*s in %s already, choose another "
		"number",
		noun, id, name, SLICE_ARGS(other.name), file->path);
}

static int check_agrees(const struct file *file, const char *name,
	uint32_t found, uint32_t expected, struct error *err)
{
	if (found == expected)
		return 0;
	return error_set(err, ERROR_SPEC,
		"%s has number %u in the image's %s, the manifest says %u",
		name, found, file->path, expected);
}

static int add_group(
	struct accounts *a, const char *name, uint32_t gid, struct error *err)
{
	SCOPED_FREE char *line = NULL;
	struct account old;

	if (find(&a->group, name, &old))
		return check_agrees(&a->group, name, old.id, gid, err);
	if (check_taken(&a->group, "gid", name, gid, err))
		return -1;
	line = memory_printf("%s:x:%u:", name, gid);
	file_add(&a->group, line);
	return 0;
}

static int complain_unknown(
	const struct file *file, const char *name, struct error *err)
{
	SCOPED_FREE char *near = account_nearest(buf_slice(&file->text), name);

	return error_set(err, ERROR_SPEC, "\"%s\" is not in the image's %s%s%s",
		name, file->path, near ? ", did you mean " : "",
		near ? near : "");
}

/* The number of the group that the user names. */
static int find_gid(const struct accounts *a, const char *group, uint32_t *gid,
	struct error *err)
{
	struct account account;
	uint64_t number;

	if (!slice_to_u64(slice_of(group), 10, TREE_ID_MAX, &number)) {
		*gid = (uint32_t)number;
		return 0;
	}
	if (!find(&a->group, group, &account))
		return complain_unknown(&a->group, group, err);
	*gid = account.id;
	return 0;
}

/* The gid of a line of passwd; one that is none never agrees. */
static uint32_t gid_of(const struct account *user)
{
	struct slice rest = user->rest, field;
	uint64_t gid;

	if (!slice_cut(&rest, ':', &field) ||
		slice_to_u64(field, 10, TREE_ID_MAX, &gid))
		return UINT32_MAX;
	return (uint32_t)gid;
}

static int check_old_user(const struct accounts *a,
	const struct user_spec *user, const struct account *old,
	struct error *err)
{
	uint32_t gid = 0;

	if (check_agrees(&a->passwd, user->name, old->id, user->uid, err))
		return -1;
	if (!user->group)
		return 0;
	if (find_gid(a, user->group, &gid, err) ||
		check_agrees(&a->passwd, user->group, gid_of(old), gid, err))
		return error_wrap(err, "group of %s", user->name);
	return 0;
}

/* Finds or makes the primary group, and names the user in one that was. */
static int join_group(struct accounts *a, const struct user_spec *user,
	uint32_t *gid, struct error *err)
{
	struct account group;

	if (user->group) {
		if (find_gid(a, user->group, gid, err))
			return -1;
		if (find_id(&a->group, *gid, &group))
			add_member(&a->group, &group, user->name);
		return 0;
	}
	if (find(&a->group, user->name, &group)) {
		*gid = group.id;
		add_member(&a->group, &group, user->name);
		return 0;
	}
	*gid = user->uid;
	return add_group(a, user->name, *gid, err);
}

static int check_user(const struct user_spec *user, struct error *err)
{
	const char *const fields[] = { user->gecos, user->home, user->shell };

	if (check_name(user->name, user->uid, err))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!account_field_is_valid(fields[i]))
			return error_set(err, ERROR_SPEC,
				"a field of %s holds a colon, a control "
				"character or invalid UTF-8",
				user->name);
	}
	if (user->home[0] != '/' || user->shell[0] != '/')
		return error_set(err, ERROR_SPEC,
			"home \"%s\" and shell \"%s\" of %s must be absolute",
			user->home, user->shell, user->name);
	return 0;
}

static int add_user(
	struct accounts *a, const struct user_spec *user, struct error *err)
{
	SCOPED_FREE char *passwd = NULL;
	SCOPED_FREE char *shadow = NULL;
	struct account old;
	uint32_t gid = 0;

	if (check_user(user, err))
		return -1;
	if (find(&a->passwd, user->name, &old))
		return check_old_user(a, user, &old, err);
	if (check_taken(&a->passwd, "uid", user->name, user->uid, err) ||
		join_group(a, user, &gid, err))
		return -1;
	passwd = memory_printf("%s:x:%u:%u:%s:%s:%s", user->name, user->uid,
		gid, user->gecos, user->home, user->shell);
	file_add(&a->passwd, passwd);
	if (account_has_line(buf_slice(&a->shadow.text), user->name))
		return 0;
	shadow = memory_printf("%s:!:%lld:0:99999:7:::", user->name,
		(long long)(a->mtime / DAY));
	file_add(&a->shadow, shadow);
	return 0;
}

static int add_members(
	struct accounts *a, const struct group_spec *spec, struct error *err)
{
	struct account group, user;

	for (size_t i = 0; i < spec->members.n; i++) {
		const char *member = spec->members.items[i];

		if (!find(&a->passwd, member, &user))
			return complain_unknown(&a->passwd, member, err);
		if (find(&a->group, spec->name, &group))
			add_member(&a->group, &group, member);
	}
	return 0;
}

static int apply(
	struct accounts *a, const struct manifest *m, struct error *err)
{
	for (size_t i = 0; i < m->ngroups; i++) {
		const struct group_spec *group = &m->groups[i];

		if (check_name(group->name, group->gid, err) ||
			add_group(a, group->name, group->gid, err))
			return error_wrap(err, "%s", group->place);
	}
	for (size_t i = 0; i < m->nusers; i++) {
		if (add_user(a, &m->users[i], err))
			return error_wrap(err, "%s", m->users[i].place);
	}
	for (size_t i = 0; i < m->ngroups; i++) {
		if (add_members(a, &m->groups[i], err))
			return error_wrap(err, "%s", m->groups[i].place);
	}
	return 0;
}

static void accounts_release(struct accounts *a)
{
	buf_release(&a->passwd.text);
	buf_release(&a->group.text);
	buf_release(&a->shadow.text);
}

int accounts_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err)
{
	CLEANUP(accounts_release)
	struct accounts a = {
		.passwd = { .path = ACCOUNT_PASSWD },
		.group = { .path = ACCOUNT_GROUP },
		.shadow = { .path = ACCOUNT_SHADOW },
		.mtime = mtime,
	};

	if (!manifest->nusers && !manifest->ngroups)
		return 0;
	if (file_open(&a.passwd, tree, err) || file_open(&a.group, tree, err) ||
		file_open(&a.shadow, tree, err) || apply(&a, manifest, err))
		return -1;
	if (file_store(&a.passwd, tree, mtime, err) ||
		file_store(&a.group, tree, mtime, err) ||
		file_store(&a.shadow, tree, mtime, err))
		return -1;
	return 0;
}
