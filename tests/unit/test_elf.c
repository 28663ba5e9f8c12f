/* SPDX-License-Identifier: MIT
 *
 * What an ARM program says that it needs. The other fields of ELF files are
 * tested by test_check.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <string.h>

#include "tree/elf.h"

#define ATTRIBUTES_OFFSET 64
#define SECTIONS_OFFSET 256

/* A file with one section of build attributes. */
struct file {
	unsigned char bytes[512];
	struct elf_header elf;
	struct content content;
};

static void make(struct file *f, const void *attributes, size_t n)
{
	const Elf32_Ehdr header = { .e_ident = { 0x7f, 'E', 'L', 'F',
					    ELFCLASS32, ELFDATA2LSB },
		.e_type = ET_DYN,
		.e_machine = EM_ARM,
		.e_flags = 0x05000400,
		.e_shoff = SECTIONS_OFFSET,
		.e_shentsize = sizeof(Elf32_Shdr),
		.e_shnum = 2 };
	const Elf32_Shdr sections[2] = { { .sh_type = SHT_NULL },
		{ .sh_type = SHT_ARM_ATTRIBUTES,
			.sh_offset = ATTRIBUTES_OFFSET,
			.sh_size = (Elf32_Word)n } };

	memset(f, 0, sizeof(*f));
	memcpy(f->bytes, &header, sizeof(header));
	memcpy(f->bytes + ATTRIBUTES_OFFSET, attributes, n);
	memcpy(f->bytes + SECTIONS_OFFSET, sections, sizeof(sections));
	f->content = content_bytes(f->bytes, sizeof(f->bytes));
	assert_true(elf_parse(f->bytes, sizeof(f->bytes), &f->elf));
}

static int read_version(
	const struct file *f, unsigned *version, struct error *err)
{
	struct content_reader reader;
	int failed;

	content_reader_init(&reader);
	failed = elf_arm_version(&f->elf, &reader, &f->content, version, err);
	content_reader_release(&reader);
	return failed;
}

static void assert_version(const void *attributes, size_t n, unsigned want)
{
	struct error err = { 0 };
	unsigned version = 99;
	struct file f;

	make(&f, attributes, n);
	assert_int_equal(read_version(&f, &version, &err), 0);
	assert_int_equal(version, want);
}

#define ASSERT_VERSION(text, want) assert_version(text, sizeof(text) - 1, want)

/* As binutils writes them: name of the processor, Tag_CPU_arch, others. */
static void the_architecture_is_found(void **state)
{
	ASSERT_VERSION("A\x15\0\0\0aeabi\0\1\x0b\0\0\0\5v7\0\6\x0a", 7);
	ASSERT_VERSION("A\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x04", 5);
	ASSERT_VERSION("A\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x06", 6);
	ASSERT_VERSION("A\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x0e", 8);
}

static void other_vendors_are_skipped(void **state)
{
	ASSERT_VERSION(
		"A\x0a\0\0\0other\0\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x0a", 7);
}

static void tags_with_text_are_skipped(void **state)
{
	ASSERT_VERSION(
		"A\x18\0\0\0aeabi\0\1\x0e\0\0\0\x43x\0\x20\1g\0\6\x0a", 7);
}

static void damaged_attributes_say_nothing(void **state)
{
	ASSERT_VERSION("", 0);
	ASSERT_VERSION("B\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x0a", 0);
	ASSERT_VERSION("A\xff\xff\xff\xff"
		       "aeabi\0\1\x07\0\0\0\6\x0a",
		0);
	ASSERT_VERSION("A\3\0\0\0", 0);
	ASSERT_VERSION("A\x11\0\0\0aeabi\0\1\xff\0\0\0\6\x0a", 0);
	ASSERT_VERSION("A\x11\0\0\0aeabi\0\1\x07\0\0\0\6\x7f", 0);
	ASSERT_VERSION("A\x0a\0\0\0aeabi", 0);
}

static void sections_beyond_the_end_are_refused(void **state)
{
	struct error err = { 0 };
	unsigned version;
	struct file f;

	make(&f, "A", 1);
	f.elf.shoff = sizeof(f.bytes) - 8;
	assert_int_equal(read_version(&f, &version, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	f.elf.shoff = SECTIONS_OFFSET;
	f.elf.shentsize = 8;
	assert_int_equal(read_version(&f, &version, &err), -1);
	f.elf.shentsize = sizeof(Elf32_Shdr);
	f.elf.shnum = 60000;
	assert_int_equal(read_version(&f, &version, &err), -1);
}

static void attributes_beyond_the_end_are_refused(void **state)
{
	const uint32_t offset = 500, size = 100;
	struct error err = { 0 };
	unsigned version;
	struct file f;

	make(&f, "A", 1);
	memcpy(f.bytes + SECTIONS_OFFSET + sizeof(Elf32_Shdr) +
			offsetof(Elf32_Shdr, sh_offset),
		&offset, sizeof(offset));
	memcpy(f.bytes + SECTIONS_OFFSET + sizeof(Elf32_Shdr) +
			offsetof(Elf32_Shdr, sh_size),
		&size, sizeof(size));
	assert_int_equal(read_version(&f, &version, &err), -1);
	assert_string_equal(err.text, "its attributes lie beyond its end");
}

static void files_without_sections_say_nothing(void **state)
{
	struct error err = { 0 };
	unsigned version = 99;
	struct file f;

	make(&f, "A", 1);
	f.elf.shnum = 0;
	assert_int_equal(read_version(&f, &version, &err), 0);
	assert_int_equal(version, 0);
}

static void type_and_eabi_are_read(void **state)
{
	struct file f;

	make(&f, "A", 1);
	assert_int_equal(elf_arm_eabi(&f.elf), 5);
	assert_true(elf_is_loadable(&f.elf));
	f.elf.type = ET_REL;
	assert_false(elf_is_loadable(&f.elf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_architecture_is_found),
		cmocka_unit_test(other_vendors_are_skipped),
		cmocka_unit_test(tags_with_text_are_skipped),
		cmocka_unit_test(damaged_attributes_say_nothing),
		cmocka_unit_test(sections_beyond_the_end_are_refused),
		cmocka_unit_test(attributes_beyond_the_end_are_refused),
		cmocka_unit_test(files_without_sections_say_nothing),
		cmocka_unit_test(type_and_eabi_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
