/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "build/layer_tree.h"
#include "cmd/command.h"
#include "cmd/report_audit.h"
#include "rootfs/install.h"

/* What the images of all files come to. */
struct totals {
	const struct request *request;
	size_t nimages, nfindings;
	bool is_used; /* the report of --report, by some image */
	json_t *images, *findings;
};

struct auditing {
	struct totals *totals;
	const char *file;
	struct archive archive;
};

/* ---- reports ----------------------------------------------------------- */

static bool fits(const struct report *report, const struct audited *audited)
{
	char text[DIGEST_TEXT_SIZE];

	return !strcmp(report->diff_id,
		digest_text(&audited->image->layers[0].diff_id, text));
}

static int complain_fit(const struct report *report,
	const struct audited *audited, struct error *err)
{
	char text[DIGEST_TEXT_SIZE];

	return error_set(err, ERROR_AUDIT,
		"%s does not fit: it is of a layer %s, the image has %s; one "
		"of the two was changed or is of another build",
		report->path, report->diff_id,
		digest_text(&audited->image->layers[0].diff_id, text));
}

/* "dist/x-arm64" of "dist/x-arm64.tar", and so on. */
static struct slice stem_of(const char *file)
{
	static const char *const ends[] = { ".oci.tar", ".oci", ".tar" };
	struct slice stem = slice_of(file);

	while (stem.len > 1 && stem.ptr[stem.len - 1] == '/')
		stem.len--;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (!slice_ends(stem, ends[i]))
			continue;
		stem.len -= strlen(ends[i]);
		break;
	}
	return stem;
}

/* NULL: there is none beside the file. */
static const char *find_report(
	const struct audited *audited, struct arena *arena)
{
	const struct archive_image *image = audited->image;
	const char *arch = image->architecture ? image->architecture : "";
	const char *variant = image->variant ? image->variant : "";
	struct slice stem = stem_of(audited->file);
	const char *names[] = {
		arena_printf(arena, "%.*s.report.json", SLICE_ARGS(stem)),
		arena_printf(arena, "%.*s-%s%s.report.json", SLICE_ARGS(stem),
			arch, variant),
		arena_printf(
			arena, "%.*s-%s.report.json", SLICE_ARGS(stem), arch),
	};

	/* The architecture is foreign and must not lead elsewhere. */
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (i && (strchr(arch, '/') || strchr(variant, '/')))
			return NULL;
		if (file_exists(names[i]))
			return names[i];
	}
	return NULL;
}

static int read_report(struct totals *totals, struct audited *audited,
	struct report *report, struct error *err)
{
	const char *asked = totals->request->report;
	struct arena *arena = audited->audit.arena;
	const char *path = asked ? asked : find_report(audited, arena);

	if (!path) {
		log_info("%s: no report beside it: only what contradicts the "
			 "database is found",
			audited->file);
		return 0;
	}
	if (report_read(report, path, arena, err))
		return -1;
	if (fits(report, audited)) {
		audited->report = report;
		totals->is_used = totals->is_used || asked;
		return 0;
	}
	/* One report is for one image of several. */
	return asked ? 0 : complain_fit(report, audited, err);
}

/* ---- images ------------------------------------------------------------ */

static int compare(
	struct audited *audited, struct layer_tree *layer, struct error *err)
{
	const struct audit_options options = { .report = audited->report,
		.depth = AUDIT_CONTENTS,
		.digest = layer_tree_digest,
		.ctx = layer };
	struct node *node;

	if (tree_resolve(&layer->tree, INSTALL_DB "/installed", TREE_FOLLOW_ALL,
		    &node, err))
		return -1;
	audited->has_database = node && node->inode->content.size;
	if (!audited->has_database)
		log_warn("%s: no package database in it, nothing to compare",
			audited->file);
	return audit_tree(&audited->audit, &layer->tree, &options, err);
}

static void tell(struct totals *totals, const struct audited *audited)
{
	totals->nimages++;
	totals->nfindings += audited->audit.n;
	if (totals->request->json)
		audited_json(audited, totals->images, totals->findings);
	else
		audited_print(audited);
}

/* Lines name the image only where there are several. */
static const char *prefix_of(
	const struct auditing *a, size_t i, struct arena *arena)
{
	const struct archive_image *image = &a->archive.images[i];
	const char *arch = image->architecture ? image->architecture : "?";

	if (a->archive.nimages > 1)
		return arena_printf(arena, "%s %s%s: ", a->file, arch,
			image->variant ? image->variant : "");
	if (a->totals->request->operands.n > 1)
		return arena_printf(arena, "%s: ", a->file);
	return "";
}

static int audit_image(struct auditing *a, size_t i, struct error *err)
{
	struct audited audited = {
		.file = a->file,
		.image = &a->archive.images[i],
	};
	struct layer_tree layer;
	struct report report;
	int failed;

	if (layer_tree_read(&layer, &a->archive, audited.image, err))
		return -1;
	audited.audit.arena = &layer.arena;
	audited.prefix = prefix_of(a, i, &layer.arena);
	failed = read_report(a->totals, &audited, &report, err) ||
		 compare(&audited, &layer, err);
	if (!failed)
		tell(a->totals, &audited);
	layer_tree_release(&layer);
	return failed ? -1 : 0;
}

static int audit_file(
	struct totals *totals, const char *file, struct error *err)
{
	struct auditing a = { .totals = totals, .file = file };
	int failed = 0;

	if (archive_open(&a.archive, file, err))
		return -1;
	for (size_t i = 0; !failed && i < a.archive.nimages; i++)
		failed = audit_image(&a, i, err);
	archive_release(&a.archive);
	return failed ? error_wrap(err, "%s", file) : 0;
}

/* ---- command ----------------------------------------------------------- */

static int audit_files(struct totals *totals, struct error *err)
{
	const struct request *request = totals->request;

	for (size_t i = 0; i < request->operands.n; i++) {
		if (audit_file(totals, request->operands.items[i], err))
			return -1;
	}
	if (request->report && !totals->is_used)
		return error_set(err, ERROR_AUDIT,
			"%s does not fit: no image has the layer that it is of",
			request->report);
	return 0;
}

static int conclude(const struct totals *totals, struct error *err)
{
	const size_t n = totals->nfindings;

	if (totals->request->json)
		report_json(json_pack("{s:O,s:O}", "findings", totals->findings,
			"images", totals->images));
	if (!n)
		return 0;
	return error_set(err, ERROR_AUDIT,
		"%zu %s between what the packages say and what is there", n,
		n == 1 ? "difference" : "differences");
}

static int run_audit(const struct request *request, struct error *err)
{
	struct totals totals = { .request = request };
	int failed;

	if (!request->operands.n)
		return error_set(err, ERROR_USAGE,
			"audit: name an image archive or an OCI folder");
	totals.images = json_array();
	totals.findings = json_array();
	failed = audit_files(&totals, err) || conclude(&totals, err);
	json_decref(totals.images);
	json_decref(totals.findings);
	return failed ? -1 : 0;
}

static int set_report(struct request *r, const char *value, struct error *err)
{
	r->report = value;
	return 0;
}

static const struct option_row options_audit[] = {
	{ "report", 0, "FILE", "the report of its build, if it is elsewhere",
		set_report },
	{ NULL },
};

const struct command command_audit = {
	.name = "audit",
	.summary = "compare an image with its package database",
	.arguments = "FILE...",
	.text = "Compares every directory, file and link of an image with what "
		"its own package\ndatabase says: kind, mode, owner and "
		"content. "
		"The report that a build leaves\nbeside the image says who "
		"else "
		"put something there; then files that are\nnobody's are found, "
		"too. One line for each difference; exit status 17 if there\n"
		"are any, or if the report is not of this image.\n",
	.examples = "  alpbuild audit dist/alp_rc-v3.18.9-0.0.1-arm64.tar\n"
		    "  alpbuild audit --report old.report.json image.tar\n",
	.groups = { options_audit, options_common },
	.run = run_audit,
};
