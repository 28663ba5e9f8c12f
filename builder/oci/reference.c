/* SPDX-License-Identifier: MIT */
#include "oci/reference.h"

#include <string.h>

#define TAG_MAX 128 /* characters, as registries have it */

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_name_char(char c)
{
	return is_lower(c) || (c && strchr("._-/:", c));
}

static bool is_tag_char(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
	       c == '-';
}

static bool is_tag(const char *text)
{
	size_t n = 0;

	while (is_tag_char(text[n]))
		n++;
	return n && n <= TAG_MAX && !text[n];
}

bool reference_is_valid(const char *text)
{
	const char *colon = strrchr(text, ':');

	if (!colon || colon == text || !is_tag(colon + 1))
		return false;
	for (const char *p = text; p < colon; p++) {
		if (!is_name_char(*p))
			return false;
	}
	return true;
}

const char *reference_stem(const char *path, struct arena *arena)
{
	static const char *const ends[] = { ".gz", ".tgz", ".zst", ".xz",
		".bz2", ".lz4", ".tar", ".oci" };
	struct slice stem = slice_of(path);

	while (stem.len > 1 && stem.ptr[stem.len - 1] == '/')
		stem.len--;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (slice_ends(stem, ends[i]) && stem.len > strlen(ends[i]))
			stem.len -= strlen(ends[i]);
	}
	return arena_slice(arena, stem);
}

const char *reference_name_of_file(const char *path, struct arena *arena)
{
	const char *stem = reference_stem(path, arena);
	const char *slash = strrchr(stem, '/');
	char *name = arena_strdup(arena, slash ? slash + 1 : stem);
	size_t n = 0;

	for (const char *p = name; *p; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

		if (is_lower(c))
			name[n++] = c;
		else if (n && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	return n ? name : "image";
}

const char *reference_of(const char *tag, const char *path, struct arena *arena)
{
	if (tag && reference_is_valid(tag))
		return tag;
	return arena_printf(arena, "%s:%s", reference_name_of_file(path, arena),
		tag && is_tag(tag) ? tag : "latest");
}
