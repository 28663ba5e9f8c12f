/* SPDX-License-Identifier: MIT */
#include "unit/apk_opened.h"

#include "apk/signature.h"

static void scripts_come_with_their_package(void **state)
{
	struct package_file file;
	struct apk_fixture apk;
	struct arena arena;
	struct error err;

	make_hello(&apk);
	arena_init(&arena);
	assert_int_equal(read_only(&file, &apk, &arena, &err), 0);
	assert_int_equal(file.scripts.n, 2);
	assert_int_equal(file.scripts.items[0].kind, SCRIPT_PRE_INSTALL);
	assert_int_equal(file.scripts.items[1].kind, SCRIPT_POST_INSTALL);
	for (size_t i = 0; i < 2; i++) {
		const struct script *script = &file.scripts.items[i];

		assert_true(slice_is(script->text, opened_scripts[2 * i + 1]));
		assert_true(slice_is(script->package, "hello"));
		assert_true(slice_is(script->version, "1.0-r0"));
		assert_int_equal(script->mtime, 1700000000);
		assert_true(
			identity_eq(&script->identity, &apk.record.identity));
	}
	arena_release(&arena);
	apk_fixture_release(&apk);
}

static void a_malformed_signature_section_is_refused(void **state)
{
	static const char zeros[SIGNATURE_MAX + 1];
	const struct {
		struct fixture f;
		const char *want;
	} cases[] = {
		{ { .name = ".SIGN.RSA.a/b.pub" },
			"f: signature section: entry .SIGN.RSA.a/b.pub: no "
			"name of a signature" },
		{ { .name = ".SIGN.RSA.a.pub",
			  .content = zeros,
			  .size = sizeof(zeros) },
			"f: signature section: entry .SIGN.RSA.a.pub: a "
			"signature of 65537 bytes (at most 65536)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct apk_fixture apk;
		SCOPED_BUF struct buf tar;

		make_hello(&apk);
		buf_init(&tar, APK_FIXTURE_MAX);
		fixture_add(&tar, cases[i].f);
		apk_fixture_gzip(&apk.members[APK_SIGNATURE], buf_slice(&tar));
		apk_fixture_join(&apk);
		assert_unreadable(&apk, ERROR_INPUT, cases[i].want);
		apk_fixture_release(&apk);
	}
}

static void signature_and_control_in_one_member_are_refused(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".SIGN.RSA.a.pub", "x");
	buf_add_slice(&tar, buf_slice(&apk.control));
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: signature section: entry .PKGINFO: no name of a "
		"signature");
	/* The other way round the first entry is .PKGINFO. */
	buf_truncate(&tar, 0);
	buf_add_slice(&tar, buf_slice(&apk.control));
	fixture_file(&tar, ".SIGN.RSA.a.pub", "x");
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: control section: entry .SIGN.RSA.a.pub: does not belong "
		"there, expected .PKGINFO and scripts");
	apk_fixture_release(&apk);
}

struct bad_control {
	struct fixture f; /* an entry after .PKGINFO */
	const char *want;
};

static void assert_control_refused(const struct bad_control *c)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	buf_add_slice(&tar, buf_slice(&apk.control));
	fixture_add(&tar, c->f);
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(&apk, ERROR_INPUT, c->want);
	apk_fixture_release(&apk);
}

static void what_does_not_belong_in_control_is_refused(void **state)
{
	static const struct bad_control cases[] = {
		{ { .name = "usr/bin/x" },
			"f: control section: entry usr/bin/x: does not belong "
			"there" },
		{ { .name = "x" },
			"f: control section: entry x: does not belong there" },
		{ { .name = ".d/x" },
			"f: control section: entry .d/x: does not belong" },
		{ { .name = "../x" },
			"f: control section: entry number 4: path \"../x\"" },
		{ { .name = ".trigger", .type = '2', .link = "/bin/sh" },
			"f: control section: entry .trigger: not a regular "
			"file" },
		{ { .name = ".d/", .type = '5' },
			"f: control section: entry .d: not a regular file" },
		{ { .name = ".PKGINFO", .content = "pkgname = evil\n" },
			"f: control section: entry .PKGINFO: it is there "
			"twice" },
		{ { .name = ".post-install", .content = "evil" },
			"f: control section: entry .post-install: it is there "
			"twice" },
		{ { .name = ".INSTALL", .content = "x" },
			"f: control section: entry .INSTALL: a script in a "
			"form that apk does not support any more" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_control_refused(&cases[i]);
}

static void metadata_of_other_tools_is_passed_over(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".melange.yaml", "package: {}\n");
	buf_add_slice(&tar, buf_slice(&apk.control));
	apk_fixture_set_control(&apk, &tar);
	assert_unpacked(&apk);
	apk_fixture_release(&apk);
}

static void a_script_larger_than_apk_takes_is_refused(void **state)
{
	SCOPED_FREE char *text = memory_zero(SCRIPT_MAX + 1, 1);
	struct bad_control c = {
		{ .name = ".trigger", .content = text, .size = SCRIPT_MAX + 1 },
		"f: control section: entry .trigger: a script of 262145 bytes "
		"(at most 262144)"
	};
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	assert_control_refused(&c);
	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	buf_add_slice(&tar, buf_slice(&apk.control));
	c.f.size--;
	fixture_add(&tar, c.f);
	apk_fixture_set_control(&apk, &tar);
	assert_unpacked(&apk);
	apk_fixture_release(&apk);
}

static void blocks_that_end_an_archive_in_control_are_refused(void **state)
{
	struct apk_fixture apk;

	make_hello(&apk);
	fixture_end(&apk.control);
	apk_fixture_set_control(&apk, &apk.control);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: control section: after entry .post-install: 1024 bytes "
		"after the last entry, expected none");
	apk_fixture_release(&apk);
}

static void a_control_section_beyond_the_limit_is_refused(void **state)
{
	SCOPED_FREE char *zeros = memory_zero(PACKAGE_CONTROL_MAX, 1);
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	buf_add_slice(&tar, buf_slice(&apk.control));
	fixture_add(&tar, (struct fixture){ .name = ".large",
				  .content = zeros,
				  .size = PACKAGE_CONTROL_MAX });
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: uncompressed data is larger than the limit of 8388608 "
		"bytes");
	apk_fixture_release(&apk);
}

/* A control tar with another .PKGINFO alone. */
static void assert_pkginfo_refused(
	const char *text, enum error_kind kind, const char *want)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".PKGINFO", text);
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(&apk, kind, want);
	apk_fixture_release(&apk);
}

static void pkginfo_must_fit_the_index(void **state)
{
#define REST "arch = x86_64\nsize = 1\n"
	assert_pkginfo_refused("pkgname = hello\npkgver = 1.0-r0\n" REST,
		ERROR_INPUT,
		"f: .PKGINFO: no datahash, expected the SHA-256 of the data "
		"section");
	assert_pkginfo_refused("pkgname = evil\npkgver = 1.0-r0\n" REST,
		ERROR_VERIFY,
		"f: .PKGINFO: name differs from the index's (expected hello, "
		"got evil)");
	assert_pkginfo_refused("pkgname = hello\npkgver = 1.0-r1\n" REST,
		ERROR_VERIFY,
		"f: .PKGINFO: version differs from the index's (expected "
		"1.0-r0, got 1.0-r1)");
}

static void a_package_without_pkginfo_is_refused(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".post-install", "x");
	apk_fixture_set_control(&apk, &tar);
	assert_unreadable(
		&apk, ERROR_INPUT, "f: control section: no .PKGINFO in it");
	apk_fixture_release(&apk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_come_with_their_package),
		cmocka_unit_test(a_malformed_signature_section_is_refused),
		cmocka_unit_test(
			signature_and_control_in_one_member_are_refused),
		cmocka_unit_test(what_does_not_belong_in_control_is_refused),
		cmocka_unit_test(metadata_of_other_tools_is_passed_over),
		cmocka_unit_test(a_script_larger_than_apk_takes_is_refused),
		cmocka_unit_test(
			blocks_that_end_an_archive_in_control_are_refused),
		cmocka_unit_test(a_control_section_beyond_the_limit_is_refused),
		cmocka_unit_test(pkginfo_must_fit_the_index),
		cmocka_unit_test(a_package_without_pkginfo_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
