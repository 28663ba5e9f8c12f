/* SPDX-License-Identifier: MIT */
#include "build/git.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/*
 * The environment without what git sets for its hooks: it would be asked about
 * another checkout. The caller frees the array, not what it holds.
 */
static char **clean_environment(void)
{
	size_t n = 0, kept = 0;
	char **clean;

	while (environ[n])
		n++;
	clean = memory_zero(n + 1, sizeof(*clean));
	for (size_t i = 0; i < n; i++) {
		struct slice variable = slice_of(environ[i]);

		if (!slice_starts(variable, "GIT_") ||
			slice_starts(variable, "GIT_CEILING_DIRECTORIES=") ||
			slice_starts(variable, "GIT_CONFIG"))
			clean[kept++] = environ[i];
	}
	return clean;
}

static int start_git(const char *const *argv, int out_fd, pid_t *pid)
{
	/* posix_spawn does not write to argv, whatever its prototype says. */
	union {
		const char *const *borrowed;
		char *const *argv;
	} args = { .borrowed = argv };
	SCOPED_FREE char **environment = clean_environment();
	posix_spawn_file_actions_t actions;
	int failed;

	if (posix_spawn_file_actions_init(&actions))
		return -1;
	failed = posix_spawn_file_actions_adddup2(
			 &actions, out_fd, STDOUT_FILENO) ||
		 posix_spawn_file_actions_addopen(
			 &actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
		 posix_spawn_file_actions_addopen(
			 &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
		 posix_spawnp(
			 pid, "git", &actions, NULL, args.argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return failed ? -1 : 0;
}

static void read_output(int fd, struct buf *out)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			buf_add(out, chunk, (size_t)n);
	}
}

void git_start(struct git_question *question, const char *dir,
	const char *const *args, size_t nargs)
{
	const char *argv[GIT_ARGS_MAX + 14] = { "git", "-C", dir,
		"--no-optional-locks", "-c", "safe.directory=*", "-c",
		"core.fsmonitor=false", "-c", "log.showSignature=false", "-c",
		"core.fileMode=true" };
	size_t n = 12;
	int pipe_fds[2];

	assert(nargs <= GIT_ARGS_MAX);
	for (size_t i = 0; i < nargs; i++)
		argv[n++] = args[i];
	question->pid = -1;
	question->fd = -1;
	if (pipe2(pipe_fds, O_CLOEXEC))
		return;
	if (start_git(argv, pipe_fds[1], &question->pid))
		question->pid = -1;
	close(pipe_fds[1]);
	question->fd = pipe_fds[0];
}

bool git_finish(struct git_question *question, struct buf *out)
{
	int status = -1;

	buf_init(out, GIT_OUTPUT_MAX);
	if (question->fd >= 0) {
		read_output(question->fd, out);
		close(question->fd);
	}
	if (question->pid < 0)
		return false;
	while (waitpid(question->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0;
}
