/* SPDX-License-Identifier: MIT
 *
 * elf: the few fields of an ELF file that tell whether it can run on an
 * architecture (System V gABI, "ELF Header" and "Program Header"; values of
 * e_machine as in elf.h). Little endian only: all of Alpine's architectures
 * that RouterOS knows are. Hostile input: every offset is checked.
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
	unsigned class;	  /* 32 or 64; 0: some other value */
	bool is_little;	  /* endian */
	unsigned machine; /* e_machine */
	uint64_t phoff;	  /* of the program headers, in the file */
	unsigned phentsize, phnum;
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

#endif
