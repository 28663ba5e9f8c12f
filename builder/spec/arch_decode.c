/* SPDX-License-Identifier: MIT */
#include "spec/arch_decode.h"

#include "base/path.h"
#include "spec/syntax.h"

#define ELF_MACHINE_MAX 65535 /* e_machine has 16 bits */

static int decode_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_arch, out, err);
}

static int decode_names(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_name,
		.add = decode_add_new };

	return decode_list(d, v, &type, out, err);
}

static int decode_class(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	uint64_t class;

	if (decode_number(d, v, UINT32_MAX, &class, err))
		return -1;
	if (class != 32 && class != 64)
		return decode_complain(d, v, err, "expected 32 or 64, found %s",
			value_show(d, v));
	*(unsigned *)out = (unsigned)class;
	return 0;
}

static int decode_machine(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	uint64_t machine;

	if (decode_number(d, v, ELF_MACHINE_MAX, &machine, err))
		return -1;
	*(unsigned *)out = (unsigned)machine;
	return 0;
}

static int decode_loader(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	SCOPED_FREE char *clean = NULL;
	struct error inner;
	const char *text;

	if (decode_string_as(d, v, &syntax_absolute, &text, err))
		return -1;
	if (path_clean(text, PATH_FROM_SPEC, &clean, &inner))
		return decode_complain(d, v, err, "%s", inner.text);
	*(const char **)out = arena_strdup(d->arena, clean);
	return 0;
}

static const struct field oci_fields[] = {
	{ .key = "architecture",
		.decode = decode_name,
		.offset = offsetof(struct arch, oci),
		.required = true },
	{ .key = "variant",
		.decode = decode_name,
		.offset = offsetof(struct arch, variant) },
};

static const struct table oci_table = { oci_fields, ARRAY_SIZE(oci_fields) };

static const struct field elf_fields[] = {
	{ .key = "class",
		.decode = decode_class,
		.offset = offsetof(struct arch, elf_class),
		.required = true },
	{ .key = "machine",
		.decode = decode_machine,
		.offset = offsetof(struct arch, elf_machine),
		.required = true },
};

static const struct table elf_table = { elf_fields, ARRAY_SIZE(elf_fields) };

static const struct field arch_fields[] = {
	{ .key = "aliases",
		.decode = decode_names,
		.offset = offsetof(struct arch, aliases) },
	{ .key = "alpine",
		.decode = decode_name,
		.offset = offsetof(struct arch, alpine),
		.required = true },
	{ .key = "oci", .table = &oci_table, .required = true },
	{ .key = "elf", .table = &elf_table, .required = true },
	{ .key = "loader",
		.decode = decode_loader,
		.offset = offsetof(struct arch, loader),
		.required = true },
	{ .key = "routeros",
		.decode = decode_names,
		.offset = offsetof(struct arch, routeros),
		.required = true },
};

const struct table arch_file_table = { arch_fields, ARRAY_SIZE(arch_fields) };

int arch_decode(const struct decoder *d, const char *name, struct arch *arch,
	struct error *err)
{
	struct value root = value_root(d);

	if (!syntax_arch.accepts(name))
		return error_set(err, ERROR_SPEC,
			"%s: the file's name says the architecture's: "
			"expected %s, found \"%s\"",
			d->doc->name, syntax_arch.expected, name);
	arch->name = arena_strdup(d->arena, name);
	return decode_object(d, &root, &arch_file_table, arch, err);
}
