/* SPDX-License-Identifier: MIT */
#include "base/stamp.h"

#include <stdio.h>
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
