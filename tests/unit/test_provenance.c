/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "build/provenance.h"
#include "unit/scratch.h"

/* Runs git in the folder; tests that need it are skipped without it. */
static int git(const char *dir, const char *const *args, size_t n)
{
	const char *argv[24] = { "git", "-C", dir, "-c", "user.name=t", "-c",
		"user.email=t@example.org" };
	union {
		const char **borrowed;
		char *const *argv;
	} words = { .borrowed = argv };
	pid_t child;
	int status;

	memcpy(argv + 7, args, n * sizeof(*args));
	child = fork();
	if (!child) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp("git", words.argv);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

#define GIT(dir, ...)                                                          \
	git(dir, (const char *const[]){ __VA_ARGS__ },                         \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void put(const char *dir, const char *name, const char *text)
{
	SCOPED_FREE char *path = path_join(dir, name);
	struct error err;
	FILE *f;

	assert_int_equal(file_mkdirs_for(path, &err), 0);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void commit(const char *dir, const char *date)
{
	setenv("GIT_COMMITTER_DATE", date, 1);
	setenv("GIT_AUTHOR_DATE", date, 1);
	assert_int_equal(GIT(dir, "add", "-A"), 0);
	assert_int_equal(GIT(dir, "commit", "-q", "-m", "x"), 0);
}

/* A checkout whose inputs were committed at second 1000000. */
static void make_checkout(const char *dir)
{
	if (GIT(dir, "init", "-q"))
		skip();
	put(dir, "manifests/x.json", "{}");
	commit(dir, "@1000000 +0000");
}

static struct provenance find(const char *dir)
{
	SCOPED_FREE char *manifest = path_join(dir, "manifests/x.json");
	struct provenance p;
	struct error err;

	if (provenance_find(&p, manifest, &err))
		fail_msg("%s", err.text);
	return p;
}

static void without_git_the_newest_input_gives_the_epoch(void **state)
{
	struct provenance p;

	unsetenv("SOURCE_DATE_EPOCH");
	p = find(*state);
	assert_int_equal(p.origin, EPOCH_NEWEST_INPUT);
	assert_string_equal(p.revision, "");
}

static void the_commit_of_the_inputs_gives_the_epoch(void **state)
{
	struct provenance p, q;

	unsetenv("SOURCE_DATE_EPOCH");
	make_checkout(*state);
	p = find(*state);
	assert_int_equal(p.origin, EPOCH_COMMIT);
	assert_int_equal(p.epoch, 1000000);
	assert_int_equal(strlen(p.revision), 40);
	put(*state, "README", "not an input");
	commit(*state, "@2000000 +0000");
	q = find(*state);
	assert_int_equal(q.epoch, 1000000);
	assert_string_equal(q.revision, p.revision);
	put(*state, "rootfs-overlays/a/b", "an input");
	commit(*state, "@3000000 +0000");
	assert_int_equal(find(*state).epoch, 3000000);
}

static void changed_inputs_make_the_revision_dirty(void **state)
{
	unsetenv("SOURCE_DATE_EPOCH");
	make_checkout(*state);
	put(*state, "dist/x.tar", "an output");
	assert_null(strstr(find(*state).revision, "dirty"));
	put(*state, "arch/new.json", "{}");
	assert_non_null(strstr(find(*state).revision, "-dirty"));
}

static void source_date_epoch_comes_first(void **state)
{
	struct provenance p;

	make_checkout(*state);
	setenv("SOURCE_DATE_EPOCH", "42", 1);
	p = find(*state);
	assert_int_equal(p.origin, EPOCH_ENVIRONMENT);
	assert_int_equal(p.epoch, 42);
	assert_int_equal(strlen(p.revision), 40);
}

static void a_malformed_epoch_is_refused(void **state)
{
	static const char *const bad[] = { "now", "-1", "1.5",
		"99999999999999999999", " 1" };
	struct provenance p;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		setenv("SOURCE_DATE_EPOCH", bad[i], 1);
		assert_int_equal(provenance_find(&p, "x.json", &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

static void a_hostile_configuration_starts_nothing(void **state)
{
	SCOPED_FREE char *mark = path_join(*state, "started");
	SCOPED_FREE char *command = memory_printf("touch %s #", mark);

	unsetenv("SOURCE_DATE_EPOCH");
	make_checkout(*state);
	GIT(*state, "config", "core.fsmonitor", command);
	GIT(*state, "config", "gpg.program", command);
	GIT(*state, "config", "log.showSignature", "true");
	GIT(*state, "config", "core.pager", command);
	assert_int_equal(find(*state).epoch, 1000000);
	assert_false(file_exists(mark));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(without_git_the_newest_input_gives_the_epoch),
		SCRATCH_TEST(the_commit_of_the_inputs_gives_the_epoch),
		SCRATCH_TEST(changed_inputs_make_the_revision_dirty),
		SCRATCH_TEST(source_date_epoch_comes_first),
		SCRATCH_TEST(a_malformed_epoch_is_refused),
		SCRATCH_TEST(a_hostile_configuration_starts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
