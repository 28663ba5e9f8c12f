/* SPDX-License-Identifier: MIT
 *
 * driver_trigger: ca-certificates' trigger on a root file system, for
 * apk_oracle.sh.
 *
 *	driver_trigger ARCH TAR
 *
 * Prints what etc/ssl/certs has then: "f NAME SHA256", "d NAME" or
 * "l NAME -> TARGET", sorted by name; the note of the ledger to stderr.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rootfs/base_rootfs.h"
#include "rootfs/script.h"

#define TRIGGER                                                                \
	"#!/bin/sh\n/usr/sbin/update-ca-certificates &> /dev/null\nexit 0\n"
#define FILE_MAX ((size_t)1 << 20) /* bytes */

static void must(int failed, const struct error *err)
{
	if (!failed)
		return;
	fprintf(stderr, "driver_trigger: %s\n", err->text);
	exit(1);
}

static void read_root(struct tree *tree, const char *name, const char *path)
{
	const struct arch arch = { .name = name,
		.alpine = name,
		.loader = arena_printf(
			tree->arena, "lib/ld-musl-%s.so.1", name) };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct error err;

	must(fd < 0 ? error_errno(&err, "%s", path) : 0, &err);
	must(base_rootfs_read(tree, fd, path, &arch, &err), &err);
}

static void run_trigger(struct tree *tree)
{
	struct ledger ledger;
	const struct script_run run = { .tree = tree, .ledger = &ledger };
	const struct script script = { .kind = SCRIPT_TRIGGER,
		.package = slice_of("ca-certificates"),
		.version = slice_of("1-r0"),
		.text = slice_of(TRIGGER) };
	struct error err;

	ledger_init(&ledger, tree->arena);
	must(script_emulate(&run, &script, &err), &err);
	fprintf(stderr, "%s\n", ledger.items[0].note);
}

static void print_file(const struct node *node)
{
	struct content_reader reader;
	char hex[DIGEST_HEX_SIZE];
	struct digest digest;
	struct error err;
	struct buf text;

	content_reader_init(&reader);
	must(content_read(
		     &reader, &node->inode->content, FILE_MAX, &text, &err),
		&err);
	content_reader_release(&reader);
	digest = digest_of(DIGEST_SHA256, text.data ? text.data : "", text.len);
	printf("f %s %s\n", node->name, digest_hex(&digest, hex));
	buf_release(&text);
}

static void print_node(const struct node *node)
{
	if (node->inode->kind == INODE_FILE)
		print_file(node);
	else if (node->inode->kind == INODE_DIRECTORY)
		printf("d %s\n", node->name);
	else
		printf("l %s -> %s\n", node->name, node->inode->target);
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct tree tree;
	struct node *dir;

	if (argc != 3) {
		fputs("usage: driver_trigger ARCH TAR\n", stderr);
		return 2;
	}
	arena_init(&arena);
	tree_init(&tree, &arena);
	read_root(&tree, argv[1], argv[2]);
	run_trigger(&tree);
	dir = tree_find(&tree, "etc/ssl/certs");
	for (size_t i = 0; dir && i < dir->nchildren; i++)
		print_node(dir->children[i]);
	arena_release(&arena);
	return 0;
}
