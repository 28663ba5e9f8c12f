/* SPDX-License-Identifier: MIT */
#include "apk/pkginfo.h"

#include "apk/shown.h"

#define SEPARATOR " = "
#define SHA256_HEX 64

/* Keys and the letters of the same fields in an index. */
static const struct {
	const char *key;
	char letter;
} keys[] = {
	{ "pkgname", 'P' },
	{ "pkgver", 'V' },
	{ "pkgdesc", 'T' },
	{ "url", 'U' },
	{ "size", 'I' },
	{ "license", 'L' },
	{ "arch", 'A' },
	{ "depend", 'D' },
	{ "install_if", 'i' },
	{ "provides", 'p' },
	{ "origin", 'o' },
	{ "maintainer", 'm' },
	{ "builddate", 't' },
	{ "commit", 'c' },
	{ "provider_priority", 'k' },
	{ "replaces", 'r' },
	{ "replaces_priority", 'q' },
};

static char letter_of(struct slice key)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (slice_is(key, keys[i].key))
			return keys[i].letter;
	}
	return '\0';
}

/* Cuts at the first " = "; false: a line that says nothing to apk either. */
static bool split(struct slice line, struct slice *key, struct slice *value)
{
	size_t n = sizeof(SEPARATOR) - 1;

	for (size_t i = 0; i + n <= line.len; i++) {
		struct slice rest = slice_make(line.ptr + i, line.len - i);

		if (!slice_starts(rest, SEPARATOR))
			continue;
		*key = slice_make(line.ptr, i);
		*value = slice_make(rest.ptr + n, rest.len - n);
		return true;
	}
	return false;
}

/* digest_parse() alone would take other kinds and prefixes, too. */
static int set_datahash(
	struct pkginfo *info, struct slice value, struct error *err)
{
	struct error ignored;
	char text[SHOWN_SIZE];

	if (value.len == SHA256_HEX &&
		!digest_parse(value, &info->datahash, &ignored))
		return 0;
	return error_set(err, ERROR_INPUT,
		"expected 64 hexadecimal digits, found \"%s\"",
		shown(value, text));
}

static int set_value(struct pkginfo *info, struct slice key, struct slice value,
	struct arena *arena, struct error *err)
{
	char letter = letter_of(key);

	if (letter)
		return package_set_field(
			&info->package, letter, value, arena, err);
	if (slice_is(key, "datahash"))
		return set_datahash(info, value, err);
	if (slice_is(key, "triggers"))
		info->package.triggers = value;
	return 0;
}

static int read_line(struct pkginfo *info, struct slice line,
	struct arena *arena, struct error *err)
{
	struct slice key, value;
	char text[SHOWN_SIZE];

	if (!line.len || line.ptr[0] == '#' || !split(line, &key, &value))
		return 0;
	if (set_value(info, key, value, arena, err) < 0)
		return error_wrap(err, "%s", shown(key, text));
	return 0;
}

int pkginfo_parse(struct pkginfo *info, struct slice text, struct arena *arena,
	struct error *err)
{
	struct pkginfo found = { 0 };
	struct slice line;
	size_t n = 0;

	if (text.len > PKGINFO_MAX)
		return error_set(err, ERROR_INPUT,
			".PKGINFO: %zu bytes (at most %zu)", text.len,
			PKGINFO_MAX);
	while (slice_cut(&text, '\n', &line)) {
		n++;
		if (read_line(&found, line, arena, err))
			return error_wrap(err, ".PKGINFO:%zu", n);
	}
	if (package_check_name(&found.package, err))
		return error_wrap(err, ".PKGINFO");
	*info = found;
	return 0;
}
