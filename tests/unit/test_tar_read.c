/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <unistd.h>

#include "unit/tar_opened.h"

static void every_field_is_told(void **state)
{
	SCOPED_BUF struct buf tar;
	struct tar_entry e;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_add(&tar, (struct fixture){ .name = "./bin/x",
				  .content = "hello",
				  .mode = 04755,
				  .uid = 1000,
				  .gid = 42,
				  .uname = "me",
				  .gname = "shadow" });
	fixture_end(&tar);
	o = opened_tar(&tar);
	e = opened_next(&o);
	assert_int_equal(e.kind, TAR_FILE);
	assert_string_equal(e.path, "bin/x");
	assert_null(e.target);
	assert_int_equal(e.mode, 04755);
	assert_int_equal(e.uid, 1000);
	assert_int_equal(e.gid, 42);
	assert_string_equal(e.uname, "me");
	assert_string_equal(e.gname, "shadow");
	assert_int_equal(e.mtime, 1000000000);
	assert_int_equal(e.size, 5);
	assert_int_equal(e.offset, FIXTURE_BLOCK);
	assert_false(e.has_xattrs);
	opened_assert_copied(&o, "hello", 5);
	opened_assert_end(&o);
	opened_close(&o);
}

static void every_kind_is_told(void **state)
{
	static const struct {
		char type;
		enum tar_kind kind;
		const char *target;
	} kinds[] = {
		{ '0', TAR_FILE, NULL },
		{ '5', TAR_DIRECTORY, NULL },
		{ '2', TAR_SYMLINK, "../up//x" },
		{ '1', TAR_HARDLINK, "./other" },
		{ '3', TAR_CHARACTER, NULL },
		{ '4', TAR_BLOCK, NULL },
		{ '6', TAR_FIFO, NULL },
	};
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		fixture_add(&tar, (struct fixture){ .name = "x",
					  .type = kinds[i].type,
					  .link = kinds[i].target });
	fixture_end(&tar);
	o = opened_tar(&tar);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct tar_entry e = opened_next(&o);

		assert_int_equal(e.kind, kinds[i].kind);
		assert_int_equal(e.size, 0);
		assert_null(e.uname);
		if (e.kind == TAR_SYMLINK)
			assert_string_equal(e.target, "../up//x");
		else if (e.kind == TAR_HARDLINK)
			assert_string_equal(e.target, "other");
		else
			assert_null(e.target);
	}
	opened_assert_end(&o);
	opened_close(&o);
}

static void what_is_no_file_has_no_content(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_add(&tar, (struct fixture){ .name = "d/", .type = '5' });
	fixture_end(&tar);
	o = opened_tar(&tar);
	opened_next(&o);
	opened_assert_copied(&o, "", 0);
	opened_assert_end(&o);
	opened_close(&o);
}

static void the_root_is_the_empty_path(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_add(&tar,
		(struct fixture){ .name = "./", .type = '5', .mode = 0755 });
	fixture_end(&tar);
	o = opened_tar(&tar);
	assert_string_equal(opened_next(&o).path, "");
	opened_assert_end(&o);
	opened_close(&o);
}

static void pax_gives_times_owners_and_extensions(void **state)
{
	SCOPED_BUF struct buf tar;
	SCOPED_BUF struct buf body;
	struct tar_entry e;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	buf_init(&body, TAR_MAX);
	fixture_record(&body, "mtime", slice_of("1234567890.987654321"));
	fixture_record(&body, "uid", slice_of("4000000"));
	fixture_record(&body, "gid", slice_of("5000000"));
	fixture_record(&body, "uname", slice_of("J\xc3\xb6rg"));
	fixture_record(&body, "APK-TOOLS.checksum.SHA1", slice_of("00"));
	fixture_special(&tar, 'x', body.data, body.len);
	fixture_file(&tar, "a", "");
	fixture_pax(&tar, "SCHILY.xattr.security.capability",
		slice_make("\1\0\0\2\0", 5));
	fixture_file(&tar, "b", "");
	fixture_pax(&tar, "SCHILY.acl.access",
		slice_of("user::rw-,user:7:r--,group::r--,mask::r--,other::--"
			 "-"));
	fixture_file(&tar, "c", "");
	fixture_file(&tar, "d", "");
	fixture_end(&tar);
	o = opened_tar(&tar);
	e = opened_next(&o);
	assert_int_equal(e.mtime, 1234567890);
	assert_int_equal(e.uid, 4000000);
	assert_int_equal(e.gid, 5000000);
	assert_string_equal(e.uname, "J\xc3\xb6rg");
	assert_false(e.has_xattrs);
	assert_true(opened_next(&o).has_xattrs);
	assert_true(opened_next(&o).has_xattrs);
	e = opened_next(&o);
	assert_false(e.has_xattrs);
	assert_int_equal(e.uid, 0);
	opened_assert_end(&o);
	opened_close(&o);
}

static void a_negative_time_is_kept(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_pax(&tar, "mtime", slice_of("-86400"));
	fixture_file(&tar, "a", "");
	fixture_end(&tar);
	o = opened_tar(&tar);
	assert_int_equal(opened_next(&o).mtime, -86400);
	opened_close(&o);
}

/* In the C locale libarchive warns on such names; any locale must do. */
static void names_beyond_ascii_do_not_need_a_locale(void **state)
{
	static const char *const names[] = {
		"ca-certificates/"
		"NetLock_Arany_=Class_Gold=_F\xc5\x91tan\xc3\xbas\xc3\xadtv"
		"\xc3\xa1ny.crt",
		"\xe6\x97\xa5\xe6\x9c\xac"
	};
	locale_t before = uselocale((locale_t)0);
	SCOPED_BUF struct buf tar;
	struct opened o;

	assert_string_equal(setlocale(LC_ALL, NULL), "C");
	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, names[0], "");
	fixture_pax(&tar, "path", slice_of(names[1]));
	fixture_add(&tar,
		(struct fixture){ .name = "x", .type = '2', .link = names[1] });
	fixture_end(&tar);
	o = opened_tar(&tar);
	assert_string_equal(opened_next(&o).path, names[0]);
	assert_string_equal(opened_next(&o).path, names[1]);
	assert_ptr_equal(uselocale((locale_t)0), before);
	opened_assert_end(&o);
	opened_close(&o);
}

static void zeros_may_follow_the_end(void **state)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "x");
	fixture_end(&tar);
	for (int i = 0; i < 5; i++) {
		struct opened o = opened_tar(&tar);

		opened_next(&o);
		opened_assert_end(&o);
		opened_close(&o);
		for (int j = 0; j < (i < 4 ? 1 : 500); j++)
			fixture_end(&tar);
	}
}

static void an_archive_may_be_empty(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;

	buf_init(&tar, TAR_MAX);
	fixture_end(&tar);
	o = opened_tar(&tar);
	opened_assert_end(&o);
	opened_close(&o);
}

static void an_archive_may_start_within_a_file(void **state)
{
	SCOPED_BUF struct buf tar;
	struct opened o;
	struct error err;

	buf_init(&tar, TAR_MAX);
	fixture_file(&tar, "a", "x");
	fixture_end(&tar);
	o.fd = fixture_fd("0123456", 7);
	assert_int_equal(pwrite(o.fd, tar.data, tar.len, 7), (int)tar.len);
	lseek(o.fd, 7, SEEK_SET);
	o.reader = tar_reader_new(o.fd, "t", TAR_PLAIN, NULL, &err);
	assert_non_null(o.reader);
	assert_int_equal(opened_next(&o).offset, FIXTURE_BLOCK);
	opened_assert_copied(&o, "x", 1);
	opened_assert_end(&o);
	assert_int_equal(lseek(o.fd, 0, SEEK_CUR), 7);
	opened_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_told),
		cmocka_unit_test(every_kind_is_told),
		cmocka_unit_test(what_is_no_file_has_no_content),
		cmocka_unit_test(the_root_is_the_empty_path),
		cmocka_unit_test(pax_gives_times_owners_and_extensions),
		cmocka_unit_test(a_negative_time_is_kept),
		cmocka_unit_test(names_beyond_ascii_do_not_need_a_locale),
		cmocka_unit_test(zeros_may_follow_the_end),
		cmocka_unit_test(an_archive_may_be_empty),
		cmocka_unit_test(an_archive_may_start_within_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
