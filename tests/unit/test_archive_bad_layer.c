/* SPDX-License-Identifier: MIT
 *
 * Layers that reading must refuse: see unit/oci_bad.h.
 */
#include "unit/oci_bad.h"

/* A docker-archive whose config tells the truth about the layer. */
static void make_honest(struct maker *m, const struct buf *layer)
{
	maker_docker(m, maker_config_of(m, layer));
	maker_bytes(m, "layer.tar", layer->data, layer->len);
	maker_end(m);
}

/* The stored layer, and the raw one whose digest the config names. */
static void make_stored(
	struct maker *m, const struct buf *stored, const struct buf *raw)
{
	maker_docker(m, maker_config_of(m, raw));
	maker_bytes(m, "layer.tar", stored->data, stored->len);
	maker_end(m);
}

static void make_other_diff_id(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();
	const struct buf other = { .data = layer.data, .len = 512 };

	make_stored(m, &layer, &other);
}

static void make_other_diff_id_gzip(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();
	SCOPED_BUF struct buf gzip = maker_gzip(layer.data, layer.len);

	make_stored(m, &gzip, &gzip);
}

/* An OCI layout whose layer blob has the right size and other bytes. */
static void make_other_digest(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();
	const char *digest = maker_digest(m, &layer);
	const char *image = maker_image(m, "amd64", "");

	layer.data[0] = 'E';
	maker_text(m, "oci-layout", MARK_TEXT);
	maker_text(m, "index.json",
		arena_printf(&m->arena, "{\"manifests\":[%s]}", image));
	maker_bytes(m,
		arena_printf(&m->arena, "blobs/sha256/%s",
			digest + strlen("sha256:")),
		layer.data, layer.len);
	maker_end(m);
}

static void make_zstd(struct maker *m)
{
	struct buf layer = { .data = (char[]){ "\x28\xb5\x2f\xfdrest" },
		.len = 8 };

	make_honest(m, &layer);
}

static void make_cut_gzip(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();
	SCOPED_BUF struct buf gzip = maker_gzip(layer.data, layer.len);

	gzip.len -= 5;
	make_stored(m, &gzip, &layer);
}

static void make_bomb(struct maker *m)
{
	const size_t size = 128 << 20;
	char *zeros = memory_zero(1, size);
	SCOPED_BUF struct buf gzip = maker_gzip(zeros, size);

	free(zeros);
	make_stored(m, &gzip, &gzip);
}

static void make_no_tar(struct maker *m)
{
	struct buf layer = { .data = (char[]){ "no tar" }, .len = 6 };

	make_honest(m, &layer);
}

static void make_no_bytes(struct maker *m)
{
	struct buf layer = { .data = (char[]){ "" }, .len = 0 };

	make_honest(m, &layer);
}

/* The zeros that are added where a tar has no end are no content. */
static void make_cut_content(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();

	layer.len -= 1024 + 512 - 3;
	make_honest(m, &layer);
}

static void make_one_entry(
	struct maker *m, const char *name, enum tar_type type, const char *to)
{
	struct maker layer;

	maker_init(&layer);
	maker_other(&layer, name, type, to);
	maker_end(&layer);
	make_honest(m, &layer.bytes);
	maker_release(&layer);
}

static void make_escapes(struct maker *m)
{
	make_one_entry(m, "../../etc/cron.d/x", TAR_TYPE_FILE, NULL);
}

static void make_absolute(struct maker *m)
{
	make_one_entry(m, "/etc/passwd", TAR_TYPE_FILE, NULL);
}

static void make_not_utf8(struct maker *m)
{
	make_one_entry(m, "etc/\xc3\x28", TAR_TYPE_FILE, NULL);
}

static void make_hardlink_escapes(struct maker *m)
{
	make_one_entry(m, "x", TAR_TYPE_HARDLINK, "../../etc/shadow");
}

static void make_checksum(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();

	layer.data[100] ^= 1;
	make_honest(m, &layer);
}

static const struct bad_case cases[] = {
	{ BAD_VERIFY(other_diff_id) },
	{ BAD_VERIFY(other_diff_id_gzip) },
	{ BAD_VERIFY(other_digest) },
	{ BAD(zstd) },
	{ BAD(cut_gzip) },
	{ BAD(bomb) },
	{ BAD(no_tar) },
	{ BAD(no_bytes) },
	{ BAD(cut_content) },
	{ BAD(escapes) },
	{ BAD(absolute) },
	{ BAD(not_utf8) },
	{ BAD(hardlink_escapes) },
	{ BAD(checksum) },
};

static void every_message_has_its_case(void **state)
{
	bad_check_folder("layer", cases, ARRAY_SIZE(cases));
}

static void test_case(void **state)
{
	bad_read("layer", *state);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases) + 1] = { { 0 } };

	bad_tests(cases, ARRAY_SIZE(cases), test_case, tests);
	tests[ARRAY_SIZE(cases)] =
		(struct CMUnitTest)cmocka_unit_test(every_message_has_its_case);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
