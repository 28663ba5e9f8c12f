/* SPDX-License-Identifier: MIT
 *
 * Places that RouterOS mounts over, or writes before it starts a container:
 * through a link it would write elsewhere.
 */
#include "routeros/check_subject.h"

static const char *const mount_points[] = { "dev", "etc", "proc", "run", "sys",
	"tmp" };
static const char *const replaced[] = { "etc/hostname", "etc/hosts",
	"etc/resolv.conf" };
/* What is below these was hidden for some versions. */
static const char *const hidden[] = { "run", "tmp" };

static const char *kind_of(const struct node *node)
{
	return node->inode->kind == INODE_SYMLINK     ? "a symbolic link"
	       : node->inode->kind == INODE_DIRECTORY ? "a directory"
						      : "a file";
}

static void check_points(struct check_subject *subject)
{
	for (size_t i = 0; i < ARRAY_SIZE(mount_points); i++) {
		const char *path = mount_points[i];
		const struct node *node = tree_find(subject->tree, path);

		if (!node)
			findings_add_place(subject->findings,
				RULE_MOUNT_POINT_MISSING, path);
		else if (node->inode->kind != INODE_DIRECTORY)
			findings_add(subject->findings, RULE_MOUNT_POINT, path,
				"it is %s", kind_of(node));
	}
}

static void check_replaced(struct check_subject *subject)
{
	for (size_t i = 0; i < ARRAY_SIZE(replaced); i++) {
		const struct node *node = tree_find(subject->tree, replaced[i]);

		if (node && node->inode->kind != INODE_FILE)
			findings_add(subject->findings, RULE_REPLACED_FILE,
				replaced[i], "it is %s", kind_of(node));
	}
}

/* Directories are told by what is in them only: most images have some. */
static void check_hidden_in(
	struct check_subject *subject, const struct node *dir)
{
	for (size_t i = 0; i < dir->nchildren; i++) {
		const struct node *node = dir->children[i];
		SCOPED_BUF struct buf path;

		buf_init(&path, 4096);
		node_path(node, &path);
		if (node->inode->kind != INODE_DIRECTORY || node->nchildren)
			findings_add_place(subject->findings, RULE_HIDDEN_FILE,
				path.data ? path.data : "");
	}
}

void check_mounts(struct check_subject *subject)
{
	check_points(subject);
	check_replaced(subject);
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++) {
		const struct node *dir = tree_find(subject->tree, hidden[i]);

		if (dir)
			check_hidden_in(subject, dir);
	}
}
