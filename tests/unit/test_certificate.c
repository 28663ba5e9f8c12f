/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "io/certificate.h"
#include "unit/certificate_fixture.h"

static int setup(void **state)
{
	struct error err;

	*state = certificate_reader_new(&err);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	certificate_reader_free(*state);
	certificate_reader_free(NULL);
	return 0;
}

static struct certificate read_text(void **state, const char *pem)
{
	struct certificate c;
	struct error err;

	if (certificate_read(*state, slice_of(pem), &c, &err))
		fail_msg("%s", err.text);
	return c;
}

static void the_hash_is_of_the_subject_as_openssl_has_it(void **state)
{
	static const struct {
		const char *pem;
		uint32_t hash;
	} cases[] = {
		{ SAME_A, HASH_SAME },
		{ SAME_B, HASH_SAME },
		{ OTHER, HASH_OTHER },
		{ SPACED, HASH_SPACED },
		{ "a title\n" OTHER "the end\n", HASH_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct certificate c = read_text(state, cases[i].pem);

		assert_int_equal(c.kind, CERTIFICATE_PLAIN);
		assert_int_equal(c.name_hash, cases[i].hash);
	}
}

static void the_fingerprint_tells_certificates_apart(void **state)
{
	struct certificate a = read_text(state, SAME_A);
	struct certificate b = read_text(state, SAME_B);
	struct certificate again = read_text(state, "# the same\n" SAME_A);

	assert_int_equal(a.fingerprint.kind, DIGEST_SHA256);
	assert_false(digest_eq(&a.fingerprint, &b.fingerprint));
	assert_true(digest_eq(&a.fingerprint, &again.fingerprint));
}

/* openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst
   -sha256 -binary | base64 */
static void the_key_has_a_digest_of_its_own(void **state)
{
	struct certificate a = read_text(state, SAME_A);
	struct certificate crl = read_text(state, OTHER_CRL);
	char text[DIGEST_BASE64_SIZE];

	assert_string_equal(digest_base64(&a.key, text),
		"Dz/NUmstH0ho0AHVqJOTLiKwMqhQwdX2MqLz7CUKBrg=");
	assert_int_equal(crl.key.kind, DIGEST_NONE);
}

static void lists_of_revoked_ones_go_by_their_issuer(void **state)
{
	struct certificate c = read_text(state, OTHER_CRL);

	assert_int_equal(c.kind, CERTIFICATE_CRL);
	assert_int_equal(c.name_hash, HASH_OTHER);
}

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

static void what_is_not_exactly_one_is_none(void **state)
{
	static const char *const cases[] = { "", "junk\n", SAME_A OTHER,
		OTHER SAME_A OTHER_CRL, BEGIN, BEGIN END, BEGIN "!!!!\n" END,
		BEGIN "MIIBAAAA\n" END, SAME_A BEGIN "MIIBAAAA\n" END,
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
		"AAAAAAAAAAAAAAAAAAAAAA==\n" END };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
			read_text(state, cases[i]).kind, CERTIFICATE_NONE);
}

static void a_text_that_is_cut_off_is_none(void **state)
{
	for (size_t n = 0; n < strlen(OTHER) - 1; n++) {
		struct certificate c;
		struct error err;

		assert_int_equal(certificate_read(*state, slice_make(OTHER, n),
					 &c, &err),
			0);
		if (n < strlen(OTHER) - sizeof("\n"))
			assert_int_equal(c.kind, CERTIFICATE_NONE);
	}
}

static void a_text_that_is_too_long_is_none(void **state)
{
	SCOPED_BUF struct buf text;
	struct certificate c;
	struct error err;

	buf_init(&text, 2 * CERTIFICATE_TEXT_MAX);
	buf_add_str(&text, OTHER);
	while (text.len <= CERTIFICATE_TEXT_MAX)
		buf_add_str(&text, "a line of no meaning\n");
	assert_int_equal(
		certificate_read(*state, buf_slice(&text), &c, &err), 0);
	assert_int_equal(c.kind, CERTIFICATE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_of_the_subject_as_openssl_has_it),
		cmocka_unit_test(the_fingerprint_tells_certificates_apart),
		cmocka_unit_test(the_key_has_a_digest_of_its_own),
		cmocka_unit_test(lists_of_revoked_ones_go_by_their_issuer),
		cmocka_unit_test(what_is_not_exactly_one_is_none),
		cmocka_unit_test(a_text_that_is_cut_off_is_none),
		cmocka_unit_test(a_text_that_is_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
