/* SPDX-License-Identifier: MIT */
#include "routeros/check.h"

#include <string.h>

#include "oci/archive_store.h"
#include "routeros/check_layers.h"
#include "routeros/check_subject.h"

static const char *platform_of(
	const struct archive_image *image, struct arena *arena)
{
	return arena_printf(arena, "%s/%s%s%s", image->os ? image->os : "?",
		image->architecture ? image->architecture : "?",
		image->variant ? "/" : "",
		image->variant ? image->variant : "");
}

static int check_layered(struct check *check, struct check_image *one,
	struct check_layers *layers, struct error *err)
{
	const struct archive_image *image = one->image;
	struct check_subject subject = { .os = image->os,
		.architecture = image->architecture,
		.variant = image->variant,
		.config = &image->config,
		.config_json = image->config_json,
		.board = check->board,
		.findings = &check->findings };
	int got = check_layers_read(
		layers, &check->archive, image, &check->findings, err);

	if (got < 0)
		return -1;
	one->is_read = got;
	one->unpacked = layers->size;
	one->nfiles = layers->flatten.tree.nnodes;
	if (got)
		subject.tree = &layers->flatten.tree;
	return check_subject(&subject, err);
}

static int check_image(struct check *check, const struct archive_image *image,
	struct error *err)
{
	struct check_image *one = &check->images[check->nimages++];
	struct check_layers layers;
	int failed;

	*one = (struct check_image){ .image = image,
		.platform = platform_of(image, &check->arena) };
	check->findings.platform =
		check->archive.nimages > 1 ? one->platform : NULL;
	failed = check_layered(check, one, &layers, err);
	check_layers_release(&layers);
	check->findings.platform = NULL;
	return failed;
}

/* Whether it was told already why no image can be read, for all versions. */
static bool is_explained(const struct check *check)
{
	static const enum check_rule_id reasons[] = { RULE_MANIFEST_MISSING,
		RULE_MANIFEST_INVALID, RULE_MEMBER_MISSING };

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (check->findings.counts[reasons[i]])
			return true;
	}
	return false;
}

/* The path is known, and stands before each finding anyway. */
static const char *without_path(const struct check *check, const char *text)
{
	size_t n = strlen(check->path);

	if (!strncmp(text, check->path, n) && !strncmp(text + n, ": ", 2))
		return text + n + 2;
	return text;
}

static int check_images(struct check *check, struct error *err)
{
	for (size_t i = 0; i < check->archive.nimages; i++) {
		if (check_image(check, &check->archive.images[i], err))
			return -1;
	}
	return 0;
}

/* What docker-archives say of their images is told by check_manifest(). */
static void check_form(struct check *check)
{
	const struct archive *archive = &check->archive;
	const bool is_oci = archive->form != ARCHIVE_DOCKER &&
			    archive->form != ARCHIVE_HYBRID;

	if (is_oci)
		check_oci_layers(check);
	if (is_oci && archive->nimages > 1)
		findings_add(&check->findings, RULE_SEVERAL_PLATFORMS, NULL,
			"%zu images", archive->nimages);
	if (archive->nattestations)
		findings_add(&check->findings, RULE_ATTESTATION, NULL,
			"%zu of them", archive->nattestations);
}

static int check_store(
	struct check *check, struct archive_store *store, struct error *err)
{
	struct error why;

	check_manifest(check, store);
	if (!archive_open_store(&check->archive, store, check->path, &why)) {
		check_form(check);
		return check_images(check, err);
	}
	if (why.kind != ERROR_INPUT && why.kind != ERROR_VERIFY) {
		*err = why;
		return -1;
	}
	if (!is_explained(check))
		findings_add(&check->findings, RULE_IMAGE_INVALID, NULL, "%s",
			without_path(check, why.text));
	return 0;
}

int check_file(struct check *check, struct error *err)
{
	struct archive_store *store = NULL;
	int failed;

	arena_init(&check->arena);
	findings_init(&check->findings, &check->arena);
	failed = check_archive(check, &store, err);
	if (!failed && store)
		failed = check_store(check, store, err);
	if (failed)
		check_release(check);
	return failed ? -1 : 0;
}

void check_release(struct check *check)
{
	archive_release(&check->archive);
	arena_release(&check->arena);
}
