/* SPDX-License-Identifier: MIT
 *
 * init_token: the text of a shell script as words and operators (POSIX.1
 * shell, 2.3 Token Recognition). What expansions hold is passed over, with a
 * stack of open quotes and brackets instead of recursion. It never fails: a
 * text that ends inside a quote, or nests deeper than the limit, is cut there
 * and says so.
 */
#ifndef ROOTFS_INIT_TOKEN_H
#define ROOTFS_INIT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

#define INIT_TOKEN_DEPTH_MAX 32 /* of quotes and brackets in a word */
#define INIT_TOKEN_HERE_MAX 4	/* here-documents of one line */
#define INIT_TOKEN_WORD_MAX 256 /* bytes of a word that are kept */

enum init_token_kind {
	INIT_TOKEN_END,
	INIT_TOKEN_WORD,
	INIT_TOKEN_NEWLINE,  /* or the semicolon */
	INIT_TOKEN_OPERATOR, /* by `op` */
};

struct init_token {
	enum init_token_kind kind;
	/* '(' ')' '|' '&' '<' '>'; doubled: 'O' for ||, 'A' for &&, 'C' for ;;
	 */
	char op;
	/* of a word, without quotes; cut when it is too long */
	char text[INIT_TOKEN_WORD_MAX];
	size_t len;
	/* the word is this text and nothing else: no expansion, not cut */
	bool is_literal;
	bool is_quoted; /* some of it: no keyword of the shell */
};

struct init_here {
	char end[INIT_TOKEN_WORD_MAX];
	bool strips_tabs;
};

struct init_lexer {
	const char *at, *end;
	size_t line; /* of `at`, from 1 */
	struct init_here heres[INIT_TOKEN_HERE_MAX];
	size_t nheres;
	const char *trouble; /* why the rest was not looked at, or NULL */
};

void init_lexer_init(struct init_lexer *lexer, struct slice text);
void init_token_next(struct init_lexer *lexer, struct init_token *token);
/* The next byte that is no blank, without taking it; 0: the end. */
char init_lexer_peek(struct init_lexer *lexer);

#endif
