/* SPDX-License-Identifier: MIT */
#include "tree/elf.h"

#include <elf.h>
#include <string.h>

#define PHNUM_MAX 256 /* real programs have about ten */
#define PHENTSIZE_MAX 256

_Static_assert(ELF_PEEK_SIZE >= sizeof(Elf64_Ehdr), "the header fits");
_Static_assert(ELF_PEEK_SIZE >= sizeof(Elf32_Ehdr), "the header fits");

static const struct machine {
	unsigned number;
	const char *name;
} machines[] = {
	{ EM_386, "x86" },
	{ EM_MIPS, "mips" },
	{ EM_PPC, "ppc" },
	{ EM_PPC64, "ppc64" },
	{ EM_S390, "s390x" },
	{ EM_ARM, "arm" },
	{ EM_X86_64, "x86_64" },
	{ EM_AARCH64, "aarch64" },
	{ EM_RISCV, "riscv" },
	{ 258, "loongarch" },
};

/* A part of a file, and how numbers are written in it. */
struct part {
	const uint8_t *p;
	size_t n;
	bool is_little;
};

/* 0 beyond the end. */
static uint64_t number_at(const struct part *part, size_t offset, size_t size)
{
	uint64_t value = 0;

	if (offset > part->n || size > part->n - offset)
		return 0;
	for (size_t i = 0; i < size; i++)
		value = value << 8 |
			part->p[offset + (part->is_little ? size - 1 - i : i)];
	return value;
}

#define FIELD(part, type, field)                                               \
	number_at(part, offsetof(type, field), sizeof(((type *)0)->field))

bool elf_parse(const uint8_t *p, size_t n, struct elf_header *elf)
{
	struct part part = { p, n, false };

	if (n < EI_NIDENT || memcmp(p, ELFMAG, SELFMAG))
		return false;
	part.is_little = p[EI_DATA] == ELFDATA2LSB;
	*elf = (struct elf_header){ .is_little = part.is_little };
	if (!part.is_little && p[EI_DATA] != ELFDATA2MSB)
		return true;
	elf->machine = (unsigned)FIELD(&part, Elf64_Ehdr, e_machine);
	elf->type = (unsigned)FIELD(&part, Elf64_Ehdr, e_type);
	if (p[EI_CLASS] == ELFCLASS64) {
		elf->class = 64;
		elf->phoff = FIELD(&part, Elf64_Ehdr, e_phoff);
		elf->phentsize =
			(unsigned)FIELD(&part, Elf64_Ehdr, e_phentsize);
		elf->phnum = (unsigned)FIELD(&part, Elf64_Ehdr, e_phnum);
		elf->flags = (uint32_t)FIELD(&part, Elf64_Ehdr, e_flags);
		elf->shoff = FIELD(&part, Elf64_Ehdr, e_shoff);
		elf->shentsize =
			(unsigned)FIELD(&part, Elf64_Ehdr, e_shentsize);
		elf->shnum = (unsigned)FIELD(&part, Elf64_Ehdr, e_shnum);
	} else if (p[EI_CLASS] == ELFCLASS32) {
		elf->class = 32;
		elf->phoff = FIELD(&part, Elf32_Ehdr, e_phoff);
		elf->phentsize =
			(unsigned)FIELD(&part, Elf32_Ehdr, e_phentsize);
		elf->phnum = (unsigned)FIELD(&part, Elf32_Ehdr, e_phnum);
		elf->flags = (uint32_t)FIELD(&part, Elf32_Ehdr, e_flags);
		elf->shoff = FIELD(&part, Elf32_Ehdr, e_shoff);
		elf->shentsize =
			(unsigned)FIELD(&part, Elf32_Ehdr, e_shentsize);
		elf->shnum = (unsigned)FIELD(&part, Elf32_Ehdr, e_shnum);
	}
	return true;
}

bool elf_is_library(const char *name)
{
	const char *so = strstr(name, ".so");

	for (; so; so = strstr(so + 1, ".so")) {
		if (so != name && (so[3] == '\0' || so[3] == '.'))
			return true;
	}
	return false;
}

const char *elf_machine_name(unsigned machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].number == machine)
			return machines[i].name;
	}
	return "unknown";
}

struct segment {
	uint32_t type;
	uint64_t offset, size; /* in the file */
};

static void parse_segment(
	const struct elf_header *elf, const uint8_t *p, struct segment *segment)
{
	const struct part part = { p, elf->phentsize, elf->is_little };

	if (elf->class == 64) {
		segment->type = (uint32_t)FIELD(&part, Elf64_Phdr, p_type);
		segment->offset = FIELD(&part, Elf64_Phdr, p_offset);
		segment->size = FIELD(&part, Elf64_Phdr, p_filesz);
		return;
	}
	segment->type = (uint32_t)FIELD(&part, Elf32_Phdr, p_type);
	segment->offset = FIELD(&part, Elf32_Phdr, p_offset);
	segment->size = FIELD(&part, Elf32_Phdr, p_filesz);
}

static int check_table(const struct elf_header *elf, struct error *err)
{
	size_t least =
		elf->class == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (elf->phnum <= PHNUM_MAX && elf->phentsize >= least &&
		elf->phentsize <= PHENTSIZE_MAX)
		return 0;
	return error_set(err, ERROR_INPUT,
		"%u program headers of %u bytes, expected at most %d of %zu",
		elf->phnum, elf->phentsize, PHNUM_MAX, least);
}

/* Reads all of the part, which must lie inside the file. */
static int read_part(struct content_reader *reader,
	const struct content *content, const struct segment *part, void *p,
	struct error *err)
{
	struct content bytes = content_part(content, part->offset, part->size);

	if (bytes.size != part->size)
		return error_set(err, ERROR_INPUT,
			"a program header points beyond the end of the file");
	return content_peek(reader, &bytes, p, (size_t)part->size, err) < 0 ? -1
									    : 0;
}

int elf_interpreter(const struct elf_header *elf, struct content_reader *reader,
	const struct content *content, char interpreter[ELF_INTERPRETER_SIZE],
	struct error *err)
{
	memset(interpreter, 0, ELF_INTERPRETER_SIZE);
	if (!elf->phnum)
		return 0;
	if (check_table(elf, err))
		return -1;
	for (unsigned i = 0; i < elf->phnum; i++) {
		uint8_t raw[PHENTSIZE_MAX];
		struct segment at = { .offset = elf->phoff,
			.size = elf->phentsize },
			       found;

		at.offset += (uint64_t)i * elf->phentsize;
		if (read_part(reader, content, &at, raw, err))
			return -1;
		parse_segment(elf, raw, &found);
		if (found.type != PT_INTERP)
			continue;
		if (found.size >= ELF_INTERPRETER_SIZE)
			return error_set(err, ERROR_INPUT,
				"the name of its loader has %llu bytes",
				(unsigned long long)found.size);
		return read_part(reader, content, &found, interpreter, err);
	}
	return 0;
}
