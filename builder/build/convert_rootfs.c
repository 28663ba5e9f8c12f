/* SPDX-License-Identifier: MIT */
#include "build/convert_rootfs.h"

#include <string.h>

#include "oci/archive_choose.h"
#include "routeros/platform.h"
#include "tree/elf.h"

#define PLATFORMS "RouterOS runs containers on amd64, arm64 and arm"

struct looking {
	const char *asked; /* as it was written; NULL: nothing was */
	bool any_program;
	const struct platform *platform; /* asked for, or of the first found */
	unsigned arm_version;		 /* that all programs need; 0: none */
	struct content_reader reader;
};

/* ---- platform ---------------------------------------------------------- */

/* 1: it is a program or library; 0: it is none, -1: error. */
static int look_at_program(struct looking *l, const struct node *node,
	struct elf_header *elf, struct error *err)
{
	const struct inode *inode = node->inode;
	uint8_t start[ELF_PEEK_SIZE];
	ssize_t n;

	if (inode->kind != INODE_FILE ||
		(!(inode->mode & 0111) && !elf_is_library(node->name)))
		return 0;
	n = content_peek(
		&l->reader, &inode->content, start, sizeof(start), err);
	if (n < 0)
		return -1;
	return elf_parse(start, (size_t)n, elf) && elf_is_loadable(elf);
}

static int complain_program(const struct looking *l, const char *path,
	const struct elf_header *elf, struct error *err)
{
	const struct platform *platform =
		platform_of_elf(elf->class, elf->machine);

	if (!l->asked)
		return error_set(err, ERROR_USAGE,
			"%s is a program for %u-bit %s: " PLATFORMS, path,
			elf->class, elf_machine_name(elf->machine));
	return error_set(err, ERROR_USAGE,
		"%s is a program for %u-bit %s, --arch says %.80s%s%s", path,
		elf->class, elf_machine_name(elf->machine), l->asked,
		platform ? ": choose --arch " : "",
		platform ? platform->architecture : "");
}

/* Libraries name the newest of all their parts. What is damaged is told when
 * the result is checked. */
static int note_arm(struct looking *l, const struct node *node,
	const struct elf_header *elf, struct error *err)
{
	unsigned version = 0;

	if (strcmp(l->platform->architecture, "arm") ||
		elf_is_library(node->name))
		return 0;
	if (elf_arm_version(
		    elf, &l->reader, &node->inode->content, &version, err))
		return err->kind == ERROR_INPUT ? 0 : -1;
	if (version > l->arm_version)
		l->arm_version = version;
	return 0;
}

static int look(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	const struct platform *platform;
	struct looking *l = ctx;
	struct elf_header elf;
	int got = look_at_program(l, node, &elf, err);

	if (got < 0)
		return error_wrap(err, "%s", path);
	if (!got)
		return 0;
	platform =
		elf.is_little ? platform_of_elf(elf.class, elf.machine) : NULL;
	if (!l->platform)
		l->platform = platform;
	if (!l->platform ||
		(l->asked && !l->any_program && platform != l->platform))
		return complain_program(l, path, &elf, err);
	return platform == l->platform ? note_arm(l, node, &elf, err) : 0;
}

static int look_at_all(
	struct looking *l, const struct tree *tree, struct error *err)
{
	int failed;

	content_reader_init(&l->reader);
	failed = tree_walk(tree, look, l, err);
	content_reader_release(&l->reader);
	return failed;
}

static int find_asked(struct looking *l, const char **variant,
	struct arena *arena, struct error *err)
{
	const struct platform_name name = platform_name_parse(l->asked, arena);

	l->platform = platform_find(name.architecture);
	*variant = name.variant;
	if (l->platform)
		return 0;
	return error_set(
		err, ERROR_USAGE, "--arch %.80s: " PLATFORMS, l->asked);
}

static int set_platform(const struct tree *tree,
	const struct convert_rootfs *asked, struct image_config *config,
	struct arena *arena, struct error *err)
{
	struct looking l = { .asked = asked->platform,
		.any_program = asked->any_program };
	const char *variant = NULL;

	if ((l.asked && find_asked(&l, &variant, arena, err)) ||
		look_at_all(&l, tree, err))
		return -1;
	if (!l.platform)
		return error_set(err, ERROR_USAGE,
			"no program in it tells its platform: give it with "
			"--arch");
	if (!variant && l.arm_version)
		variant = arena_printf(arena, "v%u", l.arm_version);
	config->architecture = l.platform->architecture;
	config->variant = variant;
	return 0;
}

/* ---- what is started --------------------------------------------------- */

static bool is_executable(const struct tree *tree, const char *path)
{
	struct node *node = NULL;
	struct error ignored;

	return !tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, &ignored) &&
	       node && node->inode->kind == INODE_FILE &&
	       (node->inode->mode & 0111);
}

static int complain_command(const struct tree *tree, struct error *err)
{
	if (tree_find(tree, "manifest.json") || tree_find(tree, "index.json"))
		return error_set(err, ERROR_USAGE,
			"it is an image archive: leave out --rootfs");
	return error_set(err, ERROR_USAGE,
		"it has neither /sbin/init nor /bin/sh that could be started: "
		"name a program with --entrypoint");
}

static int set_command(const struct tree *tree,
	const struct convert_rootfs *asked, struct image_config *config,
	struct error *err)
{
	static const char *const init[] = { "/sbin/init" };
	static const char *const shell[] = { "/bin/sh" };

	config->entrypoint = asked->entrypoint;
	config->nentrypoint = asked->nentrypoint;
	config->cmd = asked->cmd;
	config->ncmd = asked->ncmd;
	if (asked->nentrypoint || asked->ncmd)
		return 0;
	config->nentrypoint = 1;
	config->entrypoint = init;
	if (is_executable(tree, "sbin/init"))
		return 0;
	config->entrypoint = shell;
	return is_executable(tree, "bin/sh") ? 0 : complain_command(tree, err);
}

int convert_rootfs_config(const struct tree *tree,
	const struct convert_rootfs *asked, struct image_config *config,
	struct arena *arena, struct error *err)
{
	const int64_t newest = tree_newest(tree);

	config->created = newest > 0 ? newest : 0;
	if (set_command(tree, asked, config, err))
		return -1;
	return set_platform(tree, asked, config, arena, err);
}
