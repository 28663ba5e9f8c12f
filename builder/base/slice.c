/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

#include <string.h>

#include "base/memory.h"

struct slice slice_of(const char *s)
{
	return slice_make(s, s ? strlen(s) : 0);
}

struct slice slice_make(const void *ptr, size_t len)
{
	struct slice s = { .ptr = ptr, .len = len };

	return s;
}

bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

bool slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_of(s));
}

int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool slice_starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && !memcmp(s.ptr, prefix, n);
}

bool slice_ends(struct slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && !memcmp(s.ptr + s.len - n, suffix, n);
}

bool slice_cut(struct slice *rest, char sep, struct slice *head)
{
	const char *at;

	if (!rest->ptr)
		return false;
	at = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
	if (!at) {
		*head = *rest;
		*rest = slice_make(NULL, 0);
		return true;
	}
	*head = slice_make(rest->ptr, (size_t)(at - rest->ptr));
	rest->len -= head->len + 1;
	rest->ptr = at + 1;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len && is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 99;
}

int slice_to_u64(struct slice s, unsigned base, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (!s.len)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = digit_value(s.ptr[i]);

		if (digit >= base || value > (max - digit) / base)
			return -1;
		value = value * base + digit;
		if (value > max)
			return -1;
	}
	*out = value;
	return 0;
}

char *slice_dup(struct slice s)
{
	char *copy = memory_alloc(s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

/* Length of the UTF-8 sequence at p (n bytes are left), 0 when malformed. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xc2 ? 0
		     : p[0] < 0xe0 ? 2
		     : p[0] < 0xf0 ? 3
		     : p[0] < 0xf5 ? 4
				   : 0;

	if (!len || len > n || !p[0])
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

size_t slice_character(struct slice s)
{
	return s.len ? utf8_length((const unsigned char *)s.ptr, s.len) : 0;
}

bool slice_is_utf8(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t left = s.len;

	while (left) {
		size_t len = utf8_length(p, left);

		if (!len)
			return false;
		p += len;
		left -= len;
	}
	return true;
}
