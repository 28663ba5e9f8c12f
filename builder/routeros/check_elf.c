/* SPDX-License-Identifier: MIT
 *
 * Programs and libraries against the platform of the image: a router does not
 * compare them, and the container crashes when it is started.
 */
#include "tree/elf.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "routeros/check_subject.h"
#include "routeros/platform.h"

#define EABI 5	   /* the interface that Linux and musl have for ARM */
#define ARM_BASE 5 /* all that EN7562CT runs */

static void check_machine(struct check_subject *subject,
	const struct elf_header *elf, const char *path)
{
	const struct platform *platform = platform_find(subject->architecture);

	if (!platform ||
		(elf->machine == platform->elf_machine &&
			elf->class == platform->elf_class && elf->is_little))
		return;
	findings_add(subject->findings, RULE_ELF_MACHINE, path,
		"%u-bit %s-endian %s, the image is for %s", elf->class,
		elf->is_little ? "little" : "big",
		elf_machine_name(elf->machine), subject->architecture);
}

/* "v7" of a config; 0: it does not say. */
static unsigned variant_of(const struct check_subject *subject)
{
	const char *variant = subject->variant;

	return variant && variant[0] == 'v' && variant[1] >= '1' &&
			       variant[1] <= '9' && !variant[2]
		       ? (unsigned)(variant[1] - '0')
		       : 0;
}

/* Nothing of it runs on EN7562CT; `why` tells. */
static void needs_more_than_v5(
	struct check_subject *subject, const char *path, const char *why)
{
	if (subject->board && subject->board->only_arm_v5)
		findings_add(
			subject->findings, RULE_BOARD_ARM_V5, path, "%s", why);
	/* One note is enough for the whole image. */
	else if (!subject->board && !subject->findings->counts[RULE_ARM_BOARDS])
		findings_add(
			subject->findings, RULE_ARM_BOARDS, path, "%s", why);
}

static void check_arm_version(
	struct check_subject *subject, unsigned version, const char *path)
{
	const unsigned variant = variant_of(subject);
	char why[16];

	if (variant && version > variant)
		findings_add(subject->findings, RULE_ARM_VARIANT, path,
			"ARMv%u, the image says v%u", version, variant);
	snprintf(why, sizeof(why), "ARMv%u", version);
	if (version > ARM_BASE)
		needs_more_than_v5(subject, path, why);
}

/*
 * Libraries name the newest of all their parts, of which they choose at run
 * time: only how they pass numbers counts.
 */
static int check_arm(struct check_subject *subject,
	const struct elf_header *elf, const struct node *node, const char *path,
	struct error *err)
{
	unsigned version = 0;

	if (elf_arm_eabi(elf) != EABI) {
		findings_add(subject->findings, RULE_ARM_EABI, path,
			"EABI version %u", elf_arm_eabi(elf));
		return 0;
	}
	if (!elf_is_library(node->name) &&
		elf_arm_version(elf, &subject->reader, &node->inode->content,
			&version, err)) {
		if (err->kind != ERROR_INPUT)
			return -1;
		findings_add(subject->findings, RULE_ELF_DAMAGED, path, "%s",
			err->text);
	}
	if (version)
		check_arm_version(subject, version, path);
	else if (elf->flags & EF_ARM_ABI_FLOAT_HARD)
		needs_more_than_v5(subject, path, "hard float");
	return 0;
}

/* Kernels look at all of the header. */
static bool is_whole(const struct elf_header *elf, size_t n)
{
	return (elf->class == 64 && n >= sizeof(Elf64_Ehdr)) ||
	       (elf->class == 32 && n >= sizeof(Elf32_Ehdr));
}

/*
 * Programs and libraries are known by mode and name. Other files may be code
 * for a device or an object; but what is shared is for dlopen(), whatever its
 * name.
 */
static bool is_for_machine(
	const struct node *node, const struct elf_header *elf)
{
	return (node->inode->mode & 0111) || elf_is_library(node->name) ||
	       elf->type == ET_DYN;
}

int check_elf(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err)
{
	uint8_t start[ELF_PEEK_SIZE];
	struct elf_header elf;
	ssize_t n;

	n = content_peek(&subject->reader, &node->inode->content, start,
		sizeof(start), err);
	if (n < 0)
		return error_wrap(err, "%s", path);
	if (n < SELFMAG || memcmp(start, ELFMAG, SELFMAG))
		return 0;
	if (!elf_parse(start, (size_t)n, &elf))
		elf = (struct elf_header){ 0 };
	if (!is_for_machine(node, &elf))
		return 0;
	if (!is_whole(&elf, (size_t)n)) {
		findings_add(subject->findings, RULE_ELF_DAMAGED, path,
			"its header is no whole one");
		return 0;
	}
	if (!elf_is_loadable(&elf))
		return 0;
	check_machine(subject, &elf, path);
	if (!strcmp(elf_machine_name(elf.machine), "arm") && elf.is_little)
		return check_arm(subject, &elf, node, path, err);
	return 0;
}
