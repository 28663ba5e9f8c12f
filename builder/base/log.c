/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mask.h"

static enum log_level current_level = LOG_NORMAL;

void log_set_level(enum log_level level)
{
	current_level = level;
}

enum log_level log_get_level(void)
{
	return current_level;
}

/* One write for the whole line, so that threads do not mix theirs. */
static void put_line(const char *prefix, const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	mask_controls_in_lines(text);
	fprintf(stderr, "%s%s\n", prefix, text);
	free(text);
}

void log_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("alpbuild: warning: ", fmt, args);
	va_end(args);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	if (current_level < LOG_NORMAL)
		return;
	va_start(args, fmt);
	put_line("", fmt, args);
	va_end(args);
}

void log_debug(const char *fmt, ...)
{
	va_list args;

	if (current_level < LOG_VERBOSE)
		return;
	va_start(args, fmt);
	put_line("", fmt, args);
	va_end(args);
}

bool log_is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}
