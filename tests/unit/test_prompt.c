/* SPDX-License-Identifier: MIT
 *
 * The terminal is a pseudo terminal, which is the controlling one of a child
 * that asks; the child tells by its exit status what it got.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "cmd/prompt.h"
#include "cmd/signals.h"

#define SECRET "ge heim"
#define SIZE 16

enum { GOT_IT = 10, GOT_NOTHING, GOT_OTHER, LEFT_TRACES };

/* An answer, or none at all, and then not a byte of what was typed. */
static int child_asks(void)
{
	const struct prompt prompt = { "password: ", signals_flag() };
	char answer[SIZE];

	signals_install();
	if (!prompt_secret(&prompt, answer, sizeof(answer)))
		return strcmp(answer, SECRET) ? GOT_OTHER : GOT_IT;
	for (size_t i = 0; i < sizeof(answer); i++) {
		if (answer[i])
			return LEFT_TRACES;
	}
	return GOT_NOTHING;
}

/* Until the text is there; what was shown so far is in *shown. */
static void wait_for(int terminal, struct buf *shown, const char *text)
{
	char bytes[100];
	ssize_t n;

	while (!shown->data || !strstr(shown->data, text)) {
		n = read(terminal, bytes, sizeof(bytes));
		assert_true(n > 0);
		buf_add(shown, bytes, (size_t)n);
	}
}

static int end_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool has_echo(int terminal)
{
	struct termios now;

	assert_int_equal(tcgetattr(terminal, &now), 0);
	return now.c_lflag & ECHO;
}

static int type(const char *text, struct buf *shown)
{
	int terminal, end;
	pid_t child;

	buf_init(shown, 10000);
	child = forkpty(&terminal, NULL, NULL, NULL);
	assert_true(child >= 0);
	if (!child)
		_exit(child_asks());
	wait_for(terminal, shown, "password: ");
	assert_false(has_echo(terminal));
	assert_int_equal(
		write(terminal, text, strlen(text)), (ssize_t)strlen(text));
	wait_for(terminal, shown, "\n");
	assert_true(has_echo(terminal));
	end = end_of(child);
	close(terminal);
	return end;
}

static void line_is_read_and_not_shown(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type(SECRET "\n", &shown), GOT_IT);
	assert_string_equal(shown.data, "password: \r\n");
}

static void typing_can_be_corrected(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("x\x15" SECRET "y\x7f\n", &shown), GOT_IT);
}

static void nothing_typed_is_no_answer(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("\n", &shown), GOT_NOTHING);
}

static void end_of_file_is_no_answer(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("\x04", &shown), GOT_NOTHING);
}

static void line_that_does_not_fit_is_no_answer(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("0123456789abcdef\n", &shown), GOT_NOTHING);
}

/* type() asserts that the echo is back. */
static void interrupt_ends_the_question(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("abc\x03", &shown), GOT_NOTHING);
}

static void quitting_waits_until_the_terminal_is_as_it_was(void **state)
{
	SCOPED_BUF struct buf shown;

	assert_int_equal(type("abc\x1c", &shown), -SIGQUIT);
}

static void without_a_terminal_there_is_no_answer(void **state)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		setsid();
		_exit(child_asks());
	}
	assert_int_equal(end_of(child), GOT_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_is_read_and_not_shown),
		cmocka_unit_test(typing_can_be_corrected),
		cmocka_unit_test(nothing_typed_is_no_answer),
		cmocka_unit_test(end_of_file_is_no_answer),
		cmocka_unit_test(line_that_does_not_fit_is_no_answer),
		cmocka_unit_test(interrupt_ends_the_question),
		cmocka_unit_test(
			quitting_waits_until_the_terminal_is_as_it_was),
		cmocka_unit_test(without_a_terminal_there_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
