/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

#define QUOTE_MAX 64 /* bytes of a path that is too long, in a message */

static enum error_kind kind_of(enum path_origin origin)
{
	return origin == PATH_FROM_SPEC ? ERROR_SPEC : ERROR_INPUT;
}

/* ASCII and, as UTF-8, U+0080 to U+009F: terminals obey both. */
static int check_controls(
	struct slice s, enum path_origin origin, struct error *err)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == 0xc2 && (unsigned char)s.ptr[i + 1] < 0xa0)
			c = (unsigned char)s.ptr[i + 1];
		else if (c >= 0x20 && c != 0x7f)
			continue;
		return error_set(err, kind_of(origin),
			"path has a control character (U+%04X)", c);
	}
	return 0;
}

/* Bytes of a long text to quote: whole characters, at most QUOTE_MAX. */
static int quoted(const char *text)
{
	int n = QUOTE_MAX;

	while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static int check_component(const char *text, struct slice part,
	enum path_origin origin, struct error *err)
{
	if (slice_is(part, ".."))
		return error_set(err, kind_of(origin),
			"path \"%s\" has a \"..\" component", text);
	if (part.len > PATH_NAME_MAX)
		return error_set(err, kind_of(origin),
			"path \"%.*s...\" has a component of %zu bytes "
			"(at most %d)",
			quoted(text), text, part.len, PATH_NAME_MAX);
	return 0;
}

/* What may be quoted in a message is checked before it is quoted. */
static int check_text(
	const char *text, enum path_origin origin, struct error *err)
{
	struct slice s = slice_of(text);

	if (!slice_is_utf8(s))
		return error_set(
			err, kind_of(origin), "path is not valid UTF-8");
	if (check_controls(s, origin, err))
		return -1;
	if (s.len >= PATH_TEXT_MAX)
		return error_set(err, kind_of(origin),
			"path \"%.*s...\" has %zu bytes (at most %d)",
			quoted(text), text, s.len, PATH_TEXT_MAX - 1);
	if (origin == PATH_FROM_ARCHIVE && text[0] == '/')
		return error_set(err, ERROR_INPUT,
			"path \"%s\" is absolute, expected a relative one",
			text);
	if (origin == PATH_FROM_SPEC && text[0] != '/')
		return error_set(err, ERROR_SPEC,
			"path \"%s\" is relative, expected \"/%s\"", text,
			text);
	return 0;
}

int path_clean(const char *text, enum path_origin origin, char **out,
	struct error *err)
{
	struct slice rest = slice_of(text), part;
	SCOPED_BUF struct buf buf;

	buf_init(&buf, PATH_TEXT_MAX);
	if (check_text(text, origin, err))
		return -1;
	while (path_cut(&rest, &part)) {
		if (slice_is(part, "."))
			continue;
		if (check_component(text, part, origin, err))
			return -1;
		if (buf.len)
			buf_add(&buf, "/", 1);
		buf_add_slice(&buf, part);
	}
	*out = buf_take(&buf);
	return 0;
}

bool path_cut(struct slice *rest, struct slice *component)
{
	while (slice_cut(rest, '/', component)) {
		if (component->len)
			return true;
	}
	return false;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct slice path_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slice_make(path, slash ? (size_t)(slash - path) : 0);
}

bool path_link_leaves(const char *path, const char *target)
{
	struct slice rest = path_parent(path), part;
	long depth = 0;

	while (target[0] != '/' && path_cut(&rest, &part))
		depth++;
	rest = slice_of(target);
	while (depth >= 0 && path_cut(&rest, &part)) {
		if (slice_is(part, ".."))
			depth--;
		else if (!slice_is(part, "."))
			depth++;
	}
	return depth < 0;
}

char *path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (name[0] == '/' || !len)
		return memory_strdup(name);
	return memory_printf(
		"%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

bool path_is_pattern(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

/*
 * The classic greedy matcher with two restart points: the last `*`, which
 * gives up at a slash, and the last `**`, which never does.
 */
bool path_glob(const char *pattern, const char *path)
{
	const char *star = NULL, *star_at = NULL;
	const char *deep = NULL, *deep_at = NULL;

	for (;;) {
		if (pattern[0] == '*' && pattern[1] == '*') {
			pattern += 2;
			deep = pattern;
			deep_at = path;
			star = NULL;
		} else if (pattern[0] == '*') {
			star = ++pattern;
			star_at = path;
		} else if (*path && ((*pattern == '?' && *path != '/') ||
					    *pattern == *path)) {
			pattern++;
			path++;
		} else if (!*path && !*pattern) {
			return true;
		} else if (star && *star_at && *star_at != '/') {
			pattern = star;
			path = ++star_at;
		} else if (deep && *deep_at) {
			star = NULL;
			pattern = deep;
			path = ++deep_at;
		} else {
			return false;
		}
	}
}
