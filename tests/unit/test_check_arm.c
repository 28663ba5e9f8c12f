/* SPDX-License-Identifier: MIT
 *
 * Rules about ARM programs: which processors run them.
 */
#include "unit/check_scene.h"

#define ATTRIBUTES_OFFSET 64
#define SECTIONS_OFFSET 96
#define EABI 0x05000000

/* A program whose build attributes name a Tag_CPU_arch. */
static void arm_program(struct scene *s, const char *path, char arch)
{
	const char attributes[] = { 'A', 0x11, 0, 0, 0, 'a', 'e', 'a', 'b', 'i',
		0, 1, 7, 0, 0, 0, 6, arch };
	const Elf32_Ehdr header = { .e_ident = { 0x7f, 'E', 'L', 'F',
					    ELFCLASS32, ELFDATA2LSB },
		.e_type = ET_EXEC,
		.e_machine = EM_ARM,
		.e_flags = EABI,
		.e_shoff = SECTIONS_OFFSET,
		.e_shentsize = sizeof(Elf32_Shdr),
		.e_shnum = 1 };
	const Elf32_Shdr section = { .sh_type = SHT_ARM_ATTRIBUTES,
		.sh_offset = ATTRIBUTES_OFFSET,
		.sh_size = sizeof(attributes) };
	char *bytes = arena_alloc(&s->arena, 256);

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + ATTRIBUTES_OFFSET, attributes, sizeof(attributes));
	memcpy(bytes + SECTIONS_OFFSET, &section, sizeof(section));
	scene_elf(s, path, EM_ARM);
	tree_find(&s->tree, path)->inode->content = content_bytes(bytes, 256);
}

/* The Tag_CPU_arch of ARMv5TE, v6 and v7. */
#define V5 4
#define V6 6
#define V7 10

static void arm_image(struct scene *s, const char *variant, char arch)
{
	s->subject.architecture = "arm";
	s->subject.variant = variant;
	arm_program(s, "bin/sh", arch);
	arm_program(s, "sbin/init", arch);
}

static void on_board(struct scene *s, const char *name)
{
	struct error err = { 0 };

	s->subject.board = board_find(name, &err);
	fixture_must(!s->subject.board, &err);
}

static void v7_image(struct scene *s)
{
	arm_image(s, "v7", V7);
}

static void v5_image(struct scene *s)
{
	arm_image(s, "v5", V5);
}

static void v5_without_variant(struct scene *s)
{
	arm_image(s, NULL, V5);
}

static void v7_in_a_v6_image(struct scene *s)
{
	arm_image(s, "v6", V6);
	arm_program(s, "bin/new", V7);
}

static void v7_on_a_v5_board(struct scene *s)
{
	arm_image(s, "v7", V7);
	on_board(s, "E50UG");
}

static void v5_on_a_v5_board(struct scene *s)
{
	arm_image(s, "v5", V5);
	on_board(s, "hEX refresh");
}

static void v7_on_a_v7_board(struct scene *s)
{
	arm_image(s, "v7", V7);
	on_board(s, "RB3011");
}

/* What a library has for newer processors it need not use. */
static void v7_library_in_a_v5_image(struct scene *s)
{
	arm_image(s, "v5", V5);
	arm_program(s, "bin/libcrypto.so.3", V7);
}

static void hard_float_library_on_a_v5_board(struct scene *s)
{
	const uint32_t flags = EABI | EF_ARM_ABI_FLOAT_HARD;
	char *bytes;
	struct inode *inode;

	arm_image(s, "v5", V5);
	arm_program(s, "bin/libm.so.6", V5);
	inode = tree_find(&s->tree, "bin/libm.so.6")->inode;
	bytes = arena_copy(&s->arena, inode->content.bytes, 256);
	memcpy(bytes + offsetof(Elf32_Ehdr, e_flags), &flags, sizeof(flags));
	inode->content = content_bytes(bytes, 256);
	on_board(s, "E60iUGS");
}

static void old_interface(struct scene *s)
{
	const uint32_t flags = 0;
	char *bytes;

	arm_image(s, "v5", V5);
	bytes = arena_copy(&s->arena,
		tree_find(&s->tree, "bin/sh")->inode->content.bytes, 256);
	memcpy(bytes + offsetof(Elf32_Ehdr, e_flags), &flags, sizeof(flags));
	tree_find(&s->tree, "bin/sh")->inode->content =
		content_bytes(bytes, 256);
}

static void cut_program(struct scene *s)
{
	struct content *content;

	arm_image(s, "v5", V5);
	content = &tree_find(&s->tree, "bin/sh")->inode->content;
	*content = content_part(content, 0, 80);
}

static void arm_in_arm64(struct scene *s)
{
	arm_image(s, NULL, V5);
	s->subject.architecture = "amd64";
}

static const struct subject_case cases[] = {
	SUBJECT_CASE("arm-boards", v7_image),
	SUBJECT_CASE("", v5_image),
	SUBJECT_CASE("config-variant", v5_without_variant),
	SUBJECT_CASE("arm-variant arm-boards", v7_in_a_v6_image),
	SUBJECT_CASE("board-arm-v5", v7_on_a_v5_board),
	SUBJECT_CASE("", v5_on_a_v5_board),
	SUBJECT_CASE("", v7_on_a_v7_board),
	SUBJECT_CASE("", v7_library_in_a_v5_image),
	SUBJECT_CASE("board-arm-v5", hard_float_library_on_a_v5_board),
	SUBJECT_CASE("arm-eabi", old_interface),
	SUBJECT_CASE("elf-damaged", cut_program),
	SUBJECT_CASE("elf-machine", arm_in_arm64),
};

int main(void)
{
	return scene_cases(cases, ARRAY_SIZE(cases));
}
