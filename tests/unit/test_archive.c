/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "oci/archive.h"
#include "oci/docker_archive.h"
#include "oci/layout.h"
#include "unit/oci_maker.h"

struct world {
	struct maker maker;
	char *folder, *path;
	struct archive archive;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	maker_init(&w->maker);
	w->folder = fixture_folder();
	w->path = path_join(w->folder, "image.tar");
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	archive_release(&w->archive);
	maker_release(&w->maker);
	fixture_remove(w->folder);
	free(w->path);
	free(w);
	return 0;
}

static void open_path(struct world *w, const char *path)
{
	struct error err = { 0 };

	fixture_must(archive_open(&w->archive, path, &err), &err);
}

/* What the maker holds, as a file that is opened. */
static void open_made(struct world *w)
{
	maker_end(&w->maker);
	maker_save(&w->maker, w->path);
	open_path(w, w->path);
}

static int list_entry(const struct tar_entry *entry, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	fixture_list_entry(entry, ctx);
	return 0;
}

/* Files of the image's one layer; the caller releases. */
static struct buf list_layer(struct world *w, const struct archive_image *image)
{
	struct error err = { 0 };
	struct buf text;

	buf_init(&text, FIXTURE_TEXT_MAX);
	assert_int_equal(image->nlayers, 1);
	fixture_must(archive_read_layer(&w->archive, &image->layers[0],
			     list_entry, &text, &err),
		&err);
	return text;
}

/* The layer of maker_layer(). */
static void assert_small_layer(
	struct world *w, const struct archive_image *image)
{
	SCOPED_BUF struct buf text = list_layer(w, image);

	assert_string_equal(text.data, "d 0755 0:0 0 0 etc\n"
				       "- 0644 0:0 6 0 etc/hello\n");
}

static void write_docker(struct world *w, struct tree *tree)
{
	const struct image_config config = fixture_config("arm", "v7");
	SCOPED_FREE char *path = path_join(w->folder, "layer.tar");
	struct layer layer = fixture_layer(tree, path);
	struct docker_archive *archive;
	struct digest config_digest;
	struct error err = { 0 };
	struct outfile out;

	fixture_must(outfile_open(&out, w->path, &err), &err);
	archive = docker_archive_new(&out, &config, "a/b:c", layer.size);
	fixture_must(layer_write(tree, FIXTURE_EPOCH,
			     docker_archive_sink(archive), &err),
		&err);
	fixture_must(docker_archive_close(
			     archive, &layer.diff_id, &config_digest, &err),
		&err);
	fixture_must(outfile_commit(&out, &err), &err);
	docker_archive_free(archive);
	outfile_release(&out);
}

static void our_docker_archive_is_read_back(void **state)
{
	struct world *w = *state;
	const struct archive_image *image;
	struct buf text;
	struct tree tree;

	fixture_tree(&tree, &w->maker.arena);
	write_docker(w, &tree);
	open_path(w, w->path);
	assert_int_equal(w->archive.form, ARCHIVE_DOCKER);
	assert_false(w->archive.gzipped);
	assert_int_equal(w->archive.nimages, 1);
	image = &w->archive.images[0];
	assert_int_equal(image->ntags, 1);
	assert_string_equal(image->tags[0], "a/b:c");
	assert_int_equal(image->manifest_digest.kind, DIGEST_NONE);
	assert_int_equal(image->layers[0].digest.kind, DIGEST_NONE);
	assert_null(image->layers[0].media_type);
	assert_int_equal(image->layers[0].size, layer_size(&tree));
	text = list_layer(w, image);
	assert_non_null(strstr(text.data, "- 0640 0:42 15 1725622581 etc/sh"));
	buf_release(&text);
}

static void the_config_is_decoded(void **state)
{
	struct world *w = *state;
	const struct archive_image *image;
	const struct image_config *config;
	struct tree tree;

	tree_init(&tree, &w->maker.arena);
	write_docker(w, &tree);
	open_path(w, w->path);
	image = &w->archive.images[0];
	assert_string_equal(image->os, "linux");
	assert_string_equal(image->architecture, "arm");
	assert_string_equal(image->variant, "v7");
	assert_string_equal(image->created, "2024-09-06T11:36:21Z");
	assert_true(slice_starts(
		slice_of(image->config_json), "{\"architecture\":\"arm\","));
	config = &image->config;
	assert_int_equal(config->nentrypoint, 1);
	assert_string_equal(config->entrypoint[0], "/sbin/init");
	assert_int_equal(config->ncmd, 0);
	assert_int_equal(config->nenv, 2);
	assert_string_equal(config->env[1], "TZ=UTC");
	assert_string_equal(config->working_dir, "/");
	assert_null(config->user);
	assert_string_equal(config->stop_signal, "SIGUSR2");
	assert_int_equal(config->nlabels, 2);
	assert_string_equal(
		config->labels[0].key, "org.opencontainers.image.title");
	assert_string_equal(config->labels[1].value, "0.0.1");
	assert_string_equal(config->comment, "a fixture");
	assert_string_equal(config->architecture, "arm");
}

static void our_layouts_are_read_back(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *path = path_join(w->folder, "layer.tar");
	const struct image_config configs[] = { fixture_config("amd64", NULL),
		fixture_config("arm", "v7") };
	struct layout_image images[2] = { { .config = &configs[0] },
		{ .config = &configs[1] } };
	struct layout layout = { .images = images, .nimages = 2, .tag = "t" };
	struct error err = { 0 };
	struct layer layer;
	struct tree tree;

	fixture_tree(&tree, &w->maker.arena);
	layer = fixture_layer(&tree, path);
	images[0].layer = images[1].layer = &layer;
	fixture_must(layout_write_tar(&layout, w->path, &err), &err);
	open_path(w, w->path);
	assert_int_equal(w->archive.form, ARCHIVE_OCI);
	archive_release(&w->archive);
	unlink(w->path);
	fixture_must(layout_write_dir(&layout, w->path, &err), &err);
	open_path(w, w->path);
	assert_int_equal(w->archive.form, ARCHIVE_OCI_DIR);
	assert_int_equal(w->archive.nimages, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct archive_image *image = &w->archive.images[i];
		struct buf text = list_layer(w, image);

		assert_true(digest_eq(
			&image->manifest_digest, &images[i].manifest_digest));
		assert_true(digest_eq(&image->layers[0].digest, &layer.digest));
		assert_string_equal(
			image->layers[0].media_type, LAYER_MEDIA_TAR);
		assert_string_equal(image->tags[0], "t");
		assert_true(text.len > 5000);
		buf_release(&text);
	}
}

static void a_gzipped_archive_is_read_through(void **state)
{
	struct world *w = *state;
	struct buf layer = maker_layer();
	struct error err = { 0 };
	struct buf gzip;

	maker_docker(&w->maker, maker_config_of(&w->maker, &layer));
	maker_bytes(&w->maker, "layer.tar", layer.data, layer.len);
	maker_end(&w->maker);
	gzip = maker_gzip(w->maker.bytes.data, w->maker.bytes.len);
	fixture_must(outfile_write(w->path, gzip.data, gzip.len, &err), &err);
	open_path(w, w->path);
	assert_true(w->archive.gzipped);
	assert_small_layer(w, &w->archive.images[0]);
	buf_release(&gzip);
	buf_release(&layer);
}

static void a_gzipped_layer_is_read_through(void **state)
{
	struct world *w = *state;
	struct buf layer = maker_layer();
	struct buf gzip = maker_gzip(layer.data, layer.len);

	maker_docker(&w->maker, maker_config_of(&w->maker, &layer));
	maker_bytes(&w->maker, "layer.tar", gzip.data, gzip.len);
	open_made(w);
	assert_int_equal(w->archive.images[0].layers[0].size, gzip.len);
	assert_small_layer(w, &w->archive.images[0]);
	buf_release(&gzip);
	buf_release(&layer);
}

static void links_between_members_are_followed(void **state)
{
	struct world *w = *state;
	struct buf layer = maker_layer();

	maker_text(&w->maker, "manifest.json",
		"[{\"Config\":\"config.json\",\"RepoTags\":null,"
		"\"Layers\":[\"id/layer.tar\"]}]");
	maker_text(
		&w->maker, "config.json", maker_config_of(&w->maker, &layer));
	maker_bytes(&w->maker, "layer.tar", layer.data, layer.len);
	maker_other(&w->maker, "id/layer.tar", TAR_TYPE_SYMLINK, "./x/../../b");
	maker_other(&w->maker, "b", TAR_TYPE_HARDLINK, "layer.tar");
	open_made(w);
	assert_int_equal(w->archive.images[0].ntags, 0);
	assert_string_equal(
		w->archive.images[0].layers[0].name, "id/layer.tar");
	assert_int_equal(w->archive.images[0].layers[0].size, layer.len);
	assert_small_layer(w, &w->archive.images[0]);
	buf_release(&layer);
}

static void a_hybrid_is_read_as_routers_do(void **state)
{
	struct world *w = *state;
	struct buf layer = maker_layer();
	const char *digest = maker_digest(&w->maker, &layer);

	maker_layout(&w->maker, maker_image(&w->maker, "arm64", ""));
	maker_text(&w->maker, "manifest.json",
		arena_printf(&w->maker.arena,
			"[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],"
			"\"Layers\":[\"blobs/sha256/%s\"]}]",
			digest + strlen("sha256:")));
	maker_text(
		&w->maker, "config.json", maker_config_of(&w->maker, &layer));
	open_made(w);
	assert_int_equal(w->archive.form, ARCHIVE_HYBRID);
	assert_int_equal(w->archive.nimages, 1);
	assert_string_equal(w->archive.images[0].architecture, "amd64");
	assert_true(digest_eq(&w->archive.images[0].layers[0].digest,
		&w->archive.images[0].layers[0].diff_id));
	assert_small_layer(w, &w->archive.images[0]);
	buf_release(&layer);
}

static void leading_dots_are_no_part_of_names(void **state)
{
	struct world *w = *state;
	struct buf layer = maker_layer();

	maker_text(&w->maker, "./manifest.json",
		"[{\"Config\":\"./config.json\",\"RepoTags\":[\"x:1\"],"
		"\"Layers\":[\"./layer.tar\"]}]");
	maker_text(
		&w->maker, "./config.json", maker_config_of(&w->maker, &layer));
	maker_bytes(&w->maker, "./layer.tar", layer.data, layer.len);
	open_made(w);
	assert_small_layer(w, &w->archive.images[0]);
	buf_release(&layer);
}

#define REF(tag)                                                               \
	",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" tag "\"}"
#define UNKNOWN                                                                \
	",\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"}"
#define ATTESTS                                                                \
	",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-"       \
	"manifest\"}"

static void an_index_in_an_index_keeps_the_outer_tag(void **state)
{
	struct world *w = *state;
	struct maker *m = &w->maker;
	const char *inner = maker_index(m,
		arena_printf(&m->arena, "%s,%s", maker_image(m, "amd64", ""),
			maker_image(m, "arm64", REF("inner"))),
		REF("outer"));
	const char *alone = maker_image(m, "arm", "");

	maker_layout(m, arena_printf(&m->arena, "%s,%s", inner, alone));
	open_made(w);
	assert_int_equal(w->archive.nimages, 3);
	assert_string_equal(w->archive.images[0].tags[0], "outer");
	assert_string_equal(w->archive.images[1].tags[0], "outer");
	assert_string_equal(w->archive.images[1].architecture, "arm64");
	assert_int_equal(w->archive.images[2].ntags, 0);
	for (size_t i = 0; i < 3; i++)
		assert_small_layer(w, &w->archive.images[i]);
}

static void attestations_and_artifacts_are_skipped(void **state)
{
	struct world *w = *state;
	struct maker *m = &w->maker;
	const char *image = maker_image(m, "amd64", "");
	const char *unknown = maker_image(m, "x", UNKNOWN);
	const char *attests = maker_image(m, "y", ATTESTS);
	const char *artifact = maker_manifest(m,
		maker_text_blob(
			m, "application/vnd.oci.empty.v1+json", "{}", ""),
		"", "");
	const char *foreign =
		maker_text_blob(m, "application/vnd.example+json", "{ }", "");

	maker_layout(m, arena_printf(&m->arena, "%s,%s,%s,%s,%s", unknown,
				attests, artifact, foreign, image));
	open_made(w);
	assert_int_equal(w->archive.nimages, 1);
	assert_string_equal(w->archive.images[0].architecture, "amd64");
}

static void four_indexes_deep_is_deep_enough(void **state)
{
	struct world *w = *state;
	struct maker *m = &w->maker;
	const char *at = maker_image(m, "amd64", "");

	/* index.json is the first of ARCHIVE_DEPTH_MAX. */
	for (int i = 1; i < ARCHIVE_DEPTH_MAX; i++)
		at = maker_index(m, at, "");
	maker_layout(m, at);
	open_made(w);
	assert_int_equal(w->archive.nimages, 1);
}

static void sha512_descriptors_are_checked_as_such(void **state)
{
	struct world *w = *state;
	struct maker *m = &w->maker;
	SCOPED_BUF struct buf layer = maker_layer();
	const char *text = maker_config_of(m, &layer), *config, *described;
	struct digest digest = digest_of(DIGEST_SHA512, text, strlen(text));
	char hex[DIGEST_HEX_SIZE];

	digest_hex(&digest, hex);
	maker_text(m, arena_printf(&m->arena, "blobs/sha512/%s", hex), text);
	config = arena_printf(&m->arena,
		"{\"mediaType\":\"" MEDIA_CONFIG "\",\"digest\":"
		"\"sha512:%s\",\"size\":%zu}",
		hex, strlen(text));
	described = arena_printf(&m->arena,
		"{\"mediaType\":\"" LAYER_MEDIA_TAR "\",\"digest\":\"%s\","
		"\"size\":%zu}",
		maker_digest(m, &layer), layer.len);
	maker_layout(m, maker_manifest(m, config, described, ""));
	open_made(w);
	assert_true(digest_eq(&w->archive.images[0].config_digest, &digest));
	assert_small_layer(w, &w->archive.images[0]);
}

static void whiteouts_are_entries_like_others(void **state)
{
	struct world *w = *state;
	struct maker layer;
	struct buf text;

	maker_init(&layer);
	maker_text(&layer, "etc/.wh.gone", "");
	maker_end(&layer);
	maker_docker(&w->maker, maker_config_of(&w->maker, &layer.bytes));
	maker_bytes(&w->maker, "layer.tar", layer.bytes.data, layer.bytes.len);
	open_made(w);
	text = list_layer(w, &w->archive.images[0]);
	assert_string_equal(text.data, "- 0644 0:0 0 0 etc/.wh.gone\n");
	buf_release(&text);
	maker_release(&layer);
}

static int stop_at_second(const struct tar_entry *entry,
	struct tar_reader *reader, void *ctx, struct error *err)
{
	int *n = ctx;

	return ++*n == 2 ? 7 : 0;
}

static void reading_ends_when_the_caller_says_so(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };
	struct tree tree;
	int n = 0;

	fixture_tree(&tree, &w->maker.arena);
	write_docker(w, &tree);
	open_path(w, w->path);
	assert_int_equal(
		archive_read_layer(&w->archive, &w->archive.images[0].layers[0],
			stop_at_second, &n, &err),
		7);
	assert_int_equal(n, 2);
}

static void a_missing_file_is_not_found(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	assert_int_equal(archive_open(&w->archive, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void a_fifo_is_refused_without_waiting(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	assert_int_equal(mkfifo(w->path, 0600), 0);
	assert_int_equal(archive_open(&w->archive, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, "is neither a file nor a folder"));
}

#define ARCHIVE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARCHIVE_TEST(our_docker_archive_is_read_back),
		ARCHIVE_TEST(the_config_is_decoded),
		ARCHIVE_TEST(our_layouts_are_read_back),
		ARCHIVE_TEST(a_gzipped_archive_is_read_through),
		ARCHIVE_TEST(a_gzipped_layer_is_read_through),
		ARCHIVE_TEST(links_between_members_are_followed),
		ARCHIVE_TEST(a_hybrid_is_read_as_routers_do),
		ARCHIVE_TEST(leading_dots_are_no_part_of_names),
		ARCHIVE_TEST(an_index_in_an_index_keeps_the_outer_tag),
		ARCHIVE_TEST(attestations_and_artifacts_are_skipped),
		ARCHIVE_TEST(four_indexes_deep_is_deep_enough),
		ARCHIVE_TEST(sha512_descriptors_are_checked_as_such),
		ARCHIVE_TEST(whiteouts_are_entries_like_others),
		ARCHIVE_TEST(reading_ends_when_the_caller_says_so),
		ARCHIVE_TEST(a_missing_file_is_not_found),
		ARCHIVE_TEST(a_fifo_is_refused_without_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
