/* SPDX-License-Identifier: MIT */
#include "rootfs/script_account.h"

#include <string.h>

#include "base/path.h"
#include "rootfs/account_file.h"
#include "rootfs/account_lines.h"
#include "rootfs/script_home.h"

#define GSHADOW "etc/gshadow"
#define FIRST_SYSTEM_ID 100
#define LAST_SYSTEM_ID 999
#define DAY 86400 /* seconds: shadow counts days since 1970 */

/* A file of accounts while it is changed. */
struct file {
	struct node *node;
	struct buf text;
};

static void file_release(struct file *file)
{
	buf_release(&file->text);
}

#define SCOPED_FILE CLEANUP(file_release)

static int file_open(struct script_work *work, const char *path,
	struct file *file, struct error *err)
{
	script_find(work, path, TREE_FOLLOW_ALL, &file->node);
	return script_read(work, path, ACCOUNT_FILE_MAX, &file->text, err);
}

static bool is_there(const struct script_work *work, const char *path)
{
	struct node *node;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	return node && node->inode->kind == INODE_FILE;
}

/* The old file keeps its bytes and time under the name with "-". */
static int make_backup(
	struct script_work *work, const char *path, struct error *err)
{
	const struct tree_source source = { work->origin, TREE_OVERLAY };
	SCOPED_FREE char *backup = memory_printf("%s-", path);
	struct node *old = tree_find(work->tree, backup);

	if (old && old->inode->kind == INODE_DIRECTORY) {
		script_note(work, "no backup: /%s is a directory", backup);
		return 0;
	}
	if (old)
		tree_remove(work->tree, old);
	return tree_link(work->tree, backup, path, &source, err) ? 0 : -1;
}

static int file_store(
	struct script_work *work, struct file *file, struct error *err)
{
	SCOPED_BUF struct buf path;

	buf_init(&path, PATH_TEXT_MAX);
	node_path(file->node, &path);
	if (make_backup(work, path.data, err))
		return -1;
	return script_rewrite(work, file->node, &file->text, err);
}

/* Appends a line to the file at path, which may be missing. */
static int add_line(struct script_work *work, const char *path,
	const char *line, struct error *err)
{
	SCOPED_FILE struct file file = { .node = NULL };

	if (!is_there(work, path))
		return 0;
	if (file_open(work, path, &file, err))
		return -1;
	account_append(&file.text, line);
	return file_store(work, &file, err);
}

/* Numbers in use, one bit each. */
struct ids {
	uint8_t bits[(TREE_ID_MAX + 1) / 8];
};

static void mark_ids(struct ids *ids, struct slice text)
{
	struct slice line, name, password, number;
	uint64_t id;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_cut(&line, ':', &name) &&
			slice_cut(&line, ':', &password) &&
			slice_cut(&line, ':', &number) &&
			!slice_to_u64(number, 10, TREE_ID_MAX, &id))
			ids->bits[id / 8] |= (uint8_t)(1u << id % 8);
	}
}

static bool is_used(const struct ids *ids, uint32_t id)
{
	return ids->bits[id / 8] >> id % 8 & 1;
}

/* Which number: the one that is given, else the first free one. */
struct wish {
	const char *given;    /* -g or -u; NULL: none */
	uint32_t first, last; /* to choose from */
};

static struct wish wish_of(const struct script_arguments *args, char option)
{
	const char *is_system = script_option(args, 'S');

	return (struct wish){ .given = script_option(args, option),
		.first = is_system ? FIRST_SYSTEM_ID : LAST_SYSTEM_ID + 1,
		.last = is_system ? LAST_SYSTEM_ID : TREE_ID_MAX };
}

static int choose_id(struct script_work *work, const struct ids *ids,
	const struct wish *wish, uint32_t *id)
{
	const char *given = wish->given;
	uint64_t number = 0;

	if (given) {
		if (slice_to_u64(slice_of(given), 10, TREE_ID_MAX, &number))
			return script_fail(work, "number %s", given);
		*id = (uint32_t)number;
		return is_used(ids, *id)
			       ? script_fail(work, "number %s is in use", given)
			       : 0;
	}
	*id = wish->first;
	while (*id < wish->last && is_used(ids, *id))
		++*id;
	return is_used(ids, *id) ? script_fail(work, "no numbers are left") : 0;
}

static bool has_name(const struct file *file, const char *name)
{
	struct account account;

	return account_find(buf_slice(&file->text), name, &account);
}

/* addgroup USER GROUP */
static int add_member(struct script_work *work, const char *user,
	const char *group, struct error *err)
{
	SCOPED_FILE struct file passwd = { .node = NULL };
	SCOPED_FILE struct file file = { .node = NULL };
	struct account account;
	int rc = file_open(work, ACCOUNT_PASSWD, &passwd, err);

	if (!rc)
		rc = file_open(work, ACCOUNT_GROUP, &file, err);
	if (rc)
		return rc;
	if (!has_name(&passwd, user))
		return script_fail(work, "unknown user %s", user);
	if (!account_find(buf_slice(&file.text), group, &account))
		return script_fail(work, "unknown group %s", group);
	if (!account_add_member(&file.text, &account, user))
		return 0;
	return file_store(work, &file, err);
}

static int new_group(struct script_work *work, const char *name,
	const struct wish *wish, struct error *err)
{
	SCOPED_FILE struct file file = { .node = NULL };
	SCOPED_FREE struct ids *ids = memory_zero(1, sizeof(*ids));
	SCOPED_FREE char *line = NULL;
	SCOPED_FREE char *hidden = memory_printf("%s:!::", name);
	uint32_t id = 0;
	int rc = file_open(work, ACCOUNT_GROUP, &file, err);

	if (rc)
		return rc;
	if (has_name(&file, name))
		return script_fail(work, "group %s is there already", name);
	mark_ids(ids, buf_slice(&file.text));
	rc = choose_id(work, ids, wish, &id);
	if (rc)
		return rc;
	line = memory_printf("%s:x:%u:", name, id);
	account_append(&file.text, line);
	if (file_store(work, &file, err))
		return -1;
	script_note(work, "group %s is %u", name, id);
	return add_line(work, GSHADOW, hidden, err);
}

int script_addgroup(struct script_work *work,
	const struct script_arguments *args, struct error *err)
{
	const struct wish wish = wish_of(args, 'g');

	if (args->noperands == 2)
		return add_member(
			work, args->operands[0], args->operands[1], err);
	return new_group(work, args->operands[0], &wish, err);
}

/* What adduser's options come to. */
struct user {
	const char *name, *group, *gecos, *home, *shell;
	uint32_t uid, gid;
};

static int find_gid(struct script_work *work, const struct file *group,
	const char *name, uint32_t *gid)
{
	struct account account;
	uint64_t number;

	if (account_find(buf_slice(&group->text), name, &account) &&
		account.id <= TREE_ID_MAX) {
		*gid = account.id;
		return 0;
	}
	if (slice_to_u64(slice_of(name), 10, TREE_ID_MAX, &number))
		return script_fail(work, "unknown group %s", name);
	*gid = (uint32_t)number;
	return 0;
}

/* The numbers of a new user; without a group they are the same. */
static int choose_user(struct script_work *work,
	const struct script_arguments *args, const struct file *passwd,
	struct user *user, struct error *err)
{
	SCOPED_FILE struct file group = { .node = NULL };
	SCOPED_FREE struct ids *ids = memory_zero(1, sizeof(*ids));
	const struct wish wish = wish_of(args, 'u');
	int rc = file_open(work, ACCOUNT_GROUP, &group, err);

	if (!rc && user->group)
		rc = find_gid(work, &group, user->group, &user->gid);
	if (rc)
		return rc;
	if (has_name(passwd, user->name))
		return script_fail(
			work, "user %s is there already", user->name);
	mark_ids(ids, buf_slice(&passwd->text));
	if (!user->group)
		mark_ids(ids, buf_slice(&group.text));
	rc = choose_id(work, ids, &wish, &user->uid);
	if (rc || user->group)
		return rc;
	user->gid = user->uid;
	if (has_name(&group, user->name))
		return script_fail(
			work, "group %s is there already", user->name);
	return 0;
}

/* The last field of root's line, without which it is /bin/sh. */
static const char *shell_of_root(
	const struct script_work *work, const struct file *passwd)
{
	struct account root;
	struct slice rest, field = { .ptr = NULL };

	if (!account_find(buf_slice(&passwd->text), "root", &root))
		return "/bin/sh";
	rest = root.rest;
	for (int i = 0; i < 4; i++) { /* gid, gecos, home, shell */
		if (!slice_cut(&rest, ':', &field))
			return "/bin/sh";
	}
	return field.len ? arena_slice(work->tree->arena, field) : "/bin/sh";
}

static int read_user(struct script_work *work,
	const struct script_arguments *args, const struct file *passwd,
	struct user *user, struct error *err)
{
	bool is_system = script_option(args, 'S') != NULL;

	*user = (struct user){ .name = args->operands[0],
		.group = script_option(args, 'G'),
		.gecos = script_option(args, 'g'),
		.home = script_option(args, 'h'),
		.shell = script_option(args, 's') };
	if (!user->group && is_system)
		user->group = "nogroup";
	if (!user->gecos && script_default_gecos(work, &user->gecos, err))
		return -1;
	if (!user->home)
		user->home =
			arena_printf(work->tree->arena, "/home/%s", user->name);
	if (!user->shell)
		user->shell = is_system ? "/sbin/nologin"
					: shell_of_root(work, passwd);
	return choose_user(work, args, passwd, user, err);
}

static int write_user(struct script_work *work, struct file *passwd,
	const struct user *user, struct error *err)
{
	SCOPED_FREE char *line =
		memory_printf("%s:x:%u:%u:%s:%s:%s", user->name, user->uid,
			user->gid, user->gecos, user->home, user->shell);
	SCOPED_FREE char *hidden =
		memory_printf("%s:!:%lld:0:99999:7:::", user->name,
			(long long)(work->run->mtime / DAY));
	SCOPED_FREE char *gid = memory_printf("%u", user->gid);
	SCOPED_FILE struct file shadow = { .node = NULL };

	account_append(&passwd->text, line);
	if (file_store(work, passwd, err))
		return -1;
	script_note(work, "user %s is %u:%u", user->name, user->uid, user->gid);
	if (is_there(work, ACCOUNT_SHADOW) &&
		file_open(work, ACCOUNT_SHADOW, &shadow, err))
		return -1;
	/* one that is there keeps its password, unlike with busybox, which
	   writes a malformed line */
	if (shadow.node &&
		!account_has_line(buf_slice(&shadow.text), user->name) &&
		add_line(work, ACCOUNT_SHADOW, hidden, err))
		return -1;
	if (user->group)
		return add_member(work, user->name, user->group, err);
	return new_group(work, user->name, &(struct wish){ .given = gid }, err);
}

int script_adduser(struct script_work *work,
	const struct script_arguments *args, struct error *err)
{
	SCOPED_FILE struct file passwd = { .node = NULL };
	struct user user;
	int rc;

	if (args->noperands == 2)
		return add_member(
			work, args->operands[0], args->operands[1], err);
	rc = file_open(work, ACCOUNT_PASSWD, &passwd, err);
	if (!rc)
		rc = read_user(work, args, &passwd, &user, err);
	if (rc)
		return rc;
	/* what fails after the line in passwd does not fail adduser */
	if (write_user(work, &passwd, &user, err) < 0)
		return -1;
	if (script_option(args, 'H'))
		return 0;
	return script_make_home(work,
		&(struct script_home){ .path = user.home,
			.skeleton = script_option(args, 'k'),
			.uid = user.uid,
			.gid = user.gid },
		err);
}

/* name:!hash:days:rest becomes name:hash:today:rest. */
static void unlock(struct script_work *work, struct file *shadow,
	struct slice line, const char *name)
{
	const char *end = line.ptr + line.len;
	size_t before = (size_t)(line.ptr - shadow->text.data);
	struct slice rest = line, field, password;
	struct buf changed;

	slice_cut(&rest, ':', &field);
	slice_cut(&rest, ':', &password);
	buf_init(&changed, shadow->text.max);
	buf_add(&changed, shadow->text.data, before);
	buf_printf(&changed, "%s:%.*s", name, (int)password.len - 1,
		password.ptr + 1);
	if (slice_cut(&rest, ':', &field)) {
		buf_printf(
			&changed, ":%lld", (long long)(work->run->mtime / DAY));
		if (rest.ptr)
			buf_printf(&changed, ":%.*s", SLICE_ARGS(rest));
	}
	buf_add(&changed, end,
		shadow->text.len - (size_t)(end - shadow->text.data));
	buf_release(&shadow->text);
	shadow->text = changed;
}

/* The file is written anew even though it says "x" already. */
static int sync_passwd(struct script_work *work, struct error *err)
{
	SCOPED_FILE struct file passwd = { .node = NULL };
	int rc = file_open(work, ACCOUNT_PASSWD, &passwd, err);

	return rc ? rc : file_store(work, &passwd, err);
}

/* The line of that name; false: there is none. */
static bool find_line(struct slice text, const char *name, struct slice *line)
{
	struct slice rest, field;

	while (slice_cut(&text, '\n', line)) {
		rest = *line;
		if (slice_cut(&rest, ':', &field) && slice_is(field, name))
			return true;
	}
	return false;
}

int script_passwd(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	SCOPED_FILE struct file shadow = { .node = NULL };
	const char *name = args->operands[0];
	struct slice line;
	int rc = script_has_account(work, "passwd", name, err);

	if (rc <= 0)
		return rc ? -1 : script_fail(work, "unknown user %s", name);
	rc = file_open(work, ACCOUNT_SHADOW, &shadow, err);
	if (rc)
		return rc;
	if (!find_line(buf_slice(&shadow.text), name, &line))
		return script_fail(work, "%s has no line in shadow", name);
	if (line.len <= strlen(name) + 1 || line.ptr[strlen(name) + 1] != '!')
		return script_fail(work, "%s is unlocked already", name);
	unlock(work, &shadow, line, name);
	script_note(work, "%s is unlocked", name);
	if (file_store(work, &shadow, err))
		return -1;
	return sync_passwd(work, err);
}

int script_has_account(struct script_work *work, const char *database,
	const char *name, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("etc/%s", database);
	SCOPED_FILE struct file file = { .node = NULL };
	struct account account;
	uint64_t id;

	if (!is_there(work, path))
		return 0;
	if (file_open(work, path, &file, err))
		return -1;
	if (!slice_to_u64(slice_of(name), 10, UINT32_MAX, &id))
		return account_find_id(
			buf_slice(&file.text), (uint32_t)id, &account);
	return account_find(buf_slice(&file.text), name, &account);
}

int script_login_group(struct script_work *work, const char *user,
	uint32_t *gid, struct error *err)
{
	SCOPED_FILE struct file passwd = { .node = NULL };
	struct account account;
	struct slice field;
	uint64_t id;
	int rc = file_open(work, ACCOUNT_PASSWD, &passwd, err);
	bool is_found;

	if (rc)
		return rc;
	is_found =
		slice_to_u64(slice_of(user), 10, UINT32_MAX, &id)
			? account_find(buf_slice(&passwd.text), user, &account)
			: account_find_id(buf_slice(&passwd.text), (uint32_t)id,
				  &account);
	if (!is_found || !slice_cut(&account.rest, ':', &field) ||
		slice_to_u64(field, 10, TREE_ID_MAX, &id))
		return script_fail(work, "no group of user %s", user);
	*gid = (uint32_t)id;
	return 0;
}
