/* SPDX-License-Identifier: MIT */
#include "rootfs/check.h"

#include "base/memory.h"
#include "base/path.h"
#include <string.h>

#include "rootfs/owner.h"
#include "tree/check_command.h"
#include "tree/elf.h"

/* RouterOS mounts on these or writes into them. */
static const char *const mount_points[] = { "dev", "etc", "proc", "run", "sys",
	"tmp" };

/* RouterOS replaces these when a container starts. */
static const char *const replaced_files[] = { "etc/hostname", "etc/hosts",
	"etc/resolv.conf" };

struct checking {
	const struct arch *arch;
	struct content_reader reader;
};

static int check_elf(const struct arch *arch, const struct elf_header *elf,
	struct error *err)
{
	if (elf->machine != arch->elf_machine)
		return error_set(err, ERROR_TREE,
			"is an ELF file for %s (machine %u), the image is for "
			"%s (machine %u)",
			elf_machine_name(elf->machine), elf->machine,
			arch->name, arch->elf_machine);
	if (elf->class != arch->elf_class || !elf->is_little)
		return error_set(err, ERROR_TREE,
			"is a %u-bit %s-endian ELF file, the image is for %s "
			"(%u-bit, little-endian)",
			elf->class, elf->is_little ? "little" : "big",
			arch->name, arch->elf_class);
	return 0;
}

static int check_file(struct checking *c, const struct node *node,
	const char *path, struct error *err)
{
	const struct inode *inode = node->inode;
	uint8_t start[ELF_PEEK_SIZE];
	struct elf_header elf;
	struct error why;
	ssize_t n;

	if (!(inode->mode & 0111) && !elf_is_library(node->name))
		return 0;
	n = content_peek(
		&c->reader, &inode->content, start, sizeof(start), err);
	if (n < 0)
		return error_wrap(err, "%s (%s)", path, node->origin);
	if (!elf_parse(start, (size_t)n, &elf) ||
		!check_elf(c->arch, &elf, &why))
		return 0;
	return error_set(
		err, why.kind, "%s (%s) %s", path, node->origin, why.text);
}

static int check_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	if (slice_starts(slice_of(node->name), ".wh."))
		return error_set(err, ERROR_TREE,
			"%s (%s) has the name of a whiteout, which would "
			"delete files when the image is unpacked",
			path, node->origin);
	if (node->inode->kind != INODE_FILE)
		return 0;
	return check_file(ctx, node, path, err);
}

static int check_mount_points(const struct tree *tree, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(mount_points); i++) {
		const struct node *node = tree_find(tree, mount_points[i]);

		if (!node)
			return error_set(err, ERROR_TREE,
				"/%s is not in the image, where RouterOS "
				"needs a directory: make it by a rule",
				mount_points[i]);
		if (node->inode->kind != INODE_DIRECTORY)
			return error_set(err, ERROR_TREE,
				"/%s (%s) is not a real directory, as "
				"RouterOS needs it",
				mount_points[i], node->origin);
	}
	return 0;
}

static int check_replaced_files(const struct tree *tree, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(replaced_files); i++) {
		const struct node *node = tree_find(tree, replaced_files[i]);

		if (node && node->inode->kind != INODE_FILE)
			return error_set(err, ERROR_TREE,
				"/%s (%s) is not a regular file, and RouterOS "
				"writes it when the container starts",
				replaced_files[i], node->origin);
	}
	return 0;
}

static int check_start(const struct tree *tree, struct checking *c,
	const struct manifest *m, struct error *err)
{
	if (m->entrypoint.n)
		return check_command(tree, &c->reader, "entrypoint",
			m->entrypoint.items[0], err);
	if (m->cmd.n)
		return check_command(
			tree, &c->reader, "cmd", m->cmd.items[0], err);
	return error_set(err, ERROR_SPEC,
		"%s: neither an entrypoint nor a cmd, so nothing could be "
		"started: set config.entrypoint, such as [\"/sbin/init\"]",
		m->path);
}

/* "user" or "user:group", each a name of the image or a number. */
static int check_user(
	const struct tree *tree, const struct manifest *m, struct error *err)
{
	struct slice rest = slice_of(m->user), part;
	SCOPED_FREE char *user = NULL, *group = NULL;
	uint32_t id;

	if (!m->user)
		return 0;
	slice_cut(&rest, ':', &part);
	user = slice_dup(part);
	if (owner_uid(tree, user, &id, err))
		return error_wrap(err, "%s: config.user", m->path);
	group = slice_dup(rest);
	if (*group && owner_gid(tree, group, &id, err))
		return error_wrap(err, "%s: config.user", m->path);
	return 0;
}

static int check_working_dir(
	const struct tree *tree, const struct manifest *m, struct error *err)
{
	SCOPED_FREE char *path = NULL;
	struct node *node;

	if (!m->working_dir)
		return 0;
	if (path_clean(m->working_dir, PATH_FROM_SPEC, &path, err) ||
		tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, err))
		return error_wrap(err, "%s: config.working-dir", m->path);
	if (node && node->inode->kind == INODE_DIRECTORY)
		return 0;
	return error_set(err, ERROR_TREE,
		"%s: config.working-dir: %s is no directory of the image: "
		"make it by a rule in \"paths\"",
		m->path, m->working_dir);
}

/* RouterOS does not make the folder that it shall mount on. */
static int check_volumes(
	const struct tree *tree, const struct manifest *m, struct error *err)
{
	for (size_t i = 0; i < m->router.nvolumes; i++) {
		const struct router_volume *volume = &m->router.volumes[i];
		const struct node *node = tree_find(tree, volume->path + 1);

		if (!node || node->inode->kind != INODE_DIRECTORY)
			return error_set(err, ERROR_TREE,
				"%s: the volume %s is no directory of the "
				"image: make it by a rule in \"paths\"",
				volume->place, volume->path);
	}
	return 0;
}

static int check_all(const struct tree *tree, struct checking *c,
	const struct manifest *manifest, struct error *err)
{
	if (check_mount_points(tree, err) || check_replaced_files(tree, err) ||
		tree_walk(tree, check_node, c, err) ||
		check_command(tree, &c->reader, "shell", "/bin/sh", err))
		return -1;
	if (check_user(tree, manifest, err) ||
		check_working_dir(tree, manifest, err) ||
		check_volumes(tree, manifest, err))
		return -1;
	return check_start(tree, c, manifest, err);
}

int check_tree(const struct tree *tree, const struct arch *arch,
	const struct manifest *manifest, struct error *err)
{
	struct checking c = { .arch = arch };
	int rc;

	content_reader_init(&c.reader);
	rc = check_all(tree, &c, manifest, err);
	content_reader_release(&c.reader);
	return rc;
}
