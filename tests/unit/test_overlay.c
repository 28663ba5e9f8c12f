/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rootfs/overlay.h"
#include "unit/tree_fixture.h"

struct overlay_test {
	struct fixture f;
	struct overlay_spec spec;
	struct pair_list variables;
	struct overlay overlay;
};

static int setup(void **state)
{
	struct overlay_test *t = calloc(1, sizeof(*t));

	fixture_init(&t->f);
	fixture_make_dir(&t->f);
	t->overlay = (struct overlay){ .name = "x",
		.dir = t->f.dir,
		.spec = &t->spec,
		.variables = &t->variables,
		.mtime = 7 };
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct overlay_test *t = *state;

	fixture_release(&t->f);
	free(t);
	return 0;
}

static void assert_applied(struct overlay_test *t)
{
	if (overlay_apply(&t->f.tree, &t->overlay, &t->f.err))
		fail_msg("%s", t->f.err.text);
}

static void assert_refused(
	struct overlay_test *t, enum error_kind kind, const char *part)
{
	assert_int_equal(overlay_apply(&t->f.tree, &t->overlay, &t->f.err), -1);
	assert_error(&t->f, kind, part);
	assert_ptr_equal(strstr(t->f.err.text, "overlay x: "), t->f.err.text);
}

static void set_mode(struct overlay_test *t, const char *name, mode_t mode)
{
	assert_int_equal(chmod(fixture_path(&t->f, name), mode), 0);
}

static void assert_linked(
	struct overlay_test *t, const char *target, const char *name)
{
	assert_int_equal(symlink(target, fixture_path(&t->f, name)), 0);
}

static void metadata_depends_on_the_owners_x_only(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "etc/motd", "hi");
	fixture_write(&t->f, "etc/run", "#!/bin/sh\n");
	fixture_write(&t->f, "etc/open", "");
	set_mode(t, "etc/motd", 0600);
	set_mode(t, "etc/run", 0700);
	set_mode(t, "etc/open", 0666);
	set_mode(t, "etc", 0700);
	assert_linked(t, "/run/motd", "etc/link");
	assert_applied(t);
	assert_string_equal(listing_of(&t->f),
		"d 0755 0:0 0 /\nd 0755 0:0 7 /etc\n"
		"l 0777 0:0 7 /etc/link -> /run/motd\n"
		"f 0644 0:0 7 /etc/motd\nf 0644 0:0 7 /etc/open\n"
		"f 0755 0:0 7 /etc/run\n");
	assert_string_equal(text_of(&t->f, "etc/motd"), "hi");
	assert_string_equal(
		tree_find(&t->f.tree, "etc/motd")->origin, "overlay x");
}

static void files_are_extents_of_the_host(void **state)
{
	struct overlay_test *t = *state;
	const struct content *content;

	fixture_write(&t->f, "a", "hi");
	fixture_write(&t->f, "empty", "");
	assert_applied(t);
	content = &tree_find(&t->f.tree, "a")->inode->content;
	assert_int_equal(content->kind, CONTENT_EXTENT);
	assert_string_equal(content->file->path, fixture_path(&t->f, "a"));
	assert_int_equal(content->size, 2);
	content = &tree_find(&t->f.tree, "empty")->inode->content;
	assert_int_equal(content->kind, CONTENT_EMPTY);
}

static void existing_directories_keep_their_metadata(void **state)
{
	struct overlay_test *t = *state;
	struct inode *root;

	root = put_dir(&t->f, "root")->inode;
	root->mode = 0700;
	root->gid = 5;
	fixture_write(&t->f, "root/.profile", "");
	assert_applied(t);
	assert_int_equal(root->mode, 0700);
	assert_int_equal(root->gid, 5);
	assert_int_equal(root->mtime, 0);
	assert_non_null(tree_find(&t->f.tree, "root/.profile"));
}

static void a_file_over_a_file_does_not_inherit(void **state)
{
	struct overlay_test *t = *state;
	struct inode *old = put_mode(&t->f, "etc/shadow", "old", 0640)->inode;

	old->gid = 42;
	fixture_write(&t->f, "etc/shadow", "new");
	assert_applied(t);
	assert_string_equal(listing_of(&t->f),
		"d 0755 0:0 0 /\nd 0755 0:0 0 /etc\n"
		"f 0644 0:0 7 /etc/shadow\n");
	assert_string_equal(text_of(&t->f, "etc/shadow"), "new");
}

static void links_of_the_tree_are_kept_and_gone_through(void **state)
{
	struct overlay_test *t = *state;

	put_dir(&t->f, "run");
	put_link(&t->f, "var/run", "/run");
	put_link(&t->f, "bin/vi", "/bin/busybox");
	fixture_write(&t->f, "var/run/sub/x", "");
	fixture_write(&t->f, "bin/vi", "real");
	assert_applied(t);
	assert_int_equal(
		tree_find(&t->f.tree, "var/run")->inode->kind, INODE_SYMLINK);
	assert_non_null(tree_find(&t->f.tree, "run/sub/x"));
	assert_string_equal(text_of(&t->f, "bin/vi"), "real");
	assert_null(tree_find(&t->f.tree, "bin/busybox"));
}

static void links_of_the_host_are_never_followed(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "real/secret", "s");
	assert_linked(t, "real", "dir");
	assert_linked(t, "/etc", "abs");
	assert_linked(t, "nowhere", "dangling");
	assert_applied(t);
	assert_string_equal(listing_of(&t->f),
		"d 0755 0:0 0 /\nl 0777 0:0 7 /abs -> /etc\n"
		"l 0777 0:0 7 /dangling -> nowhere\n"
		"l 0777 0:0 7 /dir -> real\nd 0755 0:0 7 /real\n"
		"f 0644 0:0 7 /real/secret\n");
}

static void a_directory_over_a_file_is_refused(void **state)
{
	struct overlay_test *t = *state;

	put_file(&t->f, "etc", "");
	fixture_write(&t->f, "etc/x", "");
	assert_refused(t, ERROR_TREE,
		"etc is a file of test and cannot become a directory of "
		"overlay x");
}

static void overlay_json_is_part_of_the_image_below_the_top_only(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "overlay.json", "{}");
	fixture_write(&t->f, "etc/overlay.json", "{}");
	assert_applied(t);
	assert_null(tree_find(&t->f.tree, "overlay.json"));
	assert_non_null(tree_find(&t->f.tree, "etc/overlay.json"));
}

static void what_is_ignored_is_not_looked_into(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "README.md", "");
	fixture_write(&t->f, "doc/bad\nname", "");
	fixture_write(&t->f, "etc/.gitkeep", "");
	string_list_add(&t->spec.ignore, "README.md", &t->f.arena);
	string_list_add(&t->spec.ignore, "doc", &t->f.arena);
	string_list_add(&t->spec.ignore, "**/.gitkeep", &t->f.arena);
	assert_applied(t);
	assert_string_equal(
		listing_of(&t->f), "d 0755 0:0 0 /\nd 0755 0:0 7 /etc\n");
}

static void patterns_that_match_nothing_are_refused(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "etc/motd", "");
	string_list_add(&t->spec.ignore, "README", &t->f.arena);
	assert_refused(t, ERROR_SPEC,
		"overlay.json: ignore: \"/README\" matches nothing");
	t->spec.ignore.n = 0;
	string_list_add(&t->spec.templates, "etc/mtod", &t->f.arena);
	assert_refused(t, ERROR_SPEC,
		"overlay.json: templates: \"/etc/mtod\" matches nothing");
}

static void a_template_matches_files_only(void **state)
{
	struct overlay_test *t = *state;

	assert_linked(t, "x", "link");
	fixture_write(&t->f, "dir/x", "");
	string_list_add(&t->spec.templates, "link", &t->f.arena);
	assert_refused(t, ERROR_SPEC, "\"/link\" matches nothing");
	t->spec.templates.n = 0;
	string_list_add(&t->spec.templates, "dir", &t->f.arena);
	assert_refused(t, ERROR_SPEC, "\"/dir\" matches nothing");
}

static void templates_are_filled_in(void **state)
{
	struct overlay_test *t = *state;

	pair_list_set(&t->variables, "name", "alp_rc", &t->f.arena);
	fixture_write(&t->f, "etc/motd", "I am ${{name}}\n");
	fixture_write(&t->f, "etc/plain", "I am ${{name}}\n");
	fixture_write(&t->f, "etc/void", "");
	string_list_add(&t->spec.templates, "etc/mo*", &t->f.arena);
	string_list_add(&t->spec.templates, "etc/void", &t->f.arena);
	assert_applied(t);
	assert_string_equal(text_of(&t->f, "etc/motd"), "I am alp_rc\n");
	assert_string_equal(text_of(&t->f, "etc/plain"), "I am ${{name}}\n");
	assert_string_equal(text_of(&t->f, "etc/void"), "");
}

static void a_bad_template_is_told_with_its_file_and_line(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "etc/motd", "\n${{name}}\n");
	string_list_add(&t->spec.templates, "etc/*", &t->f.arena);
	assert_refused(t, ERROR_SPEC, "etc/motd:2: unknown variable \"name\"");
}

static void rules_come_after_the_files(void **state)
{
	struct overlay_test *t = *state;
	struct rule rule = { .path = "etc/key",
		.mode = 0600,
		.user = "82",
		.place = "overlay.json:1: rules[0]" };

	fixture_write(&t->f, "etc/key", "");
	t->spec.rules = (struct rule_list){ &rule, 1, 1 };
	assert_applied(t);
	assert_int_equal(tree_find(&t->f.tree, "etc/key")->inode->mode, 0600);
	assert_int_equal(tree_find(&t->f.tree, "etc/key")->inode->uid, 82);
	rule.path = "etc/kye";
	assert_refused(t, ERROR_SPEC,
		"overlay.json:1: rules[0]: /etc/kye matches nothing");
}

static void names_that_are_no_text_are_refused(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "etc/caf\xe9", "");
	assert_refused(t, ERROR_INPUT, "etc/caf\\xe9: path is not valid UTF-8");
}

static void names_with_control_characters_are_refused(void **state)
{
	struct overlay_test *t = *state;

	fixture_write(&t->f, "etc/a\033[2Jb", "");
	assert_refused(t, ERROR_INPUT, "etc/a\\x1b[2Jb: path");
}

static void fifos_are_refused(void **state)
{
	struct overlay_test *t = *state;

	assert_int_equal(mkfifo(fixture_path(&t->f, "pipe"), 0600), 0);
	assert_refused(t, ERROR_INPUT, "pipe is a device node, socket or fifo");
}

static void a_missing_folder_is_told(void **state)
{
	struct overlay_test *t = *state;

	t->overlay.dir = fixture_path(&t->f, "none");
	assert_refused(t, ERROR_NOT_FOUND, "there is no folder /tmp/");
}

static void the_order_of_the_host_does_not_matter(void **state)
{
	static const char *const names[] = { "b", "a/z", "a-", "a/b", "Z" };
	struct overlay_test *t = *state;
	struct fixture other;
	struct overlay second = t->overlay;

	fixture_init(&other);
	fixture_make_dir(&other);
	second.dir = other.dir;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		fixture_write(&t->f, names[i], "");
		fixture_write(&other, names[ARRAY_SIZE(names) - 1 - i], "");
	}
	assert_applied(t);
	assert_int_equal(overlay_apply(&other.tree, &second, &other.err), 0);
	assert_string_equal(listing_of(&t->f), listing_of(&other));
	fixture_release(&other);
}

static const char *fingerprint(struct overlay_test *t)
{
	struct buf_sink sink;
	struct buf buf;
	int64_t newest = -1;
	const char *text;

	buf_init(&buf, 1 << 20);
	buf_sink_init(&sink, &buf);
	assert_int_equal(
		overlay_fingerprint(t->f.dir, &sink.sink, &newest, &t->f.err),
		0);
	assert_int_equal(sink_close(&sink.sink, &t->f.err), 0);
	assert_true(newest > 0);
	for (size_t i = 0; i < buf.len; i++)
		buf.data[i] = buf.data[i] ? buf.data[i] : '|';
	text = arena_slice(&t->f.arena, buf_slice(&buf));
	buf_release(&buf);
	return text;
}

static void a_fingerprint_changes_with_what_matters(void **state)
{
	struct overlay_test *t = *state;
	const char *first, *next;

	fixture_write(&t->f, "overlay.json", "{}");
	fixture_write(&t->f, "etc/motd", "hi");
	first = fingerprint(t);
	assert_string_equal(fingerprint(t), first);
	assert_ptr_equal(strstr(first, "etc| 40000 "), first);
	assert_non_null(strstr(first, "\netc/motd| 100000 0 2 "));
	assert_non_null(strstr(first, "\noverlay.json| 100000 0 2 "));
	set_mode(t, "etc/motd", 0700);
	next = fingerprint(t);
	assert_non_null(strstr(next, "\netc/motd| 100000 100 2 "));
	fixture_write(&t->f, "etc/motd", "hello");
	assert_string_not_equal(fingerprint(t), next);
	next = fingerprint(t);
	assert_int_equal(unlink(fixture_path(&t->f, "overlay.json")), 0);
	assert_string_not_equal(fingerprint(t), next);
}

static void a_fingerprint_of_no_folder_is_an_error(void **state)
{
	struct overlay_test *t = *state;
	struct sink sink;
	int64_t newest;

	null_sink_init(&sink);
	assert_int_equal(overlay_fingerprint(fixture_path(&t->f, "none"), &sink,
				 &newest, &t->f.err),
		-1);
	assert_error(&t->f, ERROR_NOT_FOUND, "there is no folder");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(metadata_depends_on_the_owners_x_only),
		TEST(files_are_extents_of_the_host),
		TEST(existing_directories_keep_their_metadata),
		TEST(a_file_over_a_file_does_not_inherit),
		TEST(links_of_the_tree_are_kept_and_gone_through),
		TEST(links_of_the_host_are_never_followed),
		TEST(a_directory_over_a_file_is_refused),
		TEST(overlay_json_is_part_of_the_image_below_the_top_only),
		TEST(what_is_ignored_is_not_looked_into),
		TEST(patterns_that_match_nothing_are_refused),
		TEST(a_template_matches_files_only),
		TEST(templates_are_filled_in),
		TEST(a_bad_template_is_told_with_its_file_and_line),
		TEST(rules_come_after_the_files),
		TEST(names_that_are_no_text_are_refused),
		TEST(names_with_control_characters_are_refused),
		TEST(fifos_are_refused),
		TEST(a_missing_folder_is_told),
		TEST(the_order_of_the_host_does_not_matter),
		TEST(a_fingerprint_changes_with_what_matters),
		TEST(a_fingerprint_of_no_folder_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
