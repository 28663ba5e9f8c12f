/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/compiler.h"
#include "routeros/version.h"

static struct routeros_version parsed(const char *text)
{
	struct routeros_version version;
	struct error err = { 0 };

	if (routeros_version_parse(&version, text, &err))
		fail_msg("%s", err.text);
	return version;
}

static void versions_are_in_order(void **state)
{
	static const char *const order[] = { "7.5", "7.5.1", "7.9", "7.10",
		"7.20.8", "7.21beta1", "7.21beta10", "7.21rc1", "7.21rc3",
		"7.21", "7.21.1", "7.21.2", "7.24" };

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(order); k++) {
			struct routeros_version a = parsed(order[i]);
			struct routeros_version b = parsed(order[k]);
			int got = routeros_version_cmp(&a, &b);

			assert_int_equal(got, i < k ? -1 : i > k);
		}
	}
}

static void text_comes_back(void **state)
{
	static const char *const texts[] = { "7.5", "7.20.8", "7.21rc3",
		"7.22beta1", "7.21.1rc2" };
	char text[ROUTEROS_VERSION_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct routeros_version version = parsed(texts[i]);

		assert_string_equal(
			routeros_version_text(&version, text), texts[i]);
	}
}

static void other_texts_are_refused(void **state)
{
	static const char *const texts[] = { "", "7", "7.", ".5", "v7.20",
		"7.20.", "7.20.8.1", "7.21rc", "7.21alpha1", "7.21rc3x",
		" 7.20", "7.1000", "7.-1", "7.4", "6.49", "8.0", "7.5beta1" };
	struct routeros_version version;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(
			routeros_version_parse(&version, texts[i], &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
	}
}

static void ranges_begin_and_end(void **state)
{
	const struct routeros_range range = { .since = { 7, 7, 0, 0, 0 },
		.until = { 7, 21, 2, 0, 0 } };
	static const struct {
		const char *version;
		bool is_in;
	} cases[] = { { "7.6.1", false }, { "7.7rc1", false }, { "7.7", true },
		{ "7.21.1", true }, { "7.21.2rc1", true },
		{ "7.21.2", false } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct routeros_version version = parsed(cases[i].version);

		assert_int_equal(
			routeros_range_has(&range, &version), cases[i].is_in);
	}
}

static void ranges_are_told(void **state)
{
	const struct routeros_version a = { .major = 7, .minor = 7 };
	const struct routeros_version b = { 7, 21, 2, 0, 0 };
	const struct routeros_version c = { 7, 17, 0, 0, 0 };
	char text[ROUTEROS_RANGE_TEXT];

	assert_string_equal(
		routeros_range_text(&(struct routeros_range){ 0 }, text),
		"all versions");
	assert_string_equal(
		routeros_range_text(
			&(struct routeros_range){ .until = c }, text),
		"before 7.17");
	assert_string_equal(
		routeros_range_text(
			&(struct routeros_range){ .since = c }, text),
		"7.17 and later");
	assert_string_equal(
		routeros_range_text(&(struct routeros_range){ a, b }, text),
		"7.7 to 7.21.1");
	assert_string_equal(
		routeros_range_text(&(struct routeros_range){ a, c }, text),
		"7.7 to 7.16");
}

static void the_future_is_known_as_such(void **state)
{
	struct routeros_version patch = parsed("7.24.9");
	struct routeros_version next = parsed("7.25beta1");

	assert_false(routeros_version_is_future(&patch));
	assert_true(routeros_version_is_future(&next));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_in_order),
		cmocka_unit_test(text_comes_back),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(ranges_begin_and_end),
		cmocka_unit_test(ranges_are_told),
		cmocka_unit_test(the_future_is_known_as_such),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
