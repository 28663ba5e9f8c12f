/* SPDX-License-Identifier: MIT */
#include "apk/identity.h"

#include <string.h>

#define SHA1_BYTES 20
#define SHA256_BYTES 32
/* Digits of base64, with the "=" that both sizes need. */
#define SHA1_BASE64 28
/* A SHA-256 behind "Q1": 20 bytes with "=", then the other 12 without. */
#define SPLIT_BASE64 (SHA1_BASE64 + 16)

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

static size_t identity_size(enum identity_kind kind)
{
	return kind == IDENTITY_SHA256 ? SHA256_BYTES
	       : kind == IDENTITY_SHA1 ? SHA1_BYTES
				       : 0;
}

/* Not a table: it would have to be right in two directions. */
static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/*
 * Exactly n bytes from text. Spare bits of the last digit are not looked at.
 */
static int base64_decode(struct slice text, uint8_t *out, size_t n)
{
	size_t ndigits = (n * 8 + 5) / 6, at = 0;
	uint32_t bits = 0;
	unsigned nbits = 0;

	if (text.len != (n + 2) / 3 * 4)
		return -1;
	for (size_t i = 0; i < ndigits; i++) {
		int value = base64_value(text.ptr[i]);

		if (value < 0)
			return -1;
		bits = (bits << 6 | (uint32_t)value) & 0xffff;
		nbits += 6;
		if (nbits < 8)
			continue;
		nbits -= 8;
		out[at++] = (uint8_t)(bits >> nbits);
	}
	for (size_t i = ndigits; i < text.len; i++) {
		if (text.ptr[i] != '=')
			return -1;
	}
	return 0;
}

static int hex_decode(struct slice text, uint8_t *out, size_t n)
{
	if (text.len != 2 * n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint64_t byte;

		if (slice_to_u64(
			    slice_make(text.ptr + 2 * i, 2), 16, 255, &byte))
			return -1;
		out[i] = (uint8_t)byte;
	}
	return 0;
}

static int split_decode(struct slice text, uint8_t *out)
{
	struct slice head = slice_make(text.ptr, SHA1_BASE64);
	struct slice tail =
		slice_make(text.ptr + SHA1_BASE64, SPLIT_BASE64 - SHA1_BASE64);

	if (base64_decode(head, out, SHA1_BYTES))
		return -1;
	return base64_decode(tail, out + SHA1_BYTES, SHA256_BYTES - SHA1_BYTES);
}

int identity_parse(struct slice text, struct identity *out)
{
	struct slice digits;
	struct identity id = { .kind = IDENTITY_SHA1 };
	int failed;

	if (text.len < 2 || (text.ptr[1] != '1' && text.ptr[1] != '2'))
		return -1;
	digits = slice_make(text.ptr + 2, text.len - 2);
	if (text.ptr[1] == '2')
		id.kind = IDENTITY_SHA256;
	if (text.ptr[0] == 'X') {
		failed = hex_decode(digits, id.bytes, identity_size(id.kind));
	} else if (text.ptr[0] != 'Q') {
		failed = -1;
	} else if (text.ptr[1] == '1' && digits.len == SPLIT_BASE64) {
		id.kind = IDENTITY_SHA256;
		failed = split_decode(digits, id.bytes);
	} else {
		failed =
			base64_decode(digits, id.bytes, identity_size(id.kind));
	}
	if (failed)
		return -1;
	*out = id;
	return 0;
}

struct identity identity_make(enum identity_kind kind, const uint8_t *bytes)
{
	struct identity id = { .kind = kind };

	if (kind != IDENTITY_NONE)
		memcpy(id.bytes, bytes, identity_size(kind));
	return id;
}

bool identity_eq(const struct identity *a, const struct identity *b)
{
	return a->kind == b->kind &&
	       !memcmp(a->bytes, b->bytes, identity_size(a->kind));
}

/* Digits of n bytes at `out`, "=" where the last group is not full. */
static char *base64_encode(char *out, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i < 3 ? n - i : 3;
		uint32_t bits = (uint32_t)bytes[i] << 16;

		if (left > 1)
			bits |= (uint32_t)bytes[i + 1] << 8;
		if (left > 2)
			bits |= bytes[i + 2];
		for (unsigned j = 0; j < 4; j++)
			*out++ = j > left ? '='
					  : base64_digits[bits >> (18 - 6 * j) &
							  63];
	}
	return out;
}

static char *put_prefix(const struct identity *id, char letter, char *out)
{
	*out++ = letter;
	*out++ = id->kind == IDENTITY_SHA256 ? '2' : '1';
	return out;
}

const char *identity_text(
	const struct identity *id, char text[IDENTITY_TEXT_SIZE])
{
	char *out = text;

	if (id->kind != IDENTITY_NONE) {
		out = put_prefix(id, 'Q', out);
		out = base64_encode(out, id->bytes, identity_size(id->kind));
	}
	*out = '\0';
	return text;
}

const char *identity_hex(
	const struct identity *id, char text[IDENTITY_TEXT_SIZE])
{
	size_t n = identity_size(id->kind);
	char *out = text;

	if (n)
		out = put_prefix(id, 'X', out);
	for (size_t i = 0; i < n; i++) {
		*out++ = hex_digits[id->bytes[i] >> 4];
		*out++ = hex_digits[id->bytes[i] & 15];
	}
	*out = '\0';
	return text;
}
