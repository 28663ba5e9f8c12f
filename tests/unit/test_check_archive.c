/* SPDX-License-Identifier: MIT
 *
 * Rules about the file and the documents in it: each case breaks those that
 * it names and no other.
 */
#include "unit/check_fixture.h"

#define ONE_IMAGE "{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],"

static void good(struct maker *m)
{
	check_one_layer(m, CHECK_CONFIG, check_layer);
}

/* Takes the place of what was made so far. */
static void compress(struct maker *m)
{
	struct buf packed = maker_gzip(m->bytes.data, m->bytes.len);

	buf_truncate(&m->bytes, 0);
	buf_add_slice(&m->bytes, buf_slice(&packed));
	buf_release(&packed);
}

static void whole_gzip(struct maker *m)
{
	good(m);
	compress(m);
}

static void whole_zstd(struct maker *m)
{
	buf_add(&m->bytes, "\x28\xb5\x2f\xfd and so on", 15);
}

static void cut_short(struct maker *m)
{
	good(m);
	buf_truncate(&m->bytes, m->bytes.len - 3000);
}

static void no_tar(struct maker *m)
{
	buf_add_str(&m->bytes, "this is no tar, however long it may be");
}

static void root_file_system(struct maker *m)
{
	check_layer(m);
	maker_end(m);
}

static void manifest_of(struct maker *m, const char *text)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(m, "manifest.json", text);
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, "0.tar", layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void dotted_names(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(
		m, "./manifest.json", "[" ONE_IMAGE "\"Layers\":[\"0.tar\"]}]");
	maker_text(m, "./config.json",
		check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, "./0.tar", layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void manifest_object(struct maker *m)
{
	manifest_of(m, ONE_IMAGE "\"Layers\":[\"0.tar\"]}");
}

static void manifest_no_json(struct maker *m)
{
	manifest_of(m, "[");
}

static void manifest_without_layers(struct maker *m)
{
	manifest_of(m, "[" ONE_IMAGE "\"Layers\":[]}]");
}

static void manifest_layer_number(struct maker *m)
{
	manifest_of(m, "[" ONE_IMAGE "\"Layers\":[7]}]");
}

static void manifest_without_config(struct maker *m)
{
	manifest_of(m, "[{\"RepoTags\":[\"x:1\"],\"Layers\":[\"0.tar\"]}]");
}

static void two_images(struct maker *m)
{
	manifest_of(m, "[" ONE_IMAGE "\"Layers\":[\"0.tar\"]}," ONE_IMAGE
		       "\"Layers\":[\"0.tar\"]}]");
}

static void no_tag(struct maker *m)
{
	manifest_of(m, "[{\"Config\":\"config.json\",\"RepoTags\":null,"
		       "\"Layers\":[\"0.tar\"]}]");
}

static void odd_tag(struct maker *m)
{
	manifest_of(m, "[{\"Config\":\"config.json\",\"RepoTags\":["
		       "\"Upper:1\"],\"Layers\":[\"0.tar\"]}]");
}

static void tag_without_version(struct maker *m)
{
	manifest_of(m, "[{\"Config\":\"config.json\",\"RepoTags\":["
		       "\"host:5000/x\"],\"Layers\":[\"0.tar\"]}]");
}

static void layer_missing(struct maker *m)
{
	manifest_of(m, "[" ONE_IMAGE "\"Layers\":[\"1.tar\"]}]");
}

static void config_missing(struct maker *m)
{
	manifest_of(m, "[{\"Config\":\"none.json\",\"RepoTags\":[\"x:1\"],"
		       "\"Layers\":[\"0.tar\"]}]");
}

/* podman's links are beside what manifest.json names; these are not. */
static void layer_link(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(m, "manifest.json",
		"[" ONE_IMAGE "\"Layers\":[\"x/layer.tar\"]}]");
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, "0.tar", layer.data, layer.len);
	maker_other(m, "x/layer.tar", TAR_TYPE_SYMLINK, "../0.tar");
	maker_end(m);
	buf_release(&layer);
}

static void other_link(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);

	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	maker_other(m, "x/layer.tar", TAR_TYPE_SYMLINK, "../0.tar");
	maker_end(m);
	buf_release(&layer);
}

/* The config names the plain layer, the archive has another form of it. */
static void stored_layer(struct maker *m, const struct buf *stored)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(
		m, "manifest.json", "[" ONE_IMAGE "\"Layers\":[\"0.tar\"]}]");
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, "0.tar", stored->data, stored->len);
	maker_end(m);
	buf_release(&layer);
}

static void layer_gzip(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);
	struct buf packed = maker_gzip(layer.data, layer.len);

	stored_layer(m, &packed);
	buf_release(&packed);
	buf_release(&layer);
}

static void layer_zstd(struct maker *m)
{
	struct buf packed = { .data = (char[]){ "\x28\xb5\x2f\xfd rest" },
		.len = 9 };

	stored_layer(m, &packed);
}

static void layer_other(struct maker *m)
{
	struct buf other = maker_layer();

	stored_layer(m, &other);
	buf_release(&other);
}

static void layer_no_tar(struct maker *m)
{
	const struct buf layer = { .data = (char[]){ "no tar" }, .len = 6 };

	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	maker_end(m);
}

static void two_diff_ids(struct maker *m)
{
	struct buf layers[2] = { check_layer_of(check_layer),
		check_layer_of(check_layer) };

	maker_text(
		m, "manifest.json", "[" ONE_IMAGE "\"Layers\":[\"0.tar\"]}]");
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, layers, 2));
	maker_bytes(m, "0.tar", layers[0].data, layers[0].len);
	maker_end(m);
	buf_release(&layers[0]);
	buf_release(&layers[1]);
}

/* ---- OCI --------------------------------------------------------------- */

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

#define OCI "archive-oci archive-oci-unproven"

static const struct check_case cases[] = {
	CHECK_CASE("", good),
	CHECK_CASE("archive-gzip", whole_gzip),
	CHECK_CASE("archive-compressed", whole_zstd),
	CHECK_CASE("archive-damaged", cut_short),
	CHECK_CASE("archive-damaged", no_tar),
	CHECK_CASE("manifest-missing", root_file_system),
	CHECK_CASE("manifest-name", dotted_names),
	CHECK_CASE("manifest-invalid", manifest_object),
	CHECK_CASE("manifest-invalid", manifest_no_json),
	CHECK_CASE("manifest-invalid", manifest_without_layers),
	CHECK_CASE("manifest-invalid", manifest_layer_number),
	CHECK_CASE("manifest-invalid", manifest_without_config),
	CHECK_CASE("several-images", two_images),
	CHECK_CASE("tag-missing", no_tag),
	CHECK_CASE("tag-invalid", odd_tag),
	CHECK_CASE("tag-invalid", tag_without_version),
	CHECK_CASE("member-missing", layer_missing),
	CHECK_CASE("member-missing", config_missing),
	CHECK_CASE("member-link", layer_link),
	CHECK_CASE("", other_link),
	CHECK_CASE("layer-gzip", layer_gzip),
	CHECK_CASE("layer-compressed", layer_zstd),
	CHECK_CASE("layer-digest", layer_other),
	CHECK_CASE("layer-damaged", layer_no_tar),
	CHECK_CASE("image-invalid", two_diff_ids),
	CHECK_CASE(OCI, oci),
	CHECK_CASE(OCI, oci_gzip),
	CHECK_CASE(OCI " layer-compressed", oci_zstd),
	CHECK_CASE(OCI " attestation", oci_attested),
	CHECK_CASE(OCI " several-platforms", oci_platforms),
	CHECK_CASE("archive-hybrid", hybrid),
};

int main(void)
{
	return check_cases(cases, ARRAY_SIZE(cases));
}
