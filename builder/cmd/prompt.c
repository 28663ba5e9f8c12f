/* SPDX-License-Identifier: MIT */
#include "cmd/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>

#define LOOK_MS 100 /* so often it is looked whether somebody cancelled */

/* SIGINT and SIGTERM are not among them: they set the flag. */
static const int held[] = { SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

static void held_signals(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		sigaddset(set, held[i]);
}

static bool is_over(const struct prompt *prompt)
{
	sigset_t pending;

	if (prompt->cancel && *prompt->cancel)
		return true;
	sigpending(&pending);
	return sigismember(&pending, SIGHUP) || sigismember(&pending, SIGQUIT);
}

/* A read would be begun again after a signal: poll is not. */
static bool wait_for(const struct prompt *prompt, int fd)
{
	struct pollfd item = { .fd = fd, .events = POLLIN };
	int n;

	do {
		if (is_over(prompt))
			return false;
		n = poll(&item, 1, LOOK_MS);
	} while (!n || (n < 0 && errno == EINTR));
	return n > 0;
}

/* To the end of the line, which a terminal gives at once. */
static int read_line(
	const struct prompt *prompt, int fd, char *answer, size_t size)
{
	size_t n = 0;
	char c;

	while (wait_for(prompt, fd) && read(fd, &c, 1) == 1) {
		if (c == '\n' || c == '\r') {
			answer[n] = '\0';
			return n ? 0 : -1;
		}
		if (n + 1 >= size || !c)
			return -1;
		answer[n++] = c;
	}
	return -1;
}

static void put(int fd, const char *text)
{
	/* Who cannot be asked sees nothing; the answer will be missing. */
	if (write(fd, text, strlen(text)) < 0)
		return;
}

static int ask(const struct prompt *prompt, int fd, char *answer, size_t size)
{
	struct termios before, silent;
	int ret;

	/* In the background it is somebody else's terminal. */
	if (tcgetpgrp(fd) != getpgrp() || tcgetattr(fd, &before))
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	/* What was typed before the question is not the answer to it. */
	if (tcsetattr(fd, TCSAFLUSH, &silent))
		return -1;
	put(fd, prompt->question);
	ret = read_line(prompt, fd, answer, size);
	tcsetattr(fd, TCSAFLUSH, &before);
	put(fd, "\n");
	return ret;
}

int prompt_secret(const struct prompt *prompt, char *answer, size_t size)
{
	SCOPED_FD int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	sigset_t wanted, before;
	int ret;

	explicit_bzero(answer, size);
	if (fd < 0)
		return -1;
	held_signals(&wanted);
	sigprocmask(SIG_BLOCK, &wanted, &before);
	ret = ask(prompt, fd, answer, size);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (ret)
		explicit_bzero(answer, size);
	return ret;
}
