/* SPDX-License-Identifier: MIT */
#include "cmd/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

/* The one state that a signal handler can reach. */
static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
}

/* Who started us with nohup(1) wants none. */
static bool is_ignored(int signal_number)
{
	struct sigaction before;

	return !sigaction(signal_number, NULL, &before) &&
	       before.sa_handler == SIG_IGN;
}

void signals_install(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = cancel;
	sigemptyset(&action.sa_mask);
	/* The first one asks; from then on the default action kills. */
	action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!is_ignored(SIGHUP))
		sigaction(SIGHUP, &action, NULL);
	/* A reader of ours that goes away shows as a write error. */
	signal(SIGPIPE, SIG_IGN);
	/* And a limit on the size of files as EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
}

/* Only what a handler may call. */
static void end(int signal_number)
{
	static const char text[] = "alpbuild: interrupted\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(error_kinds[ERROR_INTERRUPTED].status);
}

void signals_end_at_once(void)
{
	signal(SIGINT, end);
	signal(SIGTERM, end);
	if (!is_ignored(SIGHUP))
		signal(SIGHUP, end);
}

const volatile int *signals_flag(void)
{
	return &cancelled;
}
