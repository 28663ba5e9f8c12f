/* SPDX-License-Identifier: MIT */
#include "base/stamp.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *stamp_format(int64_t seconds, char text[STAMP_TEXT_SIZE])
{
	struct tm tm;
	time_t t;

	if (seconds < 0)
		seconds = 0;
	if (seconds > STAMP_MAX)
		seconds = STAMP_MAX;
	t = (time_t)seconds;
	gmtime_r(&t, &tm);
	if (!strftime(text, STAMP_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		text[0] = '\0';
	return text;
}

/* A number of exactly n digits. */
static bool digits(const char **p, int n, int *value)
{
	for (*value = 0; n; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

static bool literal(const char **p, const char *any_of)
{
	if (!**p || !strchr(any_of, **p))
		return false;
	(*p)++;
	return true;
}

static bool fraction(const char **p)
{
	if (**p != '.')
		return true;
	(*p)++;
	if (!isdigit((unsigned char)**p))
		return false;
	while (isdigit((unsigned char)**p))
		(*p)++;
	return true;
}

/* "Z", "+02:00": in minutes. */
static bool zone(const char **p, int *minutes)
{
	const bool is_west = **p == '-';
	int h, m;

	*minutes = 0;
	if (literal(p, "Zz"))
		return true;
	if (!literal(p, "+-") || !digits(p, 2, &h) || !literal(p, ":") ||
		!digits(p, 2, &m) || h > 23 || m > 59)
		return false;
	*minutes = (h * 60 + m) * (is_west ? -1 : 1);
	return true;
}

static bool is_date(const struct tm *tm)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return tm->tm_year >= 1970 && tm->tm_mon >= 1 && tm->tm_mon <= 12 &&
	       tm->tm_mday >= 1 && tm->tm_mday <= days[tm->tm_mon - 1] &&
	       tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60;
}

int64_t stamp_parse(const char *text)
{
	struct tm tm = { 0 };
	int64_t seconds;
	int minutes;

	if (!digits(&text, 4, &tm.tm_year) || !literal(&text, "-") ||
		!digits(&text, 2, &tm.tm_mon) || !literal(&text, "-") ||
		!digits(&text, 2, &tm.tm_mday) || !literal(&text, "Tt ") ||
		!digits(&text, 2, &tm.tm_hour) || !literal(&text, ":") ||
		!digits(&text, 2, &tm.tm_min) || !literal(&text, ":") ||
		!digits(&text, 2, &tm.tm_sec) || !fraction(&text) ||
		!zone(&text, &minutes) || *text || !is_date(&tm))
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	seconds = (int64_t)timegm(&tm) - (int64_t)minutes * 60;
	return seconds < 0 ? -1 : seconds;
}
