/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "apk/installed.h"

#define ID(c) "Q1" c "AAAAAAAAAAAAAAAAAAAAAAAAAA="
#define FIELDS "A:x86_64\nS:10\nI:20\nT:text\nU:https://example.org\nL:MIT\n"
#define HEAD(name, c) "C:" ID(c) "\nP:" name "\nV:1-r0\n" FIELDS
#define TEXT_MAX 100000

struct scene {
	struct arena arena;
	struct installed db;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	installed_init(&s->db, &s->arena);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void parse(struct scene *s, const char *text)
{
	if (installed_parse(&s->db, slice_of(text), "db", &s->err))
		fail_msg("%s", s->err.text);
}

static void expect(
	const struct scene *s, enum apk_flavor flavor, const char *want)
{
	SCOPED_BUF struct buf out;

	buf_init(&out, TEXT_MAX);
	installed_print(&s->db, flavor, &out);
	assert_string_equal(out.data ? out.data : "", want);
}

static void expect_error(const char *text, const char *want)
{
	struct error err = { 0 };
	struct installed db;
	struct arena arena;

	arena_init(&arena);
	installed_init(&db, &arena);
	assert_int_equal(installed_parse(&db, slice_of(text), "db", &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	if (!strstr(err.text, want))
		fail_msg("\"%s\" lacks \"%s\"", err.text, want);
	arena_release(&arena);
}

static struct db_package *add(struct scene *s, const char *name)
{
	struct package pkg = { .name = slice_of(name),
		.version = slice_of("1") };

	return installed_add(&s->db, &pkg);
}

#define WHOLE                                                                  \
	HEAD("busybox", "A")                                                   \
	"o:busybox\nm:Jane <jane@example.org>\nt:1700000000\nc:abcd\nk:100\n"  \
	"D:so:libc.musl-x86_64.so.1 !other\np:/bin/sh cmd:sh=1-r0\n"           \
	"i:docs busybox\nr:old<2\nq:7\ns:edge\nf:fx\n"                         \
	"F:\nR:.hidden\nZ:" ID(                                                \
		"B") "\n"                                                      \
		     "F:bin\nR:busybox\na:0:0:4755\nZ:" ID(                    \
			     "C") "\n"                                         \
				  "R:ash\na:0:0:777\nZ:" ID(                   \
					  "D") "\n"                            \
					       "F:dev\nR:null\na:0:5:622\n"    \
					       "F:empty\nF:tmp\nM:0:0:1777\n"  \
					       "F:var\nM:100:101:750:" ID(     \
						       "E") "\nR:x\na:1:2:"    \
							    "0:" ID("F") "\n"  \
									 "Z"   \
									 ":" ID("G") "\n\n"

static void a_database_comes_out_as_it_went_in(void **state)
{
	struct scene *s = *state;

	parse(s, WHOLE);
	expect(s, APK_2, WHOLE);
}

static void every_field_of_files_is_read(void **state)
{
	struct scene *s = *state;
	const struct db_package *pkg;
	const struct db_file *file;
	const struct db_dir *dir;

	parse(s, WHOLE);
	pkg = installed_find(&s->db, slice_of("busybox"));
	assert_non_null(pkg);
	assert_true(slice_is(pkg->tag, "edge") && slice_is(pkg->flags, "fx"));
	assert_int_equal(pkg->package.replaces_priority, 7);
	assert_int_equal(pkg->n, 6);
	dir = db_package_find_dir(pkg, slice_of("var"));
	assert_int_equal(dir->acl.uid, 100);
	assert_int_equal(dir->acl.gid, 101);
	assert_int_equal(dir->acl.mode, 0750);
	assert_int_equal(dir->acl.xattrs.kind, IDENTITY_SHA1);
	file = db_dir_find_file(dir, slice_of("x"));
	assert_int_equal(file->acl.mode, 0);
	assert_int_equal(file->digest.kind, IDENTITY_SHA1);
	dir = db_package_find_dir(pkg, slice_of("dev"));
	assert_int_equal(dir->files[0]->digest.kind, IDENTITY_NONE);
	dir = db_package_find_dir(pkg, slice_of(""));
	assert_int_equal(dir->acl.mode, 0755);
	assert_int_equal(dir->files[0]->acl.mode, 0644);
}

/* apk itself leaves these out or gives them to the next package. */
static void a_package_without_directories_keeps_its_own_fields(void **state)
{
	struct scene *s = *state;
	const char *text =
		HEAD("a", "A") "r:x\nq:1\ns:edge\nf:s\n\n" HEAD("b", "B") "\n";

	parse(s, text);
	expect(s, APK_2, text);
	expect(s, APK_3, text);
}

static void records_are_sorted_without_regard_to_case(void **state)
{
	struct scene *s = *state;

	parse(s, HEAD("b", "A") "\n" HEAD("C", "B") "\n" HEAD("a-b",
			 "C") "\n" HEAD("A", "D") "\n" HEAD("a", "E") "\n");
	expect(s, APK_2,
		HEAD("A", "D") "\n" HEAD("a", "E") "\n" HEAD("a-b",
			"C") "\n" HEAD("b", "A") "\n" HEAD("C", "B") "\n");
	assert_true(slice_is(s->db.packages[0]->package.name, "b"));
}

static void only_apk_3_sorts_files_and_writes_tags(void **state)
{
	struct scene *s = *state;
	const char *text =
		HEAD("a", "A") "g:one two\nr:x\nF:z\nF:b\nR:y\nR:Y\nR:x1\n\n";

	parse(s, text);
	expect(s, APK_2, HEAD("a", "A") "r:x\nF:z\nF:b\nR:y\nR:Y\nR:x1\n\n");
	expect(s, APK_3,
		HEAD("a", "A") "g:one two\nr:x\nF:z\nF:b\nR:Y\nR:x1\nR:y\n\n");
}

static void the_last_record_needs_no_blank_line(void **state)
{
	struct scene *s = *state;

	parse(s, "\n\n" HEAD("a", "A") "F:b\n");
	expect(s, APK_2, HEAD("a", "A") "F:b\n\n");
}

static void an_empty_database_is_one(void **state)
{
	struct scene *s = *state;

	parse(s, "");
	expect(s, APK_2, "");
}

static void unknown_lower_case_fields_are_passed_over(void **state)
{
	struct scene *s = *state;

	parse(s, HEAD("a", "A") "y:what\nF:b\n\n");
	expect(s, APK_2, HEAD("a", "A") "F:b\n\n");
}

static void malformed_databases_are_refused(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ HEAD("a", "A") "F:b", "db: truncated" },
		{ HEAD("a", "A") "Fb\n", "db:10: package a: expected \":\"" },
		{ HEAD("a", "A") "X:b\n", "package a: X: unknown field" },
		{ HEAD("a", "A") "R:b\n", "R:b: a file without a directory" },
		{ HEAD("a", "A") "F:b\nD:c\n", "D: out of place" },
		{ HEAD("a", "A") "F:b\nr:c\n", "r: out of place" },
		{ HEAD("a", "A") "M:0:0:755\n", "M:0:0:755: owner and mode" },
		{ HEAD("a", "A") "F:b\na:0:0:755\n", "owner and mode" },
		{ HEAD("a", "A") "F:b\nR:c\nM:0:0:755\n", "owner and mode" },
		{ HEAD("a", "A") "F:b\nZ:" ID("A") "\n",
			"digest without a file" },
		{ HEAD("a", "A") "F:b\nR:c\nF:d\nZ:" ID("A") "\n",
			"digest without a file" },
		{ HEAD("a", "A") "F:b\nR:c\nZ:Q1AAAA\n", "expected a digest" },
		{ HEAD("a", "A") "F:b\nF:b\n", "the directory a second time" },
		{ HEAD("a", "A") "F:b\nR:c\nR:c\n", "the file a second time" },
		{ HEAD("a", "A") "\n" HEAD("a", "B") "\n",
			"the package a second time" },
		{ HEAD("a", "A") "F:/b\n", "F:/b: " },
		{ HEAD("a", "A") "F:b/\n", "shortest form" },
		{ HEAD("a", "A") "F:b//c\n", "shortest form" },
		{ HEAD("a", "A") "F:../b\n", "F:../b: " },
		{ HEAD("a", "A") "F:b/../../c\n", "db:10: package a: F:" },
		{ HEAD("a", "A") "F:b\x01\n", "F:b?: " },
		{ HEAD("a", "A") "F:b\nR:c/d\n", "without \"/\"" },
		{ HEAD("a", "A") "F:b\nR:..\n", "R:..: " },
		{ HEAD("a", "A") "F:b\nR:.\n", "R:.: " },
		{ HEAD("a", "A") "F:b\nR:\n", "R:: expected a name" },
		{ HEAD("a", "A") "F:b\nM:0:0\n", "expected UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:0:0:999\n", "expected UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:0:0:10000\n",
			"expected UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:-1:0:0\n", "expected UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:4294967295:0:0\n", "UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:0:0:755:\n", "UID:GID:MODE" },
		{ HEAD("a", "A") "F:b\nM:0:0:755:x\n", "UID:GID:MODE" },
		{ "P:a\nV:1\n\n", "db:3: package a: " },
		{ "C:" ID("A") "\nV:1\nF:b\n\n", "db:3: " },
		{ HEAD("../a", "A") "\n", "package ../a: " },
		{ "C:short\nP:a\nV:1\n\n", "db:1: C: expected" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect_error(cases[i].text, cases[i].error);
}

static void a_path_with_a_nul_is_refused(void **state)
{
	static const char text[] = HEAD("a", "A") "F:b\0c\n\n";
	struct scene *s = *state;

	assert_int_equal(
		installed_parse(&s->db, slice_make(text, sizeof(text) - 1),
			"db", &s->err),
		-1);
}

static void packages_are_found_until_they_are_removed(void **state)
{
	struct scene *s = *state;
	struct db_package *a = add(s, "a"), *b = add(s, "b");

	assert_ptr_equal(installed_find(&s->db, slice_of("b")), b);
	assert_null(installed_find(&s->db, slice_of("c")));
	installed_remove(&s->db, a);
	assert_null(installed_find(&s->db, slice_of("a")));
	assert_int_equal(s->db.n, 1);
	assert_ptr_equal(s->db.packages[0], b);
}

static void an_upgrade_may_add_before_it_removes(void **state)
{
	struct scene *s = *state;
	struct db_package *old = add(s, "a"), *new = add(s, "a");

	installed_remove(&s->db, old);
	assert_ptr_equal(installed_find(&s->db, slice_of("a")), new);
	installed_remove(&s->db, new);
	installed_remove(&s->db, new);
	assert_int_equal(s->db.n, 0);
}

static void directories_and_files_stay_where_they_are(void **state)
{
	static const struct db_acl acl = { .mode = 0755 };
	struct scene *s = *state;
	struct db_package *pkg = add(s, "a");
	struct db_dir *first =
		db_package_add_dir(&s->db, pkg, slice_of("first"), &acl);
	struct db_file *file = db_dir_add_file(
		&s->db, first, &(struct db_file){ .name = slice_of("file") });

	for (int i = 0; i < 1000; i++) {
		const char *name = arena_printf(&s->arena, "%d", i);

		db_package_add_dir(&s->db, pkg, slice_of(name), &acl);
		db_dir_add_file(&s->db, first,
			&(struct db_file){ .name = slice_of(name) });
	}
	assert_ptr_equal(pkg->dirs[0], first);
	assert_ptr_equal(db_package_find_dir(pkg, slice_of("first")), first);
	assert_ptr_equal(db_dir_find_file(first, slice_of("file")), file);
	assert_null(db_package_find_dir(pkg, slice_of("1000")));
}

static void a_removed_file_leaves_the_others_in_order(void **state)
{
	struct scene *s = *state;
	struct db_dir *dir;

	parse(s, HEAD("a", "A") "F:d\nR:1\nR:2\nR:3\n\n");
	dir = s->db.packages[0]->dirs[0];
	db_dir_remove_file(dir, db_dir_find_file(dir, slice_of("2")));
	assert_null(db_dir_find_file(dir, slice_of("2")));
	expect(s, APK_2, HEAD("a", "A") "F:d\nR:1\nR:3\n\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_database_comes_out_as_it_went_in),
		TEST(every_field_of_files_is_read),
		TEST(a_package_without_directories_keeps_its_own_fields),
		TEST(records_are_sorted_without_regard_to_case),
		TEST(only_apk_3_sorts_files_and_writes_tags),
		TEST(the_last_record_needs_no_blank_line),
		TEST(an_empty_database_is_one),
		TEST(unknown_lower_case_fields_are_passed_over),
		TEST(malformed_databases_are_refused),
		TEST(a_path_with_a_nul_is_refused),
		TEST(packages_are_found_until_they_are_removed),
		TEST(an_upgrade_may_add_before_it_removes),
		TEST(directories_and_files_stay_where_they_are),
		TEST(a_removed_file_leaves_the_others_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
