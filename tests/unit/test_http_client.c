/* SPDX-License-Identifier: MIT
 *
 * What needs no server; tests/integration/http_client.sh has the rest.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "io/http_client.h"

#define HEX "00112233445566778899aabbccddeeff"
#define COLONS "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

static struct http_client *new_with(const char *host, const char *fingerprint)
{
	const struct http_client_options options = {
		.host = host,
		.user = "admin",
		.fingerprint = fingerprint,
	};
	struct error err = { .kind = ERROR_NONE };
	struct http_client *client = http_client_new(&options, &err);

	if (!client && err.kind != ERROR_USAGE)
		fail_msg("%s", err.text);
	return client;
}

static void fingerprints_are_hex_in_any_case_and_with_colons(void **state)
{
	static const char *const good[] = {
		HEX HEX,
		"00112233445566778899AABBCCDDEEFF" HEX,
		COLONS ":" COLONS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct http_client *client = new_with("router", good[i]);

		assert_non_null(client);
		http_client_free(client);
	}
}

static void other_fingerprints_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		HEX,
		HEX HEX "0",
		HEX HEX HEX HEX,
		"g0112233445566778899aabbccddeeff" HEX,
		"sha256:" HEX HEX,
		HEX " " HEX,
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(new_with("router", bad[i]));
}

static void a_refusal_says_what_is_expected(void **state)
{
	const struct http_client_options options = {
		.host = "router",
		.user = "admin",
		.fingerprint = "abc",
	};
	struct error err;

	assert_null(http_client_new(&options, &err));
	assert_string_equal(err.text,
		"fingerprint \"abc\": expected the SHA-256 fingerprint of a "
		"certificate, 64 hex digits");
}

static void nothing_listens_is_no_connection(void **state)
{
	/* Port 1 of loopback is nobody's. */
	const struct http_client_options options = {
		.host = "127.0.0.1",
		.port = 1,
		.user = "admin",
		.password = "secret",
	};
	const struct http_client_request request = { "GET", "/", NULL };
	struct http_client_answer answer;
	struct error err = { .kind = ERROR_NONE };
	struct http_client *client = http_client_new(&options, &err);

	assert_non_null(client);
	assert_int_equal(http_client_ask(client, &request, &answer, &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_memory_equal(err.text, "127.0.0.1:1: ", 13);
	assert_null(strstr(err.text, "secret"));
	buf_release(&answer.body);
	http_client_free(client);
	http_client_free(NULL);
}

static void what_is_cancelled_already_asks_nobody(void **state)
{
	const volatile int cancel = 1;
	struct http_client *client = new_with("192.0.2.1", NULL);
	const struct http_client_request request = { "GET", "/", NULL };
	struct http_client_answer answer;
	struct error err = { .kind = ERROR_NONE };

	http_client_set_cancel(client, &cancel);
	assert_int_equal(http_client_ask(client, &request, &answer, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	buf_release(&answer.body);
	http_client_free(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			fingerprints_are_hex_in_any_case_and_with_colons),
		cmocka_unit_test(other_fingerprints_are_refused),
		cmocka_unit_test(a_refusal_says_what_is_expected),
		cmocka_unit_test(nothing_listens_is_no_connection),
		cmocka_unit_test(what_is_cancelled_already_asks_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
