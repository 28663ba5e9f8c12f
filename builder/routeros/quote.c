/* SPDX-License-Identifier: MIT */
#include "routeros/quote.h"

#include <string.h>

static int is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

void quote_add(struct buf *out, const char *text)
{
	buf_add_str(out, "\"");
	for (const char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)*p;

		/* A question mark asks for help where scripts are pasted. */
		if (!is_plain(c) || c == '?')
			buf_printf(out, "\\%02X", c);
		else if (strchr("\"\\$", c))
			buf_printf(out, "\\%c", c);
		else
			buf_printf(out, "%c", c);
	}
	buf_add_str(out, "\"");
}

void quote_add_comment(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)*p;

		/* A backslash at the end would take the next line along. */
		buf_printf(
			out, "%c", is_plain(c) && !strchr("\\?", c) ? c : ' ');
	}
}
