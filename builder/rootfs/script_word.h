/* SPDX-License-Identifier: MIT
 *
 * script_word: the words of a shell script one by one, as script_line.h tells
 * them: quotes removed, the script's own variables put in. An assignment
 * (VAR=value alone on its line) is remembered and not handed out.
 */
#ifndef ROOTFS_SCRIPT_WORD_H
#define ROOTFS_SCRIPT_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/slice.h"

struct script_variable {
	struct slice name;
	const char *value;
};

#define SCRIPT_VARIABLES_MAX 64

struct script_variables {
	struct script_variable items[SCRIPT_VARIABLES_MAX];
	size_t n;
};

enum script_token_kind {
	SCRIPT_WORD,
	SCRIPT_REDIRECTION, /* one of the harmless ones */
	SCRIPT_OR,	    /* || */
	SCRIPT_END,	    /* of the logical line */
};

struct script_token {
	enum script_token_kind kind;
	const char *word; /* SCRIPT_WORD; in the arena */
};

struct script_lexer {
	const char *at, *end;
	size_t line;	  /* of `at`, from 1 */
	bool starts_line; /* no word of this logical line was read yet */
	struct arena *arena;
	const char *why; /* set by script_lexer_refuse() */
};

void script_lexer_init(
	struct script_lexer *lexer, struct slice text, struct arena *arena);
/* False, with its line, when there is a control character but tab and LF. */
bool script_lexer_check(struct script_lexer *lexer);
/* The first line, which is passed over. */
struct slice script_lexer_first(struct script_lexer *lexer);
bool script_lexer_has_more(const struct script_lexer *lexer);
/* False: something that is not understood; lexer->why says what. */
bool script_lexer_next(struct script_lexer *lexer,
	struct script_variables *variables, struct script_token *token);
/* Always false: "line N: `what` is not understood". */
bool script_lexer_refuse(struct script_lexer *lexer, const char *what);

#endif
