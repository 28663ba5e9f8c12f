/* SPDX-License-Identifier: MIT */
#include "apk/dependency.h"

#include <string.h>

#define OP_IDENTITY (VERSION_LESS | VERSION_GREATER)
#define OP_ANY (VERSION_LESS | VERSION_EQUAL | VERSION_GREATER)
#define TEXT_MAX ((size_t)4 << 20) /* bytes of a printed word: a line's */

/* Classes of characters. */
#define IN_NAME 1u     /* of packages, also in tags */
#define IN_PROVIDED 2u /* beside those in what packages provide */
#define IN_OP 4u

static const unsigned char classes[256] = {
	['a' ... 'z'] = IN_NAME,
	['A' ... 'Z'] = IN_NAME,
	['0' ... '9'] = IN_NAME,
	['+'] = IN_NAME,
	['-'] = IN_NAME,
	['.'] = IN_NAME,
	['_'] = IN_NAME,
	[','] = IN_PROVIDED,
	['/'] = IN_PROVIDED,
	[':'] = IN_PROVIDED,
	['['] = IN_PROVIDED,
	[']'] = IN_PROVIDED,
	['<'] = IN_OP,
	['='] = IN_OP,
	['>'] = IN_OP,
	['~'] = IN_OP,
};

/* Cuts the longest run of characters of these classes off the front. */
static struct slice take(struct slice *rest, unsigned wanted)
{
	struct slice run;
	size_t n = 0;

	while (n < rest->len && (classes[(unsigned char)rest->ptr[n]] & wanted))
		n++;
	run = slice_make(rest->ptr, n);
	if (n)
		*rest = slice_make(rest->ptr + n, rest->len - n);
	return run;
}

/* Whether the next character is c, which is cut off then. */
static bool take_char(struct slice *rest, char c)
{
	if (!rest->len || rest->ptr[0] != c)
		return false;
	*rest = slice_make(rest->ptr + 1, rest->len - 1);
	return true;
}

static unsigned op_of(struct slice text)
{
	unsigned op = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		op |= c == '<'	 ? VERSION_LESS
		      : c == '>' ? VERSION_GREATER
		      : c == '=' ? VERSION_EQUAL
				 : VERSION_EQUAL | VERSION_FUZZY;
	}
	return op;
}

static bool is_graphic(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
			return false;
	}
	return true;
}

/* The op and what follows it. */
static int parse_version(
	struct slice rest, enum dependency_place place, struct dependency *dep)
{
	struct identity identity;

	dep->op = op_of(take(&rest, IN_OP));
	dep->version = rest;
	if (!dep->op)
		return rest.len ? -1 : 0;
	if (dep->op == OP_IDENTITY)
		return identity_parse(rest, &identity);
	/* Real packages provide "pc:librtmp=v2.4": words ask for the name. */
	if (place == DEPENDENCY_PROVIDED)
		return rest.len && is_graphic(rest) ? 0 : -1;
	return version_is_valid(rest) ? 0 : -1;
}

int dependency_parse(
	struct slice word, enum dependency_place place, struct dependency *out)
{
	struct dependency dep = { 0 };

	dep.is_conflict = take_char(&word, '!');
	if (dep.is_conflict && place == DEPENDENCY_PROVIDED)
		return -1;
	dep.name = take(&word, IN_NAME | IN_PROVIDED);
	if (!dep.name.len)
		return -1;
	if (place == DEPENDENCY_OF_WORLD && take_char(&word, '@')) {
		dep.tag = take(&word, IN_NAME);
		if (!dep.tag.len)
			return -1;
	}
	if (parse_version(word, place, &dep))
		return -1;
	*out = dep;
	return 0;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\n';
}

bool dependency_cut(struct slice *text, struct slice *word)
{
	size_t from = 0, to;

	while (from < text->len && is_separator(text->ptr[from]))
		from++;
	if (from == text->len)
		return false;
	for (to = from; to < text->len && !is_separator(text->ptr[to]);)
		to++;
	*word = slice_make(text->ptr + from, to - from);
	*text = slice_make(text->ptr + to, text->len - to);
	return true;
}

/* At least twice what there was, so that many short lines are not quadratic. */
static void make_room(
	struct dependency_list *list, size_t more, struct arena *arena)
{
	struct dependency *items;
	size_t cap = list->n + more;

	if (cap <= list->cap)
		return;
	if (list->n && cap < 2 * list->n)
		cap = 2 * list->n;
	items = arena_alloc(arena, cap * sizeof(*items));
	if (list->n)
		memcpy(items, list->items, list->n * sizeof(*items));
	list->items = items;
	list->cap = cap;
}

void dependency_list_add(struct dependency_list *list,
	const struct dependency *dep, struct arena *arena)
{
	make_room(list, 1, arena);
	list->items[list->n++] = *dep;
}

static size_t count_words(struct slice text)
{
	struct slice word;
	size_t n = 0;

	while (n <= DEPENDENCIES_MAX && dependency_cut(&text, &word))
		n++;
	return n;
}

int dependency_list_parse(struct slice text, enum dependency_place place,
	struct arena *arena, struct dependency_list *list)
{
	size_t n = count_words(text);
	struct slice word;
	int malformed = 0;

	if (n > DEPENDENCIES_MAX || list->n > DEPENDENCIES_MAX - n)
		return -1;
	make_room(list, n, arena);
	while (dependency_cut(&text, &word)) {
		if (dependency_parse(word, place, &list->items[list->n]))
			malformed++;
		else
			list->n++;
	}
	return malformed;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int dependency_name_cmp(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int order = lower(a.ptr[i]) - lower(b.ptr[i]);

		if (order)
			return order;
	}
	return a.len == b.len ? slice_cmp(a, b) : a.len < b.len ? -1 : 1;
}

bool dependency_matches(const struct dependency *dep, struct slice version,
	const struct identity *identity)
{
	struct identity wanted;

	if (!dep->op || (dep->op & OP_ANY) == OP_ANY)
		return true;
	if (dep->op == OP_IDENTITY)
		return identity && !identity_parse(dep->version, &wanted) &&
		       identity_eq(&wanted, identity);
	return version_matches(version, dep->op, dep->version);
}

static void print_op(unsigned op, struct buf *out)
{
	if (op == OP_IDENTITY) {
		buf_add_str(out, "><");
		return;
	}
	if (op & VERSION_LESS)
		buf_add_str(out, "<");
	if (op & VERSION_GREATER)
		buf_add_str(out, ">");
	if (op & VERSION_FUZZY)
		buf_add_str(out, "~");
	else if (op & VERSION_EQUAL)
		buf_add_str(out, "=");
}

void dependency_print(const struct dependency *dep, struct buf *out)
{
	if (dep->is_conflict)
		buf_add_str(out, "!");
	buf_add_slice(out, dep->name);
	if (dep->tag.len) {
		buf_add_str(out, "@");
		buf_add_slice(out, dep->tag);
	}
	print_op(dep->op, out);
	buf_add_slice(out, dep->version);
}

void dependency_list_print(const struct dependency_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_add_str(out, " ");
		dependency_print(&list->items[i], out);
	}
}

char *dependency_text(const struct dependency *dep)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	dependency_print(dep, &text);
	return buf_take(&text);
}
