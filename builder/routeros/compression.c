/* SPDX-License-Identifier: MIT */
#include "routeros/compression.h"

#include <string.h>

#include "base/compiler.h"

struct magic {
	const char *name;
	size_t size;
	unsigned char bytes[COMPRESSION_PEEK];
};

static const struct magic magics[] = {
	{ "gzip", 2, { 0x1f, 0x8b } },
	{ "zstd", 4, { 0x28, 0xb5, 0x2f, 0xfd } },
	{ "xz", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	{ "bzip2", 3, { 'B', 'Z', 'h' } },
	{ "lz4", 4, { 0x04, 0x22, 0x4d, 0x18 } },
};

const char *compression_of(const unsigned char start[COMPRESSION_PEEK])
{
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		if (!memcmp(start, magics[i].bytes, magics[i].size))
			return magics[i].name;
	}
	return NULL;
}
