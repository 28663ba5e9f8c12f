/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sys/resource.h>
#include <signal.h>

#include "base/file.h"
#include "io/outfile.h"
#include "unit/scratch.h"

static int count_entries(const char *dir)
{
	DIR *handle = opendir(dir);
	int n = -2; /* . and .. */

	assert_non_null(handle);
	while (readdir(handle))
		n++;
	closedir(handle);
	return n;
}

static void assert_content(const char *path, const char *want)
{
	SCOPED_BUF struct buf buf;
	struct error err;

	assert_int_equal(file_read(path, 1 << 20, &buf, &err), 0);
	assert_string_equal(buf.data, want);
}

static void a_file_appears_at_commit_and_not_before(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct outfile out;
	struct error err;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	sink_write_str(&out.sink, "hello");
	assert_false(file_exists(path));
	assert_int_equal(outfile_commit(&out, &err), 0);
	assert_content(path, "hello");
	assert_null(out.tmp);
	outfile_release(&out);
	assert_content(path, "hello");
	assert_int_equal(count_entries(*state), 1);
}

static void release_without_commit_leaves_nothing(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct outfile out;
	struct error err;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	sink_write_str(&out.sink, "hello");
	assert_int_equal(count_entries(*state), 1);
	outfile_release(&out);
	assert_int_equal(count_entries(*state), 0);
	outfile_release(&out);
}

static void release_of_a_zeroed_struct_is_harmless(void **state)
{
	struct outfile out;

	memset(&out, 0, sizeof(out));
	out.fd = -1;
	outfile_release(&out);
}

static void commit_replaces_what_was_there(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct error err;

	assert_int_equal(outfile_write(path, "old one", 7, &err), 0);
	assert_int_equal(outfile_write(path, "new", 3, &err), 0);
	assert_content(path, "new");
	assert_int_equal(count_entries(*state), 1);
}

static void commit_as_takes_another_name(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	SCOPED_FREE char *other = path_join(*state, "digest");
	struct outfile out;
	struct error err;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	sink_write_str(&out.sink, "x");
	assert_int_equal(outfile_commit_as(&out, other, &err), 0);
	outfile_release(&out);
	assert_content(other, "x");
	assert_int_equal(count_entries(*state), 1);
}

/* Small and large writes in turns: the small ones are gathered. */
static void writes_of_any_size_keep_their_order(void **state)
{
	static const size_t sizes[] = { 1, 131071, 1, 131072, 2, 131073, 70000,
		70000, 400000, 3 };
	SCOPED_FREE char *path = path_join(*state, "out");
	SCOPED_FREE char *bytes = memory_alloc(400000);
	SCOPED_BUF struct buf buf;
	struct outfile out;
	struct error err;
	size_t at = 0;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(bytes, 'a' + (int)i, sizes[i]);
		sink_write(&out.sink, bytes, sizes[i]);
	}
	assert_int_equal(outfile_commit(&out, &err), 0);
	assert_int_equal(file_read(path, 1 << 24, &buf, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(buf.data[at++], 'a' + (int)i);
	}
	assert_int_equal(at, buf.len);
	assert_int_equal(at, out.sink.size);
	outfile_release(&out);
}

static void patch_reaches_what_is_still_gathered(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct outfile out;
	struct error err;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	sink_write_str(&out.sink, "0123456789");
	assert_int_equal(outfile_patch(&out, 2, "ab", 2, &err), 0);
	sink_write_str(&out.sink, "XYZ");
	assert_int_equal(outfile_patch(&out, 9, "cd", 2, &err), 0);
	assert_int_equal(outfile_commit(&out, &err), 0);
	outfile_release(&out);
	assert_content(path, "01ab45678cdYZ");
}

static void the_mode_follows_the_umask(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	mode_t old = umask(027);
	struct error err;
	struct stat st;

	assert_int_equal(outfile_write(path, "x", 1, &err), 0);
	umask(old);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void a_missing_folder_is_told(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "none/out");
	struct error err;

	assert_int_equal(outfile_write(path, "x", 1, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_non_null(strstr(err.text, path_base(*state)));
}

/* A limit on the size of files fails writes as a full disk does. */
static void a_failed_write_leaves_the_old_file(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct rlimit old, small;
	struct outfile out;
	struct error err;
	int failed;

	assert_int_equal(outfile_write(path, "old", 3, &err), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	failed = outfile_open(&out, path, &err);
	sink_write_zeros(&out.sink, 10000);
	failed = failed || outfile_commit(&out, &err);
	outfile_release(&out);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_true(failed);
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.text, path));
	assert_content(path, "old");
	assert_int_equal(count_entries(*state), 1);
}

static void a_full_disk_comes_with_the_remedy(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	struct outfile out;
	struct error err;

	assert_int_equal(outfile_open(&out, path, &err), 0);
	close(out.fd);
	out.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
	sink_write_str(&out.sink, "x");
	assert_int_equal(outfile_commit(&out, &err), -1);
	outfile_release(&out);
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text,
		"free some space or choose another --output or --cache"));
	assert_int_equal(count_entries(*state), 0);
}

static void touch(const char *dir, const char *name)
{
	SCOPED_FREE char *path = path_join(dir, name);
	SCOPED_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);

	assert_true(fd >= 0);
}

static void sweep_removes_only_temporaries_of_the_dead(void **state)
{
	static const char *const kept[] = { "x.tmp", ".x.tmp",
		".x.0123456789a.tmp", ".x.0123456789abc.tmp",
		".x.0123456789ag.tmp", ".x.0123456789ab.tmp2",
		"x.0123456789ab.tmp", "..0123456789ab.tmp" };
	SCOPED_FREE char *path = path_join(*state, "living");
	SCOPED_FREE char *dead = path_join(*state, ".x.0123456789ab.tmp");
	SCOPED_FREE char *folder = path_join(*state, ".y.0123456789ab.tmp");
	struct outfile out;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		touch(*state, kept[i]);
	touch(*state, path_base(dead));
	assert_int_equal(mkdir(folder, 0777), 0);
	assert_int_equal(outfile_open(&out, path, &err), 0);
	outfile_sweep(*state);
	assert_false(file_exists(dead));
	assert_true(file_exists(folder));
	assert_true(file_exists(out.tmp));
	assert_int_equal(count_entries(*state), (int)ARRAY_SIZE(kept) + 2);
	assert_int_equal(outfile_commit(&out, &err), 0);
	outfile_release(&out);
	outfile_sweep("/nonexistent");
}

static void a_killed_writer_leaves_what_sweep_finds(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "out");
	pid_t pid = fork();
	int status;

	assert_int_not_equal(pid, -1);
	if (!pid) {
		struct outfile out;
		struct error err;

		if (outfile_open(&out, path, &err))
			_exit(1);
		sink_write_zeros(&out.sink, 1 << 20);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(count_entries(*state), 1);
	outfile_sweep(*state);
	assert_int_equal(count_entries(*state), 0);
}

static void long_names_have_temporaries_too(void **state)
{
	char name[256];
	SCOPED_FREE char *path = NULL;
	struct error err;

	memset(name, 'n', 255);
	name[255] = '\0';
	path = path_join(*state, name);
	assert_int_equal(outfile_write(path, "x", 1, &err), 0);
	assert_content(path, "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_file_appears_at_commit_and_not_before),
		SCRATCH_TEST(release_without_commit_leaves_nothing),
		cmocka_unit_test(release_of_a_zeroed_struct_is_harmless),
		SCRATCH_TEST(commit_replaces_what_was_there),
		SCRATCH_TEST(commit_as_takes_another_name),
		SCRATCH_TEST(writes_of_any_size_keep_their_order),
		SCRATCH_TEST(patch_reaches_what_is_still_gathered),
		SCRATCH_TEST(the_mode_follows_the_umask),
		SCRATCH_TEST(a_missing_folder_is_told),
		SCRATCH_TEST(a_failed_write_leaves_the_old_file),
		SCRATCH_TEST(a_full_disk_comes_with_the_remedy),
		SCRATCH_TEST(sweep_removes_only_temporaries_of_the_dead),
		SCRATCH_TEST(a_killed_writer_leaves_what_sweep_finds),
		SCRATCH_TEST(long_names_have_temporaries_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
