/* SPDX-License-Identifier: MIT
 *
 * git: questions to git(1) about a checkout, several at a time. Nothing of
 * the checkout's own configuration that starts programs is obeyed, nothing is
 * written, and a checkout of another user is no obstacle.
 */
#ifndef BUILD_GIT_H
#define BUILD_GIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

#define GIT_ARGS_MAX 16
#define GIT_OUTPUT_MAX 65536 /* bytes of an answer */

struct git_question {
	pid_t pid; /* -1: git could not be started */
	int fd;	   /* its standard output */
};

/* Starts git in a folder; args are its words, at most GIT_ARGS_MAX. */
void git_start(struct git_question *question, const char *dir,
	const char *const *args, size_t nargs);
/*
 * Waits for the answer; out is initialised here. True when git ran and
 * succeeded. To be called once for each git_start().
 */
bool git_finish(struct git_question *question, struct buf *out);

#endif
