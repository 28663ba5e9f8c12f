/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/known_hosts.h"

/* ssh-keygen -H of lines for "router" and "[router]:2222". */
#define HASHED_22                                                              \
	"|1|Bc0ORkn0nAkvDklJPLt+6JWqRok=|rfQIJOVqYEUmX+9RXNNH/TxZiDQ= "        \
	"ssh-ed25519 AAAA\n"
#define HASHED_2222                                                            \
	"|1|s1oVT67TbHrXVX9J7g+pEPiKqHY=|26b5j0GhjE2m1g/WTjqI6A4v2kE= "        \
	"ssh-ed25519 BBBB\n"

/* The keys that are found, with blanks between them; "!" are revoked ones. */
static char *keys_of(const char *text, const char *host, unsigned port)
{
	struct known_hosts found;
	struct arena arena;
	struct buf keys;

	arena_init(&arena);
	buf_init(&keys, 10000);
	known_hosts_find(&found, slice_of(text), host, port, &arena);
	for (size_t i = 0; i < found.n; i++)
		buf_printf(&keys, "%s%s%.*s", i ? " " : "",
			found.items[i].is_revoked ? "!" : "",
			SLICE_ARGS(found.items[i].key));
	arena_release(&arena);
	if (!keys.len)
		buf_add_str(&keys, "-");
	return buf_take(&keys);
}

struct known_case {
	const char *text, *host;
	unsigned port;
	const char *keys;
};

static void check_all(const struct known_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *keys =
			keys_of(cases[i].text, cases[i].host, cases[i].port);

		if (strcmp(keys, cases[i].keys) != 0)
			fail_msg("%s:%u in \"%s\": %s instead of %s",
				cases[i].host, cases[i].port, cases[i].text,
				keys, cases[i].keys);
		free(keys);
	}
}

static void names_and_patterns_are_those_of_the_host_and_port(void **state)
{
	static const struct known_case cases[] = {
		{ "router ssh-rsa K", "router", 22, "K" },
		{ "Router ssh-rsa K", "rOUTER", 22, "K" },
		{ "router ssh-rsa K", "router", 2222, "-" },
		{ "router ssh-rsa K", "routers", 22, "-" },
		{ "routers ssh-rsa K", "router", 22, "-" },
		{ "[router]:2222 ssh-rsa K", "router", 2222, "K" },
		{ "[router]:2222 ssh-rsa K", "router", 22, "-" },
		{ "a,router,b ssh-rsa K", "router", 22, "K" },
		{ "192.0.2.? ssh-rsa K", "192.0.2.1", 22, "K" },
		{ "192.0.2.? ssh-rsa K", "192.0.2.11", 22, "-" },
		{ "*.lan ssh-rsa K", "r.a.lan", 22, "K" },
		{ "*.lan ssh-rsa K", "r.lane", 22, "-" },
		{ "*a*b ssh-rsa K", "xaxbxb", 22, "K" },
		{ "* ssh-rsa K", "router", 22, "K" },
		{ "*,!router ssh-rsa K", "router", 22, "-" },
		{ "!router,* ssh-rsa K", "router", 22, "-" },
		{ "!router ssh-rsa K", "other", 22, "-" },
		{ "2001:db8::1 ssh-rsa K", "2001:DB8::1", 22, "K" },
	};

	check_all(cases, ARRAY_SIZE(cases));
}

static void hashed_names_are_those_of_ssh_keygen(void **state)
{
	static const struct known_case cases[] = {
		{ HASHED_22 HASHED_2222, "router", 22, "AAAA" },
		{ HASHED_22 HASHED_2222, "router", 2222, "BBBB" },
		{ HASHED_22 HASHED_2222, "other", 22, "-" },
		{ "|1| ssh-rsa K", "router", 22, "-" },
		{ "|1|| ssh-rsa K", "router", 22, "-" },
		{ "|1|AAAA|AAAA ssh-rsa K", "router", 22, "-" },
		{ "|2|Bc0ORkn0nAkvDklJPLt+6JWqRok=|"
		  "rfQIJOVqYEUmX+9RXNNH/TxZiDQ= ssh-rsa K",
			"router", 22, "-" },
	};

	check_all(cases, ARRAY_SIZE(cases));
}

static void lines_that_mean_nothing_are_passed_over(void **state)
{
	static const struct known_case cases[] = {
		{ "", "router", 22, "-" },
		{ "router", "router", 22, "-" },
		{ "router ssh-rsa", "router", 22, "-" },
		{ "# router ssh-rsa K", "router", 22, "-" },
		{ "\n\nrouter 1024 35 123\nrouter x\nrouter ssh-rsa K\n",
			"router", 22, "35 K" },
		{ "@cert-authority router ssh-rsa K", "router", 22, "-" },
		{ "@other router ssh-rsa K", "router", 22, "-" },
		{ "@revoked router ssh-rsa K\nrouter ssh-rsa L", "router", 22,
			"!K L" },
		{ " \trouter\t ssh-rsa  K a comment\r\n", "router", 22, "K" },
		{ "router ssh-rsa K\001", "router", 22, "-" },
	};

	check_all(cases, ARRAY_SIZE(cases));
}

static void a_key_is_the_same_or_another_or_revoked(void **state)
{
	static const struct {
		const char *text, *key;
		enum known_hosts_verdict verdict;
	} cases[] = {
		{ "", "K", KNOWN_HOSTS_UNKNOWN },
		{ "r ssh-rsa K", "K", KNOWN_HOSTS_SAME },
		{ "r ssh-rsa K", "k", KNOWN_HOSTS_OTHER },
		{ "r ssh-rsa L\nr ssh-rsa K", "K", KNOWN_HOSTS_SAME },
		{ "r ssh-rsa K\nr ssh-rsa L", "K", KNOWN_HOSTS_SAME },
		{ "@revoked r ssh-rsa K", "K", KNOWN_HOSTS_REVOKED },
		{ "@revoked r ssh-rsa K", "L", KNOWN_HOSTS_UNKNOWN },
		{ "r ssh-rsa K\n@revoked * ssh-rsa K", "K",
			KNOWN_HOSTS_REVOKED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct known_hosts found;
		struct arena arena;

		arena_init(&arena);
		known_hosts_find(
			&found, slice_of(cases[i].text), "r", 22, &arena);
		assert_int_equal(
			known_hosts_judge(&found, slice_of(cases[i].key)),
			cases[i].verdict);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			names_and_patterns_are_those_of_the_host_and_port),
		cmocka_unit_test(hashed_names_are_those_of_ssh_keygen),
		cmocka_unit_test(lines_that_mean_nothing_are_passed_over),
		cmocka_unit_test(a_key_is_the_same_or_another_or_revoked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
