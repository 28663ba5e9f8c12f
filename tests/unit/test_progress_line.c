/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "cmd/progress_line.h"

#define MIB ((uint64_t)1 << 20)

/* 4 of 10 MiB after 2 seconds. */
static struct progress_item under_way(char *name)
{
	struct progress_item item = { .name = name };

	progress_item_update(&item, 0, 10 * MIB, 1000);
	progress_item_update(&item, 4 * MIB, 10 * MIB, 3000);
	return item;
}

static void assert_line(struct buf *line, const char *want)
{
	assert_string_equal(line->data, want);
	buf_release(line);
}

static void bar_has_percent_rate_and_time_left(void **state)
{
	char name[] = "file.tar.gz";
	struct progress_item item = under_way(name);
	struct buf line;

	buf_init(&line, 1000);
	progress_line_bar(&line, &item, 79, 3000);
	assert_line(&line, "file.tar.gz                     "
			   "[======>        ]  40 %  2.0 MiB/s  0:03");
}

static void bars_fit_into_every_width(void **state)
{
	char name[] = "alpine-minirootfs-3.18.9-x86_64-and-some-more-text"
		      "-that-makes-it-longer-than-any-terminal-is-wide-or-so"
		      ".tar.gz";
	struct progress_item item = { .name = name };

	progress_item_update(&item, 0, 1023 * 1023 * MIB, 0);
	progress_item_update(&item, 1023 * 1023 * 1024, 0, 1000000);
	for (unsigned width = PROGRESS_WIDTH_MIN; width <= PROGRESS_WIDTH_MAX;
		width++) {
		struct buf line;

		buf_init(&line, 1000);
		progress_line_bar(&line, &item, width, 1001000);
		assert_in_range(line.len, 1, width);
		buf_release(&line);
	}
}

static void long_name_loses_its_middle(void **state)
{
	char name[] = "v3.18/releases/x86_64/latest-releases.yaml";
	struct progress_item item = under_way(name);
	struct buf line;

	buf_init(&line, 1000);
	progress_line_bar(&line, &item, 70, 3000);
	assert_true(slice_starts(buf_slice(&line), "v3.18/"));
	assert_non_null(strstr(line.data, "..eleases.yaml"));
	buf_release(&line);
}

static void without_total_the_bytes_are_told(void **state)
{
	char name[] = "file";
	struct progress_item item = { .name = name };
	struct buf line;

	progress_item_update(&item, 0, 0, 0);
	progress_item_update(&item, 3 * MIB, 0, 1000);
	buf_init(&line, 1000);
	progress_line_plain(&line, &item, 1000);
	assert_line(&line, "file: 3.0 MiB, 3.0 MiB/s");
	buf_init(&line, 1000);
	progress_line_bar(&line, &item, 60, 1000);
	assert_null(strchr(line.data, '['));
	assert_non_null(strstr(line.data, "3.0 MiB  3.0 MiB/s"));
	buf_release(&line);
}

static void rate_does_not_count_what_was_resumed(void **state)
{
	char name[] = "file";
	struct progress_item item = { .name = name };

	progress_item_update(&item, 100 * MIB, 200 * MIB, 0);
	progress_item_update(&item, 102 * MIB, 200 * MIB, 1000);
	assert_int_equal(progress_item_rate(&item, 1000), 2 * MIB);
}

static void starting_anew_starts_the_rate_anew(void **state)
{
	char name[] = "file";
	struct progress_item item = { .name = name };

	progress_item_update(&item, 100 * MIB, 200 * MIB, 0);
	progress_item_update(&item, 0, 200 * MIB, 5000);
	progress_item_update(&item, 1 * MIB, 200 * MIB, 6000);
	assert_int_equal(progress_item_rate(&item, 6000), 1 * MIB);
}

static void rate_is_not_told_too_early(void **state)
{
	char name[] = "file";
	struct progress_item item = { .name = name };
	struct buf line;

	progress_item_update(&item, 0, MIB, 0);
	progress_item_update(&item, MIB, MIB, 5);
	assert_int_equal(progress_item_rate(&item, 5), 0);
	buf_init(&line, 1000);
	progress_line_done(&line, &item, 5);
	assert_line(&line, "file: 1.0 MiB");
}

static void plain_line_tells_what_is_left(void **state)
{
	char name[] = "file";
	struct progress_item item = under_way(name);
	struct buf line;

	buf_init(&line, 1000);
	progress_line_plain(&line, &item, 3000);
	assert_line(&line, "file: 40 % of 10.0 MiB, 2.0 MiB/s, 0:03 left");
}

static void hours_are_told_and_absurd_times_are_not(void **state)
{
	char name[] = "file";
	struct progress_item item = { .name = name };
	struct buf line;

	progress_item_update(&item, 0, 3601 + 3600, 0);
	progress_item_update(&item, 1000, 3601 + 3600, 1000000);
	buf_init(&line, 1000);
	progress_line_plain(&line, &item, 1000000);
	assert_non_null(strstr(line.data, "1:43:21 left"));
	buf_release(&line);
	progress_item_update(&item, 1000, 1000000000, 1000000);
	buf_init(&line, 1000);
	progress_line_bar(&line, &item, 80, 1000000);
	assert_null(strchr(line.data, ':'));
	buf_release(&line);
}

static void control_characters_are_masked(void **state)
{
	char text[] = "a\033[2Jb\r\n\x7f\xc2\x9b 1 \xc3\xa4\xc2\xa9";

	progress_line_mask(text);
	assert_string_equal(text, "a?[2Jb????? 1 \xc3\xa4\xc2\xa9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bar_has_percent_rate_and_time_left),
		cmocka_unit_test(bars_fit_into_every_width),
		cmocka_unit_test(long_name_loses_its_middle),
		cmocka_unit_test(without_total_the_bytes_are_told),
		cmocka_unit_test(rate_does_not_count_what_was_resumed),
		cmocka_unit_test(starting_anew_starts_the_rate_anew),
		cmocka_unit_test(rate_is_not_told_too_early),
		cmocka_unit_test(plain_line_tells_what_is_left),
		cmocka_unit_test(hours_are_told_and_absurd_times_are_not),
		cmocka_unit_test(control_characters_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
