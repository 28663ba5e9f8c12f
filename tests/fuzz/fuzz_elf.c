/* SPDX-License-Identifier: MIT
 *
 * fuzz_elf: everything that is read of an ELF file.
 */
#include "tree/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct content content = content_bytes(data, size);
	char interpreter[ELF_INTERPRETER_SIZE];
	struct content_reader reader;
	struct elf_header elf;
	struct error err;
	unsigned version;

	if (!elf_parse(data, size, &elf))
		return 0;
	content_reader_init(&reader);
	(void)!elf_interpreter(&elf, &reader, &content, interpreter, &err);
	(void)!elf_arm_version(&elf, &reader, &content, &version, &err);
	(void)elf_machine_name(elf.machine);
	content_reader_release(&reader);
	return 0;
}
