/* SPDX-License-Identifier: MIT
 *
 * Programs and libraries against the platform of the image: a router does not
 * compare them, and the container crashes when it is started.
 */
#include "tree/elf.h"

#include <stdlib.h>
#include <string.h>

#include "routeros/check_subject.h"
#include "routeros/platform.h"

#define EABI 5	    /* the interface that Linux and musl have for ARM */
#define ARM_BASE 5  /* all that EN7562CT runs */
#define ARM_FIRST 4 /* nothing says less */

/* "libx.so" or "libx.so.1.2" */
static bool is_library(const char *name)
{
	const char *so = strstr(name, ".so");

	for (; so; so = strstr(so + 1, ".so")) {
		if (so != name && (so[3] == '\0' || so[3] == '.'))
			return true;
	}
	return false;
}

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

static void check_arm_version(
	struct check_subject *subject, unsigned version, const char *path)
{
	const unsigned variant = variant_of(subject);

	if (variant && version > variant)
		findings_add(subject->findings, RULE_ARM_VARIANT, path,
			"ARMv%u, the image says v%u", version, variant);
	if (version <= ARM_BASE)
		return;
	if (subject->board && subject->board->only_arm_v5)
		findings_add(subject->findings, RULE_BOARD_ARM_V5, path,
			"ARMv%u", version);
	/* One note is enough for the whole image. */
	else if (!subject->board && !subject->findings->counts[RULE_ARM_BOARDS])
		findings_add(subject->findings, RULE_ARM_BOARDS, path, "ARMv%u",
			version);
}

static int check_arm(struct check_subject *subject,
	const struct elf_header *elf, const struct node *node, const char *path,
	struct error *err)
{
	unsigned version = ARM_FIRST;

	if (elf_arm_eabi(elf) != EABI) {
		findings_add(subject->findings, RULE_ARM_EABI, path,
			"EABI version %u", elf_arm_eabi(elf));
		return 0;
	}
	if (elf_arm_version(elf, &subject->reader, &node->inode->content,
		    &version, err)) {
		if (err->kind != ERROR_INPUT)
			return -1;
		findings_add(subject->findings, RULE_ELF_DAMAGED, path, "%s",
			err->text);
	}
	check_arm_version(subject, version, path);
	return 0;
}

int check_elf(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err)
{
	uint8_t start[ELF_PEEK_SIZE];
	struct elf_header elf;
	ssize_t n;

	if (!(node->inode->mode & 0111) && !is_library(node->name))
		return 0;
	n = content_peek(&subject->reader, &node->inode->content, start,
		sizeof(start), err);
	if (n < 0)
		return error_wrap(err, "%s", path);
	if (!elf_parse(start, (size_t)n, &elf) || !elf_is_loadable(&elf))
		return 0;
	check_machine(subject, &elf, path);
	if (!strcmp(elf_machine_name(elf.machine), "arm") && elf.is_little)
		return check_arm(subject, &elf, node, path, err);
	return 0;
}
