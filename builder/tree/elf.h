/* SPDX-License-Identifier: MIT
 *
 * elf: the few fields of an ELF file that tell whether it can run on an
 * architecture (System V gABI, "ELF Header" and "Program Header"; values of
 * e_machine as in elf.h), in either byte order: what is for another processor
 * is to be told by its name. Hostile input: every offset is checked.
 */
#ifndef TREE_ELF_H
#define TREE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "tree/content.h"

#define ELF_PEEK_SIZE 64 /* bytes: the longer of the two headers */

struct elf_header {
	unsigned class; /* 32 or 64; 0: no class or byte order that is known */
	bool is_little; /* endian */
	unsigned machine; /* e_machine */
	unsigned type;	  /* e_type: 2 program, 3 shared or PIE */
	uint32_t flags;	  /* e_flags */
	uint64_t phoff;	  /* of the program headers, in the file */
	unsigned phentsize, phnum;
	uint64_t shoff; /* of the section headers */
	unsigned shentsize, shnum;
};

/*
 * Reads the header from the first n bytes of a file. False when it is no ELF
 * file. Fields that lie beyond n are 0.
 */
bool elf_parse(const uint8_t *p, size_t n, struct elf_header *elf);
/* "aarch64"; "unknown" when the number is not in the table. */
const char *elf_machine_name(unsigned machine);

/*
 * The dynamic loader (PT_INTERP) as text; "" when the file asks for none.
 * ERROR_INPUT when the program headers make no sense.
 */
#define ELF_INTERPRETER_SIZE 256
int elf_interpreter(const struct elf_header *elf, struct content_reader *reader,
	const struct content *content, char interpreter[ELF_INTERPRETER_SIZE],
	struct error *err) MUST_CHECK;

/* By its name, "libx.so" or "libx.so.1.2": they need no x bit. */
bool elf_is_library(const char *name);
/* Programs and libraries, not objects or core files. */
bool elf_is_loadable(const struct elf_header *elf);

/*
 * The first ARM architecture that has all instructions of a file, from its
 * build attributes ("Addenda to, and Errata in, the ABI for the Arm
 * Architecture", Tag_CPU_arch): 4 to 8, 0 when the file does not say.
 * ERROR_INPUT when its sections make no sense.
 */
int elf_arm_version(const struct elf_header *elf, struct content_reader *reader,
	const struct content *content, unsigned *version,
	struct error *err) MUST_CHECK;
/* e_flags of ARM: the version of its EABI, 5 in all that Linux runs today. */
unsigned elf_arm_eabi(const struct elf_header *elf);

#endif
