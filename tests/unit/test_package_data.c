/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "apk/package_data.h"
#include "base/memory.h"
#include "unit/tar_fixture.h"

#define TAR_MAX ((size_t)4 << 20)
#define CHECKSUM "APK-TOOLS.checksum.SHA1"
#define HELLO "f572d396fae9206628714fb2ce00f72e94f2258f" /* "hello\n" */
#define BUSYBOX "f8e8d7dd5d2a8c5e4eac1c5d1d0c27b4ff1ad7fd"

struct test {
	struct buf tar;
	int fd;
	struct package_data *data;
	struct package_entry entry;
	struct error err;
};

static int setup(void **state)
{
	struct test *t = memory_zero(1, sizeof(*t));

	buf_init(&t->tar, TAR_MAX);
	t->fd = -1;
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct test *t = *state;

	package_data_free(t->data);
	buf_release(&t->tar);
	if (t->fd >= 0)
		close(t->fd);
	free(t);
	return 0;
}

static void add_checksum(struct test *t, const char *hex)
{
	fixture_pax(&t->tar, CHECKSUM, slice_of(hex));
}

/* Two records in one extended header. */
static void add_records(struct test *t, const char *key, struct slice value,
	const char *second_key, struct slice second)
{
	SCOPED_BUF struct buf body;

	buf_init(&body, TAR_MAX);
	fixture_record(&body, key, value);
	fixture_record(&body, second_key, second);
	fixture_special(&t->tar, 'x', body.data, body.len);
}

static void add_dir(struct test *t, const char *name)
{
	fixture_add(&t->tar,
		(struct fixture){ .name = name, .type = '5', .mode = 0755 });
}

static void add_file(struct test *t, const char *name)
{
	add_checksum(t, HELLO);
	fixture_file(&t->tar, name, "hello\n");
}

static void add_link(
	struct test *t, char type, const char *name, const char *target)
{
	struct fixture link = {
		.name = name, .type = (char)type, .link = target
	};

	if (type == '2')
		add_checksum(t, BUSYBOX);
	fixture_add(&t->tar, link);
}

static void start(struct test *t)
{
	fixture_end(&t->tar);
	t->fd = fixture_fd(t->tar.data, t->tar.len);
	t->data = package_data_new(t->fd, "t", &t->err);
	if (!t->data)
		fail_msg("%s", t->err.text);
}

static const struct package_entry *next(struct test *t)
{
	int found = package_data_next(t->data, &t->entry, &t->err);

	if (found < 0)
		fail_msg("%s", t->err.text);
	assert_int_equal(found, 1);
	return &t->entry;
}

static void assert_end(struct test *t)
{
	assert_int_equal(package_data_next(t->data, &t->entry, &t->err), 0);
}

/* Reading on fails with these words, and from then on always. */
static void assert_refused(struct test *t, const char *words)
{
	int found = 1;

	start(t);
	while (found > 0)
		found = package_data_next(t->data, &t->entry, &t->err);
	assert_int_equal(found, -1);
	assert_int_equal(t->err.kind, ERROR_INPUT);
	if (!strstr(t->err.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, t->err.text);
	assert_int_equal(package_data_next(t->data, &t->entry, &t->err), -1);
}

static void assert_identity(const struct identity *id, const char *want)
{
	char text[IDENTITY_TEXT_SIZE];

	assert_string_equal(identity_text(id, text), want);
}

static void files_and_links_have_the_checksum_of_their_pax_record(void **state)
{
	struct test *t = *state;

	add_dir(t, "etc/");
	add_file(t, "etc/motd");
	add_link(t, '2', "etc/issue", "motd");
	add_link(t, '1', "etc/again", "etc/motd");
	start(t);
	next(t);
	assert_int_equal(t->entry.tar.kind, TAR_DIRECTORY);
	assert_int_equal(t->entry.checksum.kind, IDENTITY_NONE);
	next(t);
	assert_string_equal(t->entry.tar.path, "etc/motd");
	assert_identity(&t->entry.checksum, "Q19XLTlvrpIGYocU+yzgD3LpTyJY8=");
	next(t);
	assert_identity(&t->entry.checksum, "Q1+OjX3V0qjF5OrBxdHQwntP8a1/0=");
	next(t);
	assert_int_equal(t->entry.tar.kind, TAR_HARDLINK);
	assert_identity(&t->entry.checksum, "Q19XLTlvrpIGYocU+yzgD3LpTyJY8=");
	assert_end(t);
}

/* A capability and what the real apk wrote for it. */
static void extended_attributes_have_the_identity_that_apk_gives_them(
	void **state)
{
	static const char capability[20] = { 1, 0, 0, 2, 0, 4 };
	struct test *t = *state;

	add_records(t, CHECKSUM, slice_of(HELLO),
		"SCHILY.xattr.security.capability",
		slice_make(capability, sizeof(capability)));
	fixture_file(&t->tar, "ping", "hello\n");
	start(t);
	next(t);
	assert_identity(&t->entry.xattrs, "Q13mhAdHkP2T+trQ+T8Fm+BiKO6xQ=");
}

static struct identity xattrs_of(
	struct test *t, const char *first, const char *second)
{
	struct buf body;

	buf_init(&body, TAR_MAX);
	fixture_record(&body, first, slice_of(first));
	fixture_record(&body, second, slice_of(second));
	fixture_record(&body, CHECKSUM, slice_of(HELLO));
	fixture_special(&t->tar, 'x', body.data, body.len);
	buf_release(&body);
	fixture_file(&t->tar, "ping", "hello\n");
	start(t);
	return next(t)->xattrs;
}

static void the_order_of_extended_attributes_does_not_matter(void **state)
{
	struct identity ab =
		xattrs_of(*state, "SCHILY.xattr.user.a", "SCHILY.xattr.user.b");
	struct identity ba;

	teardown(state);
	setup(state);
	ba = xattrs_of(*state, "SCHILY.xattr.user.b", "SCHILY.xattr.user.a");
	assert_int_equal(ab.kind, IDENTITY_SHA1);
	assert_true(identity_eq(&ab, &ba));
}

static void long_names_of_both_kinds_are_taken(void **state)
{
	struct test *t = *state;
	char name[200];

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	add_checksum(t, HELLO);
	fixture_special(&t->tar, 'L', name, sizeof(name));
	fixture_file(&t->tar, "short", "hello\n");
	name[0] = 'm';
	add_records(t, "path", slice_of(name), CHECKSUM, slice_of(HELLO));
	fixture_file(&t->tar, "short", "hello\n");
	add_checksum(t, HELLO);
	fixture_add(&t->tar,
		(struct fixture){
			.name = "leaf", .prefix = "mm", .content = "hello\n" });
	start(t);
	assert_int_equal(next(t)->tar.path[0], 'n');
	assert_string_equal(next(t)->tar.path, name);
	/* It has no parent, but its name was put together. */
	assert_int_equal(package_data_next(t->data, &t->entry, &t->err), -1);
	assert_non_null(strstr(t->err.text, "entry mm/leaf: there is no entry "
					    "of the directory mm"));
}

static void the_mark_of_an_empty_package_is_skipped(void **state)
{
	struct test *t = *state;

	fixture_file(&t->tar, ".dummy", "");
	start(t);
	assert_true(next(t)->is_skipped);
	assert_end(t);
}

static void names_that_apk_would_pass_over_are_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "./x", "not written as \"x\"" },
		{ "a//b", "not written as \"a/b\"" },
		{ "../x", "\"..\"" },
		{ "/x", "absolute" },
		{ ".hidden", "starts with \".\" at the top" },
		{ ".PKGINFO", "starts with \".\" at the top" },
		{ "a\tb", "control character" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct test *t = *state;

		add_dir(t, "a/");
		add_file(t, cases[i][0]);
		assert_refused(t, cases[i][1]);
		teardown(state);
		setup(state);
	}
}

static void a_dotted_name_in_an_extended_header_is_refused(void **state)
{
	struct test *t = *state;

	add_records(t, "path", slice_of("./x"), CHECKSUM, slice_of(HELLO));
	fixture_file(&t->tar, "x", "hello\n");
	assert_refused(t, "not written as \"x\"");
}

static void files_and_links_without_checksum_are_refused(void **state)
{
	for (int type = '0'; type <= '2'; type += 2) {
		struct test *t = *state;

		fixture_add(&t->tar,
			(struct fixture){
				.name = "x", .type = (char)type, .link = "y" });
		assert_refused(t, "no checksum");
		teardown(state);
		setup(state);
	}
}

static void a_parent_must_have_its_own_entry_before(void **state)
{
	struct test *t = *state;

	add_file(t, "etc/motd");
	add_dir(t, "etc/");
	assert_refused(t, "no entry of the directory etc before it");
}

static void a_directory_needs_its_parent_too(void **state)
{
	struct test *t = *state;

	add_dir(t, "etc/conf.d/");
	assert_refused(t, "no entry of the directory etc before it");
}

static void a_file_is_no_parent(void **state)
{
	struct test *t = *state;

	add_file(t, "etc");
	add_file(t, "etc/motd");
	assert_refused(t, "no entry of the directory etc before it");
}

static void a_hard_link_needs_an_earlier_file(void **state)
{
	static const char *const targets[] = { "later", "dir", "link",
		"../../etc/shadow" };

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		struct test *t = *state;

		add_dir(t, "dir/");
		add_link(t, '2', "link", "dir");
		add_link(t, '1', "hard", targets[i]);
		add_file(t, "later");
		assert_refused(t, i < 3 ? "no earlier file" : "\"..\"");
		teardown(state);
		setup(state);
	}
}

static void a_hard_link_to_a_hard_link_is_taken(void **state)
{
	struct test *t = *state;

	add_file(t, "a");
	add_link(t, '1', "b", "a");
	add_link(t, '1', "c", "b");
	start(t);
	next(t);
	next(t);
	assert_identity(&next(t)->checksum, "Q19XLTlvrpIGYocU+yzgD3LpTyJY8=");
}

static void a_path_may_not_come_twice(void **state)
{
	struct test *t = *state;

	add_file(t, "x");
	add_file(t, "x");
	assert_refused(t, "entry x: it is there twice");
}

static void devices_and_fifos_are_refused(void **state)
{
	static const char types[] = { '3', '4', '6' };

	for (size_t i = 0; i < sizeof(types); i++) {
		struct test *t = *state;

		fixture_add(&t->tar,
			(struct fixture){ .name = "x", .type = types[i] });
		assert_refused(t, "device node or fifo");
		teardown(state);
		setup(state);
	}
}

static void a_symbolic_link_may_not_leave_the_tree(void **state)
{
	struct test *t = *state;

	add_dir(t, "etc/");
	add_link(t, '2', "etc/x", "../../x");
	assert_refused(t, "leaves the tree");
}

static void headers_that_apk_passes_over_are_refused(void **state)
{
	static const char types[] = { 'g', 'K' };

	for (size_t i = 0; i < sizeof(types); i++) {
		struct test *t = *state;

		fixture_special(&t->tar, types[i], "9 path=x\n", 9);
		add_file(t, "x");
		assert_refused(t, types[i] == 'g' ? "header of the type 'g'"
						  : "header of the type 'K'");
		teardown(state);
		setup(state);
	}
}

/* apk takes a NUL for something else than a file. */
static void a_file_of_the_oldest_type_is_refused(void **state)
{
	struct test *t = *state;
	char *type;

	add_file(t, "x");
	type = t->tar.data + 2 * FIXTURE_BLOCK;
	type[156] = '\0';
	fixture_checksum(type, 0);
	assert_refused(t, "its type is told by the byte 0x00");
}

static void a_second_checksum_is_refused(void **state)
{
	struct test *t = *state;

	add_records(t, CHECKSUM, slice_of(HELLO), CHECKSUM, slice_of(HELLO));
	fixture_file(&t->tar, "x", "hello\n");
	assert_refused(t, "it has two checksums");
}

static void a_checksum_is_40_hex_digits(void **state)
{
	static const char *const cases[] = { "f572", HELLO "00",
		"zz72d396fae9206628714fb2ce00f72e94f2258f" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct test *t = *state;

		add_checksum(t, cases[i]);
		fixture_file(&t->tar, "x", "hello\n");
		assert_refused(t, "40 hex digits");
		teardown(state);
		setup(state);
	}
}

static void a_checked_package_has_the_contents_it_promises(void **state)
{
	struct test *t = *state;

	add_dir(t, "etc/");
	add_file(t, "etc/motd");
	add_checksum(t, "b0f27e0e39e98c1ab6b1a8b6ab5e1a4e4d6c4b1d");
	fixture_file(&t->tar, "etc/bad", "hello\n");
	start(t);
	assert_int_equal(package_data_check(t->fd, "t", &t->err), -1);
	assert_int_equal(t->err.kind, ERROR_VERIFY);
	assert_non_null(strstr(t->err.text,
		"t: entry etc/bad: checksum mismatch (expected X1b0f27e0e"));
}

static void a_links_target_is_checked_too(void **state)
{
	struct test *t = *state;

	add_link(t, '2', "x", "y");
	start(t);
	assert_int_equal(package_data_check(t->fd, "t", &t->err), -1);
	assert_int_equal(t->err.kind, ERROR_VERIFY);
	assert_non_null(strstr(t->err.text, "t: entry x: checksum mismatch"));
}

static void what_is_right_passes_the_check(void **state)
{
	struct test *t = *state;

	add_dir(t, "etc/");
	add_file(t, "etc/motd");
	add_link(t, '1', "etc/hard", "etc/motd");
	fixture_pax(&t->tar, CHECKSUM,
		slice_of("95cb0bfd2977c761298d9624e4b4d4c72a39974a"));
	fixture_add(&t->tar,
		(struct fixture){ .name = "y", .type = '2', .link = "y" });
	start(t);
	if (package_data_check(t->fd, "t", &t->err))
		fail_msg("%s", t->err.text);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(files_and_links_have_the_checksum_of_their_pax_record),
		TEST(extended_attributes_have_the_identity_that_apk_gives_them),
		TEST(the_order_of_extended_attributes_does_not_matter),
		TEST(long_names_of_both_kinds_are_taken),
		TEST(the_mark_of_an_empty_package_is_skipped),
		TEST(names_that_apk_would_pass_over_are_refused),
		TEST(a_dotted_name_in_an_extended_header_is_refused),
		TEST(files_and_links_without_checksum_are_refused),
		TEST(a_parent_must_have_its_own_entry_before),
		TEST(a_directory_needs_its_parent_too),
		TEST(a_file_is_no_parent),
		TEST(a_hard_link_needs_an_earlier_file),
		TEST(a_hard_link_to_a_hard_link_is_taken),
		TEST(a_path_may_not_come_twice),
		TEST(devices_and_fifos_are_refused),
		TEST(a_symbolic_link_may_not_leave_the_tree),
		TEST(headers_that_apk_passes_over_are_refused),
		TEST(a_file_of_the_oldest_type_is_refused),
		TEST(a_second_checksum_is_refused),
		TEST(a_checksum_is_40_hex_digits),
		TEST(a_checked_package_has_the_contents_it_promises),
		TEST(a_links_target_is_checked_too),
		TEST(what_is_right_passes_the_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
