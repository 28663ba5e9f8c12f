/* SPDX-License-Identifier: MIT */
#include "apk/repositories.h"

#include <string.h>

#include "apk/shown.h"
#include "io/http_url.h"

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	       c == '+';
}

static bool is_tag(struct slice tag)
{
	for (size_t i = 0; i < tag.len; i++) {
		if (!is_word(tag.ptr[i]))
			return false;
	}
	return tag.len > 0;
}

/* "main", "edge/testing": below a mirror and nowhere else. */
static bool is_path(struct slice path)
{
	struct slice part;

	if (memmem(path.ptr, path.len, "..", 2))
		return false;
	while (slice_cut(&path, '/', &part)) {
		if (!is_tag(part) || part.ptr[0] == '.')
			return false;
	}
	return true;
}

static struct slice without_slashes(struct slice s)
{
	while (s.len && s.ptr[s.len - 1] == '/')
		s.len--;
	return s;
}

static bool is_url(struct slice s)
{
	return s.len >= 3 && memmem(s.ptr, s.len, "://", 3);
}

/* The first word of *rest, up to blanks, which are cut off, too. */
static struct slice cut_word(struct slice *rest)
{
	struct slice word = *rest;
	size_t n = 0;

	while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
		n++;
	word.len = n;
	*rest = slice_trim(slice_make(word.ptr + n, rest->len - n));
	return word;
}

static int check_url(const char *url, struct error *err)
{
	if (!http_url_check(url, err))
		return 0;
	err->kind = ERROR_SPEC;
	return -1;
}

static int refuse(struct slice place, struct error *err)
{
	char text[SHOWN_SIZE];

	return error_set(err, ERROR_SPEC,
		"repository \"%s\": expected a name such as main or "
		"edge/testing, or a URL (http:, https:, file:)",
		shown(place, text));
}

static int set_place(struct repository *out, struct slice place,
	struct arena *arena, struct error *err)
{
	struct slice trimmed = without_slashes(place);
	const char *url;

	if (trimmed.len > REPOSITORY_URL_MAX)
		return error_set(err, ERROR_SPEC,
			"repository of %zu bytes (at most %d)", trimmed.len,
			REPOSITORY_URL_MAX);
	if (!is_url(place) && !is_path(trimmed))
		return refuse(place, err);
	url = arena_slice(arena, trimmed);
	if (is_url(place) && check_url(url, err))
		return -1;
	out->url = url;
	return 0;
}

int repository_parse(struct repository *out, const char *line,
	struct arena *arena, struct error *err)
{
	struct slice rest = slice_trim(slice_of(line)), word = cut_word(&rest);
	struct repository found = { 0 };
	char text[SHOWN_SIZE];

	if (word.len && word.ptr[0] == '@') {
		struct slice tag = slice_make(word.ptr + 1, word.len - 1);

		if (!is_tag(tag))
			return error_set(err, ERROR_SPEC,
				"repository tag \"%s\": expected @ and "
				"letters, digits or . _ - +",
				shown(word, text));
		found.tag = arena_slice(arena, tag);
		word = cut_word(&rest);
	}
	if (rest.len)
		return error_set(err, ERROR_SPEC,
			"\"%s\" follows the repository: expected nothing",
			shown(rest, text));
	if (set_place(&found, word, arena, err))
		return -1;
	*out = found;
	return 0;
}

const char *repository_path(const struct repository *repository,
	const char *branch, struct arena *arena)
{
	if (is_url(slice_of(repository->url)))
		return NULL;
	if (strchr(repository->url, '/'))
		return arena_strdup(arena, repository->url);
	return arena_printf(arena, "%s/%s", branch, repository->url);
}
