/* SPDX-License-Identifier: MIT
 *
 * prompt: asks the person at the terminal (/dev/tty, whatever standard input
 * is) for a secret, which is not shown. However it ends, the terminal is as
 * it was: signals that would end or stop the program wait until it is.
 */
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H

#include <stddef.h>

#include "base/compiler.h"

struct prompt {
	const char *question;	    /* "password of admin@router: " */
	const volatile int *cancel; /* non-zero ends it; may be NULL */
};

/*
 * One line, without its end, of at most size - 1 bytes. -1: there is no
 * terminal, the line is empty or too long, or it was cancelled; then answer
 * is empty.
 */
int prompt_secret(
	const struct prompt *prompt, char *answer, size_t size) MUST_CHECK;

#endif
