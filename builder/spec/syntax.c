/* SPDX-License-Identifier: MIT */
#include "spec/syntax.h"

#include <string.h>

#include "base/path.h"
#include "base/slice.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALNUM DIGITS LOWER UPPER

#define NAME_MAX_BYTES 64 /* of images, overlays, services, variables */
#define ENV_NAME_MAX_BYTES 128
#define ACCOUNT_MAX_BYTES 32 /* as useradd and busybox allow */
#define MODE_DIGITS_MAX 4

/* 1 to max bytes of `rest`, the first one out of `first`. */
static bool is_made_of(
	const char *text, const char *first, const char *rest, size_t max)
{
	size_t len = strlen(text);

	return len && len <= max && strchr(first, text[0]) &&
	       !text[strspn(text, rest)];
}

bool syntax_is_printable(const char *text, const char *also)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x20 || c == 0x7f) && !strchr(also, c))
			return false;
		if (c == 0xc2 && (unsigned char)text[1] < 0xa0)
			return false;
	}
	return true;
}

static bool is_printable(const char *text)
{
	return syntax_is_printable(text, "");
}

/* OCI's repository component: separators stand between letters or digits. */
static bool is_image_name(const char *text)
{
	if (!is_made_of(text, DIGITS LOWER, DIGITS LOWER "._-", NAME_MAX_BYTES))
		return false;
	for (; *text; text++) {
		if (strchr("._-", text[0]) &&
			(!text[1] || strchr("._-", text[1])))
			return false;
	}
	return true;
}

static bool is_image_version(const char *text)
{
	struct slice s = slice_of(text);

	/* The channels' own words would make one tag of two. */
	if (slice_is(s, "latest") || slice_is(s, "devel") ||
		slice_starts(s, "devel-"))
		return false;
	return is_made_of(text, ALNUM, ALNUM "._-", NAME_MAX_BYTES);
}

static bool is_release_part(struct slice part)
{
	uint64_t number;

	return part.len <= 3 && !slice_to_u64(part, 10, 999, &number) &&
	       (part.len == 1 || part.ptr[0] != '0');
}

static bool is_alpine(const char *text)
{
	struct slice rest = slice_of(text), part;
	size_t n = 0;

	while (slice_cut(&rest, '.', &part)) {
		if (!is_release_part(part))
			return false;
		n++;
	}
	return n == 2 || n == 3;
}

static bool is_release(const char *text)
{
	return is_made_of(text, DIGITS, ALNUM "._", NAME_MAX_BYTES);
}

static bool is_arch(const char *text)
{
	return is_made_of(text, LOWER, LOWER DIGITS "_", NAME_MAX_BYTES);
}

static bool is_folder(const char *text)
{
	return is_made_of(text, ALNUM "_-", ALNUM "._-", NAME_MAX_BYTES);
}

static bool is_runlevel(const char *text)
{
	return is_made_of(
		text, LOWER DIGITS "_-", LOWER DIGITS "_-", NAME_MAX_BYTES);
}

static bool is_variable(const char *text)
{
	return is_made_of(text, LOWER UPPER "_", ALNUM "_-", NAME_MAX_BYTES);
}

static bool is_env(const char *text)
{
	size_t key = strspn(text, ALNUM "_");

	return key && text[key] == '=' && !strchr(DIGITS, text[0]) &&
	       is_printable(text);
}

static bool is_env_name(const char *text)
{
	return is_made_of(text, LOWER UPPER "_", ALNUM "_", ENV_NAME_MAX_BYTES);
}

static bool is_account(const char *text)
{
	return is_made_of(
		text, LOWER "_", LOWER UPPER DIGITS "_.-", ACCOUNT_MAX_BYTES);
}

static bool is_id(struct slice text)
{
	uint64_t id;

	return !slice_to_u64(text, 10, SYNTAX_ID_MAX, &id);
}

static bool is_account_ref(const char *text)
{
	return is_account(text) || is_id(slice_of(text));
}

static bool is_gecos(const char *text)
{
	return is_printable(text) && !strchr(text, ':');
}

static bool is_absolute(const char *text)
{
	return text[0] == '/' && is_printable(text) &&
	       strlen(text) < PATH_TEXT_MAX;
}

/* Clean, and not the root, over which RouterOS mounts nothing. */
static bool is_volume(const char *text)
{
	SCOPED_FREE char *clean = NULL;
	struct error why;

	return is_absolute(text) && text[1] &&
	       !path_clean(text, PATH_FROM_SPEC, &clean, &why) &&
	       !strcmp(clean, text + 1);
}

static bool is_home(const char *text)
{
	return is_absolute(text) && !strchr(text, ':');
}

static bool is_owner_part(struct slice part)
{
	SCOPED_FREE char *text = slice_dup(part);

	return is_account_ref(text);
}

static bool is_owner(const char *text)
{
	struct slice group = slice_of(text), user;

	slice_cut(&group, ':', &user);
	if (!group.ptr)
		return is_owner_part(user);
	return is_owner_part(group) && (!user.len || is_owner_part(user));
}

static bool is_mode(const char *text)
{
	return is_made_of(text, "01234567", "01234567", MODE_DIGITS_MAX) &&
	       strlen(text) >= 3;
}

static bool is_word(const char *text)
{
	return *text && is_printable(text) && !strchr(text, ' ');
}

static bool is_line(const char *text)
{
	return *text && is_printable(text);
}

static bool is_sha256(const char *text)
{
	return is_made_of(text, DIGITS "abcdef", DIGITS "abcdef", 64) &&
	       strlen(text) == 64;
}

const struct string_rule syntax_image_name = { is_image_name,
	"a name of a-z and 0-9, with single \".\", \"_\" or \"-\" between, of "
	"at most 64" };
const struct string_rule syntax_image_version = { is_image_version,
	"a version such as \"0.0.1\" of letters, digits, \".\", \"_\" and "
	"\"-\", a letter or digit first, of at most 64" };
const struct string_rule syntax_alpine = { is_alpine,
	"an Alpine version such as \"3.18.9\", or a branch such as \"3.18\"" };
const struct string_rule syntax_release = { is_release,
	"an Alpine release such as \"3.18.9\"" };
const struct string_rule syntax_arch = { is_arch,
	"a name of a-z, 0-9 and \"_\"" };
const struct string_rule syntax_folder = { is_folder,
	"a folder's name of letters, digits, \".\", \"_\" and \"-\"" };
const struct string_rule syntax_service = { is_folder,
	"a name of letters, digits, \".\", \"_\" and \"-\"" };
const struct string_rule syntax_runlevel = { is_runlevel,
	"a name of a-z, 0-9, \"_\" and \"-\"" };
const struct string_rule syntax_variable = { is_variable,
	"a variable's name of letters, digits, \"_\" and \"-\"" };
const struct string_rule syntax_env = { is_env,
	"\"KEY=value\" with a key of letters, digits and \"_\"" };
const struct string_rule syntax_account = { is_account,
	"a name of a-z, 0-9, \".\", \"_\" and \"-\", of at most 32" };
const struct string_rule syntax_account_ref = { is_account_ref,
	"a name, or a number from 0 to 65535" };
const struct string_rule syntax_gecos = { is_gecos,
	"text without colon and control characters" };
const struct string_rule syntax_home = { is_home,
	"an absolute path without colon" };
const struct string_rule syntax_env_name = { is_env_name,
	"a name of letters, digits and _, no digit first" };
const struct string_rule syntax_volume = { is_volume,
	"an absolute path of a folder such as \"/data\", without empty, . and "
	".. parts" };
const struct string_rule syntax_absolute = { is_absolute, "an absolute path" };
const struct string_rule syntax_owner = { is_owner,
	"an owner such as \"user\", \"user:group\", \":group\" or \"0:42\"" };
const struct string_rule syntax_mode = { is_mode,
	"a mode of 3 or 4 octal digits such as \"0755\"" };
const struct string_rule syntax_word = { is_word,
	"text without blanks and control characters, not empty" };
const struct string_rule syntax_line = { is_line,
	"text without control characters, not empty" };
const struct string_rule syntax_sha256 = { is_sha256,
	"64 lower-case hexadecimal digits" };
