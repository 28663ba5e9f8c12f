/* SPDX-License-Identifier: MIT */
#include "build/provenance.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/stamp.h"

#define GIT_OUTPUT_MAX 65536
#define GIT_ARGS_MAX 16

static int start_git(const char *const *argv, int out_fd, pid_t *pid)
{
	/* posix_spawn does not write to argv, whatever its prototype says. */
	union {
		const char *const *borrowed;
		char *const *argv;
	} args = { .borrowed = argv };
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
		 posix_spawnp(pid, "git", &actions, NULL, args.argv, environ);
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

/*
 * Runs git in a folder, with nothing of the checkout's configuration that
 * starts programs. True when it ran and succeeded.
 */
static bool git_ask(
	const char *dir, const char *const *args, size_t nargs, struct buf *out)
{
	const char *argv[GIT_ARGS_MAX + 12] = { "git", "-C", dir,
		"--no-optional-locks", "-c", "safe.directory=*", "-c",
		"core.fsmonitor=false", "-c", "log.showSignature=false" };
	size_t n = 10;
	int pipe_fds[2], status = -1;
	pid_t pid;

	assert(nargs <= GIT_ARGS_MAX);
	for (size_t i = 0; i < nargs; i++)
		argv[n++] = args[i];
	if (pipe2(pipe_fds, O_CLOEXEC))
		return false;
	if (start_git(argv, pipe_fds[1], &pid)) {
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return false;
	}
	close(pipe_fds[1]);
	read_output(pipe_fds[0], out);
	close(pipe_fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0;
}

/* What an image is made of, as git's pathspecs; the manifest comes last. */
#define INPUT_PATHS ":/manifests", ":/rootfs-overlays", ":/arch"

/* "commit <id>", then "<seconds> <id>[ (grafted...)]". */
static bool parse_commit(struct slice text, struct provenance *p, bool *shallow)
{
	struct slice line, seconds, commit;
	uint64_t value;

	if (!slice_cut(&text, '\n', &line) || !slice_cut(&text, '\n', &line))
		return false;
	if (!slice_cut(&line, ' ', &seconds) || !slice_cut(&line, ' ', &commit))
		return false;
	if (slice_to_u64(seconds, 10, STAMP_MAX, &value) || commit.len > 64)
		return false;
	*shallow = slice_starts(line, "(grafted");
	p->epoch = (int64_t)value;
	snprintf(p->revision, sizeof(p->revision), "%.*s", SLICE_ARGS(commit));
	return true;
}

static bool ask_commit(
	const char *dir, const char *manifest, struct provenance *p)
{
	const char *const args[] = { "rev-list", "--max-count=1",
		"--format=%ct %H%d", "HEAD", "--", INPUT_PATHS, manifest };
	SCOPED_BUF struct buf out;
	bool shallow;

	buf_init(&out, GIT_OUTPUT_MAX);
	if (!git_ask(dir, args, ARRAY_SIZE(args), &out) ||
		!parse_commit(buf_slice(&out), p, &shallow))
		return false;
	if (shallow)
		log_warn("the git checkout of %s is shallow: the times and the "
			 "revision of the image may differ from those of a "
			 "full one (git fetch --unshallow; in GitLab CI "
			 "GIT_DEPTH: 0)",
			dir);
	return true;
}

static void ask_dirty(
	const char *dir, const char *manifest, struct provenance *p)
{
	const char *const args[] = { "status", "--porcelain",
		"--untracked-files=normal", "--", INPUT_PATHS, manifest };
	SCOPED_BUF struct buf out;
	size_t len = strlen(p->revision);

	buf_init(&out, GIT_OUTPUT_MAX);
	if (git_ask(dir, args, ARRAY_SIZE(args), &out) && out.len)
		snprintf(
			p->revision + len, sizeof(p->revision) - len, "-dirty");
}

static int read_environment(struct provenance *p, struct error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (!text || !*text)
		return 0;
	if (slice_to_u64(slice_of(text), 10, STAMP_MAX, &seconds))
		return error_set(err, ERROR_USAGE,
			"SOURCE_DATE_EPOCH is \"%s\", expected seconds since "
			"1970 as a decimal number",
			text);
	p->epoch = (int64_t)seconds;
	p->origin = EPOCH_ENVIRONMENT;
	return 0;
}

int provenance_find(
	struct provenance *p, const char *manifest_path, struct error *err)
{
	struct slice parent = path_parent(manifest_path);
	SCOPED_FREE char *dir = NULL, *manifest = NULL;

	memset(p, 0, sizeof(*p));
	p->origin = EPOCH_NEWEST_INPUT;
	dir = parent.len ? slice_dup(parent) : memory_strdup(".");
	manifest = memory_printf(":(literal)%s", path_base(manifest_path));
	if (ask_commit(dir, manifest, p)) {
		p->origin = EPOCH_COMMIT;
		ask_dirty(dir, manifest, p);
	}
	return read_environment(p, err);
}

const char *epoch_origin_name(enum epoch_origin origin)
{
	static const char *const names[] = {
		[EPOCH_ENVIRONMENT] = "SOURCE_DATE_EPOCH",
		[EPOCH_COMMIT] = "git commit",
		[EPOCH_NEWEST_INPUT] = "newest input",
	};

	return names[origin];
}
