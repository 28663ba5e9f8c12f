/* SPDX-License-Identifier: MIT */
#include "routeros/check_subject.h"

#define FILE_MAX ((size_t)1 << 20) /* bytes of a file of settings */

int check_read_file(struct check_subject *subject, const char *path,
	struct buf *buf, struct error *err)
{
	struct node *node = NULL;
	struct error ignored;

	if (tree_resolve(
		    subject->tree, path, TREE_FOLLOW_ALL, &node, &ignored) ||
		!node || node->inode->kind != INODE_FILE ||
		node->inode->content.size > FILE_MAX)
		return 0;
	if (content_read(&subject->reader, &node->inode->content, FILE_MAX, buf,
		    err))
		return error_wrap(err, "%s", path);
	return 1;
}

static int check_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct check_subject *subject = ctx;

	if (node->inode->kind != INODE_FILE)
		return 0;
	if (check_elf(subject, node, path, err))
		return -1;
	return check_secret(subject, node, path, err);
}

static int check_tree(struct check_subject *subject, struct error *err)
{
	check_start(subject);
	check_mounts(subject);
	if (tree_walk(subject->tree, check_node, subject, err) ||
		check_accounts(subject, err))
		return -1;
	return check_openrc(subject, err);
}

int check_subject(struct check_subject *subject, struct error *err)
{
	int failed = 0;

	content_reader_init(&subject->reader);
	check_config(subject);
	if (subject->tree)
		failed = check_tree(subject, err);
	content_reader_release(&subject->reader);
	return failed;
}
