/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "oci/layout.h"
#include "unit/oci_fixture.h"

struct world {
	struct arena arena;
	struct tree tree;
	char *folder, *path, *layer_path;
	struct layer layer;
	struct image_config configs[3];
	struct layout_image images[3];
	struct layout layout;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	arena_init(&w->arena);
	fixture_tree(&w->tree, &w->arena);
	w->folder = fixture_folder();
	w->path = path_join(w->folder, "image.oci");
	w->layer_path = path_join(w->folder, "layer.tar");
	w->layer = fixture_layer(&w->tree, w->layer_path);
	w->configs[0] = fixture_config("amd64", NULL);
	w->configs[1] = fixture_config("arm64", "v8");
	w->configs[2] = fixture_config("arm", "v7");
	for (size_t i = 0; i < ARRAY_SIZE(w->images); i++) {
		w->images[i].config = &w->configs[i];
		w->images[i].layer = &w->layer;
	}
	w->layout = (struct layout){ .images = w->images,
		.nimages = 3,
		.tag = "v3.18.9-0.0.1",
		.mtime = FIXTURE_EPOCH,
		.annotations = fixture_labels,
		.nannotations = ARRAY_SIZE(fixture_labels) };
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	arena_release(&w->arena);
	fixture_remove(w->folder);
	free(w->path);
	free(w->layer_path);
	free(w);
	return 0;
}

static void write_tar(struct world *w)
{
	struct error err = { 0 };

	fixture_must(layout_write_tar(&w->layout, w->path, &err), &err);
}

static void write_dir(struct world *w)
{
	struct error err = { 0 };

	fixture_must(layout_write_dir(&w->layout, w->path, &err), &err);
}

static const char *read_text(struct world *w, const char *name)
{
	SCOPED_FREE char *path = path_join(w->path, name);
	SCOPED_BUF struct buf text = { 0 };
	struct error err = { 0 };

	fixture_must(file_read(path, FIXTURE_TEXT_MAX, &text, &err), &err);
	return arena_strdup(&w->arena, text.data);
}

static const char *blob_name(struct world *w, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	return arena_printf(
		&w->arena, "blobs/sha256/%s", digest_hex(digest, hex));
}

static const char *read_blob(struct world *w, const struct digest *digest)
{
	return read_text(w, blob_name(w, digest));
}

static struct digest text_digest(const char *text)
{
	return digest_of(DIGEST_SHA256, text, strlen(text));
}

/* Names in the folder, without "." and "..". */
static size_t count_names(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void tar_of_three_equals_the_golden_listing(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf text;

	write_tar(w);
	buf_init(&text, FIXTURE_TEXT_MAX);
	fixture_list(w->path, &text);
	assert_int_equal(fixture_golden("layout.txt", &text), 0);
}

static void documents_of_one_equal_the_golden_text(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf text;
	const char *manifest;

	w->layout.nimages = 1;
	write_dir(w);
	manifest = read_blob(w, &w->layout.digest);
	buf_init(&text, FIXTURE_TEXT_MAX);
	buf_printf(&text, "%s\n%s\n%s\n", read_text(w, "oci-layout"),
		read_text(w, "index.json"), manifest);
	assert_int_equal(fixture_golden("layout_one.txt", &text), 0);
}

static void documents_of_three_equal_the_golden_text(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf text;

	write_dir(w);
	buf_init(&text, FIXTURE_TEXT_MAX);
	buf_printf(&text, "%s\n%s\n", read_text(w, "index.json"),
		read_blob(w, &w->layout.digest));
	for (size_t i = 0; i < 3; i++)
		buf_printf(&text, "%s\n",
			read_blob(w, &w->images[i].manifest_digest));
	assert_int_equal(fixture_golden("layout_three.txt", &text), 0);
}

static void one_image_is_named_by_index_json_itself(void **state)
{
	struct world *w = *state;

	w->layout.nimages = 1;
	write_dir(w);
	assert_true(
		digest_eq(&w->layout.digest, &w->images[0].manifest_digest));
	assert_non_null(strstr(read_text(w, "index.json"),
		"\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}"));
}

static void blobs_are_what_their_names_say(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *dir = path_join(w->path, "blobs/sha256");
	const char *index, *manifest;
	struct digest digest;

	write_dir(w);
	index = read_blob(w, &w->layout.digest);
	digest = text_digest(index);
	assert_true(digest_eq(&digest, &w->layout.digest));
	manifest = read_blob(w, &w->images[1].manifest_digest);
	digest = text_digest(manifest);
	assert_true(digest_eq(&digest, &w->images[1].manifest_digest));
	/* Three manifests and configs, one index, and the layer once. */
	assert_int_equal(count_names(dir), 8);
}

static void tar_and_folder_hold_the_same(void **state)
{
	struct world *w = *state;
	SCOPED_FD int fd = -1;
	struct error err = { 0 };
	struct tar_reader *reader;
	struct tar_entry entry;
	int got;

	write_tar(w);
	fd = open(w->path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(unlink(w->path), 0);
	write_dir(w);
	reader = tar_reader_new(fd, "layout", TAR_PLAIN, NULL, &err);
	fixture_must(!reader, &err);
	while ((got = tar_reader_next(reader, &entry, &err)) > 0) {
		SCOPED_FREE char *path = path_join(w->path, entry.path);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(
			S_ISDIR(st.st_mode), entry.kind == TAR_DIRECTORY);
		if (entry.kind == TAR_FILE)
			assert_int_equal(st.st_size, entry.size);
	}
	fixture_must(got, &err);
	tar_reader_free(reader);
}

static void layer_is_cut_out_of_a_larger_file(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };
	SCOPED_BUF struct buf bytes = { 0 };
	SCOPED_FREE char *other = path_join(w->folder, "other");
	char *padded;
	const char *name;
	struct stat st;

	fixture_must(
		file_read(w->layer_path, FIXTURE_TEXT_MAX, &bytes, &err), &err);
	padded = memory_zero(1, bytes.len + 2000);
	memcpy(padded + 1000, bytes.data, bytes.len);
	fixture_must(
		outfile_write(other, padded, bytes.len + 2000, &err), &err);
	free(padded);
	w->layer.blob_path = other;
	w->layer.blob_offset = 1000;
	write_dir(w);
	name = blob_name(w, &w->layer.digest);
	assert_int_equal(
		stat(arena_printf(&w->arena, "%s/%s", w->path, name), &st), 0);
	assert_int_equal(st.st_size, w->layer.size);
}

static void a_layer_that_changed_is_refused(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };
	SCOPED_FD int fd = open(w->layer_path, O_RDWR | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "x", 1, 5000), 1);
	assert_int_equal(layout_write_tar(&w->layout, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_VERIFY);
	assert_non_null(strstr(err.text, "changed while it was being copied"));
	assert_false(file_exists(w->path));
	assert_int_equal(layout_write_dir(&w->layout, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_VERIFY);
	assert_int_equal(count_names(w->folder), 1);
}

static void a_layer_that_is_gone_is_named(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	unlink(w->layer_path);
	assert_int_equal(layout_write_tar(&w->layout, w->path, &err), -1);
	assert_non_null(strstr(err.text, w->layer_path));
	assert_false(file_exists(w->path));
}

static void an_older_layout_is_replaced_whole(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *extra = path_join(w->path, "blobs/sha256/extra");
	SCOPED_FREE char *dir = path_join(w->path, "blobs/sha256");
	struct error err = { 0 };

	write_dir(w);
	fixture_must(outfile_write(extra, "x", 1, &err), &err);
	w->layout.nimages = 1;
	write_dir(w);
	assert_false(file_exists(extra));
	assert_int_equal(count_names(dir), 3);
	/* The layer, the layout, and no temporary. */
	assert_int_equal(count_names(w->folder), 2);
}

static void an_empty_folder_may_be_replaced(void **state)
{
	struct world *w = *state;

	assert_int_equal(mkdir(w->path, 0700), 0);
	write_dir(w);
	assert_int_equal(count_names(w->path), 3);
}

static void a_folder_that_is_no_layout_stays(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *file = path_join(w->path, "precious");
	struct error err = { 0 };

	assert_int_equal(mkdir(w->path, 0700), 0);
	fixture_must(outfile_write(file, "x", 1, &err), &err);
	assert_int_equal(layout_write_dir(&w->layout, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_EXISTS);
	assert_non_null(strstr(err.text, "is not an OCI image layout"));
	assert_true(file_exists(file));
	assert_int_equal(count_names(w->folder), 2);
}

static void a_file_in_the_way_stays(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	fixture_must(outfile_write(w->path, "x", 1, &err), &err);
	assert_int_equal(layout_write_dir(&w->layout, w->path, &err), -1);
	assert_int_equal(err.kind, ERROR_EXISTS);
	assert_false(file_is_directory(w->path));
}

static void leftovers_of_killed_processes_are_swept(void **state)
{
	struct world *w = *state;
	const char *dead = arena_printf(
		&w->arena, "%s/.image.oci.0123456789ab.tmp", w->folder);
	const char *alive = arena_printf(
		&w->arena, "%s/.image.oci.ba9876543210.tmp", w->folder);
	const char *foreign = arena_printf(
		&w->arena, "%s/.image.oci.0123456789.tmp", w->folder);
	SCOPED_FD int lock = -1;

	assert_int_equal(mkdir(dead, 0700), 0);
	assert_int_equal(mkdir(alive, 0700), 0);
	assert_int_equal(mkdir(foreign, 0700), 0);
	lock = open(alive, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	write_dir(w);
	assert_false(file_exists(dead));
	assert_true(file_exists(alive));
	assert_true(file_exists(foreign));
}

static void a_trailing_slash_is_no_part_of_the_name(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	fixture_must(layout_write_dir(&w->layout,
			     arena_printf(&w->arena, "%s//", w->path), &err),
		&err);
	assert_true(file_is_directory(w->path));
	assert_int_equal(count_names(w->folder), 2);
}

static void describing_tells_what_writing_does(void **state)
{
	struct world *w = *state;
	uint64_t size = layout_describe(&w->layout);
	struct digest digest = w->layout.digest;
	struct digest manifest = w->images[2].manifest_digest;

	assert_true(size > w->layer.size);
	assert_true(size < w->layer.size + 10000);
	write_dir(w);
	assert_true(digest_eq(&digest, &w->layout.digest));
	assert_true(digest_eq(&manifest, &w->images[2].manifest_digest));
}

static void a_folder_is_known_by_its_index(void **state)
{
	struct world *w = *state;

	assert_false(layout_dir_is(&w->layout, w->path));
	write_dir(w);
	assert_true(layout_dir_is(&w->layout, w->path));
	w->layout.tag = "other";
	assert_false(layout_dir_is(&w->layout, w->path));
}

#define LAYOUT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAYOUT_TEST(tar_of_three_equals_the_golden_listing),
		LAYOUT_TEST(documents_of_one_equal_the_golden_text),
		LAYOUT_TEST(documents_of_three_equal_the_golden_text),
		LAYOUT_TEST(one_image_is_named_by_index_json_itself),
		LAYOUT_TEST(blobs_are_what_their_names_say),
		LAYOUT_TEST(tar_and_folder_hold_the_same),
		LAYOUT_TEST(layer_is_cut_out_of_a_larger_file),
		LAYOUT_TEST(a_layer_that_changed_is_refused),
		LAYOUT_TEST(a_layer_that_is_gone_is_named),
		LAYOUT_TEST(an_older_layout_is_replaced_whole),
		LAYOUT_TEST(an_empty_folder_may_be_replaced),
		LAYOUT_TEST(a_folder_that_is_no_layout_stays),
		LAYOUT_TEST(a_file_in_the_way_stays),
		LAYOUT_TEST(leftovers_of_killed_processes_are_swept),
		LAYOUT_TEST(a_trailing_slash_is_no_part_of_the_name),
		LAYOUT_TEST(describing_tells_what_writing_does),
		LAYOUT_TEST(a_folder_is_known_by_its_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
