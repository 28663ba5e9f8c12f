/* SPDX-License-Identifier: MIT */
#include "apk/version.h"

/* What a token is; the order decides where two versions part. */
enum rank {
	RANK_FIRST,	    /* the first number */
	RANK_NUMBER,	    /* a further one */
	RANK_LETTER,	    /* of "1.0b" */
	RANK_SUFFIX,	    /* "_rc" */
	RANK_SUFFIX_NUMBER, /* the 2 of "_rc2" */
	RANK_HASH,	    /* "~1a2b3c" */
	RANK_REVISION,	    /* "-r3" */
	RANK_END,
	RANK_INVALID,
};

/* Those before NO_SUFFIX come before the version without a suffix. */
enum suffix {
	SUFFIX_ALPHA,
	SUFFIX_BETA,
	SUFFIX_PRE,
	SUFFIX_RC,
	NO_SUFFIX,
	SUFFIX_CVS,
	SUFFIX_SVN,
	SUFFIX_GIT,
	SUFFIX_HG,
	SUFFIX_P,
	NSUFFIXES,
};

static const char *const suffix_names[NSUFFIXES] = {
	[SUFFIX_ALPHA] = "alpha",
	[SUFFIX_BETA] = "beta",
	[SUFFIX_PRE] = "pre",
	[SUFFIX_RC] = "rc",
	[NO_SUFFIX] = "",
	[SUFFIX_CVS] = "cvs",
	[SUFFIX_SVN] = "svn",
	[SUFFIX_GIT] = "git",
	[SUFFIX_HG] = "hg",
	[SUFFIX_P] = "p",
};

struct token {
	enum rank rank;
	struct slice text; /* digits of a number, of a hash */
	uint64_t value;	   /* of a number (wraps), letter or suffix */
	struct slice rest; /* what follows */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static void skip(struct token *t, size_t n)
{
	t->rest = slice_make(t->rest.ptr + n, t->rest.len - n);
}

/* Cuts the longest run of such characters off the front of t->rest. */
static bool take(struct token *t, bool (*is)(char))
{
	size_t n = 0;

	while (n < t->rest.len && is(t->rest.ptr[n]))
		n++;
	if (!n)
		return false;
	t->text = slice_make(t->rest.ptr, n);
	skip(t, n);
	return true;
}

static void number(struct token *t, enum rank rank)
{
	t->rank = RANK_INVALID;
	if (!take(t, is_digit))
		return;
	t->rank = rank;
	t->value = 0;
	for (size_t i = 0; i < t->text.len; i++)
		t->value = t->value * 10 + (uint64_t)(t->text.ptr[i] - '0');
}

static void suffix(struct token *t)
{
	t->rank = RANK_INVALID;
	if (!take(t, is_lower))
		return;
	for (unsigned i = 0; i < NSUFFIXES; i++) {
		if (!slice_is(t->text, suffix_names[i]))
			continue;
		t->value = i;
		t->rank = RANK_SUFFIX;
	}
}

static void letter(struct token *t)
{
	t->value = (uint64_t)t->rest.ptr[0];
	t->rank = RANK_LETTER;
	skip(t, 1);
}

static struct token first_token(struct slice version)
{
	struct token t = { .rest = version };

	number(&t, RANK_FIRST);
	return t;
}

static void next_token(struct token *t)
{
	enum rank previous = t->rank;
	char c;

	t->rank = RANK_INVALID;
	if (!t->rest.len) {
		t->rank = RANK_END;
		return;
	}
	c = t->rest.ptr[0];
	if (is_lower(c) && previous <= RANK_NUMBER) {
		letter(t);
	} else if (c == '.' && previous <= RANK_NUMBER) {
		skip(t, 1);
		number(t, RANK_NUMBER);
	} else if (is_digit(c) && previous == RANK_SUFFIX) {
		number(t, RANK_SUFFIX_NUMBER);
	} else if (c == '_' && previous <= RANK_SUFFIX_NUMBER) {
		skip(t, 1);
		suffix(t);
	} else if (c == '~' && previous < RANK_HASH) {
		skip(t, 1);
		t->rank = take(t, is_hex) ? RANK_HASH : RANK_INVALID;
	} else if (slice_starts(t->rest, "-r") && previous < RANK_REVISION) {
		skip(t, 2);
		number(t, RANK_REVISION);
	}
}

bool version_is_valid(struct slice version)
{
	struct token t = first_token(version);

	while (t.rank < RANK_END)
		next_token(&t);
	return t.rank == RANK_END;
}

/* The values of two tokens of the same rank: <0, 0, >0. */
static int compare_values(const struct token *a, const struct token *b)
{
	if (a->rank == RANK_HASH)
		return slice_cmp(a->text, b->text);
	/* "1.01" is older than "1.1": a fraction, not a number. */
	if (a->rank == RANK_NUMBER &&
		(a->text.ptr[0] == '0' || b->text.ptr[0] == '0'))
		return slice_cmp(a->text, b->text);
	return (a->value > b->value) - (a->value < b->value);
}

static bool is_before_release(const struct token *t)
{
	return t->rank == RANK_SUFFIX && t->value < NO_SUFFIX;
}

/* Where the tokens of two versions have different ranks. */
static unsigned compare_ranks(const struct token *a, const struct token *b)
{
	if (is_before_release(a))
		return VERSION_LESS;
	if (is_before_release(b))
		return VERSION_GREATER;
	return a->rank > b->rank ? VERSION_LESS : VERSION_GREATER;
}

static unsigned compare(struct slice left, struct slice right, unsigned fuzzy)
{
	struct token a = first_token(left), b = first_token(right);

	while (a.rank == b.rank && a.rank < RANK_END) {
		int order = compare_values(&a, &b);

		if (order)
			return order < 0 ? VERSION_LESS : VERSION_GREATER;
		next_token(&a);
		next_token(&b);
	}
	if (a.rank == b.rank || (fuzzy && b.rank == RANK_END))
		return VERSION_EQUAL;
	return compare_ranks(&a, &b);
}

unsigned version_compare(struct slice a, struct slice b)
{
	return compare(a, b, 0);
}

bool version_matches(struct slice a, unsigned op, struct slice b)
{
	if (op & VERSION_FUZZY)
		op |= VERSION_EQUAL;
	return (compare(a, b, op & VERSION_FUZZY) & op) != 0;
}

bool version_split(struct slice text, struct slice *name, struct slice *version)
{
	for (size_t at = text.len; at-- > 1;) {
		if (text.ptr[at] != '-' || at + 1 == text.len ||
			!is_digit(text.ptr[at + 1]))
			continue;
		*name = slice_make(text.ptr, at);
		*version = slice_make(text.ptr + at + 1, text.len - at - 1);
		return true;
	}
	return false;
}
