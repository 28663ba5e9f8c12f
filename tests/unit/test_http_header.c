/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "io/http_header.h"

static struct http_header read_lines(const char *text)
{
	struct http_header header;
	struct slice rest = slice_of(text), line;

	memset(&header, 0, sizeof(header));
	while (slice_cut(&rest, '\n', &line))
		http_header_add(&header, line);
	return header;
}

static void range_tells_where_the_body_starts(void **state)
{
	struct http_header h =
		read_lines("HTTP/1.1 206 Partial Content\r\n"
			   "content-RANGE: bytes 1234-5677/5678\r\n");

	assert_true(h.has_range);
	assert_int_equal(h.range_start, 1234);
}

static void malformed_ranges_do_not_count(void **state)
{
	static const char *const bad[] = {
		"Content-Range: bytes */5678\r\n",
		"Content-Range: bytes 10-5/20\r\n",
		"Content-Range: bytes 10-\r\n",
		"Content-Range: bytes 10-20\r\n",
		"Content-Range: lines 10-20/30\r\n",
		"Content-Range: bytes -1-20/30\r\n",
		"Content-Range: bytes 99999999999999999999-5/6\r\n",
		"Content-Range:\r\n",
		"Content-Range\r\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(read_lines(bad[i]).has_range);
}

static void strong_etag_wins_over_the_date(void **state)
{
	struct http_header h =
		read_lines("HTTP/1.1 200 OK\r\n"
			   "ETag: \"abc-1\"\r\n"
			   "Last-Modified: Fri, 06 Sep 2024 11:36:21 GMT\r\n");

	assert_string_equal(h.validator, "\"abc-1\"");
	h = read_lines("Last-Modified: Fri, 06 Sep 2024 11:36:21 GMT\r\n"
		       "etag:\"abc-1\"\r\n");
	assert_string_equal(h.validator, "\"abc-1\"");
}

static void weak_etag_is_not_used(void **state)
{
	struct http_header h = read_lines("ETag: W/\"abc\"\r\n");

	assert_string_equal(h.validator, "");
	h = read_lines("ETag: W/\"abc\"\r\nLast-Modified: yesterday\r\n");
	assert_string_equal(h.validator, "yesterday");
}

static void validators_with_strange_bytes_or_length_are_not_kept(void **state)
{
	char line[HTTP_VALIDATOR_MAX + 100];

	assert_string_equal(read_lines("ETag: \"a\x01\"").validator, "");
	memset(line, 'x', sizeof(line));
	memcpy(line, "ETag: \"", 7);
	line[sizeof(line) - 1] = '\0';
	assert_string_equal(read_lines(line).validator, "");
}

static void status_line_starts_over(void **state)
{
	struct http_header h = read_lines("HTTP/1.1 302 Found\r\n"
					  "ETag: \"redirect\"\r\n"
					  "Content-Range: bytes 1-2/3\r\n"
					  "HTTP/1.1 200 OK\r\n");

	assert_false(h.has_range);
	assert_string_equal(h.validator, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(range_tells_where_the_body_starts),
		cmocka_unit_test(malformed_ranges_do_not_count),
		cmocka_unit_test(strong_etag_wins_over_the_date),
		cmocka_unit_test(weak_etag_is_not_used),
		cmocka_unit_test(
			validators_with_strange_bytes_or_length_are_not_kept),
		cmocka_unit_test(status_line_starts_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
