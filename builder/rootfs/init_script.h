/* SPDX-License-Identifier: MIT
 *
 * init_script: what the depend() function of an OpenRC init script says
 * (openrc-run(8), Dependencies), read without running anything.
 *
 * A word is *certain* when each run of depend() says it: it stands in a plain
 * command of the function. Inside `if`, `case`, loops and subshells, behind
 * `&&`, `||` or a `return`, or in a function that is defined more than once, it
 * is not. Words with expansions are unknown and left out. A reader must take
 * uncertain words for what cannot do harm.
 *
 * Any bytes can be read; what is not understood ends the reading with a note.
 */
#ifndef ROOTFS_INIT_SCRIPT_H
#define ROOTFS_INIT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/slice.h"

#define INIT_SCRIPT_MAX (256 << 10) /* bytes of a script */
#define INIT_SCRIPT_WORDS_MAX 256   /* of one kind */
#define INIT_SCRIPT_NESTING_MAX 64  /* of if, case, { and such */

enum init_word_kind {
	INIT_NEED,
	INIT_USE,
	INIT_WANT,
	INIT_BEFORE,
	INIT_AFTER,
	INIT_PROVIDE,
	INIT_KEYWORD,
	INIT_NKINDS,
};

/* "need", ...: as depend() writes them. */
extern const char *const init_word_names[INIT_NKINDS];

struct init_word {
	const char *text; /* the arena's */
	bool is_certain;
};

struct init_words {
	struct init_word *items; /* in the arena */
	size_t n, cap;
};

struct init_script {
	struct init_words words[INIT_NKINDS];
	const char *note; /* what was not understood; NULL: nothing */
};

/* Whether the first line is that of an OpenRC script, as OpenRC judges it. */
bool init_script_is_openrc(struct slice text);

void init_script_read(
	struct init_script *out, struct slice text, struct arena *arena);
/* Adds the words of a text such as "net !clock", all certain. */
void init_script_add(struct init_script *script, enum init_word_kind kind,
	struct slice text, struct arena *arena);

#endif
