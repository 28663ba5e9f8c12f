/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "oci/docker_archive.h"
#include "unit/oci_fixture.h"

#define REFERENCE "alp_rc:v3.18.9-0.0.1"

struct world {
	struct arena arena;
	struct tree tree;
	char *folder, *path;
	struct image_config config;
	struct digest diff_id, config_digest;
	uint64_t layer_offset, layer_size;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	arena_init(&w->arena);
	fixture_tree(&w->tree, &w->arena);
	w->folder = fixture_folder();
	w->path = path_join(w->folder, "image.tar");
	w->config = fixture_config("arm", "v7");
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	arena_release(&w->arena);
	fixture_remove(w->folder);
	free(w->path);
	free(w);
	return 0;
}

static int stream_layer(
	struct world *w, struct docker_archive *archive, struct error *err)
{
	struct digest_sink hash;
	int failed;

	digest_sink_init(&hash, DIGEST_SHA256, docker_archive_sink(archive));
	failed = layer_write(&w->tree, FIXTURE_EPOCH, &hash.sink, err);
	if (!failed)
		failed = sink_close(&hash.sink, err);
	w->diff_id = hash.digest;
	digest_sink_release(&hash);
	return failed;
}

/* The whole archive at w->path; announced: the layer's size as promised. */
static int write_archive(struct world *w, uint64_t announced, struct error *err)
{
	struct docker_archive *archive;
	struct outfile out;
	int failed;

	fixture_must(outfile_open(&out, w->path, err), err);
	archive = docker_archive_new(&out, &w->config, REFERENCE, announced);
	w->layer_offset = docker_archive_layer_offset(archive);
	w->layer_size = announced;
	failed = stream_layer(w, archive, err);
	if (!failed)
		failed = docker_archive_close(
			archive, &w->diff_id, &w->config_digest, err);
	if (!failed)
		failed = outfile_commit(&out, err);
	docker_archive_free(archive);
	outfile_release(&out);
	return failed;
}

static void write_right(struct world *w)
{
	struct error err = { 0 };

	fixture_must(write_archive(w, layer_size(&w->tree), &err), &err);
}

/* A part of the file as text; the caller frees. */
static char *read_part(const struct world *w, uint64_t offset, size_t n)
{
	SCOPED_FD int fd = open(w->path, O_RDONLY | O_CLOEXEC);
	struct error err = { 0 };
	char *text = memory_zero(1, n + 1);

	fixture_must(
		file_pread_all(fd, text, n, (long long)offset, &err), &err);
	return text;
}

struct member_list {
	struct arena *arena;
	struct tar_entry entries[8];
	size_t n;
};

static struct member_list list_members(struct world *w)
{
	SCOPED_FD int fd = open(w->path, O_RDONLY | O_CLOEXEC);
	struct member_list list = { .arena = &w->arena };
	struct error err = { 0 };
	struct tar_reader *reader =
		tar_reader_new(fd, "archive", TAR_PLAIN, NULL, &err);
	struct tar_entry entry;
	int got;

	fixture_must(!reader, &err);
	while ((got = tar_reader_next(reader, &entry, &err)) > 0) {
		assert_true(list.n < ARRAY_SIZE(list.entries));
		entry.path = arena_strdup(&w->arena, entry.path);
		list.entries[list.n++] = entry;
	}
	fixture_must(got, &err);
	tar_reader_free(reader);
	return list;
}

static void equals_the_golden_listing(void **state)
{
	struct world *w = *state;
	SCOPED_BUF struct buf text;
	SCOPED_FREE char *manifest = NULL, *config = NULL;
	struct member_list list;

	write_right(w);
	list = list_members(w);
	buf_init(&text, FIXTURE_TEXT_MAX);
	fixture_list(w->path, &text);
	manifest = read_part(w, list.entries[0].offset, list.entries[0].size);
	config = read_part(w, list.entries[1].offset, list.entries[1].size);
	buf_printf(&text, "%s\n%s\n", manifest, config);
	assert_int_equal(fixture_golden("docker_archive.txt", &text), 0);
}

static void holds_three_plain_members_and_nothing_else(void **state)
{
	struct world *w = *state;
	char hex[DIGEST_HEX_SIZE];
	struct member_list list;

	write_right(w);
	list = list_members(w);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.entries[0].path, "manifest.json");
	digest_hex(&w->config_digest, hex);
	assert_string_equal(
		list.entries[1].path, arena_printf(&w->arena, "%s.json", hex));
	digest_hex(&w->diff_id, hex);
	assert_string_equal(list.entries[2].path,
		arena_printf(&w->arena, "%s/layer.tar", hex));
	for (size_t i = 0; i < list.n; i++) {
		const struct tar_entry *e = &list.entries[i];

		assert_int_equal(e->kind, TAR_FILE);
		assert_int_equal(e->mode, 0644);
		assert_int_equal(e->uid + e->gid, 0);
		assert_null(e->uname);
		assert_int_equal(e->mtime, FIXTURE_EPOCH);
	}
	assert_int_equal(list.entries[2].offset, w->layer_offset);
	assert_int_equal(list.entries[2].size, w->layer_size);
}

static void first_bytes_are_the_name_routers_look_for(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *start = NULL;

	write_right(w);
	start = read_part(w, 0, 512);
	assert_string_equal(start, "manifest.json");
	assert_memory_equal(start + 257, "ustar\00000", 8);
}

static void manifest_names_config_tag_and_layer_in_this_order(void **state)
{
	struct world *w = *state;
	char config[DIGEST_HEX_SIZE], layer[DIGEST_HEX_SIZE];
	SCOPED_FREE char *manifest = NULL;
	struct member_list list;

	write_right(w);
	list = list_members(w);
	manifest = read_part(w, list.entries[0].offset, list.entries[0].size);
	assert_string_equal(manifest,
		arena_printf(&w->arena,
			"[{\"Config\":\"%s.json\",\"RepoTags\":[\"" REFERENCE
			"\"],\"Layers\":[\"%s/layer.tar\"]}]",
			digest_hex(&w->config_digest, config),
			digest_hex(&w->diff_id, layer)));
}

static void names_are_the_digests_of_the_bytes(void **state)
{
	struct world *w = *state;
	SCOPED_FREE char *config = NULL, *layer = NULL;
	SCOPED_FREE char *want = NULL;
	struct member_list list;
	struct digest digest;

	write_right(w);
	list = list_members(w);
	config = read_part(w, list.entries[1].offset, list.entries[1].size);
	digest = digest_of(DIGEST_SHA256, config, list.entries[1].size);
	assert_true(digest_eq(&digest, &w->config_digest));
	want = image_config_json(&w->config, &w->diff_id);
	assert_string_equal(config, want);
	layer = read_part(w, w->layer_offset, w->layer_size);
	digest = digest_of(DIGEST_SHA256, layer, w->layer_size);
	assert_true(digest_eq(&digest, &w->diff_id));
}

static void ends_with_two_zero_blocks_and_no_more(void **state)
{
	struct world *w = *state;
	static const char zeros[1024];
	SCOPED_FREE char *end = NULL;
	struct stat st;

	write_right(w);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_size, w->layer_offset + w->layer_size + 1024);
	end = read_part(w, (uint64_t)st.st_size - 1024, 1024);
	assert_memory_equal(end, zeros, 1024);
}

static void a_layer_of_another_size_is_refused(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	assert_int_equal(
		write_archive(w, layer_size(&w->tree) + 512, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_non_null(strstr(err.text, "announced"));
	assert_false(file_exists(w->path));
}

static void two_runs_give_the_same_bytes(void **state)
{
	struct world *w = *state;
	struct digest first, second;
	struct error err = { 0 };

	for (int i = 0; i < 2; i++) {
		SCOPED_FD int fd = -1;

		write_right(w);
		fd = open(w->path, O_RDONLY | O_CLOEXEC);
		fixture_must(digest_fd(DIGEST_SHA256, fd, i ? &second : &first,
				     NULL, &err),
			&err);
	}
	assert_true(digest_eq(&first, &second));
}

#define ARCHIVE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARCHIVE_TEST(equals_the_golden_listing),
		ARCHIVE_TEST(holds_three_plain_members_and_nothing_else),
		ARCHIVE_TEST(first_bytes_are_the_name_routers_look_for),
		ARCHIVE_TEST(manifest_names_config_tag_and_layer_in_this_order),
		ARCHIVE_TEST(names_are_the_digests_of_the_bytes),
		ARCHIVE_TEST(ends_with_two_zero_blocks_and_no_more),
		ARCHIVE_TEST(a_layer_of_another_size_is_refused),
		ARCHIVE_TEST(two_runs_give_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
