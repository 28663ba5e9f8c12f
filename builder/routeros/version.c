/* SPDX-License-Identifier: MIT */
#include "routeros/version.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"

#define PART_MAX 999

const struct routeros_version routeros_oldest = { .major = 7, .minor = 5 };
const struct routeros_version routeros_newest = { .major = 7, .minor = 24 };

/* The digits at the front; false when there are none, or too many. */
static bool cut_number(struct slice *rest, unsigned *out)
{
	struct slice digits = slice_make(rest->ptr, 0);
	uint64_t value;

	while (digits.len < rest->len && rest->ptr[digits.len] >= '0' &&
		rest->ptr[digits.len] <= '9')
		digits.len++;
	if (slice_to_u64(digits, 10, PART_MAX, &value))
		return false;
	*out = (unsigned)value;
	*rest = slice_make(rest->ptr + digits.len, rest->len - digits.len);
	return true;
}

static bool cut_text(struct slice *rest, const char *text)
{
	size_t n = slice_of(text).len;

	if (!slice_starts(*rest, text))
		return false;
	*rest = slice_make(rest->ptr + n, rest->len - n);
	return true;
}

static bool cut_stage(struct slice *rest, struct routeros_version *version)
{
	if (!rest->len)
		return true;
	if (cut_text(rest, "beta"))
		version->stage = ROUTEROS_BETA;
	else if (cut_text(rest, "rc"))
		version->stage = ROUTEROS_RC;
	else
		return false;
	return cut_number(rest, &version->number);
}

static bool parse(struct slice rest, struct routeros_version *version)
{
	if (!cut_number(&rest, &version->major) || !cut_text(&rest, ".") ||
		!cut_number(&rest, &version->minor))
		return false;
	if (cut_text(&rest, ".") && !cut_number(&rest, &version->patch))
		return false;
	return cut_stage(&rest, version) && !rest.len;
}

int routeros_version_parse(
	struct routeros_version *version, const char *text, struct error *err)
{
	*version = (struct routeros_version){ 0 };
	if (!parse(slice_of(text), version))
		return error_set(err, ERROR_USAGE,
			"\"%.40s\" is no version of RouterOS, expected one "
			"such as 7.20, 7.20.8 or 7.21rc3",
			text);
	if (version->major == 7 &&
		routeros_version_cmp(version, &routeros_oldest) >= 0)
		return 0;
	return error_set(err, ERROR_USAGE,
		"RouterOS %.40s: containers are known in 7.5 and later "
		"releases of RouterOS 7",
		text);
}

static int compare(unsigned a, unsigned b)
{
	return a < b ? -1 : a > b;
}

/* Releases come after their betas and candidates. */
static unsigned rank(enum routeros_stage stage)
{
	return stage == ROUTEROS_STABLE ? 2 : stage == ROUTEROS_RC ? 1 : 0;
}

int routeros_version_cmp(
	const struct routeros_version *a, const struct routeros_version *b)
{
	const unsigned parts[][2] = {
		{ a->major, b->major },
		{ a->minor, b->minor },
		{ a->patch, b->patch },
		{ rank(a->stage), rank(b->stage) },
		{ a->number, b->number },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		int order = compare(parts[i][0], parts[i][1]);

		if (order)
			return order;
	}
	return 0;
}

bool routeros_version_is_set(const struct routeros_version *version)
{
	return version->major > 0;
}

bool routeros_version_is_future(const struct routeros_version *version)
{
	return version->major > routeros_newest.major ||
	       (version->major == routeros_newest.major &&
		       version->minor > routeros_newest.minor);
}

const char *routeros_version_text(const struct routeros_version *version,
	char text[ROUTEROS_VERSION_TEXT])
{
	static const char *const stages[] = { "", "beta", "rc" };
	int n = snprintf(text, ROUTEROS_VERSION_TEXT, "%u.%u", version->major,
		version->minor);

	if (version->patch)
		n += snprintf(text + n, ROUTEROS_VERSION_TEXT - (size_t)n,
			".%u", version->patch);
	if (version->stage != ROUTEROS_STABLE)
		snprintf(text + n, ROUTEROS_VERSION_TEXT - (size_t)n, "%s%u",
			stages[version->stage], version->number);
	return text;
}

struct routeros_version routeros_version_before(
	const struct routeros_version *version)
{
	struct routeros_version before = *version;

	if (before.patch)
		before.patch--;
	else if (before.minor)
		before.minor--;
	return before;
}

bool routeros_range_has(const struct routeros_range *range,
	const struct routeros_version *version)
{
	if (routeros_version_is_set(&range->since) &&
		routeros_version_cmp(version, &range->since) < 0)
		return false;
	return !routeros_version_is_set(&range->until) ||
	       routeros_version_cmp(version, &range->until) < 0;
}

const char *routeros_range_text(
	const struct routeros_range *range, char text[ROUTEROS_RANGE_TEXT])
{
	const bool since = routeros_version_is_set(&range->since);
	const bool until = routeros_version_is_set(&range->until);
	const struct routeros_version last =
		routeros_version_before(&range->until);
	char a[ROUTEROS_VERSION_TEXT], b[ROUTEROS_VERSION_TEXT];

	routeros_version_text(&range->since, a);
	routeros_version_text(since ? &last : &range->until, b);
	if (since && until && !strcmp(a, b))
		snprintf(text, ROUTEROS_RANGE_TEXT, "%s", a);
	else if (since && until)
		snprintf(text, ROUTEROS_RANGE_TEXT, "%s to %s", a, b);
	else if (since)
		snprintf(text, ROUTEROS_RANGE_TEXT, "%s and later", a);
	else if (until)
		snprintf(text, ROUTEROS_RANGE_TEXT, "before %s", b);
	else
		snprintf(text, ROUTEROS_RANGE_TEXT, "all versions");
	return text;
}
