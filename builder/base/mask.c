/* SPDX-License-Identifier: MIT */
#include "base/mask.h"

#include <stdbool.h>
#include <string.h>

/* C1: U+0080 to U+009F. */
static bool is_c1(const unsigned char *p)
{
	return p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0;
}

static bool is_steering(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (p[0] != 0xe2)
		return false;
	return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
					(p[2] >= 0xa8 && p[2] <= 0xae))) ||
	       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

size_t mask_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (is_steering(text))
		return 3;
	if (is_c1(p))
		return 2;
	return (*p && *p < 0x20) || *p == 0x7f;
}

static void mask(char *text, char kept)
{
	for (char *p = text; *p;) {
		const size_t n = *p == kept ? 0 : mask_length(p);

		memset(p, '?', n);
		p += n ? n : 1;
	}
}

void mask_controls(char *text)
{
	mask(text, '\0');
}

void mask_controls_in_lines(char *text)
{
	mask(text, '\n');
}
