/* SPDX-License-Identifier: MIT */
#include "base/mask.h"

static void mask(char *text, char kept)
{
	for (char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)p[0];
		const unsigned char next = (unsigned char)p[1];

		if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			p[0] = p[1] = '?';
		else if ((c < 0x20 || c == 0x7f) && p[0] != kept)
			*p = '?';
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
