/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/package.h"

#define Q1 "Q1AAECAwQFBgcICQoLDA0ODxAREhM="

struct scene {
	struct arena arena;
	struct package pkg;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
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

static int set(struct scene *s, char letter, const char *value)
{
	return package_set_field(
		&s->pkg, letter, slice_of(value), &s->arena, &s->err);
}

static void fill(struct scene *s, const char *record)
{
	struct slice rest = slice_of(record), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (line.len)
			assert_int_equal(
				package_set_field(&s->pkg, line.ptr[0],
					slice_make(line.ptr + 2, line.len - 2),
					&s->arena, &s->err),
				1);
	}
}

static void assert_prints(const struct scene *s, const char *expected)
{
	SCOPED_BUF struct buf out;

	buf_init(&out, 100000);
	package_print_fields(&s->pkg, &out);
	assert_string_equal(out.data, expected);
}

static const char whole[] = "C:" Q1 "\n"
			    "P:foo\n"
			    "V:1.2-r3\n"
			    "A:armv7\n"
			    "S:1234\n"
			    "I:5678\n"
			    "T:What it is: \xc3\xb6, in words\n"
			    "U:https://example.org/a?b=c\n"
			    "L:GPL-2.0-only AND MIT\n"
			    "o:foo-all\n"
			    "m:Somebody <some@example.org>\n"
			    "t:1700000000\n"
			    "c:0123456789abcdef0123456789abcdef01234567\n"
			    "k:100\n"
			    "D:/bin/sh so:libc.musl-armv7.so.1 !bar baz>=1 "
			    "qux~2\n"
			    "p:cmd:foo=1.2-r3 virtual\n"
			    "i:openrc foo=1.2-r3\n";

static void a_record_is_printed_as_it_was(void **state)
{
	fill(*state, whole);
	assert_prints(*state, whole);
}

static void empty_fields_are_left_out_except_five(void **state)
{
	static const char least[] =
		"C:" Q1 "\nP:.virtual\nV:0\nS:0\nI:0\nT:\nU:\nL:\n";

	fill(*state, least);
	assert_prints(*state, least);
}

static void every_field_has_its_place(void **state)
{
	struct scene *s = *state;
	const struct package *pkg = &s->pkg;

	fill(s, whole);
	fill(s, "r:old older<2\nq:7\n");
	assert_true(slice_is(pkg->name, "foo"));
	assert_true(slice_is(pkg->version, "1.2-r3"));
	assert_true(slice_is(pkg->arch, "armv7"));
	assert_int_equal(pkg->size, 1234);
	assert_int_equal(pkg->installed_size, 5678);
	assert_true(slice_is(pkg->license, "GPL-2.0-only AND MIT"));
	assert_true(slice_is(pkg->origin, "foo-all"));
	assert_int_equal(pkg->build_time, 1700000000);
	assert_int_equal(pkg->priority, 100);
	assert_int_equal(pkg->depends.n, 5);
	assert_int_equal(pkg->provides.n, 2);
	assert_int_equal(pkg->install_if.n, 2);
	assert_int_equal(pkg->replaces.n, 2);
	assert_int_equal(pkg->replaces_priority, 7);
	assert_null(pkg->uninstallable);
}

static void later_single_values_win(void **state)
{
	struct scene *s = *state;

	fill(s, whole);
	fill(s, "P:bar\nV:2\nS:1\nk:0\nT:\n");
	assert_true(slice_is(s->pkg.name, "bar"));
	assert_true(slice_is(s->pkg.version, "2"));
	assert_int_equal(s->pkg.size, 1);
	assert_int_equal(s->pkg.priority, 0);
	assert_int_equal(s->pkg.description.len, 0);
}

static void later_words_append(void **state)
{
	struct scene *s = *state;

	fill(s, "D:a b\nD:c\np:x\np:y\ni:k\ni:l\nr:m\nr:n\n");
	assert_int_equal(s->pkg.depends.n, 3);
	assert_true(slice_is(s->pkg.depends.items[2].name, "c"));
	assert_int_equal(s->pkg.provides.n, 2);
	assert_int_equal(s->pkg.install_if.n, 2);
	assert_int_equal(s->pkg.replaces.n, 2);
}

static void a_malformed_dependency_makes_it_uninstallable(void **state)
{
	struct scene *s = *state;

	fill(s, "D:a b= c\n");
	assert_int_equal(s->pkg.depends.n, 2);
	assert_string_equal(s->pkg.uninstallable, "has a malformed dependency");
}

static void a_malformed_install_if_is_no_rule(void **state)
{
	struct scene *s = *state;

	fill(s, "i:a\ni:b c=x\n");
	assert_int_equal(s->pkg.install_if.n, 0);
	/* A rule of the later words alone would fire too often. */
	fill(s, "i:d\n");
	assert_int_equal(s->pkg.install_if.n, 0);
	assert_null(s->pkg.uninstallable);
}

static void malformed_provides_and_replaces_are_left_out(void **state)
{
	struct scene *s = *state;

	fill(s, "p:a= b !c\nr:a= b\n");
	assert_int_equal(s->pkg.provides.n, 1);
	assert_int_equal(s->pkg.replaces.n, 1);
	assert_null(s->pkg.uninstallable);
}

static void too_many_words_are_an_error(void **state)
{
	SCOPED_FREE char *text = memory_alloc(2000001);
	struct scene *s = *state;

	for (size_t i = 0; i < 2000000; i += 2)
		memcpy(text + i, "a ", 2);
	text[2000000] = '\0';
	assert_int_equal(set(s, 'D', text), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	assert_string_equal(s->err.text, "D: more than 65536 words");
}

static void other_letters_are_not_a_packages(void **state)
{
	for (const char *p = "FMRaZsfgxXBn\001"; *p; p++)
		assert_int_equal(set(*state, *p, "1"), 0);
}

static void malformed_values_are_errors(void **state)
{
	static const struct {
		char letter;
		const char *value, *error;
	} cases[] = {
		{ 'C', "Q1AAECAwQFBgcICQoL",
			"C: expected Q1 and base64 of a SHA-1, found "
			"\"Q1AAECAwQFBgcICQoL\"" },
		{ 'C', "", "C: expected Q1 and base64 of a SHA-1, found \"\"" },
		{ 'S', "",
			"S: expected a number from 0 to 9223372036854775807, "
			"found \"\"" },
		{ 'S', "9223372036854775808",
			"S: expected a number from 0 to 9223372036854775807, "
			"found \"9223372036854775808\"" },
		{ 'I', "1k",
			"I: expected a number from 0 to 9223372036854775807, "
			"found \"1k\"" },
		{ 't', "-1",
			"t: expected a number from 0 to 9223372036854775807, "
			"found \"-1\"" },
		{ 'k', "65536",
			"k: expected a number from 0 to 65535, found "
			"\"65536\"" },
		{ 'q', "\33[2J",
			"q: expected a number from 0 to 65535, found "
			"\"?[2J\"" },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(set(s, cases[i].letter, cases[i].value), -1);
		assert_int_equal(s->err.kind, ERROR_INPUT);
		assert_string_equal(s->err.text, cases[i].error);
	}
}

static void a_record_must_have_name_version_and_identity(void **state)
{
	struct scene *s = *state;

	assert_int_equal(package_check(&s->pkg, &s->err), -1);
	assert_string_equal(s->err.text, "P: there is no name");
	fill(s, "P:foo\n");
	assert_int_equal(package_check(&s->pkg, &s->err), -1);
	assert_string_equal(s->err.text, "V: there is no version");
	fill(s, "V:1\n");
	assert_int_equal(package_check_name(&s->pkg, &s->err), 0);
	assert_int_equal(package_check(&s->pkg, &s->err), -1);
	assert_string_equal(s->err.text, "C: there is no identity");
	fill(s, "C:" Q1 "\n");
	assert_int_equal(package_check(&s->pkg, &s->err), 0);
}

static void names_cannot_leave_a_url_or_a_folder(void **state)
{
	static const char *const bad[] = { "..", "a..b", "a.", "a/b", "../a",
		"/", "a b", "a%2f", "a?", "a#", "a:b", "a\\b", "f\xc3\xb6",
		"a\033" };
	static const char *const good[] = { "a", ".virtual", "gtk+3.0",
		"a-b_c.d~e", "A9" };
	struct scene *s = *state;

	for (size_t i = 0; i < 3 * ARRAY_SIZE(bad); i++) {
		fill(s, whole);
		set(s, "PVA"[i % 3], bad[i / 3]);
		assert_int_equal(package_check(&s->pkg, &s->err), -1);
		assert_int_equal(s->err.kind, ERROR_INPUT);
		assert_int_equal(s->err.text[0], "PVA"[i % 3]);
	}
	for (size_t i = 0; i < 3 * ARRAY_SIZE(good); i++) {
		fill(s, whole);
		set(s, "PVA"[i % 3], good[i / 3]);
		assert_int_equal(package_check(&s->pkg, &s->err), 0);
	}
}

static void the_file_name_has_at_most_255_bytes(void **state)
{
	struct scene *s = *state;
	char name[251];

	fill(s, whole);
	set(s, 'V', "1");
	memset(name, 'a', sizeof(name));
	name[249] = '\0';
	set(s, 'P', name);
	assert_int_equal(package_check(&s->pkg, &s->err), 0);
	assert_int_equal(strlen(package_file_name(&s->pkg, &s->arena)), 255);
	name[249] = 'a';
	name[250] = '\0';
	set(s, 'P', name);
	assert_int_equal(package_check(&s->pkg, &s->err), -1);
	assert_string_equal(s->err.text,
		"P: and V: make a file name of more than 255 bytes");
}

static void texts_have_name_and_version(void **state)
{
	struct scene *s = *state;
	SCOPED_FREE char *text = NULL;

	fill(s, whole);
	text = package_text(&s->pkg);
	assert_string_equal(text, "foo-1.2-r3");
	assert_string_equal(
		package_file_name(&s->pkg, &s->arena), "foo-1.2-r3.apk");
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_record_is_printed_as_it_was),
		SCENE(empty_fields_are_left_out_except_five),
		SCENE(every_field_has_its_place),
		SCENE(later_single_values_win),
		SCENE(later_words_append),
		SCENE(a_malformed_dependency_makes_it_uninstallable),
		SCENE(a_malformed_install_if_is_no_rule),
		SCENE(malformed_provides_and_replaces_are_left_out),
		SCENE(too_many_words_are_an_error),
		SCENE(other_letters_are_not_a_packages),
		SCENE(malformed_values_are_errors),
		SCENE(a_record_must_have_name_version_and_identity),
		SCENE(names_cannot_leave_a_url_or_a_folder),
		SCENE(the_file_name_has_at_most_255_bytes),
		SCENE(texts_have_name_and_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
