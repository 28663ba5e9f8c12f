/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(struct slice bytes, char *text)
{
	const unsigned char *in = (const unsigned char *)bytes.ptr;
	char *p = text;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		uint32_t three = (uint32_t)in[i] << 16;

		if (left > 1)
			three |= (uint32_t)in[i + 1] << 8;
		if (left > 2)
			three |= in[i + 2];
		*p++ = digits[three >> 18];
		*p++ = digits[three >> 12 & 63];
		*p++ = left > 1 ? digits[three >> 6 & 63] : '=';
		*p++ = left > 2 ? digits[three & 63] : '=';
	}
	*p = '\0';
	return text;
}

/* 0..63; -1: no digit. */
static int value_of(char c)
{
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* Four digits, of which the last may be padding; bytes in them, 0: wrong. */
static size_t read_four(const char *four, unsigned char out[3])
{
	size_t n = four[3] != '=' ? 3 : four[2] != '=' ? 2 : 1;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int value = i <= n ? value_of(four[i]) : 0;

		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
	}
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;
	return n;
}

int base64_decode(struct slice text, void *bytes, size_t max, size_t *n)
{
	unsigned char *out = bytes;

	*n = 0;
	if (text.len % 4)
		return -1;
	for (size_t i = 0; i < text.len; i += 4) {
		unsigned char three[3];
		size_t got = read_four(text.ptr + i, three);

		if (!got || (got < 3 && i + 4 < text.len) || max - *n < got)
			return -1;
		memcpy(out + *n, three, got);
		*n += got;
	}
	return 0;
}
