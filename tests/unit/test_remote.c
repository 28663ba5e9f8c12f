/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "io/remote.h"

static int init(struct remote *remote, const char *scheme, const char *host,
	struct error *err)
{
	const struct remote_options options = {
		.scheme = scheme,
		.host = host,
		.port = 8443,
		.user = "admin",
	};

	return remote_init(remote, &options, err);
}

static void hosts_get_names_for_people_and_for_urls(void **state)
{
	static const struct {
		const char *host, *name, *url;
	} cases[] = {
		{ "router", "router:8443", "https://admin@router:8443/a" },
		{ "192.0.2.1", "192.0.2.1:8443",
			"https://admin@192.0.2.1:8443/a" },
		{ "my_router-1.lan.", "my_router-1.lan.:8443",
			"https://admin@my_router-1.lan.:8443/a" },
		{ "b\303\274ro.lan", "b\303\274ro.lan:8443",
			"https://admin@b\303\274ro.lan:8443/a" },
		{ "2001:db8::1", "[2001:db8::1]:8443",
			"https://admin@[2001:db8::1]:8443/a" },
		{ "fe80::1%eth0", "[fe80::1%eth0]:8443",
			"https://admin@[fe80::1%25eth0]:8443/a" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct remote remote;
		struct error err;
		char *url;

		if (init(&remote, "https", cases[i].host, &err))
			fail_msg("%s", err.text);
		assert_string_equal(remote.name, cases[i].name);
		url = remote_url(&remote, "/a");
		assert_string_equal(url, cases[i].url);
		free(url);
		remote_release(&remote);
	}
}

static void a_url_names_the_user_where_netrc_has_the_password(void **state)
{
	const struct remote_options options = {
		.scheme = "https",
		.host = "router",
		.port = 443,
		.user = "a@b/\303\274:",
		.password = "secret",
	};
	struct remote remote;
	struct error err;
	char *url;

	if (remote_init(&remote, &options, &err))
		fail_msg("%s", err.text);
	url = remote_url(&remote, "/x");
	assert_string_equal(url, "https://router:443/x");
	free(url);
	remote_set_password(&remote, NULL);
	url = remote_url(&remote, "");
	assert_string_equal(url, "https://a%40b%2F%C3%BC%3A@router:443");
	free(url);
	remote_release(&remote);
}

static void what_could_change_a_url_is_no_host(void **state)
{
	static const char *const bad[] = { "", "a/b", "a@b", "user:pw@b", "a?b",
		"a#b", "a b", "a%2fb", "[::1]", "::1]", "a\nb", "a\\b" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct remote remote;
		struct error err;

		assert_int_equal(init(&remote, "https", bad[i], &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		remote_release(&remote);
	}
}

static void a_protocol_that_libcurl_lacks_is_told(void **state)
{
	struct remote remote;
	struct error err;

	assert_int_equal(init(&remote, "sneakernet", "router", &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_non_null(strstr(err.text, " here cannot do sneakernet: "
					 "install one that can"));
	remote_release(&remote);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_get_names_for_people_and_for_urls),
		cmocka_unit_test(
			a_url_names_the_user_where_netrc_has_the_password),
		cmocka_unit_test(what_could_change_a_url_is_no_host),
		cmocka_unit_test(a_protocol_that_libcurl_lacks_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
