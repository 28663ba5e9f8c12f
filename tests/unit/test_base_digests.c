/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>

#include "build/base_digests.h"
#include "io/cache.h"
#include "unit/scratch.h"

#define TEXT "first second"
#define FORGED "Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA="

struct fixture {
	struct cache cache;
	struct input input;
	struct base_tar tar;
	struct content_file file;
	struct inode inode;
	struct node node;
	struct base_digests digests;
};

static void begin(struct fixture *f, void **state)
{
	SCOPED_FREE char *root = path_join(*state, "cache");
	char *path = path_join(*state, "tar");
	struct error err = { 0 };

	memset(f, 0, sizeof(*f));
	assert_int_equal(cache_open(&f->cache, root, &err), 0);
	f->input.file = "a.tar.gz";
	f->input.tar_digest = digest_of(DIGEST_SHA256, TEXT, strlen(TEXT));
	f->tar.cache = &f->cache;
	f->tar.input = &f->input;
	f->tar.path = path;
	f->tar.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(f->tar.fd, TEXT, strlen(TEXT)), strlen(TEXT));
	assert_int_equal(content_file_init(&f->file, path, f->tar.fd, &err), 0);
	f->file.fd = f->tar.fd;
	f->file.mtime_ns = CONTENT_TIME_ANY;
	f->file.ctime_ns = CONTENT_TIME_ANY;
	f->node.inode = &f->inode;
	base_digests_init(&f->digests, &f->tar);
}

static void end(struct fixture *f)
{
	base_digests_release(&f->digests);
	close(f->tar.fd);
	free(f->tar.path);
	cache_release(&f->cache);
}

/* As the next build finds it. */
static void start_again(struct fixture *f)
{
	base_digests_release(&f->digests);
	base_digests_init(&f->digests, &f->tar);
}

static int find(struct fixture *f, uint64_t offset, uint64_t size,
	enum digest_kind kind, struct digest *digest)
{
	struct error err = { 0 };

	f->inode.content = content_extent(&f->file, offset, size);
	return base_digests_find(&f->node, kind, digest, &f->digests, &err);
}

static void assert_sha1(struct fixture *f, uint64_t offset, const char *text)
{
	struct digest want = digest_of(DIGEST_SHA1, text, strlen(text)), got;

	assert_int_equal(find(f, offset, strlen(text), DIGEST_SHA1, &got), 0);
	assert_true(digest_eq(&got, &want));
}

static void put_ref(struct fixture *f, const char *text)
{
	char hex[DIGEST_HEX_SIZE];
	struct error err = { 0 };

	assert_int_equal(cache_put_ref(&f->cache, "contents",
				 digest_hex(&f->input.tar_digest, hex),
				 slice_of(text), &err),
		0);
	start_again(f);
}

static void what_was_kept_is_not_read_again(void **state)
{
	struct fixture f;

	begin(&f, state);
	assert_sha1(&f, 6, "second");
	assert_sha1(&f, 0, "first");
	assert_sha1(&f, 0, "first");
	base_digests_keep(&f.digests);
	start_again(&f);
	assert_int_equal(f.digests.nknown, 2);
	assert_int_equal(pwrite(f.tar.fd, "FIRST SECOND", 12, 0), 12);
	assert_sha1(&f, 0, "first");
	assert_sha1(&f, 6, "second");
	end(&f);
}

static void nothing_is_kept_of_a_tar_that_is_not_known_to_be_good(void **state)
{
	struct fixture f;

	begin(&f, state);
	assert_sha1(&f, 0, "first");
	start_again(&f);
	assert_int_equal(f.digests.nknown, 0);
	end(&f);
}

static void another_size_or_kind_or_file_is_read(void **state)
{
	struct content_file other;
	struct digest got, want = digest_of(DIGEST_SHA256, "first", 5);
	struct fixture f;

	begin(&f, state);
	put_ref(&f, "0 5 " FORGED "\n");
	assert_sha1(&f, 0, "firs");
	assert_int_equal(find(&f, 0, 5, DIGEST_SHA256, &got), 0);
	assert_true(digest_eq(&got, &want));
	other = f.file;
	other.fd = -1;
	f.file = other;
	assert_sha1(&f, 0, "first");
	end(&f);
}

static void a_damaged_ref_counts_as_none(void **state)
{
	static const char *const bad[] = {
		"nonsense",
		"0 5 \n",
		"0 5 " FORGED "\n0 5 " FORGED "\n",
		"6 6 " FORGED "\n0 5 " FORGED "\n",
		"0 5 " FORGED "\n6 6",
		"0 5 Q2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"-1 5 " FORGED "\n",
		"0 99999999999999999999 " FORGED "\n",
	};
	struct fixture f;

	begin(&f, state);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		put_ref(&f, bad[i]);
		assert_int_equal(f.digests.nknown, 0);
		assert_sha1(&f, 0, "first");
	}
	/* It is replaced. */
	base_digests_keep(&f.digests);
	start_again(&f);
	assert_int_equal(f.digests.nknown, 1);
	end(&f);
}

static void hard_links_are_kept_once(void **state)
{
	struct fixture f;

	begin(&f, state);
	assert_sha1(&f, 0, "first");
	assert_sha1(&f, 0, "first");
	base_digests_keep(&f.digests);
	start_again(&f);
	assert_int_equal(f.digests.nknown, 1);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_kept_is_not_read_again,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			nothing_is_kept_of_a_tar_that_is_not_known_to_be_good,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			another_size_or_kind_or_file_is_read, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_ref_counts_as_none,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(hard_links_are_kept_once,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
