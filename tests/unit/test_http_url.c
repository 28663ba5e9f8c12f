/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "io/http_url.h"

static void scheme_is_told_whatever_its_case(void **state)
{
	assert_int_equal(http_url_scheme("http://a/"), HTTP_SCHEME_HTTP);
	assert_int_equal(http_url_scheme("HTTPS://a/"), HTTP_SCHEME_HTTPS);
	assert_int_equal(http_url_scheme("File:///a"), HTTP_SCHEME_FILE);
	assert_int_equal(http_url_scheme("ftp://a/"), HTTP_SCHEME_OTHER);
	assert_int_equal(http_url_scheme("http:/a"), HTTP_SCHEME_OTHER);
	assert_int_equal(http_url_scheme(""), HTTP_SCHEME_OTHER);
}

static void join_leaves_exactly_one_slash(void **state)
{
	static const char *const cases[][3] = {
		{ "http://a", "b/c", "http://a/b/c" },
		{ "http://a/", "b/c", "http://a/b/c" },
		{ "http://a/x///", "/b", "http://a/x/b" },
		{ "file:///srv/", "b", "file:///srv/b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		SCOPED_FREE char *url = http_url_join(cases[i][0], cases[i][1]);

		assert_string_equal(url, cases[i][2]);
	}
}

static void passwords_are_never_shown(void **state)
{
	static const char *const cases[][2] = {
		{ "https://me:secret@a/b", "https://***@a/b" },
		{ "https://me@a", "https://***@a" },
		{ "https://a:1@b:2@c/d@e", "https://***@c/d@e" },
		{ "https://a/b@c", "https://a/b@c" },
		{ "http://a?x@y", "http://a?x@y" },
		{ "nonsense", "nonsense" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		SCOPED_FREE char *shown = http_url_show(cases[i][0]);

		assert_string_equal(shown, cases[i][1]);
	}
}

static void other_schemes_and_bad_urls_are_usage_errors(void **state)
{
	static const char *const bad[] = {
		"",
		"alpine",
		"ftp://a/b",
		"sftp://a/b",
		"scp://a/b",
		"http://",
		"http:///path",
		"https://user:password@/x",
		"http://a b/",
		"http://a/\n",
		"http://a/\x7f",
		"file://",
		"file://relative/path",
		"file://host/path",
		"file:///a%0",
		"file:///a%zz",
		"file:///a%00b",
	};
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err.kind = ERROR_NONE;
		assert_int_equal(http_url_check(bad[i], &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
	}
}

static void usual_mirrors_are_accepted(void **state)
{
	static const char *const good[] = {
		"https://dl-cdn.alpinelinux.org/alpine",
		"http://127.0.0.1:8080/",
		"http://[::1]:80/x",
		"https://user:pass@mirror/x",
		"file:///srv/alpine",
		"file://localhost/srv/alpine",
	};
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(http_url_check(good[i], &err), 0);
}

static void url_longer_than_the_limit_is_refused(void **state)
{
	char url[HTTP_URL_MAX + 2];
	struct error err = { 0 };

	memset(url, 'a', sizeof(url));
	memcpy(url, "http://", 7);
	url[HTTP_URL_MAX + 1] = '\0';
	assert_int_equal(http_url_check(url, &err), -1);
	url[HTTP_URL_MAX] = '\0';
	assert_int_equal(http_url_check(url, &err), 0);
}

static void file_path_is_percent_decoded(void **state)
{
	struct error err = { 0 };
	SCOPED_FREE char *path =
		http_url_file_path("file:///a%20b/%C3%a4+c", &err);

	assert_string_equal(path, "/a b/\xc3\xa4+c");
}

static void redirects_never_leave_https(void **state)
{
	static const struct {
		const char *from, *to;
		int allowed;
	} cases[] = {
		{ "https://a/", "https://b/", 1 },
		{ "https://a/", "http://b/", 0 },
		{ "https://a/", "HTTP://a/", 0 },
		{ "http://a/", "http://b/", 1 },
		{ "http://a/", "https://b/", 1 },
		{ "http://a/", "file:///etc/passwd", 0 },
		{ "https://a/", "file:///etc/passwd", 0 },
		{ "http://a/", "ftp://b/", 0 },
	};
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(http_url_check_redirect(
					 cases[i].from, cases[i].to, &err),
			cases[i].allowed ? 0 : -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scheme_is_told_whatever_its_case),
		cmocka_unit_test(join_leaves_exactly_one_slash),
		cmocka_unit_test(passwords_are_never_shown),
		cmocka_unit_test(other_schemes_and_bad_urls_are_usage_errors),
		cmocka_unit_test(usual_mirrors_are_accepted),
		cmocka_unit_test(url_longer_than_the_limit_is_refused),
		cmocka_unit_test(file_path_is_percent_decoded),
		cmocka_unit_test(redirects_never_leave_https),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
