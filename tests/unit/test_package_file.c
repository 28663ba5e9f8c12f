/* SPDX-License-Identifier: MIT */
#include "unit/apk_opened.h"

#include "io/tar_read.h"

static void a_package_is_read_and_unpacked(void **state)
{
	struct package_file file;
	SCOPED_BUF struct buf data;
	struct apk_fixture apk;
	struct arena arena;
	struct error err;

	make_hello(&apk);
	arena_init(&arena);
	assert_int_equal(unpack(&file, &apk, &data, &arena, &err), 0);
	assert_true(slice_eq(buf_slice(&data), buf_slice(&apk.data)));
	assert_true(slice_is(file.info.package.name, "hello"));
	assert_true(slice_is(file.info.package.license, "MIT"));
	assert_true(
		identity_eq(&file.info.package.identity, &apk.record.identity));
	assert_int_equal(file.info.package.size, apk.file.len);
	assert_int_equal(
		file.data_offset, apk.file.len - apk.members[APK_DATA].len);
	assert_int_equal(read_only(&file, &apk, &arena, &err), 0);
	assert_int_equal(file.scripts.n, 2);
	arena_release(&arena);
	apk_fixture_release(&apk);
}

/* The index vouches for the package; whose signature it has is no matter. */
static void a_signature_needs_only_its_form(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".SIGN.RSA.any.pub", "not a signature");
	apk_fixture_gzip(&apk.members[APK_SIGNATURE], buf_slice(&tar));
	apk_fixture_join(&apk);
	assert_unpacked(&apk);
	apk_fixture_release(&apk);
}

/* Another package of the same name, with a valid form in all: its identity is
 * another. */
static void an_altered_control_section_is_refused(void **state)
{
	struct apk_fixture apk, other;
	char id[IDENTITY_TEXT_SIZE], found[IDENTITY_TEXT_SIZE];
	SCOPED_FREE char *want = NULL;

	make_hello(&apk);
	apk_fixture_init(&other, "hello", "1.0-r0");
	other.pkginfo = "depend = evil\n";
	apk_fixture_build(&other);
	want = memory_printf("f: the control section is not that of the index "
			     "(expected identity %s, got %s)",
		identity_text(&apk.record.identity, id),
		identity_text(&other.record.identity, found));
	other.record.identity = apk.record.identity;
	assert_unreadable(&other, ERROR_VERIFY, want);
	apk_fixture_release(&apk);
	apk_fixture_release(&other);
}

static void altered_data_is_refused(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_init(&tar, APK_FIXTURE_MAX);
	buf_add_slice(&tar, buf_slice(&apk.data));
	memcpy(memmem(tar.data, tar.len, "content", 7), "CONTENT", 7);
	buf_truncate(&apk.members[APK_DATA], 0);
	apk_fixture_gzip(&apk.members[APK_DATA], buf_slice(&tar));
	apk_fixture_join(&apk);
	assert_refused(&apk, ERROR_VERIFY, "f: datahash mismatch (expected ");
	apk_fixture_release(&apk);
}

/* datahash and identity are over compressed bytes. */
static void no_bit_of_the_sections_may_change(void **state)
{
	struct apk_fixture apk;

	make_hello(&apk);
	for (size_t i = 0; i < apk.file.len; i++) {
		struct package_file file;
		SCOPED_BUF struct buf data;
		struct arena arena;
		struct error err;

		arena_init(&arena);
		apk.file.data[i] ^= (char)(1 << i % 8);
		assert_int_equal(unpack(&file, &apk, &data, &arena, &err), -1);
		assert_true(
			err.kind == ERROR_INPUT || err.kind == ERROR_VERIFY);
		apk.file.data[i] ^= (char)(1 << i % 8);
		arena_release(&arena);
	}
	assert_unpacked(&apk);
	apk_fixture_release(&apk);
}

static void a_package_cut_anywhere_is_refused(void **state)
{
	struct apk_fixture apk;
	size_t whole, control;

	make_hello(&apk);
	whole = apk.file.len;
	control = apk.members[APK_CONTROL].len;
	for (size_t n = whole - 1; n > 0; n--) {
		buf_truncate(&apk.file, n);
		apk.record.size = n;
		assert_refused(&apk, ERROR_INPUT,
			n > control ? "f: data section: truncated gzip member"
			: n == control
				? "f: the file ends after the control section, "
				  "expected the data section after it"
				: "f: ");
		apk.record.size = n + 1;
		assert_refused(&apk, ERROR_VERIFY, "f: size differs");
	}
	apk_fixture_release(&apk);
}

static void the_size_is_the_indexs(void **state)
{
	SCOPED_FREE char *want = NULL;
	struct apk_fixture apk;

	make_hello(&apk);
	apk.record.size++;
	want = memory_printf("f: size differs from the index's (expected %zu "
			     "bytes, got %zu)",
		apk.file.len + 1, apk.file.len);
	assert_unreadable(&apk, ERROR_VERIFY, want);
	apk_fixture_release(&apk);
}

static void a_missing_section_is_refused(void **state)
{
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;

	make_hello(&apk);
	buf_truncate(&apk.members[APK_DATA], 0);
	apk_fixture_join(&apk);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: the file ends after the control section, expected the "
		"data section after it");
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".SIGN.RSA.a.pub", "x");
	apk_fixture_gzip(&apk.members[APK_SIGNATURE], buf_slice(&tar));
	buf_truncate(&apk.members[APK_CONTROL], 0);
	apk_fixture_join(&apk);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: the file ends after the signatures, expected the control "
		"section after them");
	buf_truncate(&apk.members[APK_SIGNATURE], 0);
	apk_fixture_join(&apk);
	assert_unreadable(&apk, ERROR_INPUT,
		"f: an empty file, expected a package (.apk)");
	apk_fixture_release(&apk);
}

static void anything_after_the_data_is_refused(void **state)
{
	struct apk_fixture apk;

	make_hello(&apk);
	buf_add_str(&apk.file, "x");
	apk.record.size = apk.file.len;
	assert_refused(&apk, ERROR_INPUT,
		"f: 1 bytes after the data section, expected none");
	buf_truncate(&apk.file, apk.file.len - 1);
	apk_fixture_gzip(&apk.file, slice_of("a fourth member"));
	apk.record.size = apk.file.len;
	assert_refused(&apk, ERROR_INPUT, "f: ");
	apk_fixture_release(&apk);
}

/* One hash over two members, as apk v2 takes it. */
static void data_in_two_members_is_refused(void **state)
{
	struct buf *data;
	struct apk_fixture apk;
	SCOPED_BUF struct buf tar;
	SCOPED_BUF struct buf text;

	make_hello(&apk);
	data = &apk.members[APK_DATA];
	buf_truncate(data, 0);
	apk_fixture_gzip(data, slice_make(apk.data.data, 512));
	apk_fixture_gzip(
		data, slice_make(apk.data.data + 512, apk.data.len - 512));
	buf_init(&text, APK_FIXTURE_MAX);
	buf_init(&tar, APK_FIXTURE_MAX);
	apk_fixture_pkginfo(&apk, &text);
	fixture_file(&tar, ".PKGINFO", text.data);
	apk_fixture_set_control(&apk, &tar);
	assert_refused(&apk, ERROR_VERIFY, "f: datahash mismatch");
	apk_fixture_release(&apk);
}

static void a_data_bomb_stops_at_the_limit(void **state)
{
	const size_t n = (size_t)70 << 20;
	SCOPED_FREE char *zeros = memory_zero(n, 1);
	struct package_file file;
	SCOPED_BUF struct buf data;
	struct apk_fixture apk;
	struct arena arena;
	struct error err;

	apk_fixture_init(&apk, "hello", "1.0-r0");
	apk_fixture_entry(&apk.data,
		(struct fixture){ .name = "x", .content = zeros, .size = n });
	apk_fixture_build(&apk);
	arena_init(&arena);
	assert_int_equal(unpack(&file, &apk, &data, &arena, &err), -1);
	assert_string_equal(err.text,
		"f: data section: uncompressed data is larger than the limit "
		"of 67125248 bytes");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_true(data.len <= 67125248);
	buf_release(&data);
	apk.record.installed_size = n;
	assert_unpacked(&apk);
	arena_release(&arena);
	apk_fixture_release(&apk);
}

static void the_limit_of_data_cannot_overflow(void **state)
{
	struct package record = { .installed_size = 0 };

	assert_int_equal(package_data_max(&record), 64 << 20);
	record.installed_size = 1000;
	assert_int_equal(package_data_max(&record), (64 << 20) + 4000);
	record.installed_size = UINT64_MAX;
	assert_int_equal(package_data_max(&record), TAR_SIZE_MAX);
	record.installed_size = UINT64_MAX / 4;
	assert_int_equal(package_data_max(&record), TAR_SIZE_MAX);
}

static void a_sinks_error_is_its_own(void **state)
{
	struct apk_fixture apk;
	struct package_file_input input = { .name = "f",
		.record = &apk.record };
	struct package_file file;
	SCOPED_BUF struct buf data;
	SCOPED_FD int fd = -1;
	struct buf_sink bs;
	struct arena arena;
	struct error err;

	make_hello(&apk);
	fd = fixture_fd(apk.file.data, apk.file.len);
	buf_init(&data, 100);
	buf_sink_init(&bs, &data);
	arena_init(&arena);
	input.fd = fd;
	assert_int_equal(
		package_file_unpack(&file, &input, &bs.sink, &arena, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	arena_release(&arena);
	apk_fixture_release(&apk);
}

static void a_package_of_apk_v3_is_refused_by_name(void **state)
{
	static const char *const magics[] = { "ADB.pckg", "ADBd", "ADBc\2\3" };

	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		struct apk_fixture apk;

		apk_fixture_init(&apk, "hello", "1.0-r0");
		buf_add_str(&apk.file, magics[i]);
		assert_unreadable(&apk, ERROR_INPUT,
			"f: a file of apk v3 (ADB), which cannot be read yet: "
			"expected a package (.apk) of apk v2 (gzip)");
		apk_fixture_release(&apk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_is_read_and_unpacked),
		cmocka_unit_test(a_signature_needs_only_its_form),
		cmocka_unit_test(an_altered_control_section_is_refused),
		cmocka_unit_test(altered_data_is_refused),
		cmocka_unit_test(no_bit_of_the_sections_may_change),
		cmocka_unit_test(a_package_cut_anywhere_is_refused),
		cmocka_unit_test(the_size_is_the_indexs),
		cmocka_unit_test(a_missing_section_is_refused),
		cmocka_unit_test(anything_after_the_data_is_refused),
		cmocka_unit_test(data_in_two_members_is_refused),
		cmocka_unit_test(a_data_bomb_stops_at_the_limit),
		cmocka_unit_test(the_limit_of_data_cannot_overflow),
		cmocka_unit_test(a_sinks_error_is_its_own),
		cmocka_unit_test(a_package_of_apk_v3_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
