/* SPDX-License-Identifier: MIT
 *
 * The build attributes of ARM files: a section of type SHT_ARM_ATTRIBUTES
 * that holds 'A', then vendors (u32 length, name), in them scopes (tag, u32
 * length) of pairs of a number and a number or a text.
 */
#include <elf.h>
#include <string.h>

#include "base/slice.h"
#include "tree/elf.h"

#define SECTIONS_MAX 4096
#define ATTRIBUTES_MAX ((size_t)4096) /* bytes; real ones have about 60 */
#define VENDOR "aeabi"

#define TAG_FILE 1
#define TAG_CPU_RAW_NAME 4
#define TAG_CPU_NAME 5
#define TAG_CPU_ARCH 6
#define TAG_COMPATIBILITY 32

/* Little endian, cut off the front; false when there is less. */
static bool cut_u32(struct slice *rest, uint32_t *value)
{
	const unsigned char *p = (const unsigned char *)rest->ptr;

	if (rest->len < 4)
		return false;
	*value = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		 (uint32_t)p[3] << 24;
	*rest = slice_make(rest->ptr + 4, rest->len - 4);
	return true;
}

/* ULEB128, of which real values take one byte. */
static bool cut_number(struct slice *rest, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; rest->len && shift < 63; shift += 7) {
		unsigned char c = (unsigned char)rest->ptr[0];

		*rest = slice_make(rest->ptr + 1, rest->len - 1);
		*value |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static bool cut_text(struct slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, '\0', rest->len) : NULL;
	size_t n = end ? (size_t)(end - rest->ptr) + 1 : 0;

	*rest = slice_make(rest->ptr + n, rest->len - n);
	return end;
}

/* What follows a tag: odd ones from 33 on have a text. */
static bool cut_value(struct slice *rest, uint64_t tag, uint64_t *value)
{
	if (tag == TAG_CPU_RAW_NAME || tag == TAG_CPU_NAME ||
		(tag > TAG_COMPATIBILITY && tag % 2))
		return cut_text(rest);
	if (!cut_number(rest, value))
		return false;
	return tag != TAG_COMPATIBILITY || cut_text(rest);
}

/* Values of Tag_CPU_arch by their numbers. */
static unsigned version_of(uint64_t arch)
{
	static const unsigned char versions[] = { 3, 4, 4, 5, 5, 5, 6, 6, 6, 6,
		7, 6, 6, 7, 8, 8, 8, 8, 0, 0, 0, 8, 9 };

	return arch < sizeof(versions) ? versions[arch] : 0;
}

static unsigned version_in_scope(struct slice scope)
{
	uint64_t tag, value = 0;

	while (cut_number(&scope, &tag) && cut_value(&scope, tag, &value)) {
		if (tag == TAG_CPU_ARCH)
			return version_of(value);
	}
	return 0;
}

/* The length of a part counts itself and what came before it in the part. */
static bool cut_part(struct slice *rest, size_t before, struct slice *part)
{
	uint32_t length;

	if (!cut_u32(rest, &length) || length < before + 4 ||
		length - before - 4 > rest->len)
		return false;
	*part = slice_make(rest->ptr, length - before - 4);
	*rest = slice_make(rest->ptr + part->len, rest->len - part->len);
	return true;
}

static unsigned version_in_vendor(struct slice rest)
{
	struct slice name = rest, scope;

	if (!cut_text(&rest) ||
		!slice_is(slice_make(name.ptr, strlen(name.ptr)), VENDOR))
		return 0;
	while (rest.len) {
		unsigned char tag = (unsigned char)rest.ptr[0];

		rest = slice_make(rest.ptr + 1, rest.len - 1);
		if (!cut_part(&rest, 1, &scope))
			return 0;
		if (tag == TAG_FILE)
			return version_in_scope(scope);
	}
	return 0;
}

static unsigned version_in(struct slice rest)
{
	struct slice vendor;
	unsigned version = 0;

	if (!rest.len || rest.ptr[0] != 'A')
		return 0;
	rest = slice_make(rest.ptr + 1, rest.len - 1);
	while (!version && rest.len && cut_part(&rest, 0, &vendor))
		version = version_in_vendor(vendor);
	return version;
}

static int complain(const char *what, struct error *err)
{
	return error_set(err, ERROR_INPUT, "%s", what);
}

struct arm_file {
	const struct elf_header *elf;
	struct content_reader *reader;
	const struct content *content;
};

struct section {
	uint32_t type, offset, size; /* in the file */
};

static uint32_t u32_at(const char *p, size_t offset)
{
	struct slice rest = slice_make(p + offset, 4);
	uint32_t value = 0;

	cut_u32(&rest, &value);
	return value;
}

static int read_section(const struct arm_file *file, unsigned i,
	struct section *section, struct error *err)
{
	const struct content part = content_part(file->content,
		file->elf->shoff + (uint64_t)i * file->elf->shentsize,
		sizeof(Elf32_Shdr));
	char raw[sizeof(Elf32_Shdr)];

	if (part.size != sizeof(raw))
		return complain("its section headers lie beyond its end", err);
	if (content_peek(file->reader, &part, raw, sizeof(raw), err) < 0)
		return -1;
	section->type = u32_at(raw, offsetof(Elf32_Shdr, sh_type));
	section->offset = u32_at(raw, offsetof(Elf32_Shdr, sh_offset));
	section->size = u32_at(raw, offsetof(Elf32_Shdr, sh_size));
	return 0;
}

static int read_attributes(const struct arm_file *file,
	const struct section *section, unsigned *version, struct error *err)
{
	char bytes[ATTRIBUTES_MAX];
	size_t size =
		section->size < sizeof(bytes) ? section->size : sizeof(bytes);
	const struct content part =
		content_part(file->content, section->offset, size);

	if (part.size != size)
		return complain("its attributes lie beyond its end", err);
	if (content_peek(file->reader, &part, bytes, size, err) < 0)
		return -1;
	*version = version_in(slice_make(bytes, size));
	return 0;
}

int elf_arm_version(const struct elf_header *elf, struct content_reader *reader,
	const struct content *content, unsigned *version, struct error *err)
{
	const struct arm_file file = { elf, reader, content };

	*version = 0;
	if (elf->machine != EM_ARM || elf->class != 32 || !elf->is_little ||
		!elf->shnum)
		return 0;
	if (elf->shnum > SECTIONS_MAX || elf->shentsize < sizeof(Elf32_Shdr))
		return complain("its section headers make no sense", err);
	for (unsigned i = 0; i < elf->shnum; i++) {
		struct section section;

		if (read_section(&file, i, &section, err))
			return -1;
		if (section.type == SHT_ARM_ATTRIBUTES)
			return read_attributes(&file, &section, version, err);
	}
	return 0;
}

unsigned elf_arm_eabi(const struct elf_header *elf)
{
	return (unsigned)(elf->flags >> 24);
}

bool elf_is_loadable(const struct elf_header *elf)
{
	return elf->type == ET_EXEC || elf->type == ET_DYN;
}
