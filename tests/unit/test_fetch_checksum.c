/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "build/fetch_checksum.h"

#define FILE_NAME "alpine-minirootfs-3.18.9-armv7.tar.gz"
#define HEX "dd97529f4c8e11f472488015671f3f098ccc612887483e28e90e3116713f56e2"
#define HEX_512 HEX HEX

static int parse(const char *text, enum digest_kind kind)
{
	struct digest digest = { 0 };
	struct error err = { 0 };
	int failed = fetch_checksum_parse(
		slice_of(text), FILE_NAME, kind, &digest, &err);

	if (failed)
		assert_int_equal(err.kind, ERROR_INPUT);
	else
		assert_int_equal(digest.kind, kind);
	return failed;
}

static void usual_lines_are_read(void **state)
{
	assert_int_equal(parse(HEX "  " FILE_NAME "\n", DIGEST_SHA256), 0);
	assert_int_equal(parse(HEX "  " FILE_NAME, DIGEST_SHA256), 0);
	assert_int_equal(parse(HEX " *" FILE_NAME "\n", DIGEST_SHA256), 0);
	assert_int_equal(parse(HEX_512 "  " FILE_NAME "\n", DIGEST_SHA512), 0);
}

static void digest_is_the_one_of_the_line(void **state)
{
	struct digest digest;
	struct error err = { 0 };
	char hex[DIGEST_HEX_SIZE];

	assert_int_equal(fetch_checksum_parse(slice_of(HEX "  " FILE_NAME "\n"),
				 FILE_NAME, DIGEST_SHA256, &digest, &err),
		0);
	assert_string_equal(digest_hex(&digest, hex), HEX);
}

static void anything_else_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		HEX,
		HEX "\n",
		HEX " " FILE_NAME "\n",
		HEX "   " FILE_NAME "\n",
		HEX "  " FILE_NAME "\n\n",
		HEX "  " FILE_NAME "\r\n",
		HEX "  " FILE_NAME "\n" HEX "  other\n",
		HEX "  alpine-minirootfs-3.18.9-aarch64.tar.gz\n",
		HEX "  ./" FILE_NAME "\n",
		HEX "  " FILE_NAME " \n",
		"  " FILE_NAME "\n",
		HEX "0  " FILE_NAME "\n",
		"DD"
		"97529f4c8e11f472488015671f3f098ccc612887483e28e90e311671"
		"3f56e2  " FILE_NAME "\n",
		"sha256:" HEX "  " FILE_NAME "\n",
		HEX_512 "  " FILE_NAME "\n",
		"<html>404</html>\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(parse(bad[i], DIGEST_SHA256), -1);
	assert_int_equal(parse(HEX "  " FILE_NAME "\n", DIGEST_SHA512), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_lines_are_read),
		cmocka_unit_test(digest_is_the_one_of_the_line),
		cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
