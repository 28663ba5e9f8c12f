/* SPDX-License-Identifier: MIT
 *
 * OCI layouts that opening must refuse: see unit/oci_bad.h.
 */
#include "unit/oci_bad.h"

#define HEX_EMPTY                                                              \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SHA256_EMPTY "sha256:" HEX_EMPTY

/* One good image, and these documents as they are. */
static void make_documents(struct maker *m, const char *mark, const char *index)
{
	if (mark)
		maker_text(m, "oci-layout", mark);
	if (index)
		maker_text(m, "index.json", index);
	maker_end(m);
}

static const char *index_of(struct maker *m, const char *descriptors)
{
	return arena_printf(&m->arena, "{\"manifests\":[%s]}", descriptors);
}

static void make_no_mark(struct maker *m)
{
	make_documents(m, NULL, index_of(m, maker_image(m, "amd64", "")));
}

static void make_other_version(struct maker *m)
{
	make_documents(m, "{\"imageLayoutVersion\":\"2.0.0\"}",
		index_of(m, maker_image(m, "amd64", "")));
}

static void make_no_index(struct maker *m)
{
	maker_image(m, "amd64", "");
	make_documents(m, MARK_TEXT, NULL);
}

static void make_no_manifests(struct maker *m)
{
	make_documents(m, MARK_TEXT, "{\"schemaVersion\":2}");
}

static void make_index_is_array(struct maker *m)
{
	make_documents(m, MARK_TEXT, "[]");
}

static void make_no_image(struct maker *m)
{
	make_documents(m, MARK_TEXT,
		index_of(m,
			maker_image(m, "x",
				",\"platform\":{\"architecture\":\"unknown\","
				"\"os\":\"unknown\"}")));
}

static void make_descriptor_is_text(struct maker *m)
{
	make_documents(m, MARK_TEXT, index_of(m, "\"x\""));
}

/* index.json with a descriptor of these last two fields. */
static void make_descriptor(
	struct maker *m, const char *digest, const char *size)
{
	make_documents(m, MARK_TEXT,
		index_of(m, arena_printf(&m->arena,
				    "{\"mediaType\":\"" MEDIA_MANIFEST
				    "\",\"digest\":%s,\"size\":%s}",
				    digest, size)));
}

static void make_no_media_type(struct maker *m)
{
	make_documents(m, MARK_TEXT,
		index_of(m, "{\"digest\":\"" SHA256_EMPTY "\",\"size\":0}"));
}

static void make_digest_escapes(struct maker *m)
{
	make_descriptor(m, "\"sha256:../../../../etc/passwd\"", "1");
}

static void make_digest_upper_case(struct maker *m)
{
	make_descriptor(m,
		"\"sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934C"
		"A495991B7852B855\"",
		"0");
}

static void make_digest_md5(struct maker *m)
{
	make_descriptor(m, "\"md5:d41d8cd98f00b204e9800998ecf8427e\"", "0");
}

static void make_size_negative(struct maker *m)
{
	make_descriptor(m, "\"" SHA256_EMPTY "\"", "-1");
}

static void make_size_fraction(struct maker *m)
{
	make_descriptor(m, "\"" SHA256_EMPTY "\"", "1.5");
}

static void make_manifest_missing(struct maker *m)
{
	make_descriptor(m, "\"" SHA256_EMPTY "\"", "0");
}

static void make_manifest_size(struct maker *m)
{
	maker_text(m, "blobs/sha256/" HEX_EMPTY, "{}");
	make_descriptor(m, "\"" SHA256_EMPTY "\"", "3");
}

static void make_manifest_digest(struct maker *m)
{
	maker_text(m, "blobs/sha256/" HEX_EMPTY, "{}");
	make_descriptor(m, "\"" SHA256_EMPTY "\"", "2");
}

static void make_manifest_empty(struct maker *m)
{
	make_documents(m, MARK_TEXT,
		index_of(m, maker_text_blob(m, MEDIA_MANIFEST, "{}", "")));
}

/* The config of a good image is another one of the same size. */
static void make_config_digest(struct maker *m)
{
	const char *config = arena_printf(&m->arena,
		"{\"mediaType\":\"" MEDIA_CONFIG "\",\"digest\":\"" SHA256_EMPTY
		"\",\"size\":2}");

	maker_text(m, "blobs/sha256/" HEX_EMPTY, "{}");
	make_documents(
		m, MARK_TEXT, index_of(m, maker_manifest(m, config, "", "")));
}

static void make_layer_missing(struct maker *m)
{
	make_documents(m, MARK_TEXT, index_of(m, maker_image(m, "amd64", "")));
}

static void make_layer_size(struct maker *m)
{
	SCOPED_BUF struct buf layer = maker_layer();
	const char *image = maker_image(m, "amd64", "");

	maker_text(m,
		arena_printf(&m->arena, "blobs/sha256/%s",
			maker_digest(m, &layer) + strlen("sha256:")),
		"short");
	make_documents(m, MARK_TEXT, index_of(m, image));
}

static void make_too_deep(struct maker *m)
{
	const char *at = maker_image(m, "amd64", "");

	for (int i = 0; i < ARCHIVE_DEPTH_MAX; i++)
		at = maker_index(m, at, "");
	maker_layout(m, at);
	maker_end(m);
}

/* Three levels of a hundred each: a million manifests. */
static void make_fan(struct maker *m, const char *at)
{
	for (int i = 1; i < ARCHIVE_DEPTH_MAX; i++) {
		SCOPED_BUF struct buf all;

		buf_init(&all, ARCHIVE_DOCUMENT_MAX);
		for (int k = 0; k < 100; k++)
			buf_printf(&all, "%s%s", k ? "," : "", at);
		at = maker_index(m, all.data, "");
	}
	maker_layout(m, at);
	maker_end(m);
}

static void make_fan_out(struct maker *m)
{
	make_fan(m, maker_image(m, "amd64", ""));
}

/* Artifacts are skipped: the limit of images would never stop this one. */
static void make_fan_out_artifacts(struct maker *m)
{
	const char *empty = maker_text_blob(
		m, "application/vnd.oci.empty.v1+json", "{}", "");

	make_fan(m, maker_manifest(m, empty, "", ""));
}

static const struct bad_case cases[] = {
	{ BAD(no_mark) },
	{ BAD(other_version) },
	{ BAD(no_index) },
	{ BAD(no_manifests) },
	{ BAD(index_is_array) },
	{ BAD(no_image) },
	{ BAD(descriptor_is_text) },
	{ BAD(no_media_type) },
	{ BAD(digest_escapes) },
	{ BAD(digest_upper_case) },
	{ BAD(digest_md5) },
	{ BAD(size_negative) },
	{ BAD(size_fraction) },
	{ BAD(manifest_missing) },
	{ BAD_VERIFY(manifest_size) },
	{ BAD_VERIFY(manifest_digest) },
	{ BAD(manifest_empty) },
	{ BAD_VERIFY(config_digest) },
	{ BAD(layer_missing) },
	{ BAD_VERIFY(layer_size) },
	{ BAD(too_deep) },
	{ BAD(fan_out) },
	{ BAD(fan_out_artifacts) },
};

static void every_message_has_its_case(void **state)
{
	bad_check_folder("oci", cases, ARRAY_SIZE(cases));
}

static void test_case(void **state)
{
	bad_open("oci", *state);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases) + 1] = { { 0 } };

	bad_tests(cases, ARRAY_SIZE(cases), test_case, tests);
	tests[ARRAY_SIZE(cases)] =
		(struct CMUnitTest)cmocka_unit_test(every_message_has_its_case);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
