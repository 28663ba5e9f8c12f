/* SPDX-License-Identifier: MIT
 *
 * stamp: seconds since 1970 (UTC) as RFC 3339 text, without time zone,
 * locale or clock.
 */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdint.h>

#define STAMP_TEXT_SIZE 32
#define STAMP_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* "2024-09-06T11:36:21Z"; seconds are clamped to 0..STAMP_MAX. */
const char *stamp_format(int64_t seconds, char text[STAMP_TEXT_SIZE]);

/*
 * The seconds of an RFC 3339 text ("2024-09-06T13:36:21.5+02:00"), fractions
 * cut off; -1: it is none, or of a year before 1970.
 */
int64_t stamp_parse(const char *text);

#endif
