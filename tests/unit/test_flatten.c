/* SPDX-License-Identifier: MIT
 *
 * Layers as scripts (fuzz/tar_script.h), and what they come to: a line for
 * each name, "f PATH CONTENT", "l PATH TARGET", "d PATH".
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "fuzz/tar_script.h"
#include "oci/flatten.h"

#define BYTES_MAX ((size_t)1 << 20)
#define LAYERS_MAX 4

struct flatten_case {
	const char *name;
	const char *layers[LAYERS_MAX]; /* without ".", NULL-ended */
	const char *want;		/* the tree; NULL: it is refused */
	const char *error;		/* a part of the message */
};

static int open_bytes(const struct buf *bytes)
{
	int fd = memfd_create("layer", MFD_CLOEXEC);
	struct error err = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, bytes->data, bytes->len, &err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static int add(struct flatten *f, const char *script, struct error *err)
{
	SCOPED_BUF struct buf text = { 0 }, tar = { 0 };

	buf_init(&text, BYTES_MAX);
	buf_init(&tar, BYTES_MAX);
	buf_printf(&text, "!%s\n.", script);
	tar_script(&tar, text.data, text.len);
	return flatten_add(f, "the layer", open_bytes(&tar), 0, err);
}

static int list(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	static const char kinds[] = { [INODE_FILE] = 'f',
		[INODE_DIRECTORY] = 'd',
		[INODE_SYMLINK] = 'l' };
	const struct inode *inode = node->inode;
	SCOPED_BUF struct buf content = { 0 };
	struct content_reader reader;
	struct buf *out = ctx;

	if (!node->parent)
		return 0;
	buf_printf(out, "%c %s", kinds[inode->kind], path);
	if (inode->kind == INODE_SYMLINK)
		buf_printf(out, " %s", inode->target);
	content_reader_init(&reader);
	if (inode->kind == INODE_FILE && inode->content.size) {
		assert_int_equal(content_read(&reader, &inode->content,
					 BYTES_MAX, &content, err),
			0);
		buf_add_str(out, " ");
		buf_add_slice(out, buf_slice(&content));
	}
	content_reader_release(&reader);
	buf_add_str(out, "\n");
	return 0;
}

/* What the layers come to, or why not. */
static int stack(const struct flatten_case *c,
	const struct flatten_watch *watch, struct buf *got, struct error *err)
{
	struct flatten flatten;
	struct arena arena;
	int failed = 0;

	arena_init(&arena);
	flatten_init(&flatten, &arena);
	flatten.watch = watch;
	buf_add_str(got, "");
	for (size_t i = 0; !failed && c->layers[i]; i++)
		failed = add(&flatten, c->layers[i], err);
	if (!failed)
		failed = tree_walk(&flatten.tree, list, got, err);
	flatten_release(&flatten);
	arena_release(&arena);
	return failed;
}

struct watching {
	size_t nseen;
	struct error why; /* the first refusal */
};

static void see(void *ctx, const struct flatten_seen *seen)
{
	struct watching *watching = ctx;

	watching->nseen++;
	assert_true(seen->fd >= 0 && seen->reader);
	assert_true(*seen->entry->path);
	assert_int_equal(strncmp(seen->origin, "layer ", 6), 0);
}

static void refuse(
	void *ctx, const struct tar_entry *entry, const struct error *why)
{
	struct watching *watching = ctx;

	assert_non_null(strstr(why->text, entry->path));
	if (!*watching->why.text)
		watching->why = *why;
}

/* Who looks on gets the same tree; what is refused is only told. */
static void run_watched(const struct flatten_case *c)
{
	struct watching watching = { 0 };
	const struct flatten_watch watch = { see, refuse, &watching };
	SCOPED_BUF struct buf got = { 0 };
	struct error err = { 0 };

	buf_init(&got, BYTES_MAX);
	assert_int_equal(stack(c, &watch, &got, &err), 0);
	assert_true(watching.nseen > 0);
	if (c->want) {
		assert_string_equal(watching.why.text, "");
		assert_string_equal(got.data, c->want);
	} else {
		assert_non_null(strstr(watching.why.text, c->error));
	}
}

static void run_case(void **state)
{
	const struct flatten_case *c = *state;
	SCOPED_BUF struct buf got = { 0 };
	struct error err = { 0 };
	int failed;

	buf_init(&got, BYTES_MAX);
	failed = stack(c, NULL, &got, &err);
	run_watched(c);
	if (c->want) {
		assert_string_equal(err.text, "");
		assert_string_equal(got.data, c->want);
		return;
	}
	assert_int_equal(failed, -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, "the layer: "));
	assert_non_null(strstr(err.text, c->error));
}

static const struct flatten_case cases[] = {
	{ "later_layers_win", { "5 a\n0 a/x 1\n0 a/y 1", "0 a/x 2" },
		"d a\nf a/x 2\nf a/y 1\n" },
	{ "a_whiteout_hides_a_file", { "5 a\n0 a/x 1\n0 a/y 1", "0 a/.wh.x" },
		"d a\nf a/y 1\n" },
	{ "a_whiteout_hides_a_folder", { "5 a\n5 a/b\n0 a/b/x 1", "0 a/.wh.b" },
		"d a\n" },
	{ "a_whiteout_of_nothing_hides_nothing",
		{ "5 a\n0 a/x 1", "0 a/.wh.z\n0 b/c/.wh.z" },
		"d a\nf a/x 1\n" },
	{ "a_whiteout_spares_its_own_layer", { "0 x 1", "0 .wh.x\n0 x 2" },
		"f x 2\n" },
	{ "wherever_in_the_layer_it_stands",
		{ "0 x 1\n5 d\n0 d/a 1", "0 x 2\n0 d/b 2\n0 .wh.x\n0 .wh.d" },
		"d d\nf d/b 2\nf x 2\n" },
	{ "an_opaque_folder_hides_what_was_in_it",
		{ "5 d\n0 d/a 1\n5 d/e\n0 d/e/b 1",
			"0 d/c 2\n0 d/.wh..wh..opq\n5 d/e" },
		"d d\nf d/c 2\nd d/e\n" },
	{ "the_root_can_be_opaque", { "0 a 1\n5 b", "0 .wh..wh..opq\n0 c 2" },
		"f c 2\n" },
	{ "an_opaque_file_hides_nothing",
		{ "0 d x\n0 e 1", "0 d/.wh..wh..opq" }, "f d x\nf e 1\n" },
	{ "notes_of_aufs_are_ignored",
		{ "0 a 1", "0 .wh..wh.aufs\n5 .wh..wh.plnk\n0 "
			   ".wh..wh.plnk/a 2" },
		"f a 1\n" },
	{ "what_is_hidden_can_come_back",
		{ "5 d\n0 d/a 1", "0 .wh.d", "5 d\n0 d/b 3" },
		"d d\nf d/b 3\n" },
	{ "whiteouts_in_the_first_layer_are_left_out",
		{ "0 a 1\n0 .wh.a\n0 .wh..wh..opq" }, "f a 1\n" },

	{ "a_file_replaces_a_folder", { "5 d\n0 d/a 1", "0 d 2" }, "f d 2\n" },
	{ "a_folder_replaces_a_file", { "0 d 1", "5 d\n0 d/a 2" },
		"d d\nf d/a 2\n" },
	{ "a_link_replaces_a_folder", { "5 d\n0 d/a 1\n5 e", "2 d e" },
		"l d e\nd e\n" },
	{ "a_folder_replaces_a_link", { "5 e\n0 e/a 1\n2 d e", "5 d\n0 d/b 2" },
		"d d\nf d/b 2\nd e\nf e/a 1\n" },
	{ "what_it_hides_is_not_behind_the_link",
		{ "5 e\n0 e/a 1\n2 d e", "5 d\n0 d/.wh..wh..opq\n0 d/.wh.a" },
		"d d\nd e\nf e/a 1\n" },
	{ "of_two_entries_the_later_wins", { "0 a 1\n0 a 2\n5 b\n0 b 3" },
		"f a 2\nf b 3\n" },

	{ "links_among_parents_are_followed",
		{ "5 usr\n5 usr/lib\n2 lib usr/lib", "0 lib/x 2" },
		"l lib usr/lib\nd usr\nd usr/lib\nf usr/lib/x 2\n" },
	{ "absolute_links_stay_inside",
		{ "5 usr\n2 lib /usr\n0 usr/a 1", "0 lib/.wh.a\n0 lib/b 2" },
		"l lib /usr\nd usr\nf usr/b 2\n" },
	{ "links_above_the_root_stay_inside", { "2 l ../../..\n0 l/x 1" },
		"l l ../../..\nf x 1\n" },
	{ "whiteouts_do_not_climb",
		{ "5 d\n5 d/e\n0 d/a 1\n2 l ../d/e", "0 l/.wh.a" },
		"d d\nf d/a 1\nd d/e\nl l ../d/e\n" },
	{ "folders_that_nobody_lists_are_implied", { "0 a/b/c 1" },
		"d a\nd a/b\nf a/b/c 1\n" },

	{ "hard_links_share_their_file", { "0 a 1\n1 b a", "0 a 2" },
		"f a 2\nf b 1\n" },
	{ "hard_links_reach_layers_below", { "5 d\n0 d/a 1", "1 b d/a" },
		"f b 1\nd d\nf d/a 1\n" },
	{ "and_follow_links_among_parents",
		{ "5 d\n0 d/a 1\n2 e d", "1 b e/a" },
		"f b 1\nd d\nf d/a 1\nl e d\n" },
	{ "a_hard_link_to_a_link_is_a_link", { "2 a nowhere\n1 b a" },
		"l a nowhere\nl b nowhere\n" },
	{ "devices_are_left_out", { "0 a 1\n0 b 1", "3 a\n4 c\n6 d" },
		"f b 1\n" },

	{ "a_whiteout_of_dots", { "0 a 1", "5 d\n0 d/.wh..." }, NULL,
		"d/.wh...: names that start with .wh. are whiteouts" },
	{ "a_whiteout_of_one_dot", { "0 d/.wh.." }, NULL, "d/.wh..: names" },
	{ "a_whiteout_of_no_name", { "0 d/.wh." }, NULL, "d/.wh.: names" },
	{ "a_whiteout_with_something_in_it", { "0 .wh.d/x 1" }, NULL,
		".wh.d/x: names" },
	{ "a_link_that_loops", { "2 a b\n2 b a\n0 a/x 1" }, NULL, "a/x" },
	{ "a_link_to_nowhere_as_a_parent", { "2 a b\n0 a/x 1" }, NULL,
		"a symbolic link of layer 1 to b, which is not there" },
	{ "a_file_as_a_parent", { "0 a 1", "0 a/x 1" }, NULL,
		"a/x (layer 2) cannot be put below a" },
	{ "a_hard_link_to_nothing", { "1 b a" }, NULL,
		"needs the file a, which is not there" },
	{ "a_hard_link_to_what_is_hidden", { "0 a 1", "1 b a\n0 .wh.a" }, NULL,
		"needs the file a, which is not there" },
	{ "a_hard_link_to_a_folder", { "5 a\n1 b a" }, NULL,
		"needs the file a, which is a directory" },
};

/* ---- metadata, losses -------------------------------------------------- */

static void folders_take_the_metadata_of_the_last(void **state)
{
	SCOPED_BUF struct buf tar = { 0 };
	struct error err = { 0 };
	struct flatten f;
	struct arena arena;

	arena_init(&arena);
	flatten_init(&f, &arena);
	buf_init(&tar, BYTES_MAX);
	assert_int_equal(add(&f, "5 d\n0 d/x 1", &err), 0);
	fixture_add(&tar,
		(struct fixture){
			.name = "d", .type = '5', .mode = 01777, .gid = 12 });
	fixture_end(&tar);
	assert_int_equal(flatten_add(&f, "2", open_bytes(&tar), 0, &err), 0);
	assert_int_equal(tree_find(&f.tree, "d")->inode->mode, 01777);
	assert_int_equal(tree_find(&f.tree, "d")->inode->gid, 12);
	assert_non_null(tree_find(&f.tree, "d/x"));
	flatten_release(&f);
	arena_release(&arena);
}

static void what_is_left_out_is_counted(void **state)
{
	struct error err = { 0 };
	struct flatten f;
	struct arena arena;

	arena_init(&arena);
	flatten_init(&f, &arena);
	assert_int_equal(add(&f,
				 "3 a\n3 b\n3 c\n4 d\n6 e\n3 f\n3 g\n"
				 "x SCHILY.xattr.user.a=1\n0 x 1\n0 .wh.x",
				 &err),
		0);
	assert_int_equal(f.losses[FLATTEN_DEVICES].n, 7);
	assert_string_equal(
		f.losses[FLATTEN_DEVICES].paths[FLATTEN_PATHS_KEPT - 1], "e");
	assert_int_equal(f.losses[FLATTEN_XATTRS].n, 1);
	assert_string_equal(f.losses[FLATTEN_XATTRS].paths[0], "x");
	assert_int_equal(f.losses[FLATTEN_WHITEOUTS].n, 1);
	assert_string_equal(f.losses[FLATTEN_WHITEOUTS].paths[0], ".wh.x");
	assert_int_equal(f.nentries, 9);
	assert_int_equal(add(&f, "0 .wh.x", &err), 0);
	assert_int_equal(f.losses[FLATTEN_WHITEOUTS].n, 1);
	flatten_release(&f);
	arena_release(&arena);
}

static void owners_that_no_router_maps_are_refused(void **state)
{
	SCOPED_BUF struct buf tar = { 0 };
	struct error err = { 0 };
	struct flatten f;
	struct arena arena;

	arena_init(&arena);
	flatten_init(&f, &arena);
	buf_init(&tar, BYTES_MAX);
	fixture_add(&tar, (struct fixture){ .name = "a", .uid = 65536 });
	fixture_end(&tar);
	assert_int_equal(flatten_add(&f, "1", open_bytes(&tar), 0, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, "a belongs to 65536:0"));
	flatten_release(&f);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(folders_take_the_metadata_of_the_last),
		cmocka_unit_test(what_is_left_out_is_counted),
		cmocka_unit_test(owners_that_no_router_maps_are_refused),
	};
	struct CMUnitTest tests[ARRAY_SIZE(cases)] = { 0 };
	int failed;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = run_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return cmocka_run_group_tests(others, NULL, NULL) || failed;
}
