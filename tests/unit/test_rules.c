/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rootfs/rules.h"
#include "unit/tree_fixture.h"

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_init(f);
	put_file(f, "etc/passwd", "root:x:0:0:::\nwww:x:82:82:::\n");
	put_file(f, "etc/group", "root:x:0:\nshadow:x:42:\n");
	put_file(f, "etc/motd", "hello");
	put_dir(f, "run");
	put_link(f, "var/run", "/run");
	put_file(f, "run/x", "");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static int apply(struct fixture *f, struct rule rule)
{
	struct rule_list list = { .items = &rule, .n = 1, .cap = 1 };

	rule.place = "x.json:3: paths[1]";
	return rules_apply(&f->tree, &list, "rules", 5, &f->err);
}

static void assert_applied(struct fixture *f, struct rule rule)
{
	if (apply(f, rule))
		fail_msg("%s", f->err.text);
}

static void assert_refused(struct fixture *f, struct rule rule,
	enum error_kind kind, const char *part)
{
	assert_int_equal(apply(f, rule), -1);
	assert_error(f, kind, part);
	assert_ptr_equal(
		strstr(f->err.text, "x.json:3: paths[1]: "), f->err.text);
}

static const struct inode *at(struct fixture *f, const char *path)
{
	struct node *node = tree_find(&f->tree, path);

	assert_non_null(node);
	return node->inode;
}

#define UNSET .mode = RULE_MODE_UNSET

static void a_change_sets_only_what_it_says(void **state)
{
	struct fixture *f = *state;

	assert_applied(f, (struct rule){ .path = "etc/motd", .mode = 04755 });
	assert_int_equal(at(f, "etc/motd")->mode, 04755);
	assert_int_equal(at(f, "etc/motd")->uid, 0);
	assert_applied(
		f, (struct rule){ .path = "etc/motd", UNSET, .user = "www" });
	assert_applied(f,
		(struct rule){ .path = "etc/motd", UNSET, .group = "shadow" });
	assert_int_equal(at(f, "etc/motd")->mode, 04755);
	assert_int_equal(at(f, "etc/motd")->uid, 82);
	assert_int_equal(at(f, "etc/motd")->gid, 42);
	assert_string_equal(text_of(f, "etc/motd"), "hello");
}

static void the_root_is_changed_by_its_own_path_only(void **state)
{
	struct fixture *f = *state;

	assert_applied(f, (struct rule){ .path = "", .mode = 0555 });
	assert_applied(f, (struct rule){ .path = "**", .mode = 0700 });
	assert_int_equal(f->tree.root->inode->mode, 0555);
	assert_int_equal(at(f, "etc")->mode, 0700);
	assert_int_equal(at(f, "etc/motd")->mode, 0700);
}

static void a_pattern_changes_all_that_it_matches(void **state)
{
	struct fixture *f = *state;

	assert_applied(f, (struct rule){ .path = "etc/*", .mode = 0600 });
	assert_int_equal(at(f, "etc/motd")->mode, 0600);
	assert_int_equal(at(f, "etc/group")->mode, 0600);
	assert_int_equal(at(f, "etc")->mode, 0755);
}

static void a_link_has_an_owner_but_no_mode(void **state)
{
	struct fixture *f = *state;

	assert_applied(
		f, (struct rule){ .path = "var/run", UNSET, .user = "82" });
	assert_int_equal(at(f, "var/run")->uid, 82);
	assert_int_equal(at(f, "run")->uid, 0);
	assert_refused(f, (struct rule){ .path = "var/run", .mode = 0700 },
		ERROR_SPEC, "/var/run is a symbolic link to /run, which has");
	assert_applied(f, (struct rule){ .path = "var/*", .mode = 0700 });
	assert_int_equal(at(f, "var/run")->mode, 0777);
}

static void a_rule_that_matches_nothing_is_told_with_the_nearest(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, (struct rule){ .path = "etc/mtod", .mode = 0600 },
		ERROR_SPEC,
		"/etc/mtod matches nothing in the image, did you mean "
		"/etc/motd");
	assert_refused(f, (struct rule){ .path = "ect/motd", .mode = 0600 },
		ERROR_SPEC, "did you mean /etc");
	assert_refused(f, (struct rule){ .path = "var/run/x", .mode = 0600 },
		ERROR_SPEC, "did you mean /run/x");
	assert_refused(f,
		(struct rule){ .kind = RULE_REMOVAL, .path = "opt/**", UNSET },
		ERROR_SPEC, "/opt/** matches nothing in the image");
}

static void a_directory_is_made_with_its_parents(void **state)
{
	struct fixture *f = *state;
	struct rule rule = { .kind = RULE_DIRECTORY,
		.path = "data/a/b",
		.mode = 0750,
		.user = "www",
		.group = "42" };

	assert_applied(f, rule);
	assert_int_equal(at(f, "data")->mode, 0755);
	assert_int_equal(at(f, "data/a")->uid, 0);
	assert_int_equal(at(f, "data/a")->mtime, 5);
	assert_int_equal(at(f, "data/a/b")->mode, 0750);
	assert_int_equal(at(f, "data/a/b")->uid, 82);
	assert_int_equal(at(f, "data/a/b")->gid, 42);
	assert_int_equal(at(f, "data/a/b")->mtime, 5);
	assert_string_equal(tree_find(&f->tree, "data/a/b")->origin, "rules");
}

static void an_existing_directory_keeps_what_is_not_said(void **state)
{
	struct fixture *f = *state;
	struct rule rule = { .kind = RULE_DIRECTORY, .path = "etc", UNSET };

	assert_applied(
		f, (struct rule){ .path = "etc", .mode = 0711, .user = "3" });
	assert_applied(f, rule);
	assert_int_equal(at(f, "etc")->mode, 0711);
	assert_int_equal(at(f, "etc")->uid, 3);
	rule.mode = 0700;
	assert_applied(f, rule);
	assert_int_equal(at(f, "etc")->mode, 0700);
	assert_int_equal(at(f, "etc")->uid, 3);
	assert_int_equal(at(f, "etc")->mtime, 0);
	assert_non_null(tree_find(&f->tree, "etc/motd"));
}

static void a_directory_below_a_link_is_made_where_it_leads(void **state)
{
	struct fixture *f = *state;

	assert_applied(f,
		(struct rule){
			.kind = RULE_DIRECTORY, .path = "var/run/d", UNSET });
	assert_int_equal(at(f, "run/d")->mode, 0755);
	assert_applied(f, (struct rule){ .kind = RULE_DIRECTORY,
				  .path = "var/run/d",
				  .mode = 0700 });
	assert_int_equal(at(f, "run/d")->mode, 0700);
}

static void a_directory_does_not_replace_a_file_or_link(void **state)
{
	struct fixture *f = *state;

	assert_refused(f,
		(struct rule){
			.kind = RULE_DIRECTORY, .path = "etc/motd", UNSET },
		ERROR_TREE, "etc/motd is a file of test and cannot become");
	assert_refused(f,
		(struct rule){
			.kind = RULE_DIRECTORY, .path = "var/run", UNSET },
		ERROR_TREE, "var/run is a symbolic link of test");
}

static void a_symlink_replaces_a_file_or_link(void **state)
{
	struct fixture *f = *state;
	struct rule rule = { .kind = RULE_SYMLINK,
		.path = "etc/motd",
		.target = "../run/motd",
		.user = "www",
		UNSET };

	assert_applied(f, rule);
	assert_int_equal(at(f, "etc/motd")->kind, INODE_SYMLINK);
	assert_string_equal(at(f, "etc/motd")->target, "../run/motd");
	assert_int_equal(at(f, "etc/motd")->mode, 0777);
	assert_int_equal(at(f, "etc/motd")->uid, 82);
	rule.target = "other";
	assert_applied(f, rule);
	assert_string_equal(at(f, "etc/motd")->target, "other");
	rule.path = "run";
	assert_refused(f, rule, ERROR_TREE, "run is a directory of test");
}

static void a_hardlink_shares_the_inode(void **state)
{
	struct fixture *f = *state;
	struct rule rule = { .kind = RULE_HARDLINK,
		.path = "etc/issue",
		.target = "etc/motd",
		UNSET };

	assert_applied(f, rule);
	assert_ptr_equal(at(f, "etc/issue"), at(f, "etc/motd"));
	assert_int_equal(at(f, "etc/issue")->nlink, 2);
	rule.target = "etc/mtd";
	assert_refused(f, rule, ERROR_SPEC,
		"needs /etc/mtd, which is not there, did you mean /etc/motd");
	rule.target = "run";
	assert_refused(f, rule, ERROR_TREE, "which is a directory");
}

static void a_removal_takes_what_is_below_along(void **state)
{
	struct fixture *f = *state;
	struct rule rule = { .kind = RULE_REMOVAL, .path = "etc", UNSET };

	assert_applied(f, rule);
	assert_null(tree_find(&f->tree, "etc"));
	assert_int_equal(f->tree.nnodes, 4);
	rule.path = "**";
	assert_applied(f, rule);
	assert_int_equal(f->tree.nnodes, 0);
	assert_int_equal(f->tree.root->nchildren, 0);
	rule.path = "";
	assert_refused(f, rule, ERROR_SPEC, "the root cannot be removed");
}

static void a_removal_of_a_link_spares_what_it_leads_to(void **state)
{
	struct fixture *f = *state;

	assert_applied(
		f, (struct rule){
			   .kind = RULE_REMOVAL, .path = "var/run", UNSET });
	assert_null(tree_find(&f->tree, "var/run"));
	assert_non_null(tree_find(&f->tree, "run/x"));
}

static void unknown_owners_are_told_with_the_place(void **state)
{
	struct fixture *f = *state;

	assert_refused(f,
		(struct rule){ .path = "etc/motd", UNSET, .user = "wwww" },
		ERROR_SPEC, "unknown user \"wwww\", did you mean \"www\"");
	assert_refused(f,
		(struct rule){ .path = "etc/motd", UNSET, .group = "no" },
		ERROR_SPEC, "unknown group \"no\"");
}

static void rules_are_carried_out_in_order(void **state)
{
	struct fixture *f = *state;
	struct rule rules[] = {
		{ .kind = RULE_REMOVAL, .path = "run/*", UNSET, .place = "1" },
		{ .kind = RULE_DIRECTORY,
			.path = "run/d",
			UNSET,
			.place = "2" },
		{ .path = "run/*", .mode = 01777, .place = "3" },
		{ .path = "run/d", UNSET, .group = "42", .place = "4" },
	};
	struct rule_list list = { rules, ARRAY_SIZE(rules), 0 };

	if (rules_apply(&f->tree, &list, "rules", 5, &f->err))
		fail_msg("%s", f->err.text);
	assert_null(tree_find(&f->tree, "run/x"));
	assert_int_equal(at(f, "run/d")->mode, 01777);
	assert_int_equal(at(f, "run/d")->gid, 42);
}

/* So that a report can name who did it. */
static void what_a_rule_changes_is_its_own(void **state)
{
	struct fixture *f = *state;

	assert_applied(f, (struct rule){ .kind = RULE_CHANGE,
				  .path = "etc/motd",
				  .mode = 0600 });
	assert_applied(f,
		(struct rule){
			.kind = RULE_DIRECTORY, .path = "run", .mode = 0700 });
	assert_string_equal(tree_find(&f->tree, "etc/motd")->origin, "rules");
	assert_string_equal(tree_find(&f->tree, "run")->origin, "rules");
	assert_string_equal(tree_find(&f->tree, "run/x")->origin, "test");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_sets_only_what_it_says),
		TEST(the_root_is_changed_by_its_own_path_only),
		TEST(a_pattern_changes_all_that_it_matches),
		TEST(a_link_has_an_owner_but_no_mode),
		TEST(a_rule_that_matches_nothing_is_told_with_the_nearest),
		TEST(a_directory_is_made_with_its_parents),
		TEST(an_existing_directory_keeps_what_is_not_said),
		TEST(a_directory_below_a_link_is_made_where_it_leads),
		TEST(a_directory_does_not_replace_a_file_or_link),
		TEST(a_symlink_replaces_a_file_or_link),
		TEST(a_hardlink_shares_the_inode),
		TEST(a_removal_takes_what_is_below_along),
		TEST(a_removal_of_a_link_spares_what_it_leads_to),
		TEST(unknown_owners_are_told_with_the_place),
		TEST(rules_are_carried_out_in_order),
		TEST(what_a_rule_changes_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
