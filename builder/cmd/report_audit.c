/* SPDX-License-Identifier: MIT */
#include "cmd/report_audit.h"

#include <stdio.h>

/* Names come from an image or a report: nothing reaches the terminal raw. */
static void put(const char *text)
{
	report_text(stdout, text, NEWLINES_MASKED);
}

static void put_difference(const struct audit_finding *finding)
{
	put("the database says ");
	put(finding->expected);
	put(", the image has ");
	put(finding->found);
}

static void print_finding(const struct audit_finding *finding)
{
	switch (finding->kind) {
	case AUDIT_MISSING:
		put(finding->package ? "the database has it"
				     : "the report has it ");
		put(finding->package ? "" : finding->expected);
		put(", the image has not");
		break;
	case AUDIT_UNOWNED:
		put(finding->found);
		put(" that neither the database nor the report has");
		break;
	default:
		put_difference(finding);
	}
	if (!finding->package)
		return;
	put(" (package ");
	put(finding->package);
	put(")");
}

void audited_print(const struct audited *audited)
{
	for (size_t i = 0; i < audited->audit.n; i++) {
		const struct audit_finding *finding = &audited->audit.items[i];

		put(audited->prefix);
		printf("%s ", audit_kinds[finding->kind]);
		put(finding->path);
		printf(": ");
		print_finding(finding);
		putchar('\n');
	}
}

static void add_text(json_t *object, const char *key, const char *value)
{
	json_object_set_new(
		object, key, value ? json_string(value) : json_null());
}

static json_t *finding_json(
	const struct audited *audited, const struct audit_finding *finding)
{
	json_t *object = json_object();

	add_text(object, "file", audited->file);
	add_text(object, "architecture", audited->image->architecture);
	add_text(object, "kind", audit_kinds[finding->kind]);
	add_text(object, "path", finding->path);
	add_text(object, "package", finding->package);
	add_text(object, "expected", finding->expected);
	add_text(object, "found", finding->found);
	return object;
}

void audited_json(
	const struct audited *audited, json_t *images, json_t *findings)
{
	const struct archive_image *image = audited->image;
	const struct report *report = audited->report;
	json_t *object = json_object();
	char text[DIGEST_TEXT_SIZE];

	add_text(object, "file", audited->file);
	add_text(object, "architecture", image->architecture);
	add_text(object, "variant", image->variant);
	add_text(object, "diff_id",
		digest_text(&image->layers[0].diff_id, text));
	add_text(object, "report", report ? report->path : NULL);
	json_object_set_new(
		object, "database", json_boolean(audited->has_database));
	json_object_set_new(
		object, "findings", json_integer((json_int_t)audited->audit.n));
	json_array_append_new(images, object);
	for (size_t i = 0; i < audited->audit.n; i++)
		json_array_append_new(findings,
			finding_json(audited, &audited->audit.items[i]));
}
