/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "unit/fetch_fixture.h"

/* A mirror with one pinned minirootfs, resolved. */
static struct mirror *pinned(void **state)
{
	struct mirror *m = *state;
	struct digest digest =
		mirror_put_rootfs(m, "3.18.9", "armv7", DIGEST_SHA256);

	mirror_pin(m, "3.18.9", &digest);
	assert_int_equal(mirror_resolve(m), 0);
	return m;
}

static int fetch(struct mirror *m)
{
	return fetch_inputs(&m->input, 1, &m->options, &m->err);
}

static void assert_tar(struct mirror *m, const struct input *input)
{
	const char *want = arena_printf(&m->arena, TAR_TEXT "%s", input->arch);
	SCOPED_FREE char *path = NULL;
	SCOPED_FD int fd = -1;
	char found[100] = "";
	uint64_t size;

	assert_int_equal(
		fetch_open_tar(input, &m->options, &fd, &path, &m->err), 0);
	assert_int_equal(cache_check_blob(&m->cache, &input->tar_digest, fd,
				 &size, &m->err),
		1);
	assert_true(read(fd, found, sizeof(found) - 1) > 0);
	assert_string_equal(found, want);
	assert_true(file_exists(path));
	assert_int_equal(input->tar_size, strlen(want));
}

/* Writes something else over a blob of the cache. */
static void corrupt(struct mirror *m, const struct digest *digest)
{
	SCOPED_FREE char *path = cache_blob_path(&m->cache, digest);
	SCOPED_FD int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, "damage", 6, 3), 6);
}

static void lose(struct mirror *m, const struct digest *digest)
{
	SCOPED_FREE char *path = cache_blob_path(&m->cache, digest);

	assert_int_equal(unlink(path), 0);
}

static void first_time_downloads_second_time_not(void **state)
{
	struct mirror *m = pinned(state);

	assert_int_equal(fetch(m), 0);
	assert_false(m->input.from_cache);
	assert_true(digest_eq(&m->input.sha256, &m->input.want));
	assert_tar(m, &m->input);
	mirror_vanish(m);
	assert_int_equal(fetch(m), 0);
	assert_true(m->input.from_cache);
	assert_tar(m, &m->input);
}

static void sha512_is_found_again_too(void **state)
{
	struct mirror *m = *state;
	struct digest digest =
		mirror_put_rootfs(m, "3.18.9", "armv7", DIGEST_SHA512);

	mirror_put_checksum(m, "3.18.9", "armv7", &digest);
	assert_int_equal(mirror_resolve(m), 0);
	assert_int_equal(fetch(m), 0);
	mirror_vanish(m);
	assert_int_equal(mirror_resolve(m), 0);
	assert_int_equal(fetch(m), 0);
	assert_true(m->input.from_cache);
	assert_int_equal(m->input.sha256.kind, DIGEST_SHA256);
	assert_tar(m, &m->input);
}

static void lost_tar_is_made_again_without_network(void **state)
{
	struct mirror *m = pinned(state);

	assert_int_equal(fetch(m), 0);
	lose(m, &m->input.tar_digest);
	mirror_vanish(m);
	assert_int_equal(fetch(m), 0);
	assert_true(m->input.from_cache);
	assert_tar(m, &m->input);
}

/* Tells a corrupt data tar as its user would: it is said and removed. */
static void assert_corrupt(struct mirror *m)
{
	SCOPED_FREE char *path = NULL;
	SCOPED_FD int fd = -1;
	uint64_t size;

	assert_int_equal(
		fetch_open_tar(&m->input, &m->options, &fd, &path, &m->err), 0);
	assert_int_equal(cache_check_blob(&m->cache, &m->input.tar_digest, fd,
				 &size, &m->err),
		0);
}

static void corrupt_tar_is_made_again_when_it_is_opened(void **state)
{
	struct mirror *m = pinned(state);

	assert_int_equal(fetch(m), 0);
	corrupt(m, &m->input.tar_digest);
	mirror_vanish(m);
	assert_int_equal(fetch(m), 0);
	assert_corrupt(m);
	assert_tar(m, &m->input);
}

static void corrupt_archive_is_fetched_again(void **state)
{
	struct mirror *m = pinned(state);

	assert_int_equal(fetch(m), 0);
	corrupt(m, &m->input.sha256);
	corrupt(m, &m->input.tar_digest);
	assert_corrupt(m);
	assert_tar(m, &m->input);
}

static void corrupt_everything_offline_is_an_offline_error(void **state)
{
	struct mirror *m = pinned(state);
	SCOPED_FREE char *path = NULL;
	int fd = -1;

	assert_int_equal(fetch(m), 0);
	corrupt(m, &m->input.sha256);
	corrupt(m, &m->input.tar_digest);
	mirror_vanish(m);
	assert_corrupt(m);
	assert_int_equal(
		fetch_open_tar(&m->input, &m->options, &fd, &path, &m->err),
		-1);
	assert_error(m, ERROR_OFFLINE, "alpbuild fetch");
}

static void wrong_bytes_never_get_into_the_cache(void **state)
{
	struct mirror *m = pinned(state);
	struct cache_usage usage;

	mirror_put(m, mirror_file(m, "3.18.9", "armv7"),
		slice_of("not what was pinned"));
	assert_int_equal(fetch(m), -1);
	assert_error(m, ERROR_VERIFY, "digest mismatch");
	assert_int_equal(cache_measure(&m->cache, &usage, &m->err), 0);
	assert_int_equal(usage.blobs, 0);
	assert_int_equal(usage.partials, 0);
}

static void what_is_no_gzip_is_an_input_error(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA256, "no gzip", 7);

	mirror_put(m, mirror_file(m, "3.18.9", "armv7"), slice_of("no gzip"));
	mirror_pin(m, "3.18.9", &digest);
	assert_int_equal(mirror_resolve(m), 0);
	assert_int_equal(fetch(m), -1);
	assert_error(m, ERROR_INPUT,
		"unpack alpine-minirootfs-3.18.9-armv7.tar.gz: ");
}

static void missing_file_tells_urls_and_remedies(void **state)
{
	struct mirror *m = pinned(state);

	assert_int_equal(
		unlink(mirror_path(m, mirror_file(m, "3.18.9", "armv7"))), 0);
	assert_int_equal(fetch(m), -1);
	assert_error(m, ERROR_NOT_FOUND, "\n  file:///");
	assert_error(m, ERROR_NOT_FOUND, "--mirror");
	mirror_vanish(m);
	assert_int_equal(fetch(m), -1);
	assert_error(m, ERROR_OFFLINE, "http://mirror.invalid/v3.18/releases");
}

static void damaged_refs_count_as_missing(void **state)
{
	static const char *const damage[] = { "", "nonsense", "sha256:12 34",
		"sha512:00 7" };
	struct mirror *m = pinned(state);
	const char *key = mirror_hex(m, &m->input.want);

	for (size_t i = 0; i < ARRAY_SIZE(damage); i++) {
		assert_int_equal(fetch(m), 0);
		assert_int_equal(cache_put_ref(&m->cache, "tar", key,
					 slice_of(damage[i]), &m->err),
			0);
		assert_int_equal(fetch(m), 0);
		assert_tar(m, &m->input);
	}
}

static void several_inputs_each_get_their_own(void **state)
{
	static const char *const archs[] = { "x86_64", "aarch64", "armv7",
		"riscv64", "armv7" };
	struct mirror *m = *state;
	struct input inputs[ARRAY_SIZE(archs)];

	memset(inputs, 0, sizeof(inputs));
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		struct digest digest =
			mirror_put_rootfs(m, "3.18.9", archs[i], DIGEST_SHA256);

		mirror_put_checksum(m, "3.18.9", archs[i], &digest);
		inputs[i].arch = archs[i];
		inputs[i].alpine = "3.18.9";
	}
	assert_int_equal(fetch_resolve(inputs, ARRAY_SIZE(archs), &m->options,
				 &m->arena, &m->err),
		0);
	assert_int_equal(
		fetch_inputs(inputs, ARRAY_SIZE(archs), &m->options, &m->err),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++)
		assert_tar(m, &inputs[i]);
	assert_true(digest_eq(&inputs[2].tar_digest, &inputs[4].tar_digest));
}

static void what_arrived_is_kept_when_another_fails(void **state)
{
	struct mirror *m = pinned(state);
	struct digest nowhere = digest_of(DIGEST_SHA256, "nowhere", 7);
	struct input both[2] = { m->input, m->input };
	struct cache_usage usage;

	both[0].file = "missing.tar.gz";
	both[0].url_path = "v3.18/missing.tar.gz";
	both[0].want = nowhere;
	assert_int_equal(fetch_inputs(both, 2, &m->options, &m->err), -1);
	assert_error(m, ERROR_NOT_FOUND, "fetch missing.tar.gz");
	assert_int_equal(cache_measure(&m->cache, &usage, &m->err), 0);
	assert_int_equal(usage.blobs, 1);
	mirror_vanish(m);
	assert_int_equal(fetch(m), 0);
	assert_true(m->input.from_cache);
}

static void complete_download_of_a_killed_process_is_taken_over(void **state)
{
	struct mirror *m = pinned(state);
	const char *path = mirror_path(m, mirror_file(m, "3.18.9", "armv7"));
	struct cache_partial partial;
	struct buf bytes;
	char text[DIGEST_TEXT_SIZE];
	const char *key = arena_printf(&m->arena, "%s (%s)", m->input.file,
		digest_text(&m->input.want, text));

	assert_int_equal(file_read(path, 10000, &bytes, &m->err), 0);
	assert_int_equal(
		cache_lock_partial(&m->cache, key, &partial, NULL, &m->err), 0);
	assert_int_equal(
		file_write_all(partial.lock_fd, bytes.data, bytes.len, &m->err),
		0);
	cache_release_partial(&partial);
	buf_release(&bytes);
	mirror_vanish(m);
	assert_int_equal(fetch(m), 0);
	assert_tar(m, &m->input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MIRROR_TEST(first_time_downloads_second_time_not),
		MIRROR_TEST(sha512_is_found_again_too),
		MIRROR_TEST(lost_tar_is_made_again_without_network),
		MIRROR_TEST(corrupt_tar_is_made_again_when_it_is_opened),
		MIRROR_TEST(corrupt_archive_is_fetched_again),
		MIRROR_TEST(corrupt_everything_offline_is_an_offline_error),
		MIRROR_TEST(wrong_bytes_never_get_into_the_cache),
		MIRROR_TEST(what_is_no_gzip_is_an_input_error),
		MIRROR_TEST(missing_file_tells_urls_and_remedies),
		MIRROR_TEST(damaged_refs_count_as_missing),
		MIRROR_TEST(several_inputs_each_get_their_own),
		MIRROR_TEST(what_arrived_is_kept_when_another_fails),
		MIRROR_TEST(
			complete_download_of_a_killed_process_is_taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
