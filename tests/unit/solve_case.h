/* SPDX-License-Identifier: MIT
 *
 * solve_case: a case for the solver as text, for tests/golden/solve:
 *
 *	# what the case shows
 *	@arch x86_64			(this is the default)
 *	@repository main		or: @repository testing @tag
 *	a 1.0-r0 D:b>1 so:x p:c=1 i:d e k:10
 *	@installed
 *	b 1.0-r0 s:tag
 *	@world
 *	a c@tag
 *	@named
 *	a
 *	@result
 *	install b-2
 *	upgrade a-1 -> a-2
 *
 * A package is a line: name, version, then fields by their letters as in an
 * index, whose values run up to the next field. The arch is the case's and
 * I: is 1 unless they are said. The identity is made of name and version, or
 * of the word after C:, so that equal words are one package.
 */
#ifndef TESTS_UNIT_SOLVE_CASE_H
#define TESTS_UNIT_SOLVE_CASE_H

#include "apk/solve.h"
#include "base/file.h"
#include "base/memory.h"

#define SOLVE_CASE_MAX ((size_t)4 << 20)

struct solve_case {
	struct arena arena;
	const char *arch;
	struct solve_repository repositories[SOLVE_REPOSITORIES_MAX];
	struct buf indexes[SOLVE_REPOSITORIES_MAX]; /* their texts */
	size_t nrepositories;
	struct buf installed_text;
	struct installed installed;
	struct dependency_list world, named;
	struct slice head;   /* all lines before the result */
	struct slice result; /* all lines after @result */
};

/* FNV-1a over the key, drawn out to the bytes of a SHA-1. */
static inline struct identity solve_case_identity(struct slice key)
{
	uint8_t bytes[IDENTITY_BYTES_MAX] = { 0 };
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (uint8_t)key.ptr[i]) * 0x100000001b3u;
	for (size_t i = 0; i < 20; i++) {
		h = (h ^ i) * 0x100000001b3u;
		bytes[i] = (uint8_t)(h >> 32);
	}
	return identity_make(IDENTITY_SHA1, bytes);
}

static inline bool solve_case_is_field(struct slice word)
{
	return word.len >= 2 && word.ptr[1] == ':' &&
	       ((word.ptr[0] >= 'a' && word.ptr[0] <= 'z') ||
		       (word.ptr[0] >= 'A' && word.ptr[0] <= 'Z'));
}

static inline struct slice solve_case_word(struct slice *rest)
{
	struct slice word = { 0 };

	while (!word.len && slice_cut(rest, ' ', &word))
		;
	return word;
}

/* The fields after name and version; C: is taken out. */
static inline void solve_case_fields(
	struct slice rest, struct slice *identity, struct buf *out)
{
	bool is_identity = false;

	for (struct slice word; (word = solve_case_word(&rest)).len;) {
		bool is_field = solve_case_is_field(word);

		if (is_field)
			is_identity = word.ptr[0] == 'C';
		if (is_identity) {
			*identity = word;
			continue;
		}
		buf_add_str(out, is_field ? "\n" : " ");
		buf_add_slice(out, word);
	}
}

/* One line as a record of an index. */
static inline void solve_case_record(
	const struct solve_case *c, struct slice line, struct buf *out)
{
	char text[IDENTITY_TEXT_SIZE];
	struct slice rest = line, name = solve_case_word(&rest);
	struct slice version = solve_case_word(&rest);
	struct slice key = line;
	struct identity identity;
	struct buf fields;

	if (version.len)
		key.len = (size_t)(version.ptr + version.len - line.ptr);
	buf_init(&fields, SOLVE_CASE_MAX);
	solve_case_fields(rest, &key, &fields);
	identity = solve_case_identity(key);
	buf_printf(out, "C:%s\nP:%.*s\nV:%.*s\nA:%s\nI:1",
		identity_text(&identity, text), SLICE_ARGS(name),
		SLICE_ARGS(version), c->arch);
	buf_add_slice(out, buf_slice(&fields));
	buf_add_str(out, "\n\n");
	buf_release(&fields);
}

enum solve_section {
	SECTION_NONE,
	SECTION_PACKAGES,
	SECTION_WORLD,
	SECTION_NAMED,
};

struct solve_case_reader {
	struct solve_case *c;
	enum solve_section section;
	struct buf *packages; /* where records go */
};

static inline int solve_case_repository(
	struct solve_case_reader *r, struct slice name, struct slice tag)
{
	struct solve_case *c = r->c;
	size_t n = c->nrepositories;

	if (n == SOLVE_REPOSITORIES_MAX)
		return -1;
	c->repositories[n].name = arena_slice(&c->arena, name);
	if (tag.len > 1)
		c->repositories[n].tag = arena_slice(
			&c->arena, slice_make(tag.ptr + 1, tag.len - 1));
	r->packages = &c->indexes[c->nrepositories++];
	buf_init(r->packages, SOLVE_CASE_MAX);
	r->section = SECTION_PACKAGES;
	return 0;
}

/* A line with "@": a section begins. 1: it is the result. */
static inline int solve_case_section(
	struct solve_case_reader *r, struct slice line)
{
	struct slice rest = line, word = solve_case_word(&rest);
	struct slice first = solve_case_word(&rest);

	if (slice_is(word, "@result"))
		return 1;
	if (slice_is(word, "@repository"))
		return solve_case_repository(r, first, solve_case_word(&rest));
	r->section = SECTION_NONE;
	if (slice_is(word, "@arch")) {
		r->c->arch = arena_slice(&r->c->arena, first);
	} else if (slice_is(word, "@installed")) {
		r->section = SECTION_PACKAGES;
		r->packages = &r->c->installed_text;
	} else if (slice_is(word, "@world")) {
		r->section = SECTION_WORLD;
	} else if (slice_is(word, "@named")) {
		r->section = SECTION_NAMED;
	} else {
		return -1;
	}
	return 0;
}

static inline int solve_case_line(
	struct solve_case_reader *r, struct slice line)
{
	struct solve_case *c = r->c;

	if (!line.len || line.ptr[0] == '#')
		return 0;
	if (line.ptr[0] == '@')
		return solve_case_section(r, line);
	switch (r->section) {
	case SECTION_PACKAGES:
		solve_case_record(c, line, r->packages);
		return 0;
	case SECTION_WORLD:
		return dependency_list_parse(
			line, DEPENDENCY_OF_WORLD, &c->arena, &c->world);
	case SECTION_NAMED:
		return dependency_list_parse(
			line, DEPENDENCY_OF_WORLD, &c->arena, &c->named);
	default:
		return -1;
	}
}

static inline int solve_case_load(struct solve_case *c, struct error *err)
{
	for (size_t i = 0; i < c->nrepositories; i++) {
		struct index *index =
			arena_alloc(&c->arena, sizeof(struct index));

		c->repositories[i].index = index;
		if (index_parse(index, buf_slice(&c->indexes[i]),
			    c->repositories[i].name, &c->arena, err))
			return -1;
	}
	return installed_parse(
		&c->installed, buf_slice(&c->installed_text), "installed", err);
}

/* text is borrowed as long as the case lives. */
static inline int solve_case_read(
	struct solve_case *c, struct slice text, struct error *err)
{
	struct solve_case_reader r = { .c = c };
	struct slice rest = text, line;
	int ret = 0;

	*c = (struct solve_case){ .arch = "x86_64" };
	arena_init(&c->arena);
	installed_init(&c->installed, &c->arena);
	buf_init(&c->installed_text, SOLVE_CASE_MAX);
	while (!ret && slice_cut(&rest, '\n', &line))
		ret = solve_case_line(&r, slice_trim(line));
	if (ret < 0)
		return error_set(err, ERROR_INPUT, "line not understood: %.*s",
			SLICE_ARGS(line));
	c->result = rest;
	c->head = slice_make(text.ptr, text.len - rest.len);
	return solve_case_load(c, err);
}

static inline void solve_case_release(struct solve_case *c)
{
	for (size_t i = 0; i < c->nrepositories; i++)
		buf_release(&c->indexes[i]);
	buf_release(&c->installed_text);
	arena_release(&c->arena);
}

static inline int solve_case_solve(
	struct solve_case *c, struct solution *solution, struct error *err)
{
	const struct solve_request request = {
		.installed = &c->installed,
		.repositories = c->repositories,
		.nrepositories = c->nrepositories,
		.world = &c->world,
		.named = c->named.n ? &c->named : NULL,
		.arch = c->arch,
	};

	return solve(solution, &request, &c->arena, err);
}

#endif
