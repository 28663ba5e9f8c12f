/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "rootfs/script_files.h"

/* The sticky bit is nobody's: only "a" and nothing reach it. */
static uint32_t who_bits(char c)
{
	switch (c) {
	case 'u':
		return 04700;
	case 'g':
		return 02070;
	case 'o':
		return 0007;
	case 'a':
		return 07777;
	default:
		return 0;
	}
}

static uint32_t what_bits(char c)
{
	switch (c) {
	case 'r':
		return 0444;
	case 'w':
		return 0222;
	case 'x':
		return 0111;
	case 's':
		return 06000;
	case 't':
		return 01000;
	default:
		return 0;
	}
}

/* One clause: [ugoa]*[-+=][rwxst]* */
static bool apply(struct slice clause, uint32_t *mode)
{
	const char *p = clause.ptr, *end = clause.ptr + clause.len;
	uint32_t who = 0, what = 0;
	char sign;

	while (p < end && who_bits(*p))
		who |= who_bits(*p++);
	if (p == end || !strchr("-+=", *p))
		return false;
	sign = *p++;
	for (; p < end; p++) {
		if (!what_bits(*p))
			return false;
		what |= what_bits(*p);
	}
	what &= who ? who : 07777 & ~SCRIPT_UMASK;
	if (sign == '-')
		*mode &= ~what;
	else if (sign == '+')
		*mode |= what;
	else
		*mode = (*mode & ~(who ? who : 07777)) | what;
	return true;
}

bool script_mode_parse(const char *text, uint32_t *mode)
{
	struct slice rest = slice_of(text), clause;
	uint32_t changed = *mode;
	uint64_t octal;

	if (!slice_to_u64(rest, 8, 07777, &octal)) {
		*mode = (uint32_t)octal;
		return true;
	}
	if (!rest.len)
		return false;
	while (slice_cut(&rest, ',', &clause)) {
		if (!clause.len || !apply(clause, &changed))
			return false;
	}
	*mode = changed;
	return true;
}
