/* SPDX-License-Identifier: MIT */
#include "cmd/signals.h"

#include <signal.h>
#include <string.h>

/* The one state that a signal handler can reach. */
static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
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
	/* A reader of ours that goes away shows as a write error. */
	signal(SIGPIPE, SIG_IGN);
	/* And a limit on the size of files as EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
}

const volatile int *signals_flag(void)
{
	return &cancelled;
}
