/* SPDX-License-Identifier: MIT */
#include "unit/audit_fixture.h"

static void tree_as_the_database_says_is_silent(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "bin", 0755);
	file(f, AUDIT_ORIGIN, "bin/su", 04755, "su");
	link_to(f, AUDIT_ORIGIN, "bin/sh", "/bin/su");
	database(
		f, arena_printf(&f->arena,
			   A "F:bin\nR:su\na:0:0:4755\n%sR:sh\na:0:0:777\n%s\n",
			   z(f, "su"), z(f, "/bin/su")));
	assert_string_equal(contents(f), "");
}

static void tree_without_a_database_has_nothing_to_compare(void **state)
{
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "bin/su", 04755, "su");
	assert_string_equal(contents(f), "");
}

static void every_kind_of_difference_is_found(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "bin", 0700);
	file(f, AUDIT_ORIGIN, "bin/mode", 0644, "x");
	file(f, AUDIT_ORIGIN, "bin/content", 0755, "evil");
	dir(f, AUDIT_ORIGIN, "bin/kind", 0755);
	file(f, AUDIT_ORIGIN, "srv", 0755, "");
	tree_find(&f->tree, "bin/content")->inode->gid = 42;
	database(f,
		arena_printf(&f->arena,
			A "F:bin\nR:content\na:0:0:755\n%s"
			  "R:kind\n%sR:lost\n%sR:mode\na:0:0:755\n%sF:srv\n\n",
			z(f, "good"), z(f, "x"), z(f, "x"), z(f, "x")));
	assert_string_equal(contents(f),
		"mode bin|0755 0:0|0700 0:0|a; "
		"owner bin/content|0755 0:0|0755 0:42|a; "
		"content bin/content|Q1/BkxjdExKM4UNE0GZRCpgiacJBs=|"
		"Q1tlOJEWKgQOG/5uQ2vc2Tgn4MVuU=|a; "
		"type bin/kind|a file|a directory|a; "
		"missing bin/lost|||a; "
		"mode bin/mode|0755 0:0|0644 0:0|a; "
		"type srv|a directory|a file|a");
}

static void a_link_for_a_file_differs_in_content(void **state)
{
	struct fixture *f = *state;

	link_to(f, AUDIT_ORIGIN, "x", "/tmp/x");
	database(f, arena_printf(&f->arena, A "F:\nR:x\na:0:0:777\n%s\n",
			    z(f, "/bin/x")));
	assert_true(slice_starts(slice_of(contents(f)), "content x|Q1"));
	assert_string_equal(headers(f), "");
}

static void paths_are_followed_through_links(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "usr/lib", 0755);
	link_to(f, AUDIT_ORIGIN, "lib", "usr/lib");
	file(f, AUDIT_ORIGIN, "usr/lib/x.so", 0755, "evil");
	database(f, arena_printf(&f->arena, A "F:lib\nR:x.so\na:0:0:755\n%s\n",
			    z(f, "good")));
	assert_true(
		slice_starts(slice_of(contents(f)), "content usr/lib/x.so|"));
}

static void a_loop_of_links_is_a_missing_directory(void **state)
{
	struct fixture *f = *state;

	link_to(f, AUDIT_ORIGIN, "opt", "opt");
	database(f, A "F:opt\nR:x\n" B "F:opt\n\n");
	assert_string_equal(contents(f), "missing opt|||a");
}

static void a_shared_directory_is_as_any_package_says(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "var", 0750);
	database(f, A "F:var\nM:0:0:755\n" B "F:var\nM:0:0:750\n\n");
	assert_string_equal(contents(f), "");
	tree_find(&f->tree, "var")->inode->mode = 0777;
	assert_string_equal(contents(f), "mode var|0750 0:0|0777 0:0|a");
}

/* apk-tools 2: the bits that all have. */
static void a_shared_directory_is_as_apk_decides(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "var", 0710);
	database(f, A "F:var\nM:0:0:730\n" B "F:var\nM:0:0:750\n\n");
	assert_string_equal(contents(f), "");
}

static void devices_cannot_be_missing(void **state)
{
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "srv", 0755);
	database(f, A "F:srv\nR:null\na:0:0:666\n\n");
	assert_string_equal(contents(f), "");
}

static void configuration_and_mounts_need_a_report(void **state)
{
	struct report report = { .path = "x" };
	struct fixture *f = *state;

	dir(f, AUDIT_ORIGIN, "etc/init.d", 0755);
	file(f, AUDIT_ORIGIN, "etc/shadow", 0644, "root:*");
	file(f, AUDIT_ORIGIN, "etc/init.d/x", 0644, "evil");
	dir(f, AUDIT_ORIGIN, "proc", 0555);
	database(f,
		arena_printf(&f->arena,
			A "F:dev/pts\nF:proc\nF:etc\nR:shadow\na:0:42:640\n%s"
			  "F:etc/init.d\nR:x\n%s\n",
			z(f, "root::"), z(f, "good")));
	assert_string_equal(headers(f),
		"mode etc/shadow|0640 0:42|0644 0:0|a; "
		"owner etc/shadow|0640 0:42|0644 0:0|a");
	assert_non_null(strstr(contents(f), "content etc/init.d/x|"));
	assert_null(strstr(contents(f), "content etc/shadow|"));
	assert_non_null(strstr(reported(f, &report), "content etc/shadow|"));
	assert_non_null(strstr(reported(f, &report), "missing dev/pts|"));
	assert_non_null(strstr(reported(f, &report), "mode proc|"));
}

static void without_a_report_nobody_is_unowned(void **state)
{
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "srv/x", 0644, "x");
	database(f, A "\n");
	assert_string_equal(contents(f), "");
}

static void with_a_report_everything_has_an_owner(void **state)
{
	const char *paths[] = { "lib", "lib/apk", "lib/apk/db",
		"lib/apk/db/installed", "srv" };
	struct report_origin origin = { "minirootfs", { paths, 5, 5 } };
	struct report report = { .origins = &origin, .norigins = 1 };
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "srv/x", 0644, "x");
	database(f, A "\n");
	assert_string_equal(reported(f, &report), "unowned srv/x||a file|");
}

static void what_the_report_attributes_may_differ_but_not_go(void **state)
{
	const char *paths[] = { "lib", "lib/apk", "lib/apk/db",
		"lib/apk/db/installed", "srv", "srv/gone", "srv/x" };
	const char *removed[] = { "dev/pts" };
	struct report_origin origin = { "overlay web", { paths, 7, 7 } };
	struct report report = {
		.origins = &origin, .norigins = 1, .removed = { removed, 1, 1 }
	};
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "srv/x", 0600, "x");
	database(f, A "F:dev/pts\nF:srv\nR:x\na:0:0:644\n\n");
	assert_string_equal(
		reported(f, &report), "missing srv/gone|of overlay web||");
}

static void origins_of_the_tree_may_differ(void **state)
{
	struct fixture *f = *state;

	file(f, "overlay web", "srv/x", 0600, "x");
	file(f, "script a.post-install", "srv/y", 0600, "x");
	file(f, "package a", "srv/z", 0600, "x");
	dir(f, "package a", "srv", 0755);
	database(f, A "F:srv\nR:x\nR:y\nR:z\n\n");
	assert_string_equal(contents(f), "mode srv/z|0644 0:0|0600 0:0|a");
}

static void origins_are_who_is_behind_what_no_package_has(void **state)
{
	struct fixture *f = *state;
	struct report report;

	dir(f, "minirootfs", "etc", 0755);
	file(f, "minirootfs", "etc/hosts", 0644, "hosts");
	file(f, "minirootfs", "etc/shadow", 0640, "root:*");
	file(f, "package a", "etc/a.conf", 0644, "a");
	file(f, "package a", "etc/b.conf.apk-new", 0644, "a");
	file(f, "package a", "etc/b", 0644, "b");
	file(f, "overlay x", "etc/c", 0644, "c");
	link_to(f, "script a.trigger", "etc/l", "c");
	database(f,
		arena_printf(&f->arena,
			A "F:etc\nR:hosts\n%sR:shadow\na:0:0:640\n%sR:a.conf\n"
			  "%sR:c\n%sR:gone\n%s" B "F:etc\nR:b\n%s\n",
			z(f, "hosts"), z(f, "root::"), z(f, "a"), z(f, "c"),
			z(f, "x"), z(f, "b")));
	assert_string_equal(origins(f, &report),
		"apk: lib lib/apk lib/apk/db lib/apk/db/installed; "
		"minirootfs: etc/shadow; overlay x: etc/c; "
		"package a: etc/b etc/b.conf.apk-new; "
		"script a.trigger: etc/l -etc/gone");
	assert_string_equal(reported(f, &report), "");
}

/* Users are added to files where they are. */
static void a_package_file_changed_in_place_is_told(void **state)
{
	struct fixture *f = *state;
	struct report report;

	file(f, "package a", "etc/passwd", 0644, "root\njoe\n");
	dir(f, "package a", "etc", 0755);
	database(f, arena_printf(&f->arena, A "F:etc\nR:passwd\n%s\n",
			    z(f, "root\n")));
	assert_non_null(strstr(origins(f, &report), "package a: etc/passwd"));
	assert_string_equal(reported(f, &report), "");
}

static void hard_links_are_judged_by_each_name(void **state)
{
	const struct tree_source source = { "package a", TREE_OVERLAY };
	struct fixture *f = *state;
	struct report report;

	dir(f, "package a", "bin", 0755);
	file(f, "package a", "bin/x", 0755, "x");
	assert_non_null(
		tree_link(&f->tree, "bin/y", "bin/x", &source, &f->err));
	assert_non_null(
		tree_link(&f->tree, "bin/z", "bin/x", &source, &f->err));
	database(f, arena_printf(&f->arena,
			    A "F:bin\nR:x\na:0:0:755\n%sR:y\na:0:0:755\n%s\n",
			    z(f, "x"), z(f, "x")));
	assert_string_equal(contents(f), "");
	assert_non_null(strstr(origins(f, &report), "package a: bin/z"));
}

static void findings_are_sorted_by_path(void **state)
{
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "a/b", 0600, "");
	file(f, AUDIT_ORIGIN, "a.b", 0600, "");
	dir(f, AUDIT_ORIGIN, "a", 0700);
	database(f, A "F:\nR:a.b\nF:a\nR:b\n\n");
	assert_string_equal(headers(f),
		"mode a|0755 0:0|0700 0:0|a; mode a.b|0644 0:0|0600 0:0|a; "
		"mode a/b|0644 0:0|0600 0:0|a");
}

static void news_are_what_was_not_so_before(void **state)
{
	const struct audit_options options = { .depth = AUDIT_HEADERS };
	struct fixture *f = *state;
	struct audit before = { .arena = &f->arena }, after = before;
	const struct audit_finding *news;

	file(f, AUDIT_ORIGIN, "a", 0600, "");
	file(f, AUDIT_ORIGIN, "b", 0644, "");
	file(f, AUDIT_ORIGIN, "c", 0644, "");
	database(f, arena_printf(&f->arena, A "F:\nR:a\n%sR:b\n%sR:c\n%s\n",
			    z(f, ""), z(f, ""), z(f, "")));
	assert_int_equal(audit_tree(&before, &f->tree, &options, &f->err), 0);
	assert_int_equal(before.n, 1);
	tree_remove(&f->tree, tree_find(&f->tree, "b"));
	assert_int_equal(audit_tree(&after, &f->tree, &options, &f->err), 0);
	assert_null(audit_news(&after, &before));
	tree_find(&f->tree, "c")->inode->uid = 7;
	after = (struct audit){ .arena = &f->arena };
	assert_int_equal(audit_tree(&after, &f->tree, &options, &f->err), 0);
	news = audit_news(&after, &before);
	assert_non_null(news);
	assert_string_equal(news->path, "c");
}

static int give_digest(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err)
{
	*(size_t *)ctx += 1;
	*digest = digest_of(kind, "x", 1);
	return 0;
}

static void contents_can_be_told_by_somebody_else(void **state)
{
	size_t asked = 0;
	const struct audit_options options = {
		.depth = AUDIT_CONTENTS, .digest = give_digest, .ctx = &asked
	};
	struct fixture *f = *state;

	file(f, AUDIT_ORIGIN, "a", 0644, "not x");
	database(f, arena_printf(&f->arena, A "F:\nR:a\n%s\n", z(f, "x")));
	assert_string_equal(audit_with(f, &options), "");
	assert_int_equal(asked, 1);
}

static void packages_of_apk_3_have_cut_digests(void **state)
{
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);
	struct identity id = identity_make(IDENTITY_SHA1, digest.bytes);
	struct fixture *f = *state;
	char text[IDENTITY_TEXT_SIZE];

	file(f, AUDIT_ORIGIN, "a", 0644, "x");
	database(f, arena_printf(&f->arena, A "f:S\nF:\nR:a\nZ:%s\n\n",
			    identity_text(&id, text)));
	assert_string_equal(contents(f), "");
}

static void a_broken_database_is_an_error(void **state)
{
	const struct audit_options options = { .depth = AUDIT_HEADERS };
	struct fixture *f = *state;
	struct audit audit = { .arena = &f->arena };
	struct report report = { 0 };

	database(f, "nonsense");
	assert_int_equal(audit_tree(&audit, &f->tree, &options, &f->err), -1);
	assert_int_equal(f->err.kind, ERROR_INPUT);
	assert_int_equal(
		audit_origins(&report, &f->tree, &options, &f->arena, &f->err),
		-1);
}

/* Many packages share a folder, and many of its files are looked at. */
static void many_records_are_compared_quickly(void **state)
{
	const int n = 3000;
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, INSTALLED_MAX);
	for (int i = 0; i < n; i++)
		buf_printf(&text,
			"C:Q1nVGhdJjyoZ2qRzZTqpXGmzp0CBk=\nP:p%d\nV:1\n"
			"F:usr\nF:usr/bin\nR:f%d\nF:usr/lost\n\n",
			i, i);
	for (int i = 0; i < n; i++)
		file(f, AUDIT_ORIGIN, arena_printf(&f->arena, "usr/bin/f%d", i),
			0644, "");
	database(f, text.data);
	assert_string_equal(contents(f), "missing usr/lost|||p0");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tree_as_the_database_says_is_silent),
		TEST(tree_without_a_database_has_nothing_to_compare),
		TEST(every_kind_of_difference_is_found),
		TEST(a_link_for_a_file_differs_in_content),
		TEST(paths_are_followed_through_links),
		TEST(a_loop_of_links_is_a_missing_directory),
		TEST(a_shared_directory_is_as_any_package_says),
		TEST(a_shared_directory_is_as_apk_decides),
		TEST(devices_cannot_be_missing),
		TEST(configuration_and_mounts_need_a_report),
		TEST(without_a_report_nobody_is_unowned),
		TEST(with_a_report_everything_has_an_owner),
		TEST(what_the_report_attributes_may_differ_but_not_go),
		TEST(origins_of_the_tree_may_differ),
		TEST(origins_are_who_is_behind_what_no_package_has),
		TEST(a_package_file_changed_in_place_is_told),
		TEST(hard_links_are_judged_by_each_name),
		TEST(findings_are_sorted_by_path),
		TEST(news_are_what_was_not_so_before),
		TEST(contents_can_be_told_by_somebody_else),
		TEST(packages_of_apk_3_have_cut_digests),
		TEST(a_broken_database_is_an_error),
		TEST(many_records_are_compared_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
