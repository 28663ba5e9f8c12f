/* SPDX-License-Identifier: MIT
 *
 * dependency: the words of D:, p:, i:, r: and of the world:
 * [!]name[@tag][op version] (apk-package(5), apk-world(5)). Everything in a
 * dependency is a slice of the text that it was parsed from.
 */
#ifndef APK_DEPENDENCY_H
#define APK_DEPENDENCY_H

#include <stdbool.h>
#include <stddef.h>

#include "apk/identity.h"
#include "apk/version.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"

#define DEPENDENCIES_MAX ((size_t)65536) /* words of one field */

struct dependency {
	struct slice name;
	struct slice version; /* empty: none was given */
	struct slice tag;     /* without "@"; world only; empty: none */
	unsigned op;	  /* VERSION_* bits; 0: any version; "><" has LESS and
			     GREATER only and an identity as its version */
	bool is_conflict; /* "!" */
};

/* Where a word stands: which characters and parts it may have. */
enum dependency_place {
	DEPENDENCY_OF_PACKAGE, /* D:, i:, r: */
	DEPENDENCY_PROVIDED,   /* p: no "!"; an invalid version is kept, and
				  compares as version_compare() says */
	DEPENDENCY_OF_WORLD,   /* world, command line: may have a tag */
};

/* A copy shares the array: add to one of the two only. */
struct dependency_list {
	struct dependency *items; /* in the arena */
	size_t n;
	size_t cap; /* items there is room for */
};

/* Cuts the next word off text; false when none is left. */
bool dependency_cut(struct slice *text, struct slice *word);
/* One word. -1: malformed; *out is untouched. */
int dependency_parse(struct slice word, enum dependency_place place,
	struct dependency *out) MUST_CHECK;
/*
 * Words separated by blanks or newlines, appended to the list (whose array
 * moves in the arena). The number of malformed words, which are left out;
 * -1: more than DEPENDENCIES_MAX.
 */
int dependency_list_parse(struct slice text, enum dependency_place place,
	struct arena *arena, struct dependency_list *list) MUST_CHECK;

void dependency_list_add(struct dependency_list *list,
	const struct dependency *dep, struct arena *arena);

/* apk's order of names: strcasecmp of the C locale, then strcmp. */
int dependency_name_cmp(struct slice a, struct slice b);

/* Whether a package's version (empty: none) satisfies the word's name part:
 * the op and version only, "!" and the name are the caller's. */
bool dependency_matches(const struct dependency *dep, struct slice version,
	const struct identity *identity);

/* As apk writes it: "!name@tag>=1.2". */
void dependency_print(const struct dependency *dep, struct buf *out);
/* Words separated by one blank. */
void dependency_list_print(const struct dependency_list *list, struct buf *out);
/* For messages; malloc'd. */
char *dependency_text(const struct dependency *dep);

#endif
