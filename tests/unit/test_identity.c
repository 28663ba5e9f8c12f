/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apk/identity.h"

#define HEX20 "000102030405060708090a0b0c0d0e0f10111213"
#define HEX32 HEX20 "1415161718191a1b1c1d1e1f"
#define BASE20 "AAECAwQFBgcICQoLDA0ODxAREhM="
#define BASE12 "FBUWFxgZGhscHR4f"
#define BASE32 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static struct identity parsed(const char *text)
{
	struct identity id;

	assert_int_equal(identity_parse(slice_of(text), &id), 0);
	return id;
}

static void every_form_is_read(void **state)
{
	static const struct {
		const char *text;
		enum identity_kind kind;
	} forms[] = {
		{ "Q1" BASE20, IDENTITY_SHA1 },
		{ "X1" HEX20, IDENTITY_SHA1 },
		{ "Q2" BASE32, IDENTITY_SHA256 },
		{ "X2" HEX32, IDENTITY_SHA256 },
		{ "Q1" BASE20 BASE12, IDENTITY_SHA256 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct identity id = parsed(forms[i].text);
		size_t n = id.kind == IDENTITY_SHA1 ? 20 : 32;

		assert_int_equal(id.kind, forms[i].kind);
		for (size_t j = 0; j < IDENTITY_BYTES_MAX; j++)
			assert_int_equal(id.bytes[j], j < n ? j : 0);
	}
}

static void forms_are_written_canonically(void **state)
{
	char text[IDENTITY_TEXT_SIZE];
	struct identity one = parsed("X1" HEX20), two = parsed("Q2" BASE32);
	struct identity none = { .kind = IDENTITY_NONE };

	assert_string_equal(identity_text(&one, text), "Q1" BASE20);
	assert_string_equal(identity_hex(&one, text), "X1" HEX20);
	assert_string_equal(identity_text(&two, text), "Q2" BASE32);
	assert_string_equal(identity_hex(&two, text), "X2" HEX32);
	assert_string_equal(identity_text(&none, text), "");
	assert_string_equal(identity_hex(&none, text), "");
}

static void spare_bits_do_not_make_another_identity(void **state)
{
	struct identity a = parsed("Q1aWSOB9BLtPEHLv0hKtvMxh3BysE=");
	struct identity b = parsed("Q1aWSOB9BLtPEHLv0hKtvMxh3BysF=");
	struct identity c = parsed("Q1aWSOB9BLtPEHLv0hKtvMxh3BysI=");
	char text[IDENTITY_TEXT_SIZE];

	assert_true(identity_eq(&a, &b));
	assert_false(identity_eq(&a, &c));
	assert_string_equal(
		identity_text(&b, text), "Q1aWSOB9BLtPEHLv0hKtvMxh3BysE=");
}

static void upper_case_hex_is_the_same(void **state)
{
	struct identity a =
		parsed("X1ABCDEF0000000000000000000000000000000000");
	struct identity b =
		parsed("X1abcdef0000000000000000000000000000000000");

	assert_true(identity_eq(&a, &b));
}

static void kinds_are_not_equal(void **state)
{
	static const uint8_t zeros[32];
	struct identity a = identity_make(IDENTITY_SHA1, zeros);
	struct identity b = identity_make(IDENTITY_SHA256, zeros);
	struct identity none = identity_make(IDENTITY_NONE, NULL);

	assert_false(identity_eq(&a, &b));
	assert_false(identity_eq(&a, &none));
	assert_true(identity_eq(&none, &none));
	assert_true(identity_eq(&a, &a));
}

static void everything_else_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"Q",
		"Q1",
		"Q3" BASE20,
		"q1" BASE20,
		"Y1" HEX20,
		"Q1" BASE32,
		"Q1AAECAwQFBgcICQoLDA0ODxAREhM",
		"Q1AAECAwQFBgcICQoLDA0ODxAREh==",
		"Q1AAECAwQFBgcICQoLDA0ODxAREhMA",
		"Q1AAECAwQFBgcICQoL-A0ODxAREhM=",
		"Q1" BASE20 "=",
		"Q1" BASE20 "FBUWFxgZGhscHR4=",
		"Q2" BASE20,
		"X1" HEX32,
		"X1000102030405060708090a0b0c0d0e0f1011121",
		"X1000102030405060708090a0b0c0d0e0f1011121g",
		"X2" HEX20,
	};
	struct identity id = { .kind = IDENTITY_SHA256 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(identity_parse(slice_of(bad[i]), &id), -1);
		assert_int_equal(id.kind, IDENTITY_SHA256);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(forms_are_written_canonically),
		cmocka_unit_test(spare_bits_do_not_make_another_identity),
		cmocka_unit_test(upper_case_hex_is_the_same),
		cmocka_unit_test(kinds_are_not_equal),
		cmocka_unit_test(everything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
