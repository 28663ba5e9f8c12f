/* SPDX-License-Identifier: MIT */
#include "apk/package.h"

#include <inttypes.h>
#include <string.h>

#include "apk/shown.h"

#define SIZE_LIMIT ((uint64_t)INT64_MAX)
#define EXTENSION ".apk"

static int set_identity(
	struct package *pkg, struct slice value, struct error *err)
{
	char text[SHOWN_SIZE];

	if (!identity_parse(value, &pkg->identity))
		return 1;
	return error_set(err, ERROR_INPUT,
		"C: expected Q1 and base64 of a SHA-1, found \"%s\"",
		shown(value, text));
}

static int to_number(char letter, struct slice value, uint64_t max,
	uint64_t *out, struct error *err)
{
	char text[SHOWN_SIZE];

	if (!slice_to_u64(value, 10, max, out))
		return 1;
	return error_set(err, ERROR_INPUT,
		"%c: expected a number from 0 to %" PRIu64 ", found \"%s\"",
		letter, max, shown(value, text));
}

/* k: and q: */
static int to_priority(
	char letter, struct slice value, unsigned *out, struct error *err)
{
	uint64_t number;

	if (to_number(letter, value, PACKAGE_PRIORITY_MAX, &number, err) < 0)
		return -1;
	*out = (unsigned)number;
	return 1;
}

static int set_time(struct package *pkg, struct slice value, struct error *err)
{
	uint64_t number;

	if (to_number('t', value, SIZE_LIMIT, &number, err) < 0)
		return -1;
	pkg->build_time = (int64_t)number;
	return 1;
}

static struct slice *text_field(struct package *pkg, char letter)
{
	switch (letter) {
	case 'P':
		return &pkg->name;
	case 'V':
		return &pkg->version;
	case 'A':
		return &pkg->arch;
	case 'T':
		return &pkg->description;
	case 'U':
		return &pkg->url;
	case 'L':
		return &pkg->license;
	case 'o':
		return &pkg->origin;
	case 'm':
		return &pkg->maintainer;
	case 'c':
		return &pkg->commit;
	default:
		return NULL;
	}
}

static struct dependency_list *words_field(struct package *pkg, char letter)
{
	switch (letter) {
	case 'D':
		return &pkg->depends;
	case 'p':
		return &pkg->provides;
	case 'i':
		return &pkg->install_if;
	case 'r':
		return &pkg->replaces;
	default:
		return NULL;
	}
}

/* A rule of which a word is unknown must not fire without it. */
static void drop_install_if(struct package *pkg)
{
	pkg->is_install_if_malformed = true;
	pkg->install_if.n = 0;
}

static int add_words(struct package *pkg, char letter, struct slice value,
	struct arena *arena, struct error *err)
{
	int malformed = dependency_list_parse(value,
		letter == 'p' ? DEPENDENCY_PROVIDED : DEPENDENCY_OF_PACKAGE,
		arena, words_field(pkg, letter));

	if (malformed < 0)
		return error_set(err, ERROR_INPUT, "%c: more than %zu words",
			letter, DEPENDENCIES_MAX);
	if (malformed && letter == 'D')
		pkg->uninstallable = "has a malformed dependency";
	if (letter == 'i' && (malformed || pkg->is_install_if_malformed))
		drop_install_if(pkg);
	return 1;
}

int package_set_field(struct package *pkg, char letter, struct slice value,
	struct arena *arena, struct error *err)
{
	struct slice *text = text_field(pkg, letter);

	if (text) {
		*text = value;
		return 1;
	}
	if (words_field(pkg, letter))
		return add_words(pkg, letter, value, arena, err);
	switch (letter) {
	case 'C':
		return set_identity(pkg, value, err);
	case 'S':
		return to_number(letter, value, SIZE_LIMIT, &pkg->size, err);
	case 'I':
		return to_number(
			letter, value, SIZE_LIMIT, &pkg->installed_size, err);
	case 't':
		return set_time(pkg, value, err);
	case 'k':
		return to_priority(letter, value, &pkg->priority, err);
	case 'q':
		return to_priority(letter, value, &pkg->replaces_priority, err);
	default:
		return 0;
	}
}

static bool is_allowed(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '+' ||
	       c == '-' || c == '~';
}

/* What becomes a part of URLs and file names, with ".apk" behind it. */
static bool is_safe(struct slice s)
{
	if (s.len && s.ptr[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_allowed(s.ptr[i]))
			return false;
		if (i && s.ptr[i] == '.' && s.ptr[i - 1] == '.')
			return false;
	}
	return true;
}

static int check_part(const char *field, struct slice value, struct error *err)
{
	char text[SHOWN_SIZE];

	if (is_safe(value))
		return 0;
	return error_set(err, ERROR_INPUT,
		"%s: expected letters, digits, + - _ ~ and single dots, found "
		"\"%s\"",
		field, shown(value, text));
}

int package_check_name(const struct package *pkg, struct error *err)
{
	if (!pkg->name.len)
		return error_set(err, ERROR_INPUT, "P: there is no name");
	if (!pkg->version.len)
		return error_set(err, ERROR_INPUT, "V: there is no version");
	if (check_part("P", pkg->name, err) ||
		check_part("V", pkg->version, err) ||
		check_part("A", pkg->arch, err))
		return -1;
	if (pkg->name.len > PACKAGE_NAME_MAX ||
		pkg->version.len > PACKAGE_NAME_MAX ||
		pkg->name.len + 1 + pkg->version.len + strlen(EXTENSION) >
			PACKAGE_NAME_MAX)
		return error_set(err, ERROR_INPUT,
			"P: and V: make a file name of more than %d bytes",
			PACKAGE_NAME_MAX);
	if (pkg->arch.len > PACKAGE_NAME_MAX)
		return error_set(err, ERROR_INPUT, "A: more than %d bytes",
			PACKAGE_NAME_MAX);
	return 0;
}

int package_check(const struct package *pkg, struct error *err)
{
	if (package_check_name(pkg, err))
		return -1;
	if (pkg->identity.kind == IDENTITY_NONE)
		return error_set(err, ERROR_INPUT, "C: there is no identity");
	return 0;
}

const char *package_file_name(const struct package *pkg, struct arena *arena)
{
	return arena_printf(arena, "%.*s-%.*s" EXTENSION, SLICE_ARGS(pkg->name),
		SLICE_ARGS(pkg->version));
}

char *package_text(const struct package *pkg)
{
	return memory_printf(
		"%.*s-%.*s", SLICE_ARGS(pkg->name), SLICE_ARGS(pkg->version));
}
