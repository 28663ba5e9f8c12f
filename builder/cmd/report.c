/* SPDX-License-Identifier: MIT */
#include "cmd/report.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mask.h"
#include "base/path.h"
#include "base/stamp.h"
#include "build/version.h"

const char *report_size(uint64_t bytes, char text[SIZE_TEXT])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(text, SIZE_TEXT, "%u B", (unsigned)bytes);
		return text;
	}
	while (value >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		value /= 1024;
		unit++;
	}
	snprintf(text, SIZE_TEXT, "%.1f %s", value, units[unit]);
	return text;
}

const char *report_format(enum format format)
{
	switch (format) {
	case FORMAT_ROUTEROS:
		return "routeros";
	case FORMAT_OCI:
		return "oci";
	case FORMAT_REPORT:
		return "report";
	case FORMAT_OCI_DIR:
		return "oci-dir";
	}
	return "";
}

void report_text(FILE *stream, const char *text, enum report_newlines newlines)
{
	while (*text) {
		const bool is_kept = *text == '\n' && newlines == NEWLINES_KEPT;
		const size_t n = is_kept ? 0 : mask_length(text);

		fputc(n ? '?' : *text, stream);
		text += n ? n : 1;
	}
}

json_t *report_text_json(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	SCOPED_FREE char *copy = NULL;
	size_t n;

	if (value)
		return value;
	copy = memory_strdup(text);
	for (char *p = copy; *p; p += n ? n : 1) {
		n = slice_character(slice_make(p, strnlen(p, UTF8_MAX)));
		if (!n)
			*p = '?';
	}
	return json_string(copy);
}

json_t *report_lines_json(const char *lines)
{
	struct slice rest = slice_of(lines), line;
	json_t *list = json_array();

	while (slice_cut(&rest, '\n', &line) && line.len) {
		SCOPED_FREE char *text = slice_dup(line);

		json_array_append_new(list, report_text_json(text));
	}
	return list;
}

void report_json(json_t *owned_document)
{
	json_dumpf(owned_document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(owned_document);
}

void report_future(const struct routeros_version *version, const char *how)
{
	char text[ROUTEROS_VERSION_TEXT], newest[ROUTEROS_VERSION_TEXT];

	if (routeros_version_is_future(version))
		log_warn("RouterOS %s is newer than what is known, %s: %s",
			routeros_version_text(version, text),
			routeros_version_text(&routeros_newest, newest), how);
}

void report_error(const struct request *request, const struct error *err)
{
	const struct error_kind_info *kind = &error_kinds[err->kind];

	fputs("alpbuild: ", stderr);
	report_text(stderr, err->text, NEWLINES_KEPT);
	fputc('\n', stderr);
	if (request->json)
		report_json(json_pack("{s:{s:s,s:i,s:o}}", "error", "kind",
			kind->name, "status", kind->status, "message",
			report_text_json(err->text)));
}

static void print_output(
	const struct request *request, const struct output *output)
{
	SCOPED_FREE char *path = path_join(request->output, output->file);
	char hex[DIGEST_TEXT_SIZE], size[SIZE_TEXT];
	const struct digest *digest =
		output->sha256.kind ? &output->sha256 : &output->id;

	printf("%s\n  %s  %s  %s%s\n", path, report_size(output->size, size),
		output->tag, digest_text(digest, hex),
		output->written ? "" : "  (unchanged)");
}

void report_image(const struct request *request, const struct image_plan *image,
	const struct image_result *result)
{
	if (result->fresh)
		fprintf(stderr, "image %s: nothing changed, nothing to do\n",
			image->name);
	for (size_t i = 0; i < result->n; i++)
		print_output(request, &result->items[i]);
}

static json_t *digest_json(const struct digest *digest)
{
	char text[DIGEST_TEXT_SIZE];

	if (!digest->kind)
		return json_null();
	return json_string(digest_text(digest, text));
}

static json_t *output_json(const struct output *o)
{
	return json_pack("{s:s,s:s,s:s?,s:s,s:I,s:o,s:o,s:b}", "file", o->file,
		"format", report_format(o->format), "architecture", o->arch,
		"tag", o->tag, "size", (json_int_t)o->size, "digest",
		digest_json(&o->sha256), "id", digest_json(&o->id), "written",
		o->written);
}

json_t *report_image_json(
	const struct image_plan *image, const struct image_result *result)
{
	json_t *outputs = json_array();

	for (size_t i = 0; i < result->n; i++)
		json_array_append_new(outputs, output_json(&result->items[i]));
	return json_pack("{s:s,s:s,s:s,s:s,s:b,s:o}", "image", image->name,
		"version", image->version, "alpine", image->alpine, "revision",
		image->provenance.revision, "fresh", result->fresh, "outputs",
		outputs);
}
