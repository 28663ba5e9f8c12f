/* SPDX-License-Identifier: MIT */
#include "spec/overlay_spec.h"

#include <string.h>

#include "base/file.h"
#include "spec/overlay_decode.h"
#include "spec/rule_decode.h"

static const struct field overlay_fields[] = {
	{ .key = "description",
		.decode = decode_string,
		.offset = offsetof(struct overlay_spec, description) },
	{ .key = "rules",
		.decode = decode_rules,
		.offset = offsetof(struct overlay_spec, rules),
		.table = &rule_table },
	{ .key = "templates",
		.decode = decode_patterns,
		.offset = offsetof(struct overlay_spec, templates) },
	{ .key = "ignore",
		.decode = decode_patterns,
		.offset = offsetof(struct overlay_spec, ignore) },
};

const struct table overlay_table = { overlay_fields,
	ARRAY_SIZE(overlay_fields) };

static void spec_init(struct overlay_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->description = "";
}

int overlay_decode(
	const struct decoder *d, struct overlay_spec *spec, struct error *err)
{
	struct value root = value_root(d);

	spec_init(spec);
	return decode_object(d, &root, &overlay_table, spec, err);
}

int overlay_spec_read(struct overlay_spec *spec, const char *path,
	const struct arch *arch, struct arena *arena, struct error *err)
{
	struct decoder d = {
		.arch = arch, .archs = arch->table, .arena = arena
	};
	struct error inner;
	struct json_doc doc;
	int ret;

	if (json_doc_read(&doc, path, arena, &inner)) {
		if (inner.kind == ERROR_NOT_FOUND) {
			spec_init(spec);
			return 0;
		}
		*err = inner;
		return -1;
	}
	d.doc = &doc;
	ret = overlay_decode(&d, spec, err);
	json_doc_release(&doc);
	return ret;
}
