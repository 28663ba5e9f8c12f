/* SPDX-License-Identifier: MIT */
#include "rootfs/script_files.h"

#include <string.h>

#include "base/path.h"
#include "rootfs/owner.h"
#include "rootfs/script_account.h"

struct job;

/* What a command does to one path; results as in script_work.h. */
typedef int path_fn(struct script_work *work, const char *path,
	const struct job *job, struct error *err);

struct job {
	path_fn *fn;
	const struct script_arguments *args;
	size_t from; /* the first operand that is a path */
	bool has_uid, has_gid;
	uint32_t uid, gid;
};

static const char *clean(struct script_work *work, const char *text)
{
	const char *why;
	const char *path = script_path(work->tree->arena, text, &why);

	if (!path)
		script_fail(work, "%s", why);
	return path;
}

/* One that fails does not keep it from the others. */
static int each(
	struct script_work *work, const struct job *job, struct error *err)
{
	int result = 0;

	for (size_t i = job->from; i < job->args->noperands; i++) {
		const char *path = clean(work, job->args->operands[i]);
		int rc = path ? job->fn(work, path, job, err) : SCRIPT_FAILED;

		if (rc < 0)
			return -1;
		if (rc)
			result = rc;
	}
	return result;
}

static bool is_directory(const struct node *node)
{
	return node && node->inode->kind == INODE_DIRECTORY;
}

static int make_parents(
	struct script_work *work, const char *path, struct error *err)
{
	SCOPED_FREE char *parent = slice_dup(path_parent(path));

	return script_make_dirs(work, parent, err);
}

static int mkdir_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = 0777 & ~SCRIPT_UMASK };
	const char *mode = script_option(job->args, 'm');
	bool makes_parents = script_option(job->args, 'p') != NULL;
	struct node *node;
	int rc;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	if (is_directory(node) && makes_parents)
		return 0;
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (node)
		return script_fail(work, "/%s is there already", path);
	rc = makes_parents ? make_parents(work, path, err)
			   : script_parent(work, path);
	if (rc)
		return rc;
	if (script_put_new(work, path, &entry, err))
		return -1;
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (mode) {
		node->inode->mode = 0777;
		script_mode_parse(mode, &node->inode->mode);
	}
	script_note(work, "made /%s", path);
	return 0;
}

int script_mkdir(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	return each(work, &(struct job){ .fn = mkdir_one, .args = args }, err);
}

static int owner_failed(struct script_work *work, const struct error *why)
{
	return script_fail(work, "%s", why->text);
}

static int find_user(
	struct script_work *work, const char *name, struct job *job)
{
	struct error why;

	if (owner_uid(work->tree, name, &job->uid, &why))
		return owner_failed(work, &why);
	job->has_uid = true;
	return 0;
}

static int find_group(
	struct script_work *work, const char *name, struct job *job)
{
	struct error why;

	if (owner_gid(work->tree, name, &job->gid, &why))
		return owner_failed(work, &why);
	job->has_gid = true;
	return 0;
}

/* What is not as it was is the script's. */
static void claim(const struct script_work *work, struct node *node,
	const struct inode *before)
{
	const struct inode *now = node->inode;

	if (now->mode != before->mode || now->uid != before->uid ||
		now->gid != before->gid)
		node->origin = work->origin;
}

/* The kernel takes suid and sgid from a file that changes hands. */
static void own(const struct script_work *work, struct node *node,
	const struct job *job)
{
	struct inode *inode = node->inode;
	const struct inode before = *inode;

	if (job->has_uid)
		inode->uid = job->uid;
	if (job->has_gid)
		inode->gid = job->gid;
	if (inode->kind == INODE_FILE) {
		inode->mode &= ~(uint32_t)04000;
		if (inode->mode & 010)
			inode->mode &= ~(uint32_t)02000;
	}
	claim(work, node, &before);
}

static int install_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	const char *mode = script_option(job->args, 'm');
	struct inode before;
	struct node *node;
	int rc = script_make_dirs(work, path, err);

	if (rc)
		return rc;
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (job->has_uid || job->has_gid)
		own(work, node, job);
	script_find(work, path, TREE_FOLLOW_ALL, &node);
	before = *node->inode;
	node->inode->mode = 0755;
	if (mode)
		script_mode_parse(mode, &node->inode->mode);
	claim(work, node, &before);
	script_note(work, "made /%s", path);
	return 0;
}

int script_install(struct script_work *work,
	const struct script_arguments *args, struct error *err)
{
	const char *user = script_option(args, 'o');
	const char *group = script_option(args, 'g');
	struct job job = { .fn = install_one, .args = args };

	if (user && find_user(work, user, &job))
		return SCRIPT_FAILED;
	if (group && find_group(work, group, &job))
		return SCRIPT_FAILED;
	/* with either of them the other is root's */
	job.has_uid = job.has_gid = user || group;
	return each(work, &job, err);
}

static int touch_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0666 & ~SCRIPT_UMASK };
	struct node *node;

	(void)job;
	script_find(work, path, TREE_FOLLOW_ALL, &node);
	if (node) {
		node->inode->mtime = work->run->mtime;
		return 0;
	}
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (node)
		return script_fail(work, "/%s leads nowhere", path);
	if (script_parent(work, path))
		return SCRIPT_FAILED;
	script_note(work, "made /%s", path);
	return script_put_new(work, path, &entry, err);
}

int script_touch(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	return each(work, &(struct job){ .fn = touch_one, .args = args }, err);
}

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static void own_below(const struct script_work *work, struct node *node,
	const struct job *job)
{
	own(work, node, job);
	for (size_t i = 0; i < node->nchildren; i++)
		own_below(work, node->children[i], job);
}

static int own_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	bool is_deep = script_option(job->args, 'R') != NULL;
	struct node *node;

	(void)err;
	/* with -R, links themselves change hands and are not followed */
	script_find(work, path,
		is_deep || script_option(job->args, 'h') ? TREE_FOLLOW_PARENTS
							 : TREE_FOLLOW_ALL,
		&node);
	if (!node)
		return script_fail(work, "/%s is not there", path);
	if (is_deep)
		own_below(work, node, job);
	else
		own(work, node, job);
	script_note(work, "owner of /%s", path);
	return 0;
}

/* The user's own group, for "user:". */
static int find_login_group(struct script_work *work, const char *user,
	struct job *job, struct error *err)
{
	int rc = script_login_group(work, user, &job->gid, err);

	job->has_gid = !rc;
	return rc;
}

/* USER, USER:GROUP, USER: or :GROUP */
static int find_owner(struct script_work *work, const char *text,
	struct job *job, struct error *err)
{
	const char *colon = strchr(text, ':');
	SCOPED_FREE char *user = slice_dup(slice_make(
		text, colon ? (size_t)(colon - text) : strlen(text)));

	if (user[0] && find_user(work, user, job))
		return SCRIPT_FAILED;
	if (colon && colon[1])
		return find_group(work, colon + 1, job);
	return colon && user[0] ? find_login_group(work, user, job, err) : 0;
}

int script_chown(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	struct job job = { .fn = own_one, .args = args, .from = 1 };
	int rc;

	rc = find_owner(work, args->operands[0], &job, err);
	return rc ? rc : each(work, &job, err);
}

int script_chgrp(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	struct job job = { .fn = own_one, .args = args, .from = 1 };

	if (find_group(work, args->operands[0], &job))
		return SCRIPT_FAILED;
	return each(work, &job, err);
}

/* Recursion is no deeper than TREE_DEPTH_MAX. */
static void change_mode(const struct script_work *work, struct node *node,
	const struct script_arguments *args)
{
	const struct inode before = *node->inode;

	if (before.kind == INODE_SYMLINK)
		return;
	script_mode_parse(args->operands[0], &node->inode->mode);
	claim(work, node, &before);
	if (!script_option(args, 'R'))
		return;
	for (size_t i = 0; i < node->nchildren; i++)
		change_mode(work, node->children[i], args);
}

static int chmod_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	struct node *node;

	(void)err;
	script_find(work, path, TREE_FOLLOW_ALL, &node);
	if (!node)
		return script_fail(work, "/%s is not there", path);
	change_mode(work, node, job->args);
	script_note(work, "mode of /%s", path);
	return 0;
}

int script_chmod(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	return each(work,
		&(struct job){ .fn = chmod_one, .args = args, .from = 1 }, err);
}

/* Where the link goes: into a directory under the target's last name. */
static const char *link_path(
	struct script_work *work, const struct script_arguments *args)
{
	const char *path = clean(work, args->operands[1]);
	SCOPED_FREE char *target = memory_strdup(args->operands[0]);
	SCOPED_FREE char *inside = NULL;
	struct node *node;

	if (!path)
		return NULL;
	script_find(work, path,
		script_option(args, 'n') ? TREE_FOLLOW_PARENTS
					 : TREE_FOLLOW_ALL,
		&node);
	if (!is_directory(node))
		return path;
	for (size_t n = strlen(target); n > 1 && target[n - 1] == '/'; n--)
		target[n - 1] = '\0';
	inside = memory_printf("/%s/%s", path, path_base(target));
	return clean(work, inside);
}

int script_ln(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	const char *path = link_path(work, args);
	struct node *node;

	if (!path || script_parent(work, path))
		return SCRIPT_FAILED;
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (node && (is_directory(node) || !script_option(args, 'f')))
		return script_fail(work, "/%s is there already", path);
	if (node)
		tree_remove(work->tree, node);
	script_note(work, "linked /%s", path);
	return script_put_link(work, path, args->operands[0], err);
}

static int remove_one(struct script_work *work, const char *path,
	const struct job *job, struct error *err)
{
	struct node *node;

	(void)err;
	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	if (!node)
		return script_option(job->args, 'f')
			       ? 0
			       : script_fail(work, "/%s is not there", path);
	if (is_directory(node))
		return script_fail(work, "/%s is a directory", path);
	tree_remove(work->tree, node);
	script_note(work, "removed /%s", path);
	return 0;
}

int script_rm(struct script_work *work, const struct script_arguments *args,
	struct error *err)
{
	return each(work, &(struct job){ .fn = remove_one, .args = args }, err);
}
