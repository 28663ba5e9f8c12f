/* SPDX-License-Identifier: MIT
 *
 * Rules about OCI layouts, and about archives that are partly one: each case
 * breaks those that it names and no other.
 */
#include "unit/check_fixture.h"

/* An image as blobs; gives the descriptor of its manifest. */
static const char *oci_image(struct maker *m, const struct buf *stored,
	const char *media_type, const char *extra)
{
	struct buf layer = check_layer_of(check_layer);
	const char *config = maker_text_blob(m, MEDIA_CONFIG,
		check_config_of(m, CHECK_CONFIG, &layer, 1), "");
	const char *blob =
		maker_blob(m, media_type, stored ? stored : &layer, "");

	buf_release(&layer);
	return maker_manifest(m, config, blob, extra);
}

static void oci_index(struct maker *m, const char *descriptors)
{
	maker_text(m, "oci-layout", MARK_TEXT);
	maker_text(m, "index.json",
		arena_printf(&m->arena,
			"{\"schemaVersion\":2,\"manifests\":[%s]}",
			descriptors));
	maker_end(m);
}

static void oci(struct maker *m)
{
	oci_index(m, oci_image(m, NULL, LAYER_MEDIA_TAR, ""));
}

static void oci_gzip(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);
	struct buf packed = maker_gzip(layer.data, layer.len);

	oci_index(m, oci_image(m, &packed, LAYER_MEDIA_TAR "+gzip", ""));
	buf_release(&packed);
	buf_release(&layer);
}

static void oci_zstd(struct maker *m)
{
	const struct buf packed = { .data = (char[]){ "\x28\xb5\x2f\xfd rest" },
		.len = 9 };

	oci_index(m, oci_image(m, &packed, LAYER_MEDIA_TAR "+zstd", ""));
}

static void oci_attested(struct maker *m)
{
	const char *image = oci_image(m, NULL, LAYER_MEDIA_TAR, "");
	const char *other = maker_text_blob(m, MEDIA_MANIFEST, "{}",
		",\"platform\":{\"architecture\":\"unknown\",\"os\":"
		"\"unknown\"}");

	oci_index(m, arena_printf(&m->arena, "%s,%s", image, other));
}

static void oci_platforms(struct maker *m)
{
	const char *image = oci_image(m, NULL, LAYER_MEDIA_TAR, "");

	oci_index(m, arena_printf(&m->arena, "%s,%s", image, image));
}

static void hybrid(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);

	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	oci_index(m, "");
	buf_release(&layer);
}

/* What else stands in the archive of a good image. */
static void good_and(struct maker *m, const char *name, const char *text)
{
	struct buf layer = check_layer_of(check_layer);

	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	maker_text(m, name, text);
	maker_end(m);
	buf_release(&layer);
}

static void mark_alone(struct maker *m)
{
	good_and(m, "oci-layout", MARK_TEXT);
}

static void blobs_alone(struct maker *m)
{
	good_and(m, "blobs/sha256/0", "x");
}

/* A name that only begins like it. */
static void blobs_by_name(struct maker *m)
{
	good_and(m, "blobs.txt", "x");
}

static void oci_without_image(struct maker *m)
{
	oci_index(m, "");
}

/* Docker's schema 1, as skopeo copy --format v2s1 writes it. */
static void oci_schema_1(struct maker *m)
{
	oci_index(m, maker_text_blob(m,
			     "application/vnd.docker.distribution.manifest.v1"
			     "+prettyjws",
			     "{}", ""));
}

static void oci_layer_missing(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);
	const char *config = maker_text_blob(m, MEDIA_CONFIG,
		check_config_of(m, CHECK_CONFIG, &layer, 1), "");
	const char *blob = arena_printf(&m->arena,
		"{\"mediaType\":\"" LAYER_MEDIA_TAR "\",\"digest\":\"%s\","
		"\"size\":%zu}",
		maker_digest(m, &layer), layer.len);

	oci_index(m, maker_manifest(m, config, blob, ""));
	buf_release(&layer);
}

static void oci_index_is_a_link(struct maker *m)
{
	const char *image = oci_image(m, NULL, LAYER_MEDIA_TAR, "");

	maker_text(m, "i",
		arena_printf(&m->arena,
			"{\"schemaVersion\":2,\"manifests\":[%s]}", image));
	maker_text(m, "oci-layout", MARK_TEXT);
	maker_other(m, "index.json", TAR_TYPE_HARDLINK, "i");
	maker_end(m);
}

#define OCI "archive-oci archive-oci-unproven"

static const struct check_case cases[] = {
	CHECK_CASE(OCI, oci),
	CHECK_CASE(OCI, oci_gzip),
	CHECK_CASE(OCI " layer-compressed", oci_zstd),
	CHECK_CASE(OCI " attestation", oci_attested),
	CHECK_CASE(OCI " several-platforms", oci_platforms),
	CHECK_CASE("image-invalid " OCI, oci_without_image),
	CHECK_CASE("image-invalid " OCI, oci_schema_1),
	CHECK_CASE("image-invalid " OCI, oci_layer_missing),
	CHECK_CASE(OCI " member-link", oci_index_is_a_link),
	CHECK_CASE("archive-hybrid", hybrid),
	CHECK_CASE("archive-hybrid", mark_alone),
	CHECK_CASE("archive-hybrid", blobs_alone),
	CHECK_CASE("", blobs_by_name),
};

int main(void)
{
	return check_cases(cases, ARRAY_SIZE(cases));
}
