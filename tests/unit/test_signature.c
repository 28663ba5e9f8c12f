/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/apk_key_fixture.h"

#include "apk/signature.h"

#define MAX ((size_t)4 << 20)

static void parse(struct signature_list *list, const struct buf *tar)
{
	struct error err;

	if (signature_list_parse(list, buf_slice(tar), "s", &err))
		fail_msg("%s", err.text);
}

static void assert_refused(const struct buf *tar, const char *want)
{
	struct error err = { .text = "nothing" };
	struct signature_list list;

	assert_int_equal(
		signature_list_parse(&list, buf_slice(tar), "s", &err), -1);
	assert_string_equal(err.text, want);
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void every_signature_is_told_in_order(void **state)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA1, DIGEST_SHA256,
		DIGEST_SHA512, DIGEST_NONE };
	struct signature_list list;
	SCOPED_BUF struct buf tar;

	buf_init(&tar, MAX);
	fixture_file(&tar, ".SIGN.RSA.me@x-1.rsa.pub", "one");
	fixture_file(&tar, ".SIGN.RSA256.b.pub", "two");
	fixture_file(&tar, ".SIGN.RSA512.c.pub", "three");
	fixture_file(&tar, ".SIGN.DSA.d.pub", "");
	parse(&list, &tar);
	assert_int_equal(list.n, 4);
	for (size_t i = 0; i < list.n; i++)
		assert_int_equal(list.items[i].digest, kinds[i]);
	assert_true(slice_is(list.items[0].key_name, "me@x-1.rsa.pub"));
	assert_true(slice_is(list.items[0].bytes, "one"));
	assert_true(slice_is(list.items[2].key_name, "c.pub"));
	assert_true(slice_is(list.items[2].bytes, "three"));
	assert_int_equal(list.items[3].bytes.len, 0);
}

/* They outlive the tar reader, so they must be slices of the member. */
static void names_longer_than_a_header_are_whole(void **state)
{
	char name[200] = ".SIGN.RSA.";
	struct signature_list list;
	SCOPED_BUF struct buf tar;

	memset(name + 10, 'k', 150);
	memcpy(name + 160, ".pub", 5);
	buf_init(&tar, MAX);
	fixture_pax(&tar, "path", slice_of(name));
	fixture_file(&tar, "short", "one");
	fixture_special(&tar, 'L', name, strlen(name) + 1);
	fixture_file(&tar, "short", "two");
	parse(&list, &tar);
	assert_int_equal(list.n, 2);
	for (size_t i = 0; i < 2; i++) {
		struct slice key = list.items[i].key_name;

		assert_true(slice_is(key, name + 10));
		assert_true(key.ptr > tar.data && key.ptr < tar.data + tar.len);
	}
}

static void what_is_no_signature_is_refused(void **state)
{
#define NO_NAME ": no name of a signature, expected .SIGN.ALGORITHM.KEY"
	static const struct {
		const char *name;
		char type;
		const char *want;
	} cases[] = {
		{ ".PKGINFO", '0',
			"s: entry .PKGINFO" NO_NAME " without \"/\"" },
		{ "x.SIGN.RSA.a", '0',
			"s: entry x.SIGN.RSA.a" NO_NAME " without \"/\"" },
		{ ".SIGN.RSA.a/b.pub", '0',
			"s: entry .SIGN.RSA.a/b.pub" NO_NAME " without \"/\"" },
		{ "x/.SIGN.RSA.a.pub", '0',
			"s: entry x/.SIGN.RSA.a.pub" NO_NAME " without \"/\"" },
		{ ".SIGN.RSA.../../b.pub", '0',
			"s: entry number 1: path \".SIGN.RSA.../../b.pub\" has "
			"a \"..\" component" },
		{ ".SIGN.RSA", '0', "s: entry .SIGN.RSA" NO_NAME },
		{ ".SIGN.RSA.", '0', "s: entry .SIGN.RSA." NO_NAME },
		{ ".SIGN..a.pub", '0', "s: entry .SIGN..a.pub" NO_NAME },
		{ ".SIGN.RSA.a.pub", '5',
			"s: entry .SIGN.RSA.a.pub: not a regular file, as a "
			"signature must be" },
		{ ".SIGN.RSA.a.pub", '2',
			"s: entry .SIGN.RSA.a.pub: not a regular file, as a "
			"signature must be" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		SCOPED_BUF struct buf tar;

		buf_init(&tar, MAX);
		fixture_add(&tar,
			(struct fixture){ .name = cases[i].name,
				.type = cases[i].type,
				.link = cases[i].type == '2' ? "x" : "" });
		assert_refused(&tar, cases[i].want);
	}
}

static void an_oversized_signature_is_refused(void **state)
{
	SCOPED_FREE char *zeros = memory_zero(SIGNATURE_MAX + 1, 1);
	struct signature_list list;
	SCOPED_BUF struct buf tar;

	buf_init(&tar, MAX);
	fixture_add(&tar, (struct fixture){ .name = ".SIGN.RSA.a.pub",
				  .content = zeros,
				  .size = SIGNATURE_MAX });
	parse(&list, &tar);
	assert_int_equal(list.n, 1);
	fixture_add(&tar, (struct fixture){ .name = ".SIGN.RSA.b.pub",
				  .content = zeros,
				  .size = SIGNATURE_MAX + 1 });
	assert_refused(&tar,
		"s: entry .SIGN.RSA.b.pub: a signature of 65537 bytes (at most "
		"65536)");
}

static void too_many_signatures_are_refused(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, MAX);
	for (int i = 0; i <= SIGNATURES_MAX; i++)
		fixture_file(&tar, ".SIGN.RSA.a.pub", "x");
	assert_refused(&tar, "s: more than 32 signatures");
}

static void blocks_that_end_an_archive_are_refused(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, MAX);
	fixture_file(&tar, ".SIGN.RSA.a.pub", "x");
	fixture_end(&tar);
	assert_refused(&tar,
		"s: after entry .SIGN.RSA.a.pub: 1024 bytes after the last "
		"entry, expected none: this part of a tar archive must not "
		"have the blocks that end one");
}

/* As in apk: a later signature does not make up for a bad first one. */
static void the_first_signature_of_a_known_key_decides(void **state)
{
	struct keyring ring = { 0 };
	const struct key *key = NULL;
	struct signature_list list;
	SCOPED_BUF struct buf tar;
	struct apk_key pair;
	struct error err;

	apk_key_init(&pair, 2048);
	assert_int_equal(
		keyring_add(&ring, "b.pub", "t", buf_slice(&pair.pem), &err) |
			keyring_add(&ring, "c.pub", "t", buf_slice(&pair.pem),
				&err),
		0);
	buf_init(&tar, MAX);
	fixture_file(&tar, ".SIGN.RSA.a.pub", "unknown key");
	fixture_file(&tar, ".SIGN.DSA.b.pub", "unknown algorithm");
	parse(&list, &tar);
	assert_null(signature_choose(&list, &ring, &key));
	fixture_file(&tar, ".SIGN.RSA.c.pub", "bad");
	fixture_file(&tar, ".SIGN.RSA.b.pub", "good");
	parse(&list, &tar);
	assert_ptr_equal(signature_choose(&list, &ring, &key), &list.items[2]);
	assert_string_equal(key->name, "c.pub");
	keyring_release(&ring);
	apk_key_release(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_signature_is_told_in_order),
		cmocka_unit_test(names_longer_than_a_header_are_whole),
		cmocka_unit_test(what_is_no_signature_is_refused),
		cmocka_unit_test(an_oversized_signature_is_refused),
		cmocka_unit_test(too_many_signatures_are_refused),
		cmocka_unit_test(blocks_that_end_an_archive_are_refused),
		cmocka_unit_test(the_first_signature_of_a_known_key_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
