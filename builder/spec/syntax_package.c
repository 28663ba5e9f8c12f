/* SPDX-License-Identifier: MIT
 *
 * The rules for words of apk: packages, versions, repositories. Whether what
 * they name exists is not decided here; apk/dependency parses them.
 */
#include <string.h>

#include "base/slice.h"
#include "spec/syntax.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define ALNUM DIGITS LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME ALNUM "+._-"	   /* of a package or a tag */
#define PROVIDED ALNUM "+._,:/[]-" /* of what packages provide */
#define FOLDER ALNUM "._-"	   /* of a mirror */

#define WORD_MAX_BYTES 1024
#define PACKAGE_NAME_MAX_BYTES 255 /* apk/package.h: of a file name */
#define URL_MAX_BYTES 1024	   /* apk/repositories.h */
#define FOLDERS_MAX 2		   /* "edge/testing" */

/* Skips at least one character of the set. */
static bool skip_any(const char **p, const char *set)
{
	size_t n = strspn(*p, set);

	*p += n;
	return n;
}

static bool skip_text(const char **p, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(*p, text, n))
		return false;
	*p += n;
	return true;
}

/* Longer ones before their own beginnings. */
static bool skip_one(const char **p, const char *const *texts)
{
	for (; *texts; texts++) {
		if (skip_text(p, *texts))
			return true;
	}
	return false;
}

/* digits(.digits)*[a-z]?(_suffix digits?)*(~hex+)?(-r digits)? */
static bool skip_version(const char **p)
{
	static const char *const suffixes[] = { "alpha", "beta", "pre", "rc",
		"cvs", "svn", "git", "hg", "p", NULL };

	do {
		if (!skip_any(p, DIGITS))
			return false;
	} while (skip_text(p, "."));
	if (**p && strchr(LOWER, **p))
		(*p)++;
	while (skip_text(p, "_")) {
		if (!skip_one(p, suffixes))
			return false;
		skip_any(p, DIGITS);
	}
	if (skip_text(p, "~") && !skip_any(p, DIGITS "abcdef"))
		return false;
	return !skip_text(p, "-r") || skip_any(p, DIGITS);
}

/* Exactly n characters of the set. */
static bool skip_count(const char **p, const char *set, size_t n)
{
	const char *start = *p;

	return skip_any(p, set) && (size_t)(*p - start) == n;
}

/* Base64 or hexadecimal digits of 20 or 32 bytes, as apk/identity.h says. */
static bool skip_identity(const char **p)
{
	size_t digits = 43;

	if (skip_text(p, "X1"))
		return skip_count(p, DIGITS "abcdefABCDEF", 40);
	if (skip_text(p, "X2"))
		return skip_count(p, DIGITS "abcdefABCDEF", 64);
	if (skip_text(p, "Q1"))
		digits = 27;
	else if (!skip_text(p, "Q2"))
		return false;
	return skip_count(p, ALNUM "+/", digits) && skip_text(p, "=");
}

static bool skip_op(const char **p)
{
	static const char *const ops[] = { "<=~", "<=", "<~", "<", ">=~",
		">=", ">~", ">", "=~", "=", "~=", "~", NULL };

	return skip_one(p, ops);
}

static bool is_package(const char *text)
{
	const char *p = text;

	if (strlen(text) > WORD_MAX_BYTES)
		return false;
	skip_text(&p, "!");
	if (!*p || !strchr(ALNUM "_./", *p) || !skip_any(&p, PROVIDED))
		return false;
	if (skip_text(&p, "@") && !skip_any(&p, NAME))
		return false;
	if (!*p)
		return true;
	if (skip_text(&p, "><"))
		return skip_identity(&p) && !*p;
	return skip_op(&p) && skip_version(&p) && !*p;
}

static bool is_package_name(const char *text)
{
	size_t len = strlen(text);

	return len && len <= PACKAGE_NAME_MAX_BYTES &&
	       strchr(ALNUM "_", text[0]) && strspn(text, NAME) == len;
}

/* apk takes versions that its own grammar calls invalid: only the characters
 * are checked. */
static bool is_version(const char *text)
{
	return strlen(text) <= PACKAGE_NAME_MAX_BYTES && *text &&
	       strchr(ALNUM, *text) && skip_any(&text, NAME "~") && !*text;
}

static bool is_tag(const char *text)
{
	return skip_any(&text, NAME) && !*text;
}

static bool has_host(const char *text)
{
	size_t n = strcspn(text, "/");

	return n && text[n - 1] != '@';
}

/* Query and fragment would end up before the architecture's folder. */
static bool is_url(const char *text)
{
	static const char *const schemes[] = { "https://", "http://", NULL };
	const char *p = text;

	if (strlen(text) > URL_MAX_BYTES || !syntax_is_printable(p, "") ||
		strpbrk(p, " ?#"))
		return false;
	if (skip_text(&p, "file:///"))
		return *p && *p != '/';
	return skip_one(&p, schemes) && has_host(p);
}

/* "main", "edge/testing". */
static bool is_mirror_folder(const char *text)
{
	if (strstr(text, ".."))
		return false;
	for (size_t i = 0; i < FOLDERS_MAX; i++) {
		if (!*text || !strchr(ALNUM, *text) || !skip_any(&text, FOLDER))
			return false;
		if (!*text)
			return true;
		if (!skip_text(&text, "/"))
			return false;
	}
	return false;
}

static bool is_repository(const char *text)
{
	if (skip_text(&text, "@") &&
		(!skip_any(&text, NAME) || !skip_any(&text, " ")))
		return false;
	return is_url(text) || is_mirror_folder(text);
}

const struct string_rule syntax_package = { is_package,
	"a package as in apk's world, such as \"openssh\", \"curl>8\", "
	"\"!vlan\" or \"htop@edge\"" };
const struct string_rule syntax_package_name = { is_package_name,
	"a package's name of letters, digits, \"+\", \".\", \"_\" and \"-\"" };
const struct string_rule syntax_package_version = { is_version,
	"a package's version such as \"1.36.1-r19\"" };
const struct string_rule syntax_tag = { is_tag,
	"a tag of letters, digits, \"+\", \".\", \"_\" and \"-\"" };
const struct string_rule syntax_url = { is_url,
	"an https:, http: or file: URL without query" };
const struct string_rule syntax_repository = { is_repository,
	"a repository such as \"main\", \"edge/testing\" or an https:, http: "
	"or file: URL, with a tag before it or without, as in \"@edge "
	"edge/main\"" };
