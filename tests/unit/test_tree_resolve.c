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

static void assert_leads(struct fixture *f, const char *path, const char *to)
{
	struct node *node = NULL;
	struct buf buf;

	if (tree_resolve(&f->tree, path, TREE_FOLLOW_ALL, &node, &f->err))
		fail_msg("%s", f->err.text);
	if (!to) {
		assert_null(node);
		return;
	}
	assert_non_null(node);
	buf_init(&buf, PATH_TEXT_MAX);
	node_path(node, &buf);
	assert_string_equal(buf.data ? buf.data : "", to);
	buf_release(&buf);
}

static void links_are_followed_inside_the_tree_only(void **state)
{
	struct fixture *f = *state;

	put_dir(f, "usr/lib");
	put_file(f, "etc/passwd", "");
	put_link(f, "lib", "usr/lib");
	put_link(f, "usr/lib/up", "../../../../../../etc");
	put_link(f, "usr/lib/abs", "/etc//./passwd");
	put_link(f, "chain", "lib/up/");
	put_link(f, "root", "/");
	assert_leads(f, "lib", "usr/lib");
	assert_leads(f, "lib/up/passwd", "etc/passwd");
	assert_leads(f, "lib/abs", "etc/passwd");
	assert_leads(f, "chain/passwd", "etc/passwd");
	assert_leads(f, "root/root/lib", "usr/lib");
	assert_leads(f, "root", "");
	assert_leads(f, "etc/passwd/x", NULL);
	assert_leads(f, "etc/passwd/..", NULL);
	assert_leads(f, "nothing/..", NULL);
}

static void the_last_link_stays_where_only_parents_are_followed(void **state)
{
	struct fixture *f = *state;
	struct node *node = NULL;

	put_dir(f, "usr/lib");
	put_link(f, "lib", "usr/lib");
	put_link(f, "usr/lib/x", "nowhere");
	assert_int_equal(tree_resolve(&f->tree, "lib", TREE_FOLLOW_PARENTS,
				 &node, &f->err),
		0);
	assert_ptr_equal(node, tree_find(&f->tree, "lib"));
	assert_int_equal(tree_resolve(&f->tree, "lib/x", TREE_FOLLOW_PARENTS,
				 &node, &f->err),
		0);
	assert_ptr_equal(node, tree_find(&f->tree, "usr/lib/x"));
	assert_leads(f, "lib/x", NULL);
}

static void link_loops_are_errors(void **state)
{
	struct fixture *f = *state;
	struct node *node;

	put_link(f, "a", "b");
	put_link(f, "b", "a");
	put_link(f, "grow", "grow/grow");
	assert_int_equal(
		tree_resolve(&f->tree, "a", TREE_FOLLOW_ALL, &node, &f->err),
		-1);
	assert_error(f, ERROR_TREE, "leads to itself");
	assert_int_equal(tree_resolve(&f->tree, "grow/x", TREE_FOLLOW_ALL,
				 &node, &f->err),
		-1);
	assert_error(f, ERROR_TREE, "leads to itself");
}

static void as_many_links_as_linux_follows_are_followed(void **state)
{
	struct fixture *f = *state;
	struct node *node;

	put_file(f, "l0", "");
	for (int i = 1; i <= TREE_LINKS_MAX + 1; i++) {
		char name[16], target[16];

		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		put_link(f, name, target);
	}
	assert_leads(f, "l40", "l0");
	assert_int_equal(
		tree_resolve(&f->tree, "l41", TREE_FOLLOW_ALL, &node, &f->err),
		-1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(links_are_followed_inside_the_tree_only),
		TEST(the_last_link_stays_where_only_parents_are_followed),
		TEST(link_loops_are_errors),
		TEST(as_many_links_as_linux_follows_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
