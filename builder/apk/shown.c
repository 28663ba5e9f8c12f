/* SPDX-License-Identifier: MIT */
#include "apk/shown.h"

#include <string.h>

const char *shown(struct slice s, char text[SHOWN_SIZE])
{
	size_t n = s.len < SHOWN_MAX ? s.len : SHOWN_MAX;

	for (size_t i = 0; i < n; i++)
		text[i] = s.ptr[i] >= ' ' && s.ptr[i] <= '~' ? s.ptr[i] : '?';
	memcpy(text + n, "...", sizeof("..."));
	if (n == s.len)
		text[n] = '\0';
	return text;
}
