/* SPDX-License-Identifier: MIT */
#include "spec/report.h"

#include <string.h>

#include "base/file.h"
#include "spec/lock_package.h"
#include "spec/manifest.h"
#include "spec/report_decode.h"
#include "spec/router_decode.h"
#include "spec/syntax.h"

#define REPORT_PATHS_MAX 1000000
#define DIFF_ID_PREFIX "sha256:"

static int decode_sha256(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_sha256, out, err);
}

static bool is_diff_id(const char *text)
{
	return slice_starts(slice_of(text), DIFF_ID_PREFIX) &&
	       syntax_sha256.accepts(text + sizeof(DIFF_ID_PREFIX) - 1);
}

static int decode_diff_id(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct string_rule rule = { is_diff_id,
		"\"sha256:\" and 64 lower-case hexadecimal digits" };

	return decode_string_as(d, v, &rule, out, err);
}

static int decode_epoch(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	uint64_t number;

	if (decode_number(d, v, INT64_MAX, &number, err))
		return -1;
	*(int64_t *)out = (int64_t)number;
	return 0;
}

static int decode_flag(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	if (!json_is_boolean(v->json))
		return decode_complain(d, v, err,
			"expected true or false, found %s", value_show(d, v));
	*(bool *)out = json_is_true(v->json);
	return 0;
}

static const struct field script_fields[] = {
	{ .key = "package",
		.decode = decode_string,
		.offset = offsetof(struct report_script, package),
		.required = true },
	{ .key = "version",
		.decode = decode_string,
		.offset = offsetof(struct report_script, version),
		.required = true },
	{ .key = "script",
		.decode = decode_string,
		.offset = offsetof(struct report_script, script),
		.required = true },
	{ .key = "sha256",
		.decode = decode_sha256,
		.offset = offsetof(struct report_script, sha256),
		.required = true },
	{ .key = "outcome",
		.decode = decode_string,
		.offset = offsetof(struct report_script, outcome),
		.required = true },
	{ .key = "note",
		.decode = decode_string,
		.offset = offsetof(struct report_script, note),
		.required = true },
	{ .key = "acknowledged",
		.decode = decode_flag,
		.offset = offsetof(struct report_script, acknowledged),
		.required = true },
};

static const struct table script_table = { script_fields,
	ARRAY_SIZE(script_fields) };

static int decode_script(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_object(d, v, &script_table, out, err);
}

struct script_items {
	struct report_script *items;
	size_t n, cap;
};

static int add_script(const struct decoder *d, const struct value *v,
	void *list, const void *item, struct error *err)
{
	struct script_items *scripts = list;

	if (scripts->n == scripts->cap)
		scripts->items = list_grow(scripts->items, scripts->n,
			&scripts->cap, sizeof(*scripts->items), d->arena);
	memcpy(&scripts->items[scripts->n++], item, sizeof(*scripts->items));
	return 0;
}

static int decode_scripts(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = {
		.size = sizeof(struct report_script),
		.item = decode_script,
		.add = add_script,
		.table = &script_table,
		.max = LOCK_PACKAGES_MAX,
	};
	struct script_items scripts = { 0 };
	struct report *report = out;

	if (decode_list(d, v, &type, &scripts, err))
		return -1;
	report->scripts = scripts.items;
	report->nscripts = scripts.n;
	return 0;
}

static int decode_paths(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_string,
		.add = decode_add_any,
		.max = REPORT_PATHS_MAX };

	return decode_list(d, v, &type, out, err);
}

struct origin_items {
	struct report_origin *items;
	size_t n, cap;
};

static int decode_origin(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct report_origin origin = { 0 };
	struct origin_items *list = out;

	if (!syntax_line.accepts(v->key))
		return decode_complain(d, v, err, "expected %s as the name",
			syntax_line.expected);
	if (decode_paths(d, v, &origin.paths, err))
		return -1;
	origin.origin = arena_strdup(d->arena, v->key);
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(origin), d->arena);
	list->items[list->n++] = origin;
	return 0;
}

static int decode_origins(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct origin_items list = { 0 };
	struct report *report = out;

	if (decode_members(d, v, decode_origin, &list, err))
		return -1;
	report->origins = list.items;
	report->norigins = list.n;
	return 0;
}

static int decode_packages(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct lock_arch arch = { 0 };
	struct report *report = out;

	if (lock_decode_packages(d, v, &arch, err))
		return -1;
	report->packages = arch.packages;
	report->npackages = arch.npackages;
	return 0;
}

/* The same keys as in a manifest, for which the table is made. */
static int decode_router(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct manifest manifest = { 0 };
	struct report *report = out;

	if (decode_object(d, v, &router_table, &manifest, err))
		return -1;
	report->router = manifest.router;
	return router_check(&report->router, err);
}

static const struct field minirootfs_fields[] = {
	{ .key = "version",
		.decode = decode_string,
		.offset = offsetof(struct lock_minirootfs, version),
		.required = true },
	{ .key = "path",
		.decode = lock_decode_path,
		.offset = offsetof(struct lock_minirootfs, path),
		.required = true },
	{ .key = "sha256",
		.decode = decode_sha256,
		.offset = offsetof(struct lock_minirootfs, sha256),
		.required = true },
};

static const struct table minirootfs_table = { minirootfs_fields,
	ARRAY_SIZE(minirootfs_fields) };

static int decode_version(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	uint64_t version;

	if (decode_number(d, v, UINT32_MAX, &version, err))
		return -1;
	if (version == REPORT_VERSION)
		return 0;
	return decode_complain(d, v, err,
		"expected %d, the format of reports that this alpbuild knows, "
		"found %llu",
		REPORT_VERSION, (unsigned long long)version);
}

#define TEXT_FIELD(name)                                                       \
	{                                                                      \
		.key = #name, .decode = decode_string,                         \
		.offset = offsetof(struct report, name), .required = true      \
	}

static const struct field report_fields[] = {
	{ .key = "version", .decode = decode_version, .required = true },
	TEXT_FIELD(image),
	TEXT_FIELD(tag),
	TEXT_FIELD(arch),
	TEXT_FIELD(alpine),
	{ .key = "diff_id",
		.decode = decode_diff_id,
		.offset = offsetof(struct report, diff_id),
		.required = true },
	{ .key = "epoch",
		.decode = decode_epoch,
		.offset = offsetof(struct report, epoch),
		.required = true },
	{ .key = "minirootfs",
		.table = &minirootfs_table,
		.offset = offsetof(struct report, minirootfs),
		.required = true },
	{ .key = "packages",
		.decode = decode_packages,
		.table = &lock_package_table,
		.required = true },
	{ .key = "scripts",
		.decode = decode_scripts,
		.table = &script_table,
		.required = true },
	{ .key = "origins", .decode = decode_origins, .required = true },
	{ .key = "removed",
		.decode = decode_paths,
		.offset = offsetof(struct report, removed),
		.required = true },
	{ .key = "routeros", .decode = decode_router, .table = &router_table },
};

const struct table report_table = { report_fields, ARRAY_SIZE(report_fields) };

int report_parse(struct report *report, const char *name, struct slice text,
	struct arena *arena, struct error *err)
{
	struct decoder d = { .arena = arena };
	struct json_doc doc;
	struct value root;
	int failed;

	memset(report, 0, sizeof(*report));
	report->path = arena_strdup(arena, name);
	if (json_doc_parse_large(&doc, name, text, arena, err))
		return -1;
	d.doc = &doc;
	root = value_root(&d);
	failed = decode_object(&d, &root, &report_table, report, err);
	json_doc_release(&doc);
	return failed;
}

int report_read(struct report *report, const char *path, struct arena *arena,
	struct error *err)
{
	struct buf buf;
	int failed;

	if (file_read(path, REPORT_MAX, &buf, err))
		return -1;
	failed = report_parse(report, path, buf_slice(&buf), arena, err);
	buf_release(&buf);
	return failed;
}
