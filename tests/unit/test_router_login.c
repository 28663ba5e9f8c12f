/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/router_login.h"

static int setup(void **state)
{
	struct arena *arena = memory_zero(1, sizeof(*arena));

	arena_init(arena);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static void assert_login(
	void **state, const char *target, const char *user, const char *host)
{
	struct router_login login;
	struct error err;

	if (router_login_parse(&login, target, *state, &err))
		fail_msg("%s: %s", target, err.text);
	assert_string_equal(login.user, user);
	assert_string_equal(login.host, host);
}

static void assert_refused(void **state, const char *target, const char *why)
{
	struct router_login login;
	struct error err = { 0 };

	assert_int_equal(router_login_parse(&login, target, *state, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
	if (!strstr(err.text, why))
		fail_msg("%s: no \"%s\" in: %s", target, why, err.text);
}

static void user_and_router_are_told_apart(void **state)
{
	assert_login(state, "admin@192.168.88.1", "admin", "192.168.88.1");
	assert_login(state, "deploy@router.lan", "deploy", "router.lan");
	assert_login(state, "a@b@c", "a@b", "c");
	assert_login(state, "ad-min.1@r_1", "ad-min.1", "r_1");
}

static void brackets_of_ipv6_are_taken_off(void **state)
{
	assert_login(state, "admin@[fd00::1]", "admin", "fd00::1");
	assert_login(state, "admin@[fe80::1%eth0]", "admin", "fe80::1%eth0");
	assert_login(
		state, "admin@[::ffff:10.0.0.1]", "admin", "::ffff:10.0.0.1");
}

static void what_is_no_login_is_refused(void **state)
{
	assert_refused(state, "", "no \"@\"");
	assert_refused(state, "192.168.88.1", "no \"@\"");
	assert_refused(state, "@r", "no user name");
	assert_refused(state, "a b@r", "blanks");
	assert_refused(state, "a\033@r", "control characters");
	assert_refused(state, "admin@", "names no router");
	assert_refused(state, "admin@-oProxy", "names no router");
	assert_refused(state, "admin@r/x", "names no router");
	assert_refused(state, "admin@r x", "names no router");
	assert_refused(state, "admin@192.168.88", "no IPv4 address");
	assert_refused(state, "admin@192.168.88.256", "no IPv4 address");
	assert_refused(state, "admin@[fd00::1", "not closed");
	assert_refused(state, "admin@[]", "no IPv6 address");
	assert_refused(state, "admin@[fd00::1%]", "no IPv6 address");
	assert_refused(state, "admin@[fd00::1%e/x]", "no IPv6 address");
	assert_refused(state, "admin@[192.168.88.1]", "no IPv6 address");
	assert_refused(state, "admin@fd00::1", "without brackets");
	assert_refused(state, "https://admin@r", "is a URL");
}

static void ports_have_options_of_their_own(void **state)
{
	assert_refused(state, "admin@r:8443", "--https-port");
	assert_refused(state, "admin@[fd00::1]:8443", "--https-port");
}

static void passwords_are_refused_and_not_repeated(void **state)
{
	static const char *const targets[] = { "admin:geheim@r",
		"admin:geheim@[fd00::1]", "admin:ge@geheim@r",
		"https://admin:geheim@r/", "admin@geheim:x@r", "admin@r:geheim",
		"geheim" };
	struct router_login login;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		assert_int_equal(
			router_login_parse(&login, targets[i], *state, &err),
			-1);
		assert_null(strstr(err.text, "geheim"));
	}
	assert_refused(state, "admin:geheim@r", "ALPBUILD_ROUTER_PASSWORD");
}

static void long_names_are_refused(void **state)
{
	SCOPED_FREE char *text = memory_zero(1000, 1);

	memset(text, 'x', 66);
	text[65] = '@';
	text[66] = 'r';
	assert_refused(state, text, "too long");
	memset(text, 'x', 300);
	text[1] = '@';
	assert_refused(state, text, "names no router");
}

static void empty_password_of_the_environment_is_none(void **state)
{
	unsetenv(LOGIN_PASSWORD_ENV);
	assert_null(router_login_environment());
	setenv(LOGIN_PASSWORD_ENV, "", 1);
	assert_null(router_login_environment());
	setenv(LOGIN_PASSWORD_ENV, "x y", 1);
	assert_string_equal(router_login_environment(), "x y");
	unsetenv(LOGIN_PASSWORD_ENV);
}

static void released_password_is_wiped(void **state)
{
	struct router_login login = { .password = "geheim" };

	router_login_release(&login);
	for (size_t i = 0; i < sizeof(login.password); i++)
		assert_int_equal(login.password[i], 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(user_and_router_are_told_apart),
		TEST(brackets_of_ipv6_are_taken_off),
		TEST(what_is_no_login_is_refused),
		TEST(ports_have_options_of_their_own),
		TEST(passwords_are_refused_and_not_repeated),
		TEST(long_names_are_refused),
		TEST(empty_password_of_the_environment_is_none),
		TEST(released_password_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
