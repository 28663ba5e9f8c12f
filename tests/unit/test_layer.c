/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "oci/tar_write.h"
#include "unit/oci_fixture.h"

#define LAYER_TEXT_MAX ((size_t)8 << 20)

struct world {
	struct arena arena;
	struct tree tree;
	char *folder, *path;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	arena_init(&w->arena);
	tree_init(&w->tree, &w->arena);
	w->folder = fixture_folder();
	w->path = path_join(w->folder, "layer.tar");
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

/* The layer's bytes; fails when their number is not what was foretold. */
static struct buf layer_bytes(const struct tree *tree, int64_t epoch)
{
	struct error err = { 0 };
	struct buf_sink to;
	struct buf bytes;

	buf_init(&bytes, LAYER_TEXT_MAX);
	buf_sink_init(&to, &bytes);
	fixture_must(layer_write(tree, epoch, &to.sink, &err), &err);
	assert_int_equal(bytes.len, layer_size(tree));
	return bytes;
}

static struct buf layer_listing(struct world *w)
{
	struct layer layer = fixture_layer(&w->tree, w->path);
	struct buf text;

	assert_int_equal(layer.size, layer_size(&w->tree));
	buf_init(&text, FIXTURE_TEXT_MAX);
	fixture_list(w->path, &text);
	return text;
}

static void awkward_tree_equals_the_golden_listing(void **state)
{
	struct world *w = *state;
	struct buf text;

	fixture_tree(&w->tree, &w->arena);
	text = layer_listing(w);
	assert_int_equal(fixture_golden("layer.txt", &text), 0);
	buf_release(&text);
}

static void an_empty_tree_is_two_zero_blocks(void **state)
{
	struct world *w = *state;
	struct buf bytes = layer_bytes(&w->tree, 0);
	static const char zeros[1024];

	assert_int_equal(bytes.len, 1024);
	assert_memory_equal(bytes.data, zeros, 1024);
	buf_release(&bytes);
}

static void folders_come_before_what_is_in_them(void **state)
{
	struct world *w = *state;
	struct buf text;

	fixture_file(&w->tree, "z/y/x", content_empty());
	fixture_folder_at(&w->tree, "z/y", 0700, 0, 0);
	fixture_file(&w->tree, "a", content_empty());
	text = layer_listing(w);
	assert_true(slice_starts(buf_slice(&text),
		"- 0644 0:0 0 1725622581 a\n"
		"d 0755 0:0 0 1725622581 z\n"
		"d 0700 0:0 0 1725622580 z/y\n"
		"- 0644 0:0 0 1725622581 z/y/x\n"));
	buf_release(&text);
}

static void first_name_of_the_walk_carries_the_content(void **state)
{
	struct world *w = *state;
	struct buf text;

	fixture_file(&w->tree, "z", fixture_text("12345"));
	fixture_link(&w->tree, "a", "z");
	fixture_link(&w->tree, "m", "a");
	fixture_file(&w->tree, "n", fixture_text("12345"));
	text = layer_listing(w);
	assert_true(slice_starts(buf_slice(&text),
		"- 0644 0:0 5 1725622581 a\n"
		"h 0644 0:0 0 1725622581 m -> a\n"
		"- 0644 0:0 5 1725622581 n\n"
		"h 0644 0:0 0 1725622581 z -> a\n"));
	buf_release(&text);
}

/* A name that was replaced leaves an inode with one name: an ordinary file. */
static void a_broken_hard_link_is_a_file_again(void **state)
{
	struct world *w = *state;
	const struct tree_entry other = { .kind = INODE_FILE,
		.mode = 0600,
		.mtime = FIXTURE_EPOCH,
		.content = fixture_text("x") };
	const struct tree_source source = { "fixture", TREE_OVERLAY };
	struct error err = { 0 };
	struct buf text;

	fixture_file(&w->tree, "a", fixture_text("12345"));
	fixture_link(&w->tree, "b", "a");
	assert_non_null(tree_put(&w->tree, "a", &other, &source, &err));
	text = layer_listing(w);
	assert_true(
		slice_starts(buf_slice(&text), "- 0600 0:0 1 1725622581 a\n"
					       "- 0644 0:0 5 1725622581 b\n"));
	buf_release(&text);
}

static void many_hard_links_are_all_found(void **state)
{
	struct world *w = *state;
	const int n = 3000;
	struct buf text;
	size_t links = 0;

	for (int i = 0; i < n; i++) {
		const char *name = arena_printf(&w->arena, "f%05d", i);

		fixture_file(&w->tree, name, fixture_text("x"));
		fixture_link(&w->tree, arena_printf(&w->arena, "l%05d", n - i),
			name);
	}
	text = layer_listing(w);
	for (const char *p = text.data; (p = strstr(p, "\nh ")); p++)
		links++;
	assert_int_equal(links, n);
	assert_non_null(strstr(text.data, "l00001 -> f02999\n"));
	buf_release(&text);
}

static void times_after_the_epoch_are_clamped(void **state)
{
	struct world *w = *state;
	struct buf early, late;

	fixture_file(&w->tree, "a", content_empty());
	tree_find(&w->tree, "a")->inode->mtime = 1000;
	late = layer_bytes(&w->tree, 500);
	tree_find(&w->tree, "a")->inode->mtime = 500;
	early = layer_bytes(&w->tree, 2000);
	assert_memory_equal(late.data, early.data, early.len);
	buf_release(&early);
	buf_release(&late);
}

static void order_of_putting_does_not_matter(void **state)
{
	struct world *w = *state;
	struct tree other;
	struct buf a, b;

	tree_init(&other, &w->arena);
	for (int i = 0; i < 100; i++) {
		const char *up = arena_printf(&w->arena, "f%d", i);
		const char *down = arena_printf(&w->arena, "f%d", 99 - i);

		fixture_file(&w->tree, up, fixture_text(up));
		fixture_file(&other, down, fixture_text(down));
	}
	fixture_link(&w->tree, "link", "f7");
	fixture_link(&other, "link", "f7");
	a = layer_bytes(&w->tree, FIXTURE_EPOCH);
	b = layer_bytes(&other, FIXTURE_EPOCH);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_release(&a);
	buf_release(&b);
}

/* A small generator of its own: the same numbers everywhere. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void add_random(
	struct tree *tree, struct arena *arena, const char *dir, uint32_t *seed)
{
	uint32_t kind = next_random(seed) % 4;
	const char *path = arena_printf(arena, "%s%s", dir,
		fixture_name(arena, arena_printf(arena, "%x", *seed),
			8 + next_random(seed) % 200));

	if (kind == 0)
		fixture_folder_at(tree, path, 0755, 0, 0);
	else if (kind == 1)
		fixture_symlink(tree, path,
			fixture_name(arena, "t", 1 + next_random(seed) % 300));
	else
		fixture_file(tree, path,
			fixture_bytes(arena, next_random(seed) % 3000));
	if (kind == 2)
		fixture_link(tree, arena_printf(arena, "%s-link", path), path);
	if (kind == 0 && strlen(path) < 1000)
		for (uint32_t n = next_random(seed) % 6; n; n--)
			add_random(tree, arena,
				arena_printf(arena, "%s/", path), seed);
}

static void size_is_foretold_exactly_for_random_trees(void **state)
{
	struct world *w = *state;

	for (uint32_t seed = 1; seed <= 40; seed++) {
		uint32_t random = seed;
		struct tree tree;
		struct buf bytes;

		tree_init(&tree, &w->arena);
		for (int i = 0; i < 10; i++)
			add_random(&tree, &w->arena, "", &random);
		bytes = layer_bytes(&tree, FIXTURE_EPOCH);
		buf_release(&bytes);
	}
}

static int full_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	if (sink->size + n > 4096)
		return error_set(err, ERROR_IO, "disk full");
	return 0;
}

static void a_full_disk_ends_the_walk(void **state)
{
	static const struct sink_ops ops = { .write = full_write };
	struct world *w = *state;
	struct error err = { 0 };
	struct sink sink;

	fixture_tree(&w->tree, &w->arena);
	sink_init(&sink, &ops);
	assert_int_equal(layer_write(&w->tree, FIXTURE_EPOCH, &sink, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.text, "disk full"));
	assert_in_range(sink.size, 1, 4096);
}

static void a_file_that_is_gone_is_named(void **state)
{
	struct world *w = *state;
	const struct content_file file = {
		.path = "/nonexistent/data.tar", .fd = -1, .size = 10
	};
	struct error err = { 0 };
	struct sink null;

	fixture_file(&w->tree, "usr", content_extent(&file, 0, 10));
	null_sink_init(&null);
	assert_int_equal(layer_write(&w->tree, FIXTURE_EPOCH, &null, &err), -1);
	assert_true(slice_starts(slice_of(err.text), "write layer: usr: "));
	assert_non_null(strstr(err.text, "/nonexistent/data.tar"));
}

static void link_targets_that_no_system_holds_are_refused(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };
	struct sink null;

	fixture_symlink(
		&w->tree, "l", fixture_name(&w->arena, "t", PATH_TEXT_MAX - 1));
	null_sink_init(&null);
	assert_int_equal(layer_write(&w->tree, 0, &null, &err), 0);
	tree_find(&w->tree, "l")->inode->target =
		fixture_name(&w->arena, "t", PATH_TEXT_MAX);
	assert_int_equal(layer_write(&w->tree, 0, &null, &err), -1);
	assert_int_equal(err.kind, ERROR_TREE);
	assert_string_equal(err.text,
		"write layer: l: target of the symbolic link has 4096 bytes, "
		"expected 1 to 4095");
}

#define LAYER_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAYER_TEST(awkward_tree_equals_the_golden_listing),
		LAYER_TEST(an_empty_tree_is_two_zero_blocks),
		LAYER_TEST(folders_come_before_what_is_in_them),
		LAYER_TEST(first_name_of_the_walk_carries_the_content),
		LAYER_TEST(a_broken_hard_link_is_a_file_again),
		LAYER_TEST(many_hard_links_are_all_found),
		LAYER_TEST(times_after_the_epoch_are_clamped),
		LAYER_TEST(order_of_putting_does_not_matter),
		LAYER_TEST(size_is_foretold_exactly_for_random_trees),
		LAYER_TEST(a_full_disk_ends_the_walk),
		LAYER_TEST(a_file_that_is_gone_is_named),
		LAYER_TEST(link_targets_that_no_system_holds_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
