/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a script, with and without its first line, of a package that is
 * not known and of each that is: never a crash, an entry in the ledger each
 * time, and a tree that is as it was when the script was not run. Accounts keep
 * their form: no script makes a line that passwd does not have.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rootfs/script.h"
#include "rootfs/script_known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct scene {
	struct arena arena;
	struct tree tree;
	struct ledger ledger;
};

static void put(struct scene *s, const char *path, enum inode_kind kind,
	const char *text)
{
	const struct tree_source source = { "fuzz", TREE_OVERLAY };
	struct tree_entry entry = {
		.kind = kind, .mode = 0755, .target = text
	};
	struct error err;

	if (kind == INODE_FILE)
		entry.content = content_bytes(text, strlen(text));
	if (!tree_put(&s->tree, path, &entry, &source, &err))
		abort();
}

static void set_up(struct scene *s)
{
	arena_init(&s->arena);
	tree_init(&s->tree, &s->arena);
	ledger_init(&s->ledger, &s->arena);
	put(s, "etc/passwd", INODE_FILE, "root:x:0:0:root:/root:/bin/sh\n");
	put(s, "etc/group", INODE_FILE, "root:x:0:\nnogroup:x:65533:\n");
	put(s, "etc/shadow", INODE_FILE, "root:!:1::::::\n");
	put(s, "etc/shells", INODE_FILE, "/bin/sh\n");
	put(s, "etc/skel/x", INODE_FILE, "y");
	put(s, "bin/busybox", INODE_FILE, "ELF");
	put(s, "etc/busybox-paths.d/busybox", INODE_FILE, "bin/ls\nbin/sh\n");
	put(s, "etc/out", INODE_SYMLINK, "../../../bin");
	put(s, "etc/loop", INODE_SYMLINK, "loop");
}

static int sum_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	const struct inode *inode = node->inode;

	(void)err;
	buf_printf(ctx, "%s %d %o %u %u %lld %p %s\n", path, inode->kind,
		inode->mode, inode->uid, inode->gid, (long long)inode->mtime,
		inode->content.bytes, inode->target ? inode->target : "");
	return 0;
}

/* All that a tree is, as text; the caller frees it. */
static char *sum(const struct tree *tree)
{
	struct error err;
	struct buf buf;

	buf_init(&buf, (size_t)16 << 20);
	if (tree_walk(tree, sum_node, &buf, &err))
		abort();
	return buf_take(&buf);
}

/* Each line of passwd still has seven fields. */
static void check_accounts(const struct tree *tree)
{
	const struct node *node = tree_find(tree, "etc/passwd");
	struct slice rest, line;

	if (!node || node->inode->kind != INODE_FILE ||
		node->inode->content.kind != CONTENT_BYTES)
		return;
	rest = slice_make(
		node->inode->content.bytes, (size_t)node->inode->content.size);
	while (slice_cut(&rest, '\n', &line)) {
		size_t ncolons = 0;

		for (size_t i = 0; i < line.len; i++)
			ncolons += line.ptr[i] == ':';
		assert(!line.len || ncolons == 6);
	}
}

static void run(const char *package, enum script_kind kind, struct slice text)
{
	const char *const arguments[] = { "/bin", "1.0-r0" };
	const struct script script = { .kind = kind,
		.package = slice_of(package),
		.version = slice_of("1-r0"),
		.text = text };
	struct scene s;
	const struct script_run how = { .tree = &s.tree,
		.ledger = &s.ledger,
		.mtime = 1700000000,
		.arguments = arguments,
		.narguments = 2 };
	SCOPED_FREE char *before = NULL;
	SCOPED_FREE char *after = NULL;
	struct error err;

	set_up(&s);
	before = sum(&s.tree);
	if (!script_emulate(&how, &script, &err)) {
		assert(s.ledger.n == 1 && s.ledger.items[0].note[0]);
		after = sum(&s.tree);
		assert(s.ledger.items[0].outcome == SCRIPT_EMULATED ||
			!strcmp(before, after));
		check_accounts(&s.tree);
	}
	arena_release(&s.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_BUF struct buf script;
	struct slice text;

	buf_init(&script, SCRIPT_MAX + 1);
	buf_add_str(&script, "#!/bin/sh\n");
	buf_add(&script, data, size);
	text = buf_slice(&script);
	run("any", SCRIPT_POST_INSTALL, slice_make(data, size));
	run("any", SCRIPT_PRE_INSTALL, text);
	for (size_t i = 0; i < script_known_nrows; i++) {
		for (int kind = 0; kind < SCRIPT_NKINDS; kind++) {
			if (script_known_rows[i].kinds >> kind & 1) {
				run(script_known_rows[i].package,
					(enum script_kind)kind, text);
				break;
			}
		}
	}
	return 0;
}
