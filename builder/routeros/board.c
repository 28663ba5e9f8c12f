/* SPDX-License-Identifier: MIT */
#include "routeros/board.h"

#include <string.h>

#include "base/buf.h"

#define NAME_MAX_BYTES 64

const struct board boards[] = {
	{ "CHR", NULL, "amd64", false, false },
	{ "CHR arm64", NULL, "arm64", false, false },
	{ "RB5009", NULL, "arm64", false, false },
	{ "hAP ax2", NULL, "arm64", false, true },
	{ "hAP ax3", NULL, "arm64", false, false },
	{ "RB3011", NULL, "arm", false, false },
	{ "hEX refresh", "E50UG", "arm", true, false },
	{ "hEX S 2025", "E60iUGS", "arm", true, false },
	{ "hAP ax S", NULL, "arm", true, false },
	{ NULL },
};

/* Letters and digits, in lower case; MikroTik writes a small 2 as U+00B2. */
static void plain(const char *name, char text[NAME_MAX_BYTES])
{
	size_t n = 0;

	for (; *name && n + 1 < NAME_MAX_BYTES; name++) {
		unsigned char c = (unsigned char)*name;

		if (c == 0xb2 || c == 0xb3)
			c = c == 0xb2 ? '2' : '3';
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			text[n++] = (char)c;
	}
	text[n] = '\0';
}

static bool same(const char *name, const char *want)
{
	char text[NAME_MAX_BYTES];

	if (!name)
		return false;
	plain(name, text);
	return !strcmp(text, want);
}

const struct board *board_find(const char *name, struct error *err)
{
	char want[NAME_MAX_BYTES];
	SCOPED_BUF struct buf names;

	plain(name, want);
	buf_init(&names, ERROR_TEXT_SIZE);
	for (const struct board *b = boards; b->name; b++) {
		if (same(b->name, want) || same(b->code, want))
			return b;
		buf_printf(&names, "%s%s", b == boards ? "" : ", ", b->name);
		if (b->code)
			buf_printf(&names, " (%s)", b->code);
	}
	error_set(err, ERROR_USAGE,
		"unknown board \"%.64s\", known are %s: of others no more is "
		"known than their architecture",
		name, names.data);
	return NULL;
}

/* Bytes of the name with which the router's begins; 0: another board. */
static size_t begins(const char *router, const char *name)
{
	char text[NAME_MAX_BYTES];
	size_t n;

	if (!name)
		return 0;
	plain(name, text);
	n = strlen(text);
	return strncmp(router, text, n) ? 0 : n;
}

const struct board *board_of_router(const char *text, const char *architecture)
{
	const struct board *best = NULL;
	char router[NAME_MAX_BYTES];
	size_t longest = 0;

	plain(text, router);
	for (const struct board *b = boards; b->name; b++) {
		size_t n = begins(router, b->name);
		size_t code = begins(router, b->code);

		n = n > code ? n : code;
		/* One of arm64 says CHR, too, which is known as amd64. */
		if (n <= longest || strcmp(b->architecture, architecture))
			continue;
		longest = n;
		best = b;
	}
	return best;
}
