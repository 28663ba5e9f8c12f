/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/apk_key_fixture.h"
#include "unit/scratch.h"

#include "apk/keyring.h"
#include "base/file.h"
#include "base/path.h"

static const struct slice message = { "the signed bytes", 16 };

/* Two keys for all tests: making one takes a while. */
struct keys {
	struct apk_key a, b;
	struct keyring ring; /* a.pub, b.pub */
};

static int make_keys(void **state)
{
	struct keys *keys = memory_zero(1, sizeof(*keys));
	struct error err;

	apk_key_init(&keys->a, 2048);
	apk_key_init(&keys->b, 2048);
	if (keyring_add(&keys->ring, "a.pub", "here", buf_slice(&keys->a.pem),
		    &err) ||
		keyring_add(&keys->ring, "b.pub", "here",
			buf_slice(&keys->b.pem), &err))
		return -1;
	*state = keys;
	return 0;
}

static int free_keys(void **state)
{
	struct keys *keys = *state;

	keyring_release(&keys->ring);
	apk_key_release(&keys->a);
	apk_key_release(&keys->b);
	free(keys);
	return 0;
}

static void add_fails(struct keyring *ring, const char *name, struct slice pem,
	enum error_kind kind, const char *want)
{
	struct error err = { .text = "nothing" };
	size_t n = ring->n;

	assert_int_equal(keyring_add(ring, name, "there", pem, &err), -1);
	assert_string_equal(err.text, want);
	assert_int_equal(err.kind, kind);
	assert_int_equal(ring->n, n);
}

static void a_key_is_found_by_its_name(void **state)
{
	const struct keys *keys = *state;
	const struct key *key = keyring_find(&keys->ring, slice_of("b.pub"));
	SCOPED_FREE char *names = keyring_names(&keys->ring);
	struct digest want =
		digest_of(DIGEST_SHA256, keys->b.pem.data, keys->b.pem.len);

	assert_non_null(key);
	assert_string_equal(key->name, "b.pub");
	assert_string_equal(key->origin, "here");
	assert_int_equal(key->bits, 2048);
	assert_true(digest_eq(&key->sha256, &want));
	assert_true(slice_eq(key->pem, buf_slice(&keys->b.pem)));
	assert_null(keyring_find(&keys->ring, slice_of("b.pu")));
	assert_null(keyring_find(&keys->ring, slice_of("")));
	assert_string_equal(names, "a.pub b.pub");
}

static void every_algorithm_verifies_what_openssl_signs(void **state)
{
	static const struct {
		const char *name;
		enum digest_kind kind;
	} algorithms[] = { { "RSA", DIGEST_SHA1 }, { "RSA256", DIGEST_SHA256 },
		{ "RSA512", DIGEST_SHA512 } };
	const struct keys *keys = *state;

	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		SCOPED_BUF struct buf s;
		struct digest d =
			digest_of(algorithms[i].kind, message.ptr, message.len);

		buf_init(&s, 1000);
		apk_key_sign(&keys->a, algorithms[i].name, message, &s);
		assert_true(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
		assert_false(key_verify(keys->ring.keys[1], &d, buf_slice(&s)));
		d.bytes[0] ^= 1;
		assert_false(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
	}
}

static void the_algorithm_is_part_of_what_is_signed(void **state)
{
	const struct keys *keys = *state;
	SCOPED_BUF struct buf s;
	struct digest d = digest_of(DIGEST_SHA256, message.ptr, message.len);

	buf_init(&s, 1000);
	apk_key_sign(&keys->a, "RSA", message, &s);
	assert_false(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
	d.kind = DIGEST_NONE;
	assert_false(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
}

static void a_signature_with_any_bit_changed_is_bad(void **state)
{
	const struct keys *keys = *state;
	SCOPED_BUF struct buf s;
	struct digest d = digest_of(DIGEST_SHA1, message.ptr, message.len);

	buf_init(&s, 1000);
	apk_key_sign(&keys->a, "RSA", message, &s);
	for (size_t i = 0; i < s.len; i++) {
		s.data[i] ^= (char)(1 << i % 8);
		assert_false(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
		s.data[i] ^= (char)(1 << i % 8);
	}
	assert_true(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
}

static void a_signature_of_another_length_is_bad(void **state)
{
	const struct keys *keys = *state;
	SCOPED_BUF struct buf s;
	struct digest d = digest_of(DIGEST_SHA1, message.ptr, message.len);

	buf_init(&s, 1000);
	apk_key_sign(&keys->a, "RSA", message, &s);
	for (size_t n = 0; n < s.len; n++)
		assert_false(key_verify(
			keys->ring.keys[0], &d, slice_make(s.data, n)));
	buf_add(&s, "", 1);
	assert_false(key_verify(keys->ring.keys[0], &d, buf_slice(&s)));
}

/* The same number once more around: signature + modulus. */
static void a_signature_beyond_the_modulus_is_bad(void **state)
{
	const struct keys *keys = *state;
	char ones[256];
	struct digest d = digest_of(DIGEST_SHA1, message.ptr, message.len);

	memset(ones, 0xff, sizeof(ones));
	assert_false(key_verify(
		keys->ring.keys[0], &d, slice_make(ones, sizeof(ones))));
	memset(ones, 0, sizeof(ones));
	assert_false(key_verify(
		keys->ring.keys[0], &d, slice_make(ones, sizeof(ones))));
}

/* Raw RSA over a block of the test's own making. */
static bool verifies_block(const struct keys *keys, const unsigned char *em)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(keys->a.pair, NULL);
	struct digest d = digest_of(DIGEST_SHA256, message.ptr, message.len);
	unsigned char s[256];
	size_t n = sizeof(s);

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	assert_int_equal(EVP_PKEY_sign(ctx, s, &n, em, 256), 1);
	EVP_PKEY_CTX_free(ctx);
	return key_verify(keys->ring.keys[0], &d, slice_make(s, n));
}

/* Bleichenbacher's forgery lives on a verifier that parses the padding. */
static void the_whole_padding_counts(void **state)
{
	static const unsigned char prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06,
		0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
		0x05, 0x00, 0x04, 0x20 };
	struct digest d = digest_of(DIGEST_SHA256, message.ptr, message.len);
	unsigned char em[256];

	memset(em, 0xff, sizeof(em));
	em[0] = 0;
	em[1] = 1;
	em[256 - 32 - sizeof(prefix) - 1] = 0;
	memcpy(em + 256 - 32 - sizeof(prefix), prefix, sizeof(prefix));
	memcpy(em + 256 - 32, d.bytes, 32);
	assert_true(verifies_block(*state, em));
	em[2] = 0xfe;
	assert_false(verifies_block(*state, em));
	em[2] = 0xff;
	em[1] = 2;
	assert_false(verifies_block(*state, em));
	em[1] = 1;
	em[100] = 0;
	assert_false(verifies_block(*state, em));
	/* The digest at the front, rubbish behind it. */
	memset(em + 10, 0xaa, 246);
	em[10] = 0;
	memcpy(em + 11, prefix, sizeof(prefix));
	memcpy(em + 11 + sizeof(prefix), d.bytes, 32);
	assert_false(verifies_block(*state, em));
}

static void the_same_key_twice_is_one(void **state)
{
	struct keys *keys = *state;
	struct error err;

	assert_int_equal(keyring_add(&keys->ring, "a.pub", "there",
				 buf_slice(&keys->a.pem), &err),
		0);
	assert_int_equal(keys->ring.n, 2);
	assert_string_equal(keys->ring.keys[0]->origin, "here");
}

static void another_key_of_the_same_name_is_refused(void **state)
{
	struct keys *keys = *state;

	add_fails(&keys->ring, "a.pub", buf_slice(&keys->b.pem), ERROR_VERIFY,
		"there: key a.pub: another key of this name is known already "
		"(from here, this one is from there)");
}

static void bad_names_are_refused(void **state)
{
	struct keys *keys = *state;
	struct slice pem = buf_slice(&keys->a.pem);

	add_fails(&keys->ring, "x/a.pub", pem, ERROR_INPUT,
		"there: key x/a.pub: the name of a key must not have \"/\"");
	add_fails(&keys->ring, "a.pem", pem, ERROR_INPUT,
		"there: key a.pem: the name of a key must end in \".pub\"");
	add_fails(&keys->ring, ".pub", pem, ERROR_INPUT,
		"there: key .pub: the name of a key must end in \".pub\"");
	add_fails(&keys->ring, "a\n.pub", pem, ERROR_INPUT,
		"there: key a\n.pub: the name of a key must not have control "
		"characters");
}

/* RFC 8410 section 10.1 */
static const char ed25519[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
	"-----END PUBLIC KEY-----\n";

static void what_is_no_rsa_key_is_refused(void **state)
{
	static const char *const texts[] = { "", "text",
		"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
		ed25519 };
	struct keys *keys = *state;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		add_fails(&keys->ring, "c.pub", slice_of(texts[i]), ERROR_INPUT,
			"there: key c.pub: not an RSA public key, expected "
			"PEM with BEGIN PUBLIC KEY");
}

/* Wherever it is cut, or a byte is another one, nothing worse happens. */
static void a_damaged_key_is_refused_or_another_key(void **state)
{
	struct keys *keys = *state;
	SCOPED_BUF struct buf pem;
	struct error err;

	buf_init(&pem, KEY_FILE_MAX);
	buf_add_slice(&pem, buf_slice(&keys->a.pem));
	for (size_t i = 0; i < pem.len; i++) {
		struct keyring ring = { 0 };
		char was = pem.data[i];

		if (i < pem.len - sizeof("-----END PUBLIC KEY-----"))
			assert_int_equal(keyring_add(&ring, "x.pub", "t",
						 slice_make(pem.data, i), &err),
				-1);
		pem.data[i] = was == 'A' ? 'B' : 'A';
		if (!keyring_add(&ring, "y.pub", "t", buf_slice(&pem), &err))
			assert_int_equal(ring.n, 1);
		pem.data[i] = was;
		keyring_release(&ring);
	}
}

static void a_key_too_short_is_refused(void **state)
{
	struct keys *keys = *state;
	struct apk_key weak;

	apk_key_init(&weak, 1024);
	add_fails(&keys->ring, "c.pub", buf_slice(&weak.pem), ERROR_INPUT,
		"there: key c.pub: an RSA key of 1024 bits, expected 2048 to "
		"16384");
	apk_key_release(&weak);
}

static void write_file(const char *dir, const char *name, struct slice bytes)
{
	SCOPED_FREE char *path = path_join(dir, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	fclose(file);
}

static void a_folder_gives_its_pub_files_in_bytewise_order(void **state)
{
	struct keyring ring = { 0 };
	struct apk_key key;
	struct error err;

	apk_key_init(&key, 2048);
	write_file(*state, "b.pub", buf_slice(&key.pem));
	write_file(*state, "B.pub", buf_slice(&key.pem));
	write_file(*state, "a.rsa.pub", buf_slice(&key.pem));
	write_file(*state, "README", slice_of("text"));
	write_file(*state, ".hidden.pub", slice_of("text"));
	assert_int_equal(keyring_add_folder(&ring, *state, &err), 0);
	assert_int_equal(ring.n, 3);
	assert_string_equal(ring.keys[0]->name, "B.pub");
	assert_string_equal(ring.keys[1]->name, "a.rsa.pub");
	assert_string_equal(ring.keys[2]->name, "b.pub");
	assert_string_equal(ring.keys[0]->origin, *state);
	write_file(*state, "a.x.pub", slice_of("text"));
	assert_int_equal(keyring_add_folder(&ring, *state, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, "key a.x.pub: not an RSA public"));
	keyring_release(&ring);
	apk_key_release(&key);
}

static void a_folder_that_is_not_there_is_not_found(void **state)
{
	SCOPED_FREE char *dir = path_join(*state, "none");
	struct keyring ring = { 0 };
	struct error err;

	assert_int_equal(keyring_add_folder(&ring, dir, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	keyring_release(&ring);
}

int main(void)
{
	const struct CMUnitTest with_keys[] = {
		cmocka_unit_test(a_key_is_found_by_its_name),
		cmocka_unit_test(every_algorithm_verifies_what_openssl_signs),
		cmocka_unit_test(the_algorithm_is_part_of_what_is_signed),
		cmocka_unit_test(a_signature_with_any_bit_changed_is_bad),
		cmocka_unit_test(a_signature_of_another_length_is_bad),
		cmocka_unit_test(a_signature_beyond_the_modulus_is_bad),
		cmocka_unit_test(the_whole_padding_counts),
		cmocka_unit_test(the_same_key_twice_is_one),
		cmocka_unit_test(another_key_of_the_same_name_is_refused),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(what_is_no_rsa_key_is_refused),
		cmocka_unit_test(a_damaged_key_is_refused_or_another_key),
		cmocka_unit_test(a_key_too_short_is_refused),
		SCRATCH_TEST(a_folder_gives_its_pub_files_in_bytewise_order),
		SCRATCH_TEST(a_folder_that_is_not_there_is_not_found),
	};

	return cmocka_run_group_tests(with_keys, make_keys, free_keys);
}
