/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/tree_fixture.h"

#include "build/size_report.h"

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

static void put_size(
	struct fixture *f, const char *path, const char *origin, uint64_t size)
{
	const struct tree_source source = { origin, TREE_OVERLAY };
	const char *bytes = arena_alloc(&f->arena, size + 1);
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0644,
		.content = content_bytes(bytes, size) };

	if (!tree_put(&f->tree, path, &entry, &source, &f->err))
		fail_msg("%s", f->err.text);
}

static const char *print(struct fixture *f)
{
	struct size_report report;
	const char *text;
	struct buf buf;

	buf_init(&buf, 1 << 16);
	size_report_make(&report, &f->tree);
	size_report_print(&report, &buf);
	text = arena_slice(&f->arena, buf_slice(&buf));
	buf_release(&buf);
	return text;
}

static void largest_come_first_with_headers_and_padding(void **state)
{
	struct fixture *f = *state;

	put_size(f, "x", "overlay a", 0);
	put_size(f, "usr/y", "overlay a", 1);
	put_size(f, "usr/lib/z/q", "package big", 3 << 20);
	put_size(f, "usr/lib/q", "package b", 512);
	/* directories that were never put are of the first in them */
	assert_string_equal(print(f),
		"\n  by package: big 3.0 MiB, overlay a 2.0 KiB, b 1.0 KiB"
		"\n  by folder: /usr/lib 3.0 MiB, /usr 1.5 KiB, / 1.0 KiB");
}

static void names_of_the_database_count(void **state)
{
	struct fixture *f = *state;

	put_file(f, "lib/apk/db/installed",
		"C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=\nP:musl\nV:1-r0\nA:x\n"
		"S:1\nI:1\nT:x\nU:x\nL:x\nF:lib\nR:ld.so\n\n");
	put_size(f, "lib/ld.so", "minirootfs", 8192);
	put_size(f, "lib/loose", "minirootfs", 4096);
	put_size(f, "lib/mine", "overlay x", 2048);
	assert_non_null(strstr(print(f),
		"by package: musl 8.5 KiB, minirootfs 4.5 KiB, overlay x "
		"2.5 KiB, test "));
}

static void hard_links_share_their_content(void **state)
{
	struct fixture *f = *state;

	put_size(f, "a", "package p", 10240);
	assert_non_null(
		tree_link(&f->tree, "b", "a", &overlay_source, &f->err));
	assert_non_null(
		strstr(print(f), "by package: p 5.5 KiB, test 5.5 KiB"));
	assert_non_null(strstr(print(f), "by folder: / 11.0 KiB"));
}

static void many_are_cut(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < SIZE_REPORT_SHOWN + 3; i++)
		put_size(f, arena_printf(&f->arena, "d%02d/f", i),
			arena_printf(&f->arena, "package p%02d", i), 512);
	assert_non_null(strstr(print(f), ", p07 1.5 KiB and 3 more\n"));
	assert_non_null(strstr(print(f), ", /d06 1.0 KiB and 4 more"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(largest_come_first_with_headers_and_padding),
		TEST(names_of_the_database_count),
		TEST(hard_links_share_their_content),
		TEST(many_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
