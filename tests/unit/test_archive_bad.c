/* SPDX-License-Identifier: MIT
 *
 * Files and docker-archives that opening must refuse: see unit/oci_bad.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/oci_bad.h"

#define NESTING 100000

static void make_empty(struct maker *m)
{
}

static void make_text_file(struct maker *m)
{
	sink_write_str(&m->to.sink, "this is no tar archive at all\n");
}

static void make_rootfs(struct maker *m)
{
	maker_text(m, "etc/hostname", "x");
	maker_end(m);
}

static void make_cut(struct maker *m)
{
	struct buf layer = maker_layer();

	maker_docker(m, maker_config_of(m, &layer));
	maker_bytes(m, "layer.tar", layer.data, layer.len);
	buf_truncate(&m->bytes, m->bytes.len - 700);
	buf_release(&layer);
}

static void make_without_end(struct maker *m)
{
	struct buf layer = maker_layer();

	maker_docker(m, maker_config_of(m, &layer));
	maker_bytes(m, "layer.tar", layer.data, layer.len);
	buf_release(&layer);
}

/* The file becomes the gzip of what it is, without its last `cut` bytes. */
static void compress(struct maker *m, size_t cut)
{
	struct buf gzip = maker_gzip(m->bytes.data, m->bytes.len);

	buf_truncate(&m->bytes, 0);
	buf_add(&m->bytes, gzip.data, gzip.len - cut);
	buf_release(&gzip);
}

static void make_cut_gzip(struct maker *m)
{
	make_without_end(m);
	maker_end(m);
	compress(m, 9);
}

static void make_bomb(struct maker *m)
{
	sink_write_zeros(&m->to.sink, 128 << 20);
	compress(m, 0);
}

static void make_xz(struct maker *m)
{
	sink_write(&m->to.sink,
		"\375"
		"7zXZ\0rest",
		10);
}

static void make_manifest(struct maker *m, const char *manifest)
{
	maker_text(m, "manifest.json", manifest);
	maker_text(m, "config.json", maker_config(m, "amd64", ""));
	maker_end(m);
}

static void make_manifest_syntax(struct maker *m)
{
	make_manifest(m, "[{\"Config\":}]");
}

static void make_manifest_duplicate_key(struct maker *m)
{
	make_manifest(m, "[{\"Config\":\"a\",\"Config\":\"b\"}]");
}

static void make_manifest_object(struct maker *m)
{
	make_manifest(m, "{}");
}

static void make_manifest_empty(struct maker *m)
{
	make_manifest(m, "[]");
}

static void make_manifest_no_config(struct maker *m)
{
	make_manifest(m, "[{\"Layers\":[]}]");
}

static void make_manifest_tag_number(struct maker *m)
{
	make_manifest(m, "[{\"Config\":\"config.json\",\"RepoTags\":[1]}]");
}

static void make_manifest_too_large(struct maker *m)
{
	char *text = memory_zero(1, ARCHIVE_DOCUMENT_MAX + 2);

	memset(text, ' ', ARCHIVE_DOCUMENT_MAX + 1);
	make_manifest(m, text);
	free(text);
}

static void make_manifest_deep(struct maker *m)
{
	char *text = memory_zero(1, NESTING + 1);

	memset(text, '[', NESTING);
	make_manifest(m, text);
	free(text);
}

static void make_config_missing(struct maker *m)
{
	maker_text(m, "manifest.json",
		"[{\"Config\":\"gone.json\",\"Layers\":[]}]");
	maker_end(m);
}

static void make_config_is_absolute(struct maker *m)
{
	make_manifest(m, "[{\"Config\":\"/etc/passwd\",\"Layers\":[]}]");
}

static void make_config_other_digest(struct maker *m)
{
	const char *name = "ba7816bf8f01cfea414140de5dae2223"
			   "b00361a396177a9cb410ff61f20015ad.json";

	maker_text(m, "manifest.json",
		arena_printf(&m->arena, "[{\"Config\":\"%s\",\"Layers\":[]}]",
			name));
	maker_text(m, name, maker_config(m, "amd64", ""));
	maker_end(m);
}

/* A config of other content, with manifest and layer as they should be. */
static void make_config(struct maker *m, const char *config)
{
	struct buf layer = maker_layer();

	maker_docker(m, config);
	maker_bytes(m, "layer.tar", layer.data, layer.len);
	maker_end(m);
	buf_release(&layer);
}

static void make_config_array(struct maker *m)
{
	make_config(m, "[]");
}

static void make_config_no_rootfs(struct maker *m)
{
	make_config(m, "{\"architecture\":\"amd64\"}");
}

static void make_config_env_text(struct maker *m)
{
	make_config(m, "{\"config\":{\"Env\":\"A=b\"}}");
}

static void make_config_label_number(struct maker *m)
{
	make_config(m, "{\"config\":{\"Labels\":{\"a\":1}}}");
}

static void make_config_architecture_number(struct maker *m)
{
	make_config(m, "{\"architecture\":386}");
}

static void make_diff_ids_too_many(struct maker *m)
{
	make_config(m, maker_config(m, "amd64", "\"a\",\"b\""));
}

static void make_diff_id_bare(struct maker *m)
{
	make_config(m, maker_config(m, "amd64",
			       "\"ba7816bf8f01cfea414140de5dae2223"
			       "b00361a396177a9cb410ff61f20015ad\""));
}

static void make_layer_missing(struct maker *m)
{
	maker_docker(m, maker_config(m, "amd64", "\"x\""));
	maker_end(m);
}

static void make_layer_escapes(struct maker *m)
{
	make_manifest(m, "[{\"Config\":\"config.json\",\"Layers\":["
			 "\"../../../etc/passwd\"]}]");
}

static void make_layer_is_folder(struct maker *m)
{
	maker_docker(m, maker_config(m, "amd64", "\"x\""));
	maker_other(m, "layer.tar", TAR_TYPE_DIRECTORY, NULL);
	maker_end(m);
}

/* The layer is a symbolic link to this. */
static void make_link(struct maker *m, const char *target)
{
	maker_docker(m, maker_config(m, "amd64", "\"x\""));
	maker_other(m, "layer.tar", TAR_TYPE_SYMLINK, target);
	maker_end(m);
}

static void make_link_dangles(struct maker *m)
{
	make_link(m, "sub/gone.tar");
}

static void make_link_loops(struct maker *m)
{
	make_link(m, "layer.tar");
}

static void make_link_escapes(struct maker *m)
{
	make_link(m, "../../etc/shadow");
}

static void make_link_is_absolute(struct maker *m)
{
	make_link(m, "/etc/shadow");
}

static void make_member_twice(struct maker *m)
{
	make_layer_missing(m);
	buf_truncate(&m->bytes, m->bytes.len - 1024);
	maker_text(m, "config.json", "{}");
	maker_end(m);
}

static void make_member_escapes(struct maker *m)
{
	maker_text(m, "../../etc/passwd", "x");
	maker_end(m);
}

static void make_member_is_absolute(struct maker *m)
{
	maker_text(m, "/etc/passwd", "x");
	maker_end(m);
}

static void make_member_not_utf8(struct maker *m)
{
	maker_text(m, "a\xff", "x");
	maker_end(m);
}

static void make_manifest_is_device(struct maker *m)
{
	maker_other(m, "manifest.json", (enum tar_type)'3', NULL);
	maker_end(m);
}

/* `text`, n times with commas between; lives in the maker. */
static const char *repeat(struct maker *m, const char *text, size_t n)
{
	SCOPED_BUF struct buf all;

	buf_init(&all, ARCHIVE_DOCUMENT_MAX);
	for (size_t i = 0; i < n; i++)
		buf_printf(&all, "%s%s", i ? "," : "", text);
	return arena_strdup(&m->arena, all.data);
}

static void make_too_many_layers(struct maker *m)
{
	make_manifest(
		m, arena_printf(&m->arena,
			   "[{\"Config\":\"config.json\",\"Layers\":[%s]}]",
			   repeat(m, "\"layer.tar\"", ARCHIVE_LAYERS_MAX + 1)));
}

static void make_too_many_images(struct maker *m)
{
	make_manifest(m,
		arena_printf(&m->arena, "[%s]",
			repeat(m, "{\"Config\":\"config.json\",\"Layers\":[]}",
				ARCHIVE_IMAGES_MAX + 1)));
}

static void make_too_many_tags(struct maker *m)
{
	make_manifest(
		m, arena_printf(&m->arena,
			   "[{\"Config\":\"config.json\",\"RepoTags\":[%s]}]",
			   repeat(m, "\"x:1\"", ARCHIVE_TAGS_MAX + 1)));
}

static void make_too_many_members(struct maker *m)
{
	for (int i = 0; i <= ARCHIVE_MEMBERS_MAX; i++)
		maker_other(m, "d", TAR_TYPE_DIRECTORY, NULL);
	maker_end(m);
}

static const struct bad_case cases[] = {
	{ BAD(empty) },
	{ BAD(text_file) },
	{ BAD(rootfs) },
	{ BAD(cut) },
	{ BAD(without_end) },
	{ BAD(cut_gzip) },
	{ BAD(bomb) },
	{ BAD(xz) },
	{ BAD(manifest_syntax) },
	{ BAD(manifest_duplicate_key) },
	{ BAD(manifest_object) },
	{ BAD(manifest_empty) },
	{ BAD(manifest_no_config) },
	{ BAD(manifest_tag_number) },
	{ BAD(manifest_too_large) },
	{ BAD(manifest_deep) },
	{ BAD(manifest_is_device) },
	{ BAD(config_missing) },
	{ BAD(config_is_absolute) },
	{ BAD_VERIFY(config_other_digest) },
	{ BAD(config_array) },
	{ BAD(config_no_rootfs) },
	{ BAD(config_env_text) },
	{ BAD(config_label_number) },
	{ BAD(config_architecture_number) },
	{ BAD(diff_ids_too_many) },
	{ BAD(diff_id_bare) },
	{ BAD(layer_missing) },
	{ BAD(layer_escapes) },
	{ BAD(layer_is_folder) },
	{ BAD(link_dangles) },
	{ BAD(link_loops) },
	{ BAD(link_escapes) },
	{ BAD(link_is_absolute) },
	{ BAD(member_twice) },
	{ BAD(member_escapes) },
	{ BAD(member_is_absolute) },
	{ BAD(member_not_utf8) },
	{ BAD(too_many_layers) },
	{ BAD(too_many_images) },
	{ BAD(too_many_tags) },
	{ BAD(too_many_members) },
};

static void every_message_has_its_case(void **state)
{
	bad_check_folder("docker", cases, ARRAY_SIZE(cases));
}

static void test_case(void **state)
{
	bad_open("docker", *state);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases) + 1] = { { 0 } };

	bad_tests(cases, ARRAY_SIZE(cases), test_case, tests);
	tests[ARRAY_SIZE(cases)] =
		(struct CMUnitTest)cmocka_unit_test(every_message_has_its_case);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
