/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tree/tree.h"
#include "unit/tree_fixture.h"

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static struct node *strict(
	struct fixture *f, const char *path, struct tree_entry entry)
{
	return tree_put(&f->tree, path, &entry, &strict_source, &f->err);
}

static const struct tree_entry a_file = { .kind = INODE_FILE, .mode = 0644 };
static const struct tree_entry a_dir = {
	.kind = INODE_DIRECTORY, .mode = 0700, .uid = 1, .gid = 2, .mtime = 9
};

static void a_new_tree_is_its_root(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(listing_of(f), "d 0755 0:0 0 /\n");
	assert_int_equal(f->tree.nnodes, 0);
	assert_ptr_equal(tree_find(&f->tree, ""), f->tree.root);
}

static void the_walk_is_bytewise_whatever_the_order_of_putting(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = { "b", "a-b", "a/x", "a", "B", "a.b",
		"\xc3\xa9", "ab" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		bool is_dir = !strcmp(names[i], "a");

		assert_non_null(is_dir ? put_dir(f, names[i])
				       : put_file(f, names[i], ""));
	}
	assert_string_equal(listing_of(f),
		"d 0755 0:0 0 /\nf 0644 0:0 0 /B\nd 0755 0:0 0 /a\n"
		"f 0644 0:0 0 /a/x\nf 0644 0:0 0 /a-b\nf 0644 0:0 0 /a.b\n"
		"f 0644 0:0 0 /ab\nf 0644 0:0 0 /b\nf 0644 0:0 0 /\xc3\xa9\n");
	assert_int_equal(f->tree.nnodes, 8);
}

static void what_was_put_is_found_by_its_exact_path(void **state)
{
	struct fixture *f = *state;

	put_file(f, "usr/bin/x", "");
	put_link(f, "bin", "usr/bin");
	assert_non_null(tree_find(&f->tree, "usr/bin/x"));
	assert_null(tree_find(&f->tree, "usr/bin/xy"));
	assert_null(tree_find(&f->tree, "usr/bi"));
	assert_null(tree_find(&f->tree, "bin/x"));
	assert_null(tree_find(&f->tree, "usr/bin/x/y"));
}

static void missing_parents_are_made(void **state)
{
	struct fixture *f = *state;
	struct tree_entry entry = a_file;

	entry.mtime = 5;
	assert_non_null(strict(f, "a/b/c", entry));
	assert_string_equal(listing_of(f),
		"d 0755 0:0 0 /\nd 0755 0:0 5 /a\nd 0755 0:0 5 /a/b\n"
		"f 0644 0:0 5 /a/b/c\n");
}

static void an_implied_directory_takes_its_own_entry_once(void **state)
{
	struct fixture *f = *state;

	assert_non_null(strict(f, "a/b", a_file));
	assert_non_null(strict(f, "a", a_dir));
	assert_int_equal(tree_find(&f->tree, "a")->inode->mode, 0700);
	assert_null(strict(f, "a", a_dir));
	assert_error(f, ERROR_INPUT, "a is there twice");
	assert_non_null(strict(f, "", a_dir));
	assert_int_equal(f->tree.root->inode->uid, 1);
	assert_null(strict(f, "", a_dir));
	assert_error(f, ERROR_INPUT, "/ is there twice");
}

static void an_archive_has_no_name_twice(void **state)
{
	struct fixture *f = *state;

	assert_non_null(strict(f, "a", a_file));
	assert_null(strict(f, "a", a_file));
	assert_error(f, ERROR_INPUT, "a is there twice");
	assert_null(strict(f, "a", a_dir));
	assert_error(f, ERROR_INPUT, "as a file of archive and as a directory");
	assert_non_null(strict(f, "d/x", a_file));
	assert_null(strict(f, "d", a_file));
	assert_error(f, ERROR_INPUT, "d is there twice");
	assert_null(tree_link(&f->tree, "d/x", "a", &strict_source, &f->err));
	assert_error(f, ERROR_INPUT, "d/x is there twice");
}

static void an_archive_cannot_write_through_a_link(void **state)
{
	struct fixture *f = *state;

	put_dir(f, "etc");
	put_link(f, "l", "etc");
	assert_null(strict(f, "l/passwd", a_file));
	assert_error(f, ERROR_INPUT, "below l, which is a symbolic link");
	assert_null(tree_find(&f->tree, "etc/passwd"));
	put_file(f, "file", "");
	assert_null(strict(f, "file/x", a_file));
	assert_error(f, ERROR_INPUT, "below file, which is a file");
}

static void an_overlay_writes_through_links_inside_the_tree(void **state)
{
	struct fixture *f = *state;

	put_dir(f, "run");
	put_dir(f, "var");
	put_link(f, "var/run", "/run");
	put_link(f, "back", "../../var/run");
	assert_non_null(put_file(f, "var/run/a", ""));
	assert_non_null(put_file(f, "back/new/b", ""));
	assert_non_null(tree_find(&f->tree, "run/a"));
	assert_non_null(tree_find(&f->tree, "run/new/b"));
	assert_int_equal(
		tree_find(&f->tree, "var/run")->inode->kind, INODE_SYMLINK);
}

static void a_parent_link_to_nowhere_is_an_error(void **state)
{
	struct fixture *f = *state;

	put_link(f, "l", "/nowhere");
	assert_null(put_file(f, "l/x", ""));
	assert_error(f, ERROR_TREE, "to /nowhere, which is not there");
	put_link(f, "loop", "loop");
	assert_null(put_file(f, "loop/x", ""));
	assert_error(f, ERROR_TREE, "leads to itself");
	put_file(f, "file", "");
	put_link(f, "to_file", "file");
	assert_null(put_file(f, "to_file/x", ""));
	assert_error(f, ERROR_TREE, "below file, which is a file");
}

static void files_and_links_replace_each_other(void **state)
{
	struct fixture *f = *state;

	put_link(f, "bin/vi", "/bin/busybox");
	put_file(f, "bin/vi", "new");
	assert_string_equal(text_of(f, "bin/vi"), "new");
	put_link(f, "bin/vi", "vim");
	assert_string_equal(
		tree_find(&f->tree, "bin/vi")->inode->target, "vim");
	assert_int_equal(f->tree.nnodes, 2);
}

static void a_directory_keeps_its_children_when_put_again(void **state)
{
	struct fixture *f = *state;
	const struct tree_source other = { "overlay x", TREE_OVERLAY };
	struct tree_entry entry = a_dir;

	put_file(f, "a/b", "");
	assert_ptr_equal(tree_put(&f->tree, "a", &entry, &other, &f->err),
		tree_find(&f->tree, "a"));
	assert_string_equal(listing_of(f),
		"d 0755 0:0 0 /\nd 0700 1:2 9 /a\nf 0644 0:0 0 /a/b\n");
	assert_string_equal(tree_find(&f->tree, "a")->origin, "overlay x");
}

static void a_directory_and_a_file_do_not_replace_each_other(void **state)
{
	struct fixture *f = *state;

	put_dir(f, "d");
	put_file(f, "f", "");
	put_link(f, "l", "d");
	assert_null(put_file(f, "d", ""));
	assert_error(f, ERROR_TREE,
		"d is a directory of test and cannot become a file of test");
	assert_null(put_link(f, "d", "f"));
	assert_error(f, ERROR_TREE, "cannot become a symbolic link");
	assert_null(put_dir(f, "f"));
	assert_error(f, ERROR_TREE, "f is a file of test");
	assert_null(put_dir(f, "l"));
	assert_error(f, ERROR_TREE, "l is a symbolic link of test");
	assert_null(put_file(f, "", ""));
	assert_error(f, ERROR_TREE, "/ is a directory of tree");
}

static void a_hard_link_is_a_second_name_of_one_inode(void **state)
{
	struct fixture *f = *state;
	struct node *a = put_file(f, "a", "old"), *b;

	b = tree_link(&f->tree, "d/b", "a", &strict_source, &f->err);
	assert_non_null(b);
	assert_ptr_equal(a->inode, b->inode);
	assert_int_equal(a->inode->nlink, 2);
	put_file(f, "a", "new");
	assert_string_equal(text_of(f, "d/b"), "old");
	assert_string_equal(text_of(f, "a"), "new");
	assert_int_equal(a->inode->nlink, 1);
	assert_int_equal(b->inode->nlink, 1);
}

static void linking_a_name_to_itself_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct node *a = put_file(f, "a", "");

	assert_ptr_equal(
		tree_link(&f->tree, "a", "a", &overlay_source, &f->err), a);
	assert_int_equal(a->inode->nlink, 1);
}

static void a_hard_link_replaces_a_file_but_no_directory(void **state)
{
	struct fixture *f = *state;
	struct inode *old;

	put_file(f, "a", "");
	old = put_file(f, "b", "")->inode;
	put_dir(f, "d");
	assert_non_null(
		tree_link(&f->tree, "b", "a", &overlay_source, &f->err));
	assert_int_equal(old->nlink, 0);
	assert_null(tree_link(&f->tree, "d", "a", &overlay_source, &f->err));
	assert_error(f, ERROR_TREE, "d is a directory");
}

static void a_hard_link_needs_a_regular_file(void **state)
{
	struct fixture *f = *state;

	put_dir(f, "d");
	put_link(f, "l", "d");
	assert_null(tree_link(&f->tree, "x", "no", &strict_source, &f->err));
	assert_error(f, ERROR_INPUT, "needs the file no, which is not there");
	assert_null(tree_link(&f->tree, "x", "d", &overlay_source, &f->err));
	assert_error(f, ERROR_TREE, "which is a directory");
	assert_null(tree_link(&f->tree, "x", "l", &overlay_source, &f->err));
	assert_error(f, ERROR_TREE, "which is a symbolic link");
}

static void removing_takes_everything_below_along(void **state)
{
	struct fixture *f = *state;
	struct inode *kept = put_file(f, "kept", "")->inode;

	put_file(f, "d/e/x", "");
	put_file(f, "d/y", "");
	assert_non_null(
		tree_link(&f->tree, "d/z", "kept", &overlay_source, &f->err));
	tree_remove(&f->tree, tree_find(&f->tree, "d"));
	assert_string_equal(
		listing_of(f), "d 0755 0:0 0 /\nf 0644 0:0 0 /kept\n");
	assert_int_equal(f->tree.nnodes, 1);
	assert_int_equal(kept->nlink, 1);
	assert_non_null(put_file(f, "d", "a file now"));
}

static void depth_and_length_have_limits(void **state)
{
	struct fixture *f = *state;
	struct buf path;
	char name[PATH_NAME_MAX + 2];

	buf_init(&path, PATH_TEXT_MAX);
	for (int i = 1; i < TREE_DEPTH_MAX; i++)
		buf_add_str(&path, "d/");
	buf_add_str(&path, "x");
	assert_non_null(put_dir(f, path.data));
	buf_add_str(&path, "/y");
	assert_null(put_file(f, path.data, ""));
	assert_error(f, ERROR_INPUT, "expected at most 128");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_null(put_file(f, name, ""));
	assert_error(f, ERROR_INPUT, "256 bytes, expected 1 to 255");
	buf_release(&path);
}

static void names_in_a_folder_have_a_limit(void **state)
{
	struct fixture *f = *state;
	char name[16];

	for (size_t i = 0; i < TREE_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "d/%08zu", i);
		assert_non_null(put_file(f, name, ""));
	}
	assert_null(put_file(f, "d/one-more", ""));
	assert_error(f, ERROR_INPUT,
		"the folder of one-more has 131073 names, expected at most "
		"131072");
	assert_non_null(put_file(f, "d/00000001", ""));
	assert_non_null(put_file(f, "other", ""));
}

/* Links make short paths of long ones: the tree's own is what counts. */
static void the_length_of_a_path_counts_behind_links_too(void **state)
{
	struct fixture *f = *state;
	char name[PATH_NAME_MAX + 1], link[16] = "", path[300];

	memset(name, 'n', PATH_NAME_MAX);
	name[PATH_NAME_MAX] = '\0';
	for (int i = 0; i < 15; i++) {
		snprintf(
			path, sizeof(path), "%s%s%s", link, i ? "/" : "", name);
		assert_non_null(put_dir(f, path));
		assert_int_equal(snprintf(link, sizeof(link), "l%d", i) > 0, 1);
		assert_non_null(put_link(f, link, path));
	}
	snprintf(path, sizeof(path), "%s/%.254s", link, name);
	assert_non_null(put_file(f, path, ""));
	snprintf(path, sizeof(path), "%s/%s", link, name);
	assert_non_null(put_file(f, path, ""));
	snprintf(path, sizeof(path), "%s/s", link);
	assert_non_null(put_dir(f, path));
	snprintf(path, sizeof(path), "%s/s/%.254s", link, name);
	assert_null(put_file(f, path, ""));
	assert_error(f, ERROR_INPUT, "expected at most 4095");
}

static void the_newest_is_the_latest_of_what_was_put(void **state)
{
	struct fixture *f = *state;
	struct tree_entry entry = a_file;

	assert_true(tree_newest(&f->tree) == INT64_MIN);
	entry.mtime = -5;
	assert_non_null(strict(f, "a/b", entry));
	assert_int_equal(tree_newest(&f->tree), -5);
	assert_non_null(strict(f, "c", a_dir));
	assert_int_equal(tree_newest(&f->tree), a_dir.mtime);
}

static void link_targets_are_text(void **state)
{
	struct fixture *f = *state;

	assert_null(put_link(f, "l", ""));
	assert_error(f, ERROR_TREE, "target of 0 bytes");
	assert_null(put_link(f, "l", "a\nb"));
	assert_error(f, ERROR_TREE, "control character");
	assert_null(put_link(f, "l", "\xff"));
	assert_error(f, ERROR_TREE, "not valid UTF-8");
	assert_int_equal(f->tree.nnodes, 0);
}

static int stop_at_b(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	buf_printf(ctx, "[%s]", path);
	return strcmp(path, "b") ? 0 : 7;
}

static void a_walk_ends_when_told_to(void **state)
{
	struct fixture *f = *state;
	struct buf seen;

	put_file(f, "a/x", "");
	put_file(f, "b/y", "");
	put_file(f, "c", "");
	buf_init(&seen, 100);
	assert_int_equal(tree_walk(&f->tree, stop_at_b, &seen, &f->err), 7);
	assert_string_equal(seen.data, "[][a][a/x][b]");
	buf_release(&seen);
}

/* Squared cost would take minutes here. */
static void many_files_in_one_folder_are_no_burden(void **state)
{
	struct fixture *f = *state;
	char path[32];

	for (int i = 0; i < 120000; i++) {
		snprintf(path, sizeof(path), "big/%06d", i);
		assert_non_null(put_file(f, path, ""));
	}
	assert_int_equal(f->tree.nnodes, 120001);
	assert_non_null(tree_find(&f->tree, "big/000000"));
	assert_non_null(tree_find(&f->tree, "big/012345"));
	assert_true(f->arena.used < (size_t)120000 * 512);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_tree_is_its_root),
		TEST(the_walk_is_bytewise_whatever_the_order_of_putting),
		TEST(what_was_put_is_found_by_its_exact_path),
		TEST(missing_parents_are_made),
		TEST(an_implied_directory_takes_its_own_entry_once),
		TEST(an_archive_has_no_name_twice),
		TEST(an_archive_cannot_write_through_a_link),
		TEST(an_overlay_writes_through_links_inside_the_tree),
		TEST(a_parent_link_to_nowhere_is_an_error),
		TEST(files_and_links_replace_each_other),
		TEST(a_directory_keeps_its_children_when_put_again),
		TEST(a_directory_and_a_file_do_not_replace_each_other),
		TEST(a_hard_link_is_a_second_name_of_one_inode),
		TEST(linking_a_name_to_itself_changes_nothing),
		TEST(a_hard_link_replaces_a_file_but_no_directory),
		TEST(a_hard_link_needs_a_regular_file),
		TEST(removing_takes_everything_below_along),
		TEST(depth_and_length_have_limits),
		TEST(names_in_a_folder_have_a_limit),
		TEST(the_length_of_a_path_counts_behind_links_too),
		TEST(the_newest_is_the_latest_of_what_was_put),
		TEST(link_targets_are_text),
		TEST(a_walk_ends_when_told_to),
		TEST(many_files_in_one_folder_are_no_burden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
