/* SPDX-License-Identifier: MIT */
#include "spec/lock_package.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "spec/lock.h"
#include "spec/syntax.h"

#define BASE64                                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* As apk/solve.h names them, in the same order. */
enum step { INSTALL, UPGRADE, DOWNGRADE, REPLACE, PIN, PURGE };
static const char *const step_words[] = { "install", "upgrade", "downgrade",
	"replace", "pin", "purge", NULL };

int lock_decode_sha256(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_sha256, out, err);
}

int lock_decode_size(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	uint64_t size;

	if (decode_number(d, v, LOCK_SIZE_MAX, &size, err))
		return -1;
	if (!size)
		return decode_complain(d, v, err, "expected a size, found 0");
	*(uint64_t *)out = size;
	return 0;
}

/* Stands in URLs and names files of archives: nothing to be interpreted. */
static bool is_path(const char *text)
{
	struct slice rest = slice_of(text), part;

	if (!*text || rest.len >= PATH_TEXT_MAX ||
		!syntax_is_printable(text, "") || strpbrk(text, " ?#%\\"))
		return false;
	while (slice_cut(&rest, '/', &part)) {
		if (!part.len || slice_is(part, ".") || slice_is(part, ".."))
			return false;
	}
	return true;
}

int lock_decode_path(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct string_rule rule = { is_path,
		"a path below a mirror" };

	return decode_string_as(d, v, &rule, out, err);
}

static bool has_dot_dot(const char *text)
{
	struct slice rest = slice_of(text), part;

	while (slice_cut(&rest, '/', &part)) {
		if (slice_is(part, ".") || slice_is(part, ".."))
			return true;
	}
	return false;
}

static bool is_package_path(const char *text)
{
	return slice_ends(slice_of(text), ".apk") &&
	       (is_path(text) ||
		       (syntax_url.accepts(text) && !has_dot_dot(text)));
}

static int decode_package_path(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct string_rule rule = { is_package_path,
		"a path below a mirror or a URL, ending in \".apk\"" };

	return decode_string_as(d, v, &rule, out, err);
}

/* Base64 of 20 or 32 bytes. */
static bool is_identity(const char *text)
{
	size_t len = strlen(text), digits;

	if (strncmp(text, "Q1", 2) && strncmp(text, "Q2", 2))
		return false;
	digits = strspn(text + 2, BASE64);
	return digits == (text[1] == '1' ? 27 : 43) && len == digits + 3 &&
	       text[len - 1] == '=';
}

static int decode_identity(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct string_rule rule = { is_identity,
		"apk's checksum: \"Q1\" and 28 characters, or \"Q2\" and 44" };

	return decode_string_as(d, v, &rule, out, err);
}

static int decode_step(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct word_list list = { "step", step_words };
	size_t i;

	if (decode_word(d, v, &list, &i, err))
		return -1;
	*(const char **)out = step_words[i];
	return 0;
}

static int decode_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_package_name, out, err);
}

static int decode_version(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_package_version, out, err);
}

static int decode_package_arch(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_arch, out, err);
}

static int decode_tag(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	return decode_string_as(d, v, &syntax_tag, out, err);
}

bool lock_record_is_text(const char *record)
{
	return slice_is_utf8(slice_of(record)) &&
	       syntax_is_printable(record, "\n\t") &&
	       !slice_starts(slice_of(record), LOCK_RECORD_HEX);
}

/* NULL: not what lock_print() makes of bytes. */
static const char *bytes_of_hex(const char *text, struct arena *arena)
{
	struct slice hex = slice_of(text);
	char *bytes = arena_alloc(arena, hex.len / 2 + 1);
	uint64_t byte;

	if (text[strspn(text, "0123456789abcdef")])
		return NULL;
	for (size_t i = 0; i < hex.len; i += 2) {
		struct slice digits = slice_make(hex.ptr + i, 2);

		if (hex.len % 2 || slice_to_u64(digits, 16, 255, &byte) ||
			!byte)
			return NULL;
		bytes[i / 2] = (char)byte;
	}
	return bytes;
}

/* Longer than other strings: what a package provides is a single line. */
static int decode_record(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char *text = json_string_value(v->json);
	size_t len = json_string_length(v->json);
	const char **record = out;

	if (decode_expect(d, v, JSON_STRING, err))
		return -1;
	if (len > LOCK_RECORD_MAX)
		return decode_complain(d, v, err, "%zu bytes (at most %zu)",
			len, LOCK_RECORD_MAX);
	*record =
		lock_record_is_text(text) ? arena_strdup(d->arena, text) : NULL;
	if (slice_starts(slice_of(text), LOCK_RECORD_HEX))
		*record =
			bytes_of_hex(text + strlen(LOCK_RECORD_HEX), d->arena);
	if (*record)
		return 0;
	return decode_complain(d, v, err,
		"expected text without control characters but newline and "
		"tab, or \"" LOCK_RECORD_HEX "\" and digits, found %s",
		value_show(d, v));
}

static int decode_required_by(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_name,
		.add = decode_add_any,
		.max = LOCK_PACKAGES_MAX };

	return decode_list(d, v, &type, out, err);
}

static const struct field package_fields[] = {
	{ .key = "step",
		.decode = decode_step,
		.offset = offsetof(struct lock_package, step),
		.required = true },
	{ .key = "name",
		.decode = decode_name,
		.offset = offsetof(struct lock_package, name),
		.required = true },
	{ .key = "version",
		.decode = decode_version,
		.offset = offsetof(struct lock_package, version),
		.required = true },
	{ .key = "old_version",
		.decode = decode_version,
		.offset = offsetof(struct lock_package, old_version) },
	{ .key = "arch",
		.decode = decode_package_arch,
		.offset = offsetof(struct lock_package, arch) },
	{ .key = "path",
		.decode = decode_package_path,
		.offset = offsetof(struct lock_package, path) },
	{ .key = "tag",
		.decode = decode_tag,
		.offset = offsetof(struct lock_package, tag) },
	{ .key = "size",
		.decode = lock_decode_size,
		.offset = offsetof(struct lock_package, size) },
	{ .key = "sha256",
		.decode = lock_decode_sha256,
		.offset = offsetof(struct lock_package, sha256) },
	{ .key = "identity",
		.decode = decode_identity,
		.offset = offsetof(struct lock_package, identity) },
	{ .key = "record",
		.decode = decode_record,
		.offset = offsetof(struct lock_package, record) },
	{ .key = "required_by",
		.decode = decode_required_by,
		.offset = offsetof(struct lock_package, required_by) },
};

const struct table lock_package_table = { package_fields,
	ARRAY_SIZE(package_fields) };

/* Which steps must (a bit in needed) and which may have a key. */
static const struct {
	const char *key;
	unsigned needed, allowed;
} step_keys[] = {
#define BIT(step) (1U << (step))
#define OVER_OLD (BIT(UPGRADE) | BIT(DOWNGRADE) | BIT(REPLACE))
#define NEW (BIT(INSTALL) | OVER_OLD)
	{ "old_version", OVER_OLD, OVER_OLD },
	{ "arch", 0, NEW },
	{ "path", NEW, NEW },
	{ "tag", 0, NEW | BIT(PIN) },
	{ "size", NEW, NEW },
	{ "sha256", NEW, NEW },
	{ "identity", NEW, NEW },
	{ "record", 0, NEW },
	{ "required_by", NEW, NEW },
};

static int check_step(const struct decoder *d, const struct value *v,
	const char *step, struct error *err)
{
	unsigned bit = 1;

	for (size_t i = 0; strcmp(step_words[i], step); i++)
		bit <<= 1;
	for (size_t i = 0; i < ARRAY_SIZE(step_keys); i++) {
		const char *key = step_keys[i].key;
		struct value member =
			value_member(v, key, json_object_get(v->json, key));

		if (!member.json && (step_keys[i].needed & bit))
			return decode_complain(d, v, err,
				"missing key \"%s\", which step \"%s\" needs",
				key, step);
		if (member.json && !(step_keys[i].allowed & bit))
			return decode_complain(d, &member, err,
				"makes no sense for step \"%s\"", step);
	}
	return 0;
}

static int decode_package(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct lock_package *pkg = out;

	if (decode_object(d, v, &lock_package_table, pkg, err))
		return -1;
	return check_step(d, v, pkg->step, err);
}

struct package_list {
	struct lock_package *items;
	size_t n, cap;
};

static int add_package(const struct decoder *d, const struct value *v,
	void *list, const void *item, struct error *err)
{
	struct package_list *all = list;

	if (all->n == all->cap)
		all->items = list_grow(all->items, all->n, &all->cap,
			sizeof(*all->items), d->arena);
	all->items[all->n++] = *(const struct lock_package *)item;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return strcmp(*one, *other);
}

/* There may be very many: sorting finds what comes twice. */
static int check_names(const struct decoder *d, const struct value *v,
	const struct package_list *list, struct error *err)
{
	const char **names =
		arena_alloc(d->arena, (list->n + 1) * sizeof(*names));

	for (size_t i = 0; i < list->n; i++)
		names[i] = list->items[i].name;
	qsort(names, list->n, sizeof(*names), compare_names);
	for (size_t i = 1; i < list->n; i++) {
		if (!strcmp(names[i - 1], names[i]))
			return decode_complain(d, v, err,
				"package \"%s\" is listed twice", names[i]);
	}
	return 0;
}

int lock_decode_packages(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = {
		.size = sizeof(struct lock_package),
		.item = decode_package,
		.add = add_package,
		.table = &lock_package_table,
		.max = LOCK_PACKAGES_MAX,
	};
	struct package_list list = { 0 };
	struct lock_arch *arch = out;

	if (decode_list(d, v, &type, &list, err) ||
		check_names(d, v, &list, err))
		return -1;
	arch->packages = list.items;
	arch->npackages = list.n;
	return 0;
}
