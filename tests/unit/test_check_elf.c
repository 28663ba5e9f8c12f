/* SPDX-License-Identifier: MIT
 *
 * Headers of programs of all kinds against the platform of the image: what a
 * router would start without looking, and what of it crashes. ARM's own rules
 * are tested by test_check_arm.c.
 */
#include "unit/check_scene.h"

#define EABI5 0x05000000
#define HARD 0x05000400
#define SOFT 0x05000200

struct elf_case {
	const char *name, *architecture, *variant;
	unsigned char class, order;
	uint16_t type, machine;
	uint32_t flags;
	size_t size; /* of the file, 0: the whole header */
	const char *rules;
	bool is_data; /* may not be executed */
};

static const struct elf_case cases[] = {
	{ "static x86_64", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_EXEC,
		EM_X86_64, 0, 0, "" },
	{ "PIE", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64, 0,
		0, "" },
	{ "x32", "amd64", NULL, ELFCLASS32, ELFDATA2LSB, ET_DYN, EM_X86_64, 0,
		0, "elf-machine" },
	{ "i386", "amd64", NULL, ELFCLASS32, ELFDATA2LSB, ET_EXEC, EM_386, 0, 0,
		"elf-machine" },
	{ "aarch64", "arm64", "v8", ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_AARCH64,
		0, 0, "" },
	{ "aarch64, big endian", "arm64", NULL, ELFCLASS64, ELFDATA2MSB, ET_DYN,
		EM_AARCH64, 0, 0, "elf-machine" },
	{ "aarch64 in an image for amd64", "amd64", NULL, ELFCLASS64,
		ELFDATA2LSB, ET_DYN, EM_AARCH64, 0, 0, "elf-machine" },
	{ "mips", "arm", "v7", ELFCLASS32, ELFDATA2MSB, ET_EXEC, EM_MIPS, 0, 0,
		"elf-machine" },
	{ "mipsel", "arm", "v7", ELFCLASS32, ELFDATA2LSB, ET_EXEC, EM_MIPS, 0,
		0, "elf-machine" },
	{ "s390x", "amd64", NULL, ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_S390, 0,
		0, "elf-machine" },
	{ "ppc64le", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_PPC64,
		0, 0, "elf-machine" },
	{ "riscv64", "arm64", NULL, ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_RISCV,
		0, 0, "elf-machine" },
	{ "an unknown machine", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_DYN,
		4711, 0, 0, "elf-machine" },
	{ "ARM, big endian", "arm", "v7", ELFCLASS32, ELFDATA2MSB, ET_EXEC,
		EM_ARM, EABI5, 0, "elf-machine" },
	{ "ARM, soft float, without sections", "arm", "v7", ELFCLASS32,
		ELFDATA2LSB, ET_EXEC, EM_ARM, SOFT, 0, "" },
	{ "ARM, hard float, without sections", "arm", "v7", ELFCLASS32,
		ELFDATA2LSB, ET_DYN, EM_ARM, HARD, 0, "arm-boards" },
	{ "ARM, EABI 4", "arm", "v7", ELFCLASS32, ELFDATA2LSB, ET_EXEC, EM_ARM,
		0x04000000, 0, "arm-eabi" },
	{ "ARM for arm64", "arm64", NULL, ELFCLASS32, ELFDATA2LSB, ET_EXEC,
		EM_ARM, HARD, 0, "elf-machine arm-boards" },
	{ "an object file", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_REL,
		EM_AARCH64, 0, 0, "" },
	{ "a core file", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_CORE,
		EM_AARCH64, 0, 0, "" },
	{ "no class", "amd64", NULL, ELFCLASSNONE, ELFDATA2LSB, ET_EXEC,
		EM_X86_64, 0, 0, "elf-damaged" },
	{ "no byte order", "amd64", NULL, ELFCLASS64, ELFDATANONE, ET_EXEC,
		EM_X86_64, 0, 0, "elf-damaged" },
	{ "cut after the magic", "amd64", NULL, ELFCLASS64, ELFDATA2LSB,
		ET_EXEC, EM_X86_64, 0, 4, "elf-damaged" },
	{ "cut in the header", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_EXEC,
		EM_X86_64, 0, 40, "elf-damaged" },
	{ "a plugin that nobody may execute", "amd64", NULL, ELFCLASS64,
		ELFDATA2LSB, ET_DYN, EM_AARCH64, 0, 0, "elf-machine", true },
	{ "code for a device", "amd64", NULL, ELFCLASS32, ELFDATA2LSB, ET_EXEC,
		EM_ARM, EABI5, 0, "", true },
	{ "data that is cut in the header", "amd64", NULL, ELFCLASS64,
		ELFDATA2LSB, ET_EXEC, EM_X86_64, 0, 40, "", true },
	{ "less than a magic", "amd64", NULL, ELFCLASS64, ELFDATA2LSB, ET_EXEC,
		EM_X86_64, 0, 3, "" },
};

static void put_number(
	uint8_t *p, uint32_t value, size_t size, unsigned char order)
{
	for (size_t i = 0; i < size; i++) {
		const size_t at = order == ELFDATA2MSB ? size - 1 - i : i;

		p[at] = (uint8_t)(value >> (8 * i));
	}
}

/* The header alone, which is all that is looked at. */
static size_t make_header(const struct elf_case *c, uint8_t *bytes)
{
	const bool is64 = c->class != ELFCLASS32;
	const size_t flags = is64 ? offsetof(Elf64_Ehdr, e_flags)
				  : offsetof(Elf32_Ehdr, e_flags);

	memcpy(bytes, ELFMAG, SELFMAG);
	bytes[EI_CLASS] = c->class;
	bytes[EI_DATA] = c->order;
	put_number(bytes + offsetof(Elf64_Ehdr, e_type), c->type, 2, c->order);
	put_number(bytes + offsetof(Elf64_Ehdr, e_machine), c->machine, 2,
		c->order);
	put_number(bytes + flags, c->flags, 4, c->order);
	if (c->size)
		return c->size;
	return is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

static void judge(void **state)
{
	const struct elf_case *c = *state;
	SCOPED_FREE char *got = NULL;
	struct error err = { 0 };
	struct scene s;
	uint8_t *bytes;
	size_t n;

	scene_make(&s);
	s.subject.architecture = c->architecture;
	s.subject.variant = c->variant;
	bytes = arena_alloc(&s.arena, sizeof(Elf64_Ehdr));
	n = make_header(c, bytes);
	scene_elf(&s, "bin/tool", EM_X86_64);
	tree_find(&s.tree, "bin/tool")->inode->content =
		content_bytes(bytes, n);
	if (c->is_data)
		tree_find(&s.tree, "bin/tool")->inode->mode = 0644;
	content_reader_init(&s.subject.reader);
	fixture_must(check_elf(&s.subject, tree_find(&s.tree, "bin/tool"),
			     "bin/tool", &err),
		&err);
	content_reader_release(&s.subject.reader);
	got = check_broken(&s.findings);
	arena_release(&s.arena);
	assert_string_equal(got, c->rules);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases)];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = judge,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
