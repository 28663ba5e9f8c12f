/* SPDX-License-Identifier: MIT
 *
 * Folders of skopeo's "dir:": a manifest or an index as manifest.json, and
 * beside it blobs that are called by their hex.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "oci/archive.h"
#include "unit/oci_maker.h"

struct folder {
	char *path;
	struct maker maker; /* of texts only */
	struct archive archive;
	struct error err;
};

static void put(struct folder *f, const char *name, const void *p, size_t n)
{
	SCOPED_FREE char *path = path_join(f->path, name);

	fixture_must(outfile_write(path, p, n, &f->err), &f->err);
}

/* Writes what a digest stands for; gives its descriptor. */
static const char *put_blob(struct folder *f, const char *media_type,
	const struct buf *bytes, const char *end)
{
	struct arena *arena = &f->maker.arena;
	const char *digest = maker_digest(&f->maker, bytes);

	put(f, arena_printf(arena, "%s%s", digest + strlen("sha256:"), end),
		bytes->data, bytes->len);
	return arena_printf(arena,
		"{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu}",
		media_type, digest, bytes->len);
}

/* The manifest of an image whose blobs are written. */
static const char *put_image(struct folder *f, const char *arch)
{
	struct arena *arena = &f->maker.arena;
	SCOPED_BUF struct buf layer = maker_layer(), config;
	const char *layer_text, *config_text;

	buf_init(&config, MAKER_MAX);
	buf_add_str(&config, maker_config(&f->maker, arch,
				     arena_printf(arena, "\"%s\"",
					     maker_digest(&f->maker, &layer))));
	layer_text = put_blob(f, LAYER_MEDIA_TAR, &layer, "");
	config_text = put_blob(f, MEDIA_CONFIG, &config, "");
	return arena_printf(arena,
		"{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}",
		config_text, layer_text);
}

static int open_folder(struct folder *f)
{
	return archive_open(&f->archive, f->path, &f->err);
}

static int count_entry(const struct tar_entry *entry, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	++*(size_t *)ctx;
	return 0;
}

static void a_manifest_is_an_image(void **state)
{
	struct folder *f = *state;
	const char *manifest = put_image(f, "arm64");
	size_t nentries = 0;

	put(f, "manifest.json", manifest, strlen(manifest));
	put(f, "version", "Directory Transport Version: 1.1\n", 33);
	fixture_must(open_folder(f), &f->err);
	assert_int_equal(f->archive.form, ARCHIVE_DIR);
	assert_int_equal(f->archive.nimages, 1);
	assert_string_equal(f->archive.images[0].architecture, "arm64");
	fixture_must(
		archive_read_layer(&f->archive, &f->archive.images[0].layers[0],
			count_entry, &nentries, &f->err),
		&f->err);
	assert_int_equal(nentries, 2);
}

static void an_index_leads_to_several(void **state)
{
	struct folder *f = *state;
	const char *archs[] = { "amd64", "arm64" }, *found[2];
	const char *index;

	for (size_t i = 0; i < 2; i++) {
		SCOPED_BUF struct buf manifest;

		buf_init(&manifest, MAKER_MAX);
		buf_add_str(&manifest, put_image(f, archs[i]));
		found[i] = put_blob(
			f, MEDIA_MANIFEST, &manifest, ".manifest.json");
	}
	index = arena_printf(&f->maker.arena,
		"{\"schemaVersion\":2,\"manifests\":[%s,%s]}", found[0],
		found[1]);
	put(f, "manifest.json", index, strlen(index));
	fixture_must(open_folder(f), &f->err);
	assert_int_equal(f->archive.nimages, 2);
	assert_string_equal(f->archive.images[1].architecture, "arm64");
}

static void assert_refused(struct folder *f, const char *manifest,
	enum error_kind kind, const char *text)
{
	put(f, "manifest.json", manifest, strlen(manifest));
	assert_int_equal(open_folder(f), -1);
	assert_int_equal(f->err.kind, kind);
	assert_non_null(strstr(f->err.text, text));
}

static void schema_1_is_refused_with_a_remedy(void **state)
{
	assert_refused(*state,
		"{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}",
		ERROR_INPUT, "skopeo copy --format oci");
}

static void an_unpacked_docker_archive_is_refused(void **state)
{
	assert_refused(*state, "[{\"Config\":\"c.json\",\"Layers\":[]}]",
		ERROR_INPUT, "manifest.json: expected an object, got an array");
}

static void blobs_are_checked(void **state)
{
	struct folder *f = *state;
	const char *manifest = put_image(f, "arm64");
	SCOPED_BUF struct buf layer = maker_layer();

	put(f, maker_digest(&f->maker, &layer) + strlen("sha256:"), "cut", 3);
	assert_refused(f, manifest, ERROR_VERIFY, "has 3 bytes, expected");
}

static void digests_are_no_paths(void **state)
{
	assert_refused(*state,
		"{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" MEDIA_CONFIG
		"\",\"digest\":\"sha256:../../etc/passwd\",\"size\":1},"
		"\"layers\":[]}",
		ERROR_INPUT, "lower-case hex");
}

static int set_up(void **state)
{
	struct folder *f = memory_zero(1, sizeof(*f));

	f->path = fixture_folder();
	maker_init(&f->maker);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct folder *f = *state;

	archive_release(&f->archive);
	maker_release(&f->maker);
	fixture_remove(f->path);
	free(f);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_manifest_is_an_image),
		TEST(an_index_leads_to_several),
		TEST(schema_1_is_refused_with_a_remedy),
		TEST(an_unpacked_docker_archive_is_refused),
		TEST(blobs_are_checked),
		TEST(digests_are_no_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
