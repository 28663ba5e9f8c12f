/* SPDX-License-Identifier: MIT */
#include "spec/manifest_decode.h"

#include "spec/account_decode.h"
#include "spec/config_decode.h"
#include "spec/package_decode.h"
#include "spec/router_decode.h"
#include "spec/rule_decode.h"
#include "spec/service_decode.h"
#include "spec/size_decode.h"
#include "spec/syntax.h"

static int decode_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_image_name, out, err);
}

static int decode_version(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_image_version, out, err);
}

static int decode_alpine(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_alpine, out, err);
}

static int decode_line(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_line, out, err);
}

static int decode_folder(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_folder, out, err);
}

/* Keys that the decoder checks and manifest.c or an editor reads. */
static int decode_checked_line(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char *text;

	return decode_line(d, v, &text, err);
}

static int decode_architectures(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_arch,
		.add = decode_add_new,
		.is_unconditional = true };
	struct string_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	if (!own.n)
		return decode_complain(
			d, v, err, "expected at least one architecture");
	*(struct string_list *)out = own;
	return 0;
}

/* Adds to what was inherited; what is there already stays where it is. */
static int decode_overlays(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_folder,
		.add = decode_add_new };
	struct string_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	string_list_merge(out, &own, d->arena);
	return 0;
}

static int decode_variable(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char *text;

	if (!syntax_variable.accepts(v->key))
		return decode_complain(
			d, v, err, "expected %s", syntax_variable.expected);
	if (decode_text(d, v, &text, err))
		return -1;
	pair_list_set(out, v->key, text, d->arena);
	return 0;
}

static int decode_variables(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_members(d, v, decode_variable, out, err);
}

/* The index of a word is the bit of enum format. */
static int decode_format(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const char *const words[] = { "routeros", "oci", "oci-dir",
		NULL };
	static const struct word_list list = { "format", words };
	size_t i;

	if (decode_word(d, v, &list, &i, err))
		return -1;
	*(unsigned *)out = 1U << i;
	return 0;
}

static int add_format(const struct decoder *d, const struct value *v,
	void *list, const void *item, struct error *err)
{
	unsigned *formats = list, format = *(const unsigned *)item;

	if (*formats & format)
		return decode_complain(
			d, v, err, "%s is listed twice", value_show(d, v));
	*formats |= format;
	return 0;
}

static int decode_formats(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(unsigned),
		.item = decode_format,
		.add = add_format };
	unsigned own = 0;

	if (decode_list(d, v, &type, &own, err))
		return -1;
	*(unsigned *)out = own;
	return 0;
}

static const struct field limits_fields[] = {
	{ .key = "tar",
		.decode = decode_size,
		.offset = offsetof(struct manifest, tar_limit) },
};

static const struct table limits_table = { limits_fields,
	ARRAY_SIZE(limits_fields) };

static const struct field manifest_fields[] = {
	{ .key = "$schema", .decode = decode_checked_line },
	{ .key = "name",
		.decode = decode_name,
		.offset = offsetof(struct manifest, name) },
	{ .key = "version",
		.decode = decode_version,
		.offset = offsetof(struct manifest, version) },
	{ .key = "description",
		.decode = decode_string,
		.offset = offsetof(struct manifest, description) },
	{ .key = "source",
		.decode = decode_line,
		.offset = offsetof(struct manifest, source) },
	{ .key = "licenses",
		.decode = decode_line,
		.offset = offsetof(struct manifest, licenses) },
	{ .key = "alpine",
		.decode = decode_alpine,
		.offset = offsetof(struct manifest, alpine) },
	{ .key = "architectures",
		.decode = decode_architectures,
		.offset = offsetof(struct manifest, architectures) },
	{ .key = "extends", .decode = decode_checked_line },
	{ .key = "overlays",
		.decode = decode_overlays,
		.offset = offsetof(struct manifest, overlays) },
	{ .key = "packages",
		.decode = decode_packages,
		.offset = offsetof(struct manifest, packages) },
	{ .key = "repositories",
		.decode = decode_repositories,
		.offset = offsetof(struct manifest, repositories) },
	{ .key = "scripts", .table = &scripts_table },
	{ .key = "arch-skew",
		.decode = decode_arch_skew,
		.offset = offsetof(struct manifest, arch_skew) },
	{ .key = "services", .decode = decode_services },
	{ .key = "routeros", .table = &router_table },
	{ .key = "users", .decode = decode_users, .table = &user_table },
	{ .key = "groups", .decode = decode_groups, .table = &group_table },
	{ .key = "paths",
		.decode = decode_rules,
		.offset = offsetof(struct manifest, paths),
		.table = &rule_table },
	{ .key = "variables",
		.decode = decode_variables,
		.offset = offsetof(struct manifest, variables) },
	{ .key = "formats",
		.decode = decode_formats,
		.offset = offsetof(struct manifest, formats) },
	{ .key = "config", .table = &config_table },
	{ .key = "limits", .table = &limits_table },
};

const struct table manifest_table = { manifest_fields,
	ARRAY_SIZE(manifest_fields) };

int manifest_decode(
	const struct decoder *d, struct manifest *m, struct error *err)
{
	struct value root = value_root(d);

	return decode_object(d, &root, &manifest_table, m, err);
}

static int check_present(const struct decoder *d, const char *key,
	const void *found, struct error *err)
{
	if (found)
		return 0;
	return json_complain(d->doc, "", err, "missing key \"%s\"%s", key,
		json_object_get(d->doc->root, "extends")
			? ", which what it extends does not have either"
			: "");
}

int manifest_check(
	const struct decoder *d, const struct manifest *m, struct error *err)
{
	if (!m->name)
		return json_complain(d->doc, "", err,
			"missing key \"name\" (it is never inherited)");
	if (check_present(d, "version", m->version, err) ||
		check_present(d, "alpine", m->alpine, err) ||
		check_present(d, "architectures", m->architectures.items, err))
		return -1;
	if (account_check(m, err))
		return -1;
	return router_check(&m->router, err);
}
