/* SPDX-License-Identifier: MIT */
#include "rootfs/template.h"

#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"

#define OPEN "${{"
#define CLOSE "}}"
#define LITERAL "$${{" /* stands for OPEN itself */
#define NAME_SHOWN 64  /* bytes of a bad name in a message */

struct expansion {
	const char *name;  /* of the file */
	struct slice rest; /* still to be read */
	unsigned line;	   /* of rest, from 1 */
	const struct pair_list *variables;
	struct buf *out;
};

static void skip(struct expansion *e, size_t n)
{
	e->rest = slice_make(e->rest.ptr + n, e->rest.len - n);
}

static int check_utf8(const char *name, struct slice text, struct error *err)
{
	struct slice line;
	unsigned n = 0;

	if (!text.len || slice_is_utf8(text))
		return 0;
	while (slice_cut(&text, '\n', &line)) {
		n++;
		if (line.len && !slice_is_utf8(line))
			break;
	}
	return error_set(err, ERROR_SPEC,
		"%s:%u: a template must be UTF-8 text without NUL, leave it "
		"out of \"templates\" or convert it",
		name, n);
}

static int complain_unknown(
	const struct expansion *e, const char *variable, struct error *err)
{
	size_t n = e->variables->n;
	SCOPED_FREE const char **names = memory_alloc(n * sizeof(const char *));
	const char *near;

	for (size_t i = 0; i < n; i++)
		names[i] = e->variables->items[i].key;
	near = nearest_find(variable, names, n);
	return error_set(err, ERROR_SPEC,
		"%s:%u: unknown variable \"%.*s\"%s%s%s, define it under "
		"\"variables\" in the manifest",
		e->name, e->line, NAME_SHOWN, variable,
		near ? ", did you mean \"" : "", near ? near : "",
		near ? "\"" : "");
}

/* The bytes between OPEN, which is at the front of rest, and CLOSE. */
static int find_name(
	const struct expansion *e, struct slice *name, struct error *err)
{
	size_t open = strlen(OPEN);
	const char *start = e->rest.ptr + open, *newline, *close;
	size_t len = e->rest.len - open;

	newline = memchr(start, '\n', len);
	if (newline)
		len = (size_t)(newline - start);
	close = memmem(start, len, CLOSE, strlen(CLOSE));
	if (!close)
		return error_set(err, ERROR_SPEC,
			"%s:%u: \"%s\" without \"%s\" on the same line, "
			"write \"%s\" for the characters themselves",
			e->name, e->line, OPEN, CLOSE, LITERAL);
	*name = slice_make(start, (size_t)(close - start));
	return 0;
}

static int expand_variable(struct expansion *e, struct error *err)
{
	SCOPED_FREE char *variable = NULL;
	const char *value;
	struct slice name;

	if (find_name(e, &name, err))
		return -1;
	variable = slice_dup(slice_trim(name));
	value = pair_list_get(e->variables, variable);
	if (!value)
		return complain_unknown(e, variable, err);
	buf_add_str(e->out, value);
	skip(e, strlen(OPEN) + name.len + strlen(CLOSE));
	return 0;
}

/* Copies what stands before the next dollar sign. */
static void copy_plain(struct expansion *e)
{
	const char *dollar = memchr(e->rest.ptr, '$', e->rest.len);
	size_t n = dollar ? (size_t)(dollar - e->rest.ptr) : e->rest.len;

	buf_add(e->out, e->rest.ptr, n);
	for (size_t i = 0; i < n; i++)
		e->line += e->rest.ptr[i] == '\n';
	skip(e, n);
}

static int expand_dollar(struct expansion *e, struct error *err)
{
	if (slice_starts(e->rest, LITERAL)) {
		buf_add_str(e->out, OPEN);
		skip(e, strlen(LITERAL));
		return 0;
	}
	if (slice_starts(e->rest, OPEN))
		return expand_variable(e, err);
	buf_add(e->out, "$", 1);
	skip(e, 1);
	return 0;
}

static int expand(struct expansion *e, struct error *err)
{
	while (e->rest.len) {
		copy_plain(e);
		if (e->rest.len && expand_dollar(e, err))
			return -1;
	}
	if (e->out->overflow)
		return error_set(err, ERROR_SPEC,
			"%s: a template may have %zu bytes when it is filled "
			"in",
			e->name, TEMPLATE_MAX);
	return 0;
}

int template_expand(const char *name, struct slice text,
	const struct pair_list *variables, struct buf *out, struct error *err)
{
	struct expansion e = { .name = name,
		.rest = text,
		.line = 1,
		.variables = variables,
		.out = out };

	if (text.len > TEMPLATE_MAX)
		return error_set(err, ERROR_SPEC,
			"%s: a template may have %zu bytes, found %zu", name,
			TEMPLATE_MAX, text.len);
	if (check_utf8(name, text, err))
		return -1;
	buf_init(out, TEMPLATE_MAX);
	if (expand(&e, err)) {
		buf_release(out);
		return -1;
	}
	return 0;
}
