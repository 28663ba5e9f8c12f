/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/digest.h"
#include "base/file.h"

/* FIPS 180-4 examples: the empty message, "abc", a million times "a". */
#define ABC_256                                                                \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_512                                                                \
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"     \
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
#define ABC_1 "a9993e364706816aba3e25717850c26c9cd0d89d"
#define EMPTY_256                                                              \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MILLION_256                                                            \
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void known_messages_have_known_digests(void **state)
{
	char hex[DIGEST_HEX_SIZE];
	struct digest d;

	d = digest_of(DIGEST_SHA256, "abc", 3);
	assert_string_equal(digest_hex(&d, hex), ABC_256);
	d = digest_of(DIGEST_SHA512, "abc", 3);
	assert_string_equal(digest_hex(&d, hex), ABC_512);
	d = digest_of(DIGEST_SHA256, NULL, 0);
	assert_string_equal(digest_hex(&d, hex), EMPTY_256);
	d = digest_of(DIGEST_SHA1, "abc", 3);
	assert_string_equal(digest_hex(&d, hex), ABC_1);
	assert_int_equal(digest_size(DIGEST_SHA1), 20);
}

/* openssl dgst -sha256 -binary | base64: one "=" and two at the end. */
static void base64_is_what_others_print(void **state)
{
	char text[DIGEST_BASE64_SIZE];
	struct digest d = digest_of(DIGEST_SHA256, "abc", 3);

	assert_string_equal(digest_base64(&d, text),
		"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	d = digest_of(DIGEST_SHA512, "abc", 3);
	assert_string_equal(digest_base64(&d, text),
		"3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/"
		"uu9RU1EI2Q86A4qmslPpUyknw==");
	d = digest_of(DIGEST_SHA1, "abc", 3);
	assert_string_equal(
		digest_base64(&d, text), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
	d = (struct digest){ .kind = DIGEST_NONE };
	assert_string_equal(digest_base64(&d, text), "");
}

static void the_digest_does_not_depend_on_the_pieces(void **state)
{
	struct digester *digester = digester_new(DIGEST_SHA256);
	char piece[1000], hex[DIGEST_HEX_SIZE];
	struct digest d;
	size_t left = 1000000;

	memset(piece, 'a', sizeof(piece));
	for (size_t n = 1; left; n = n % sizeof(piece) + 1) {
		size_t part = n < left ? n : left;

		digester_add(digester, piece, part);
		left -= part;
	}
	d = digester_finish(digester);
	assert_string_equal(digest_hex(&d, hex), MILLION_256);
	digester_free(digester);
	digester_free(NULL);
}

static void text_forms_are_read_back(void **state)
{
	static const char *const texts[] = { ABC_256, "sha256:" ABC_256,
		ABC_512, "sha512:" ABC_512 };
	char text[DIGEST_TEXT_SIZE];
	struct digest d, back;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(digest_parse(slice_of(texts[i]), &d, &err), 0);
		digest_text(&d, text);
		assert_string_equal(text, texts[i | 1]);
		assert_int_equal(digest_parse(slice_of(text), &back, &err), 0);
		assert_true(digest_eq(&d, &back));
		assert_memory_equal(&d, &back, sizeof(d));
	}
}

static void anything_else_is_no_digest(void **state)
{
	static const char *const texts[] = { "", "sha256:", "abc",
		"sha512:" ABC_256, "sha256:" ABC_512, "sha1:" ABC_256,
		/* SHA-1 is for apk's formats, not for what people ask for */
		ABC_1, "sha1:" ABC_1, ABC_256 " ", " " ABC_256, ABC_256 "00",
		/* upper case: two texts of one digest would be two names */
		"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
		"ad",
		"ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
		"ad",
		"../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
		"ad" };
	struct digest d = { .kind = DIGEST_NONE };
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(
			digest_parse(slice_of(texts[i]), &d, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_int_equal(d.kind, DIGEST_NONE);
	}
	assert_int_equal(digest_parse(slice_of(NULL), &d, &err), -1);
}

static void digests_of_other_kinds_differ(void **state)
{
	struct digest a = digest_of(DIGEST_SHA256, "a", 1);
	struct digest b = digest_of(DIGEST_SHA256, "b", 1);
	struct digest c = a, none = { .kind = DIGEST_NONE };

	assert_true(digest_eq(&a, &c));
	assert_false(digest_eq(&a, &b));
	c.kind = DIGEST_SHA512;
	assert_false(digest_eq(&a, &c));
	assert_false(digest_eq(&a, &none));
	assert_true(digest_eq(&none, &none));
	assert_int_equal(digest_size(DIGEST_NONE), 0);
	assert_int_equal(digest_size(DIGEST_SHA256), 32);
	assert_int_equal(digest_size(DIGEST_SHA512), 64);
}

static void a_file_is_hashed_from_its_start(void **state)
{
	char path[] = "/tmp/alpbuild-unit.XXXXXX", hex[DIGEST_HEX_SIZE];
	SCOPED_FD int fd = mkstemp(path);
	uint64_t size = 0;
	struct error err;
	struct digest d;

	unlink(path);
	assert_int_equal(file_write_all(fd, "abc", 3, &err), 0);
	assert_int_equal(digest_fd(DIGEST_SHA256, fd, &d, &size, &err), 0);
	assert_string_equal(digest_hex(&d, hex), ABC_256);
	assert_int_equal(size, 3);
	assert_int_equal(digest_fd(DIGEST_SHA512, fd, &d, NULL, &err), 0);
	assert_string_equal(digest_hex(&d, hex), ABC_512);
	assert_int_equal(digest_fd(DIGEST_SHA512, -1, &d, NULL, &err), -1);
}

static void a_sink_hashes_what_passes_through(void **state)
{
	char hex[DIGEST_HEX_SIZE];
	SCOPED_BUF struct buf buf;
	struct digest_sink ds;
	struct buf_sink bs;
	struct error err;

	buf_init(&buf, 100);
	buf_sink_init(&bs, &buf);
	digest_sink_init(&ds, DIGEST_SHA256, &bs.sink);
	sink_write_str(&ds.sink, "a");
	sink_write_str(&ds.sink, "bc");
	assert_int_equal(sink_close(&ds.sink, &err), 0);
	assert_string_equal(digest_hex(&ds.digest, hex), ABC_256);
	assert_string_equal(buf.data, "abc");
	digest_sink_release(&ds);
	assert_int_equal(sink_close(&bs.sink, &err), 0);
}

static void a_sink_tells_the_error_of_the_next_one(void **state)
{
	SCOPED_BUF struct buf buf;
	struct digest_sink ds;
	struct buf_sink bs;
	struct error err;

	buf_init(&buf, 2);
	buf_sink_init(&bs, &buf);
	digest_sink_init(&ds, DIGEST_SHA256, &bs.sink);
	sink_write_str(&ds.sink, "abc");
	assert_int_equal(sink_close(&ds.sink, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	digest_sink_release(&ds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_messages_have_known_digests),
		cmocka_unit_test(base64_is_what_others_print),
		cmocka_unit_test(the_digest_does_not_depend_on_the_pieces),
		cmocka_unit_test(text_forms_are_read_back),
		cmocka_unit_test(anything_else_is_no_digest),
		cmocka_unit_test(digests_of_other_kinds_differ),
		cmocka_unit_test(a_file_is_hashed_from_its_start),
		cmocka_unit_test(a_sink_hashes_what_passes_through),
		cmocka_unit_test(a_sink_tells_the_error_of_the_next_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
