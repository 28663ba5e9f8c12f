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

/* The name that manifest.json has for the layer, and the archive's. */
static void named(struct maker *m, const char *said, const char *name)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(m, "manifest.json",
		arena_printf(&m->arena, "[" ONE_IMAGE "\"Layers\":[\"%s\"]}]",
			said));
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, name, layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void layer_said_with_dot(struct maker *m)
{
	named(m, "./0.tar", "0.tar");
}

static void layer_stored_with_dot(struct maker *m)
{
	named(m, "0.tar", "./0.tar");
}

static void layer_said_and_stored_with_dot(struct maker *m)
{
	named(m, "./0.tar", "./0.tar");
}

static void layer_with_two_slashes(struct maker *m)
{
	named(m, "a//0.tar", "a/0.tar");
}

static void layer_above(struct maker *m)
{
	named(m, "../0.tar", "0.tar");
}

static void manifest_link(struct maker *m, enum tar_type type)
{
	struct buf layer = check_layer_of(check_layer);

	maker_text(m, "m", "[" ONE_IMAGE "\"Layers\":[\"0.tar\"]}]");
	maker_other(m, "manifest.json", type, "m");
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, &layer, 1));
	maker_bytes(m, "0.tar", layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void manifest_is_a_symlink(struct maker *m)
{
	manifest_link(m, TAR_TYPE_SYMLINK);
}

static void manifest_is_a_hard_link(struct maker *m)
{
	manifest_link(m, TAR_TYPE_HARDLINK);
}

static void manifest_twice(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);

	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	maker_text(m, "manifest.json", "[]");
	maker_end(m);
	buf_release(&layer);
}

/* One image, whose one layer is listed twice. */
static void layer_listed_twice(struct maker *m)
{
	struct buf layer = check_layer_of(check_layer);
	const struct buf layers[2] = { layer, layer };

	maker_text(m, "manifest.json",
		"[" ONE_IMAGE "\"Layers\":[\"0.tar\",\"0.tar\"]}]");
	maker_text(
		m, "config.json", check_config_of(m, CHECK_CONFIG, layers, 2));
	maker_bytes(m, "0.tar", layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void odd_size(struct maker *m)
{
	good(m);
	buf_add(&m->bytes, "\0\0\0\0", 4);
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

/* Some bytes of a good layer, as all that there is of it. */
static void shortened(struct maker *m, size_t without)
{
	struct buf layer = check_layer_of(check_layer);

	buf_truncate(&layer, layer.len - without);
	check_archive_of(m, CHECK_CONFIG, &layer, 1);
	maker_end(m);
	buf_release(&layer);
}

static void layer_without_end(struct maker *m)
{
	shortened(m, 1024);
}

static void layer_with_half_an_end(struct maker *m)
{
	shortened(m, 512);
}

/* As umoci insert (0.4.7) writes them: nothing after the last byte. */
static void layer_without_padding(struct maker *m)
{
	const size_t padding = TAR_BLOCK_SIZE - sizeof(Elf64_Ehdr);

	shortened(m, 1024 + padding);
}

static void layer_cut_in_a_file(struct maker *m)
{
	shortened(m, 1024 + TAR_BLOCK_SIZE - 1);
}

static void layer_cut_in_a_header(struct maker *m)
{
	shortened(m, 1024 + TAR_BLOCK_SIZE + 100);
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
	CHECK_CASE("member-link", manifest_is_a_symlink),
	CHECK_CASE("member-link", manifest_is_a_hard_link),
	CHECK_CASE("", other_link),
	CHECK_CASE("member-name", layer_said_with_dot),
	CHECK_CASE("member-name", layer_stored_with_dot),
	CHECK_CASE("", layer_said_and_stored_with_dot),
	CHECK_CASE("member-name", layer_with_two_slashes),
	CHECK_CASE("member-missing", layer_above),
	CHECK_CASE("archive-damaged", manifest_twice),
	CHECK_CASE("several-layers", layer_listed_twice),
	CHECK_CASE("archive-damaged", odd_size),
	CHECK_CASE("layer-gzip", layer_gzip),
	CHECK_CASE("layer-compressed", layer_zstd),
	CHECK_CASE("layer-digest", layer_other),
	CHECK_CASE("layer-damaged", layer_no_tar),
	CHECK_CASE("layer-end", layer_without_end),
	CHECK_CASE("layer-end", layer_with_half_an_end),
	CHECK_CASE("layer-end", layer_without_padding),
	CHECK_CASE("layer-damaged layer-end", layer_cut_in_a_file),
	CHECK_CASE("layer-damaged layer-end", layer_cut_in_a_header),
	CHECK_CASE("image-invalid", two_diff_ids),
};

int main(void)
{
	return check_cases(cases, ARRAY_SIZE(cases));
}
