/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "apk/scripts_archive.h"

#define ID(c) "Q1" c "AAAAAAAAAAAAAAAAAAAAAAAAAA="
#define HEAD(name, c) "C:" ID(c) "\nP:" name "\nV:1\nS:0\nI:0\n\n"
#define DB HEAD("a", "A") HEAD("b", "B") HEAD("c", "C")

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
	assert_int_equal(
		installed_parse(&s->db, slice_of(DB), "db", &s->err), 0);
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

static int parse(struct scene *s, const char *text)
{
	return triggers_parse(&s->db, slice_of(text), "triggers", &s->err);
}

static void expect(struct scene *s, enum apk_flavor flavor, const char *want)
{
	SCOPED_BUF struct buf out;

	buf_init(&out, 10000);
	triggers_print(&s->db, flavor, &out);
	assert_string_equal(out.data ? out.data : "", want);
}

static void triggers_come_out_in_the_order_of_their_file(void **state)
{
	struct scene *s = *state;
	const char *text = ID("C") " /bin /usr/*\n" ID("A") " +/lib\n";

	assert_int_equal(parse(s, text), 0);
	expect(s, APK_2, text);
	assert_true(slice_is(
		installed_find(&s->db, slice_of("c"))->package.triggers,
		"/bin /usr/*"));
}

static void apk_3_sorts_triggers_by_name(void **state)
{
	struct scene *s = *state;

	assert_int_equal(parse(s, ID("C") " /bin\n" ID("A") " /lib\n"), 0);
	expect(s, APK_3, ID("A") " /lib\n" ID("C") " /bin\n");
}

static void packages_that_were_added_come_last(void **state)
{
	struct scene *s = *state;
	struct package pkg = { .name = slice_of("0"),
		.triggers = slice_of(" /x  /y ") };

	assert_int_equal(identity_parse(slice_of(ID("E")), &pkg.identity), 0);
	assert_int_equal(parse(s, ID("C") " /bin\n"), 0);
	installed_add(&s->db, &pkg);
	s->db.packages[0]->package.triggers = slice_of("/a");
	expect(s, APK_2, ID("C") " /bin\n" ID("A") " /a\n" ID("E") " /x /y\n");
}

static void no_package_has_triggers_at_first(void **state)
{
	struct scene *s = *state;

	assert_int_equal(parse(s, ""), 0);
	expect(s, APK_2, "");
}

static void triggers_of_unknown_packages_are_passed_over(void **state)
{
	struct scene *s = *state;

	assert_int_equal(parse(s, ID("Z") " /bin\n\n" ID("B") " /lib"), 0);
	expect(s, APK_2, ID("B") " /lib\n");
}

static void malformed_lines_are_refused(void **state)
{
	struct scene *s = *state;

	assert_int_equal(parse(s, ID("A") " /a\nQ1AAA /bin\n"), -1);
	assert_non_null(strstr(s->err.text, "triggers:2: expected"));
	assert_int_equal(parse(s, " /bin\n"), -1);
	assert_int_equal(parse(s, ID("B") " /a\n" ID("B") " /b\n"), -1);
	assert_non_null(strstr(s->err.text, "has some in line 1"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(triggers_come_out_in_the_order_of_their_file),
		TEST(apk_3_sorts_triggers_by_name),
		TEST(packages_that_were_added_come_last),
		TEST(no_package_has_triggers_at_first),
		TEST(triggers_of_unknown_packages_are_passed_over),
		TEST(malformed_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
