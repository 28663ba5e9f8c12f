/* SPDX-License-Identifier: MIT */
#include "rootfs/script_known_run.h"

#include <string.h>

#include "rootfs/script_busybox.h"

#define CONF "etc/tiny-cloud.conf"
#define CONF_MAX ((size_t)1 << 20) /* bytes */
#define CERTIFICATES "etc/ssl/certs"

int script_upgrade_busybox(struct script_work *work, struct error *err)
{
	int rc = script_busybox_prune(work, err);

	return rc ? rc : script_busybox_install(work, "bin/busybox", err);
}

int script_remove_ip(struct script_work *work, struct error *err)
{
	struct node *node = tree_find(work->tree, "bin/ip");

	(void)err;
	if (node && node->inode->kind == INODE_SYMLINK &&
		!strcmp(node->inode->target, "/bin/busybox")) {
		tree_remove(work->tree, node);
		script_note(work, "removed /bin/ip");
	}
	return 0;
}

static bool leads_nowhere(const struct script_work *work, const char *name)
{
	SCOPED_FREE char *path = memory_printf("%s/%s", CERTIFICATES, name);
	struct node *node;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	return !node;
}

int script_prune_certificates(struct script_work *work, struct error *err)
{
	struct node *dir;
	size_t nremoved = 0;

	(void)err;
	script_find(work, CERTIFICATES, TREE_FOLLOW_ALL, &dir);
	if (!dir || dir->inode->kind != INODE_DIRECTORY || !dir->parent)
		return 0;
	for (size_t i = dir->nchildren; i--;) {
		if (!leads_nowhere(work, dir->children[i]->name))
			continue;
		tree_remove(work->tree, dir->children[i]);
		nremoved++;
	}
	script_note(work, "removed %zu links", nremoved);
	/* rmdir takes no link for a folder */
	if (!dir->nchildren && tree_find(work->tree, CERTIFICATES) == dir)
		tree_remove(work->tree, dir);
	return 0;
}

/* s/^#?CLOUD=.* /CLOUD=x/ and s/^HOTPLUG_MODULES=.* /#HOTPLUG_MODULES=/ */
static void edit_conf(struct slice text, const char *cloud, struct buf *out)
{
	struct slice line;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_starts(line, "CLOUD=") ||
			slice_starts(line, "#CLOUD="))
			buf_printf(out, "CLOUD=%s", cloud);
		else if (slice_starts(line, "HOTPLUG_MODULES="))
			buf_add_str(out, "#HOTPLUG_MODULES=");
		else
			buf_add_slice(out, line);
		if (text.ptr) /* a newline was cut */
			buf_add(out, "\n", 1);
	}
}

static int write_conf(
	struct script_work *work, const struct buf *text, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0666 & ~SCRIPT_UMASK };
	struct node *node;

	script_find(work, CONF, TREE_FOLLOW_ALL, &node);
	if (!node && script_put_new(work, CONF, &entry, err))
		return -1;
	script_find(work, CONF, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_FILE)
		return script_fail(work, "/%s is no file", CONF);
	script_note(work, "wrote /%s", CONF);
	return script_rewrite(work, node, text, err);
}

static int configure(
	struct script_work *work, const char *cloud, struct error *err)
{
	SCOPED_BUF struct buf from = { .data = NULL };
	SCOPED_BUF struct buf to;
	int rc;

	buf_init(&to, CONF_MAX);
	rc = script_read(work, TINY_CLOUD_TEMPLATE, CONF_MAX, &from, err);
	if (rc)
		return rc;
	edit_conf(buf_slice(&from), cloud, &to);
	return write_conf(work, &to, err);
}

int script_tiny_cloud_alpine(struct script_work *work, struct error *err)
{
	return configure(work, "alpine", err);
}

int script_tiny_cloud_nocloud(struct script_work *work, struct error *err)
{
	return configure(work, "nocloud", err);
}
