/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/log.h"
#include "io/cache.h"
#include "unit/scratch.h"

#define TEXT "the bytes of a blob"

static const struct timespec long_ago[2] = { { 1000000 }, { 1000000 } };

static void open_cache(struct cache *cache, void **state)
{
	struct error err = { 0 };
	SCOPED_FREE char *root = path_join(*state, "deep/cache");

	assert_int_equal(cache_open(cache, root, &err), 0);
}

static struct digest put_blob(const struct cache *cache, const char *text)
{
	struct digest digest = digest_of(DIGEST_SHA256, text, strlen(text));
	struct outfile out = { .fd = -1 };
	struct error err = { 0 };

	assert_int_equal(cache_new_blob(cache, &out, &err), 0);
	sink_write_str(&out.sink, text);
	assert_int_equal(cache_commit_blob(cache, &out, &digest, &err), 0);
	outfile_release(&out);
	return digest;
}

static void assert_blob(const struct cache *cache, const char *text)
{
	struct digest digest = digest_of(DIGEST_SHA256, text, strlen(text));
	struct error err = { 0 };
	SCOPED_FD int fd = -1;
	uint64_t size = 0;
	char found[100] = "";

	assert_int_equal(cache_open_blob(cache, &digest, &fd, &size, &err), 1);
	assert_int_equal(size, strlen(text));
	assert_int_equal(read(fd, found, sizeof(found) - 1), size);
	assert_string_equal(found, text);
}

static void assert_no_blob(
	const struct cache *cache, const struct digest *digest)
{
	struct error err = { 0 };
	uint64_t size;
	int fd = -1;

	assert_int_equal(cache_open_blob(cache, digest, &fd, &size, &err), 0);
	assert_int_equal(fd, -1);
}

static void blob_is_found_by_its_digest(void **state)
{
	struct cache cache;
	struct digest digest, other = digest_of(DIGEST_SHA256, "x", 1);

	open_cache(&cache, state);
	digest = put_blob(&cache, TEXT);
	assert_blob(&cache, TEXT);
	assert_no_blob(&cache, &other);
	assert_true(cache_has_blob(&cache, &digest, strlen(TEXT)));
	assert_false(cache_has_blob(&cache, &digest, strlen(TEXT) + 1));
	assert_false(cache_has_blob(&cache, &other, 1));
	cache_release(&cache);
}

static void new_blob_is_not_there_before_it_is_committed(void **state)
{
	struct cache cache;
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);
	struct outfile out = { .fd = -1 };
	struct error err = { 0 };

	open_cache(&cache, state);
	assert_int_equal(cache_new_blob(&cache, &out, &err), 0);
	sink_write_str(&out.sink, "x");
	assert_no_blob(&cache, &digest);
	outfile_release(&out);
	assert_no_blob(&cache, &digest);
	cache_release(&cache);
}

/* Standard error goes to a file while it is called. */
static void capture_warning(
	const struct cache *cache, const struct digest *digest, void **state)
{
	SCOPED_FREE char *path = path_join(*state, "stderr");
	SCOPED_FD int saved = dup(STDERR_FILENO);
	SCOPED_FD int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	struct error err = { 0 };
	struct buf text;

	dup2(fd, STDERR_FILENO);
	assert_no_blob(cache, digest);
	dup2(saved, STDERR_FILENO);
	assert_int_equal(file_read(path, 4096, &text, &err), 0);
	assert_non_null(strstr(text.data, "is corrupt (expected sha256:"));
	assert_non_null(strstr(text.data, "fetching it again"));
	buf_release(&text);
}

static void corrupt_blob_is_told_and_removed(void **state)
{
	static const char *const damage[] = { "", "the bytes of a bloB",
		"the bytes of a blob and more", "short" };
	struct cache cache;

	open_cache(&cache, state);
	for (size_t i = 0; i < ARRAY_SIZE(damage); i++) {
		struct digest digest = put_blob(&cache, TEXT);
		SCOPED_FREE char *path = cache_blob_path(&cache, &digest);
		SCOPED_FD int fd = open(path, O_WRONLY | O_TRUNC);

		assert_true(write(fd, damage[i], strlen(damage[i])) >= 0);
		capture_warning(&cache, &digest, state);
		assert_false(file_exists(path));
		put_blob(&cache, TEXT);
		assert_blob(&cache, TEXT);
	}
	cache_release(&cache);
}

static void symlink_is_no_blob(void **state)
{
	struct cache cache;
	struct digest digest = digest_of(DIGEST_SHA256, TEXT, strlen(TEXT));
	SCOPED_FREE char *path = NULL;
	struct error err = { 0 };
	uint64_t size;
	int fd = -1;

	open_cache(&cache, state);
	path = cache_blob_path(&cache, &digest);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(
		cache_open_blob(&cache, &digest, &fd, &size, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	cache_release(&cache);
}

static void ref_is_read_back_and_replaced(void **state)
{
	struct cache cache;
	struct error err = { 0 };
	struct buf text;

	open_cache(&cache, state);
	assert_int_equal(cache_get_ref(&cache, "url", "a/b", &text, &err), 0);
	buf_release(&text);
	for (int i = 0; i < 2; i++) {
		const char *value = i ? "second" : "first";

		assert_int_equal(cache_put_ref(&cache, "url", "a/b",
					 slice_of(value), &err),
			0);
		assert_int_equal(
			cache_get_ref(&cache, "url", "a/b", &text, &err), 1);
		assert_string_equal(text.data, value);
		buf_release(&text);
	}
	assert_int_equal(cache_get_ref(&cache, "tar", "a/b", &text, &err), 0);
	buf_release(&text);
	assert_int_equal(cache_get_ref(&cache, "url", "a/c", &text, &err), 0);
	buf_release(&text);
	cache_release(&cache);
}

static void ref_key_may_be_any_text(void **state)
{
	static const char *const keys[] = { "", "/", "..", "../../etc/passwd",
		"a\nb", "https://x/y?z#" };
	struct cache cache;
	struct error err = { 0 };
	struct buf text;

	open_cache(&cache, state);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		assert_int_equal(cache_put_ref(&cache, "url", keys[i],
					 slice_of(keys[i]), &err),
			0);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		assert_int_equal(
			cache_get_ref(&cache, "url", keys[i], &text, &err), 1);
		assert_true(slice_is(buf_slice(&text), keys[i]));
		buf_release(&text);
	}
	cache_release(&cache);
}

static void lock_partial(const struct cache *cache, const char *key,
	struct cache_partial *partial)
{
	struct error err = { 0 };

	assert_int_equal(
		cache_lock_partial(cache, key, partial, NULL, &err), 0);
}

static void adopted_partial_is_a_blob(void **state)
{
	struct cache cache;
	struct cache_partial partial;
	struct digest digest = digest_of(DIGEST_SHA256, TEXT, strlen(TEXT));
	struct error err = { 0 };
	SCOPED_FREE char *path = NULL;

	open_cache(&cache, state);
	lock_partial(&cache, "key", &partial);
	path = memory_strdup(partial.path);
	assert_int_equal(
		file_write_all(partial.lock_fd, TEXT, strlen(TEXT), &err), 0);
	assert_int_equal(
		cache_adopt_partial(&cache, &partial, &digest, &err), 0);
	cache_release_partial(&partial);
	assert_blob(&cache, TEXT);
	assert_false(file_exists(path));
	cache_release(&cache);
}

static void partial_with_bytes_stays_and_an_empty_one_goes(void **state)
{
	struct cache cache;
	struct cache_partial partial;
	struct error err = { 0 };
	SCOPED_FREE char *path = NULL;
	SCOPED_FREE char *meta = NULL;

	open_cache(&cache, state);
	lock_partial(&cache, "key", &partial);
	path = memory_strdup(partial.path);
	meta = memory_printf("%s.meta", path);
	assert_int_equal(outfile_write(meta, "x", 1, &err), 0);
	cache_release_partial(&partial);
	assert_false(file_exists(path));
	assert_false(file_exists(meta));
	lock_partial(&cache, "key", &partial);
	assert_int_equal(file_write_all(partial.lock_fd, "x", 1, &err), 0);
	cache_release_partial(&partial);
	assert_true(file_exists(path));
	cache_release(&cache);
}

static void busy_partial_can_be_given_up(void **state)
{
	struct cache cache;
	struct cache_partial first, second;
	volatile int cancel = 1;
	struct error err = { 0 };

	log_set_level(LOG_QUIET);
	open_cache(&cache, state);
	lock_partial(&cache, "key", &first);
	assert_int_equal(
		cache_lock_partial(&cache, "key", &second, &cancel, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	cache_release_partial(&second);
	cache_release_partial(&first);
	cache_release(&cache);
	log_set_level(LOG_NORMAL);
}

/* The child waits for the lock, then sees the blob: exit status 0. */
static int wait_in_child(const struct cache *cache, const char *text)
{
	struct cache_partial partial;
	struct digest digest = digest_of(DIGEST_SHA256, text, strlen(text));
	struct error err = { 0 };
	struct stat st;

	if (cache_lock_partial(cache, "key", &partial, NULL, &err))
		return 1;
	if (fstat(partial.lock_fd, &st) || st.st_size)
		return 2;
	cache_release_partial(&partial);
	return cache_has_blob(cache, &digest, strlen(text)) ? 0 : 3;
}

static void who_waits_gets_a_fresh_partial_and_finds_the_blob(void **state)
{
	struct cache cache;
	struct cache_partial partial;
	struct digest digest = digest_of(DIGEST_SHA256, TEXT, strlen(TEXT));
	struct error err = { 0 };
	int status;
	pid_t child;

	log_set_level(LOG_QUIET);
	open_cache(&cache, state);
	lock_partial(&cache, "key", &partial);
	child = fork();
	if (!child) {
		/* The lock belongs to the open file, which fork shares. */
		close(partial.lock_fd);
		_exit(wait_in_child(&cache, TEXT));
	}
	usleep(50000);
	assert_int_equal(
		file_write_all(partial.lock_fd, TEXT, strlen(TEXT), &err), 0);
	assert_int_equal(
		cache_adopt_partial(&cache, &partial, &digest, &err), 0);
	cache_release_partial(&partial);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	cache_release(&cache);
	log_set_level(LOG_NORMAL);
}

static void age_blob(const struct cache *cache, const struct digest *digest)
{
	SCOPED_FREE char *path = cache_blob_path(cache, digest);

	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
}

static void prune_keeps_what_is_used(void **state)
{
	struct cache cache;
	struct cache_usage usage;
	struct error err = { 0 };
	struct digest used, unused;

	open_cache(&cache, state);
	used = put_blob(&cache, "used");
	unused = put_blob(&cache, "unused");
	age_blob(&cache, &used);
	age_blob(&cache, &unused);
	assert_blob(&cache, "used"); /* touches it */
	assert_int_equal(cache_prune(&cache, 86400, &usage, &err), 0);
	assert_int_equal(usage.removed, 1);
	assert_int_equal(usage.removed_bytes, strlen("unused"));
	assert_int_equal(usage.blobs, 1);
	assert_true(cache_has_blob(&cache, &used, 4));
	assert_false(cache_has_blob(&cache, &unused, 6));
	cache_release(&cache);
}

static void prune_of_everything_leaves_downloads_under_way(void **state)
{
	struct cache cache;
	struct cache_partial partial;
	struct cache_usage usage;
	struct error err = { 0 };
	SCOPED_FREE char *left = NULL;

	open_cache(&cache, state);
	put_blob(&cache, TEXT);
	assert_int_equal(
		cache_put_ref(&cache, "url", "a", slice_of("b"), &err), 0);
	lock_partial(&cache, "left by a killed process", &partial);
	left = memory_strdup(partial.path);
	assert_int_equal(file_write_all(partial.lock_fd, "x", 1, &err), 0);
	cache_release_partial(&partial);
	lock_partial(&cache, "under way", &partial);
	assert_int_equal(cache_prune(&cache, 0, &usage, &err), 0);
	assert_int_equal(usage.removed, 3);
	assert_int_equal(usage.blobs, 0);
	assert_int_equal(usage.refs, 0);
	assert_int_equal(usage.partials, 1);
	assert_true(file_exists(partial.path));
	assert_false(file_exists(left));
	cache_release_partial(&partial);
	cache_release(&cache);
}

static void measure_counts_and_removes_nothing(void **state)
{
	struct cache cache;
	struct cache_usage usage;
	struct error err = { 0 };

	open_cache(&cache, state);
	put_blob(&cache, "1234");
	put_blob(&cache, "123456");
	assert_int_equal(
		cache_put_ref(&cache, "url", "a", slice_of("b"), &err), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(cache_measure(&cache, &usage, &err), 0);
		assert_int_equal(usage.blobs, 2);
		assert_int_equal(usage.refs, 1);
		assert_int_equal(usage.partials, 0);
		assert_int_equal(usage.bytes, 11);
		assert_int_equal(usage.removed, 0);
	}
	cache_release(&cache);
}

static void prune_removes_temporaries_of_dead_processes(void **state)
{
	struct cache cache;
	struct cache_usage usage;
	struct error err = { 0 };
	pid_t child;
	int status;

	open_cache(&cache, state);
	child = fork();
	if (!child) {
		struct outfile out = { .fd = -1 };

		if (cache_new_blob(&cache, &out, &err))
			_exit(1);
		_exit(0); /* as if killed: nothing is cleaned up */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(cache_prune(&cache, 86400, &usage, &err), 0);
	{
		SCOPED_FREE char *dir = path_join(cache.root, "blobs/sha256");

		/* Only an empty folder can be removed. */
		assert_int_equal(rmdir(dir), 0);
	}
	cache_release(&cache);
}

static void assert_root(const char *dir, const char *want)
{
	struct cache cache;
	struct error err = { 0 };

	assert_int_equal(cache_open(&cache, dir, &err), 0);
	assert_string_equal(cache.root, want);
	cache_release(&cache);
}

static void folder_comes_from_the_first_that_is_set(void **state)
{
	SCOPED_FREE char *a = path_join(*state, "a");
	SCOPED_FREE char *b = path_join(*state, "b");
	SCOPED_FREE char *xdg = path_join(*state, "b/alpbuild");
	SCOPED_FREE char *home = path_join(*state, "b/.cache/alpbuild");
	struct cache cache;
	struct error err = { 0 };

	setenv("HOME", b, 1);
	setenv("XDG_CACHE_HOME", b, 1);
	setenv("ALPBUILD_CACHE", a, 1);
	assert_root(b, b);
	assert_root(NULL, a);
	setenv("ALPBUILD_CACHE", "", 1);
	assert_root(NULL, xdg);
	setenv("XDG_CACHE_HOME", "relative/is/ignored", 1);
	assert_root(NULL, home);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	assert_int_equal(cache_open(&cache, NULL, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
}

static void file_in_place_of_the_folder_is_an_error(void **state)
{
	SCOPED_FREE char *path = path_join(*state, "file");
	struct cache cache;
	struct error err = { 0 };

	assert_int_equal(outfile_write(path, "x", 1, &err), 0);
	assert_int_equal(cache_open(&cache, path, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(blob_is_found_by_its_digest),
		SCRATCH_TEST(new_blob_is_not_there_before_it_is_committed),
		SCRATCH_TEST(corrupt_blob_is_told_and_removed),
		SCRATCH_TEST(symlink_is_no_blob),
		SCRATCH_TEST(ref_is_read_back_and_replaced),
		SCRATCH_TEST(ref_key_may_be_any_text),
		SCRATCH_TEST(adopted_partial_is_a_blob),
		SCRATCH_TEST(partial_with_bytes_stays_and_an_empty_one_goes),
		SCRATCH_TEST(busy_partial_can_be_given_up),
		SCRATCH_TEST(who_waits_gets_a_fresh_partial_and_finds_the_blob),
		SCRATCH_TEST(prune_keeps_what_is_used),
		SCRATCH_TEST(prune_of_everything_leaves_downloads_under_way),
		SCRATCH_TEST(measure_counts_and_removes_nothing),
		SCRATCH_TEST(prune_removes_temporaries_of_dead_processes),
		SCRATCH_TEST(folder_comes_from_the_first_that_is_set),
		SCRATCH_TEST(file_in_place_of_the_folder_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
