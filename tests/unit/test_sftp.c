/* SPDX-License-Identifier: MIT
 *
 * What needs no server; tests/integration/sftp.sh has the rest.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "io/sftp_parts.h"

#define DIGITS "1zohzAqIvP8fb8C7D0hHRrCmK9wGILLiD6SNm0YMNsA"

/* NULL where libcurl here has no SFTP, which is allowed. */
static struct sftp *new_or_skip(const struct sftp_options *options)
{
	struct error err;
	struct sftp *sftp = sftp_new(options, &err);

	if (!sftp && strstr(err.text, "cannot do sftp"))
		skip();
	if (!sftp)
		fail_msg("%s", err.text);
	return sftp;
}

static void pins_are_as_ssh_keygen_prints_them(void **state)
{
	char pin[SFTP_KEY_TEXT_SIZE];
	struct error err;

	assert_int_equal(sftp_read_pin("SHA256:" DIGITS, pin, &err), 0);
	assert_string_equal(pin, "SHA256:" DIGITS);
	assert_int_equal(sftp_read_pin("SHA256:" DIGITS "=", pin, &err), 0);
	assert_string_equal(pin, "SHA256:" DIGITS);
}

static void other_pins_are_refused(void **state)
{
	static const char *const bad[] = { "", "SHA256:", DIGITS,
		"sha256:" DIGITS, "SHA256:" DIGITS "==", "SHA256:" DIGITS "A",
		"SHA256:*" DIGITS, "MD5:" DIGITS,
		"SHA256:1zohzAqIvP8fb8C7D0hHRrCmK9wGILLiD6SNm0YMNs-",
		"SHA256:1zohzAqIvP8fb8C7D0hHRrCmK9wGILLiD6SNm0YMNs==" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char pin[SFTP_KEY_TEXT_SIZE];
		struct error err;

		if (!sftp_read_pin(bad[i], pin, &err))
			fail_msg("%s", bad[i]);
		assert_int_equal(err.kind, ERROR_USAGE);
	}
}

static void paths_begin_in_the_start_folder(void **state)
{
	static const struct {
		const char *path, *url;
	} cases[] = {
		{ "a", "sftp://r:22/~/a" },
		{ "usb1/a.tar", "sftp://r:22/~/usb1/a.tar" },
		{ "u/a b", "sftp://r:22/~/u/a%20b" },
		{ "100%#?&", "sftp://r:22/~/100%25%23%3F%26" },
		{ "\303\274", "sftp://r:22/~/%C3%BC" },
		{ "", "sftp://r:22/~/" },
	};
	const struct sftp_options options = {
		.host = "r",
		.user = "admin",
		.password = "x",
	};
	struct sftp *sftp = new_or_skip(&options);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *url = sftp_url(sftp, cases[i].path);

		assert_string_equal(url, cases[i].url);
		free(url);
	}
	sftp_free(sftp);
	sftp_free(NULL);
}

static void a_key_that_is_missing_is_told_before_anything_is_sent(void **state)
{
	const struct sftp_options options = {
		.host = "192.0.2.1",
		.user = "admin",
		.identity = "/nowhere/id",
	};
	struct sftp *sftp = new_or_skip(&options);
	struct error err;
	int64_t size;

	assert_int_equal(sftp_size(sftp, "x", &size, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nowhere/id"));
	sftp_free(sftp);
}

static void local_files_are_looked_at_first(void **state)
{
	const struct sftp_options options = {
		.host = "192.0.2.1",
		.user = "admin",
		.password = "x",
	};
	struct sftp *sftp = new_or_skip(&options);
	struct error err;

	assert_int_equal(sftp_upload(sftp, "/nowhere/f", "x", 0, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_int_equal(sftp_upload(sftp, "/", "x", 0, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	assert_int_equal(
		sftp_upload(sftp, "/proc/self/maps", "x", 1, &err), -1);
	assert_int_equal(err.kind, ERROR_VERIFY);
	sftp_free(sftp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_are_as_ssh_keygen_prints_them),
		cmocka_unit_test(other_pins_are_refused),
		cmocka_unit_test(paths_begin_in_the_start_folder),
		cmocka_unit_test(
			a_key_that_is_missing_is_told_before_anything_is_sent),
		cmocka_unit_test(local_files_are_looked_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
