/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/fetch_fixture.h"

static void pinned_release_needs_no_network(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);

	mirror_vanish(m);
	mirror_pin(m, "3.18.9", &digest);
	assert_int_equal(mirror_resolve(m), 0);
	assert_string_equal(m->input.version, "3.18.9");
	assert_string_equal(
		m->input.file, "alpine-minirootfs-3.18.9-armv7.tar.gz");
	assert_string_equal(m->input.url_path,
		"v3.18/releases/armv7/alpine-minirootfs-3.18.9-armv7.tar.gz");
	assert_int_equal(m->input.trust, TRUST_PINNED);
	assert_true(digest_eq(&m->input.want, &digest));
}

static void branch_is_what_the_mirror_says_and_the_pin_counts(void **state)
{
	struct mirror *m = *state;
	struct digest pinned = digest_of(DIGEST_SHA256, "x", 1);
	struct digest said = digest_of(DIGEST_SHA256, "y", 1);

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.9", &said);
	mirror_pin(m, "3.18.9", &pinned);
	assert_int_equal(mirror_resolve(m), 0);
	assert_string_equal(m->input.version, "3.18.9");
	assert_int_equal(m->input.trust, TRUST_PINNED);
	assert_true(digest_eq(&m->input.want, &pinned));
}

static void unpinned_release_goes_by_sha512_before_sha256(void **state)
{
	struct mirror *m = *state;
	struct digest sha512 = digest_of(DIGEST_SHA512, "x", 1);
	struct digest sha256 = digest_of(DIGEST_SHA256, "x", 1);

	mirror_put_checksum(m, "3.18.9", "armv7", &sha256);
	assert_int_equal(mirror_resolve(m), 0);
	assert_int_equal(m->input.trust, TRUST_SHA256);
	assert_true(digest_eq(&m->input.want, &sha256));
	mirror_put_checksum(m, "3.18.9", "armv7", &sha512);
	assert_int_equal(mirror_resolve(m), 0);
	assert_int_equal(m->input.trust, TRUST_SHA512);
	assert_true(digest_eq(&m->input.want, &sha512));
}

static void pin_of_another_architecture_does_not_count(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);

	mirror_pin(m, "3.18.9", &digest);
	m->pin.arch = "aarch64";
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_NOT_FOUND, "Alpine 3.18.9 for armv7");
}

static void digest_of_the_yaml_serves_without_checksum_files(void **state)
{
	struct mirror *m = *state;
	struct digest said = digest_of(DIGEST_SHA512, "y", 1);

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", &said);
	assert_int_equal(mirror_resolve(m), 0);
	assert_string_equal(m->input.version, "3.18.12");
	assert_int_equal(m->input.trust, TRUST_SHA512);
	assert_true(digest_eq(&m->input.want, &said));
}

static void mirror_that_contradicts_itself_is_refused(void **state)
{
	struct mirror *m = *state;
	struct digest said = digest_of(DIGEST_SHA512, "y", 1);
	struct digest other = digest_of(DIGEST_SHA512, "x", 1);

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", &said);
	mirror_put_checksum(m, "3.18.12", "armv7", &other);
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_VERIFY, "contradicts itself");
}

static void weaker_digest_must_agree_too(void **state)
{
	struct mirror *m = *state;
	struct digest said = digest_of(DIGEST_SHA256, "y", 1);
	struct digest other = digest_of(DIGEST_SHA256, "x", 1);
	struct digest strong = digest_of(DIGEST_SHA512, "y", 1);

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", &said);
	mirror_put_checksum(m, "3.18.12", "armv7", &other);
	mirror_put_checksum(m, "3.18.12", "armv7", &strong);
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_VERIFY, "contradicts itself");
}

static void yaml_of_another_branch_is_refused(void **state)
{
	struct mirror *m = *state;

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.19.4", NULL);
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_INPUT, "is not a release of branch 3.18");
	mirror_put_yaml(m, "armv7", "3.1.18", NULL);
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_INPUT, "is not a release of branch 3.18");
}

static void yaml_that_names_another_file_is_refused(void **state)
{
	static const char *const files[] = { "../../../../etc/passwd",
		"alpine-minirootfs-3.18.8-armv7.tar.gz",
		"alpine-minirootfs-3.18.9-x86_64.tar.gz" };
	struct mirror *m = *state;

	m->input.alpine = "3.18";
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *text = arena_printf(&m->arena,
			"---\n-\n  branch: v3.18\n  arch: armv7\n"
			"  version: 3.18.9\n  flavor: alpine-minirootfs\n"
			"  file: %s\n",
			files[i]);

		mirror_put(m, "armv7/latest-releases.yaml", slice_of(text));
		assert_int_equal(mirror_resolve(m), -1);
		assert_int_equal(m->err.kind, ERROR_INPUT);
	}
}

static void version_that_is_none_is_a_usage_error(void **state)
{
	static const char *const bad[] = { "", "3", "latest", "v3.18",
		"3.18.9/../..", "3.x", "3.18.9.1" };
	struct mirror *m = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		m->input.alpine = bad[i];
		assert_int_equal(mirror_resolve(m), -1);
		assert_error(m, ERROR_USAGE, "expected a release such as");
	}
}

static void unknown_release_comes_with_urls_and_the_known_ones(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);

	mirror_pin(m, "3.18.9", &digest);
	m->input.alpine = "3.18.99";
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_NOT_FOUND, "known releases: 3.18.9");
	assert_error(m, ERROR_NOT_FOUND, "alpine-minirootfs-3.18.99-armv7");
	assert_error(m, ERROR_NOT_FOUND, "--mirror");
	m->input.alpine = "3.99";
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_NOT_FOUND, "known releases: 3.18.9");
	assert_error(m, ERROR_NOT_FOUND, "v3.99/releases/armv7/latest-");
}

static void offline_uses_the_copies_of_the_last_time(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA512, "x", 1);

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", NULL);
	mirror_put_checksum(m, "3.18.12", "armv7", &digest);
	assert_int_equal(mirror_resolve(m), 0);
	mirror_vanish(m);
	m->input = (struct input){ .arch = "armv7", .alpine = "3.18" };
	assert_int_equal(mirror_resolve(m), 0);
	assert_string_equal(m->input.version, "3.18.12");
	assert_true(digest_eq(&m->input.want, &digest));
	m->input = (struct input){ .arch = "armv7", .alpine = "3.19" };
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_OFFLINE, "alpbuild fetch");
	m->input = (struct input){ .arch = "armv7", .alpine = "3.18.13" };
	assert_int_equal(mirror_resolve(m), -1);
	assert_error(m, ERROR_OFFLINE, "alpbuild fetch");
}

static void copies_never_stand_in_for_a_failing_mirror(void **state)
{
	struct mirror *m = *state;

	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", NULL);
	mirror_put_checksum(m, "3.18.12", "armv7",
		&(struct digest){ DIGEST_SHA256, { 1 } });
	assert_int_equal(mirror_resolve(m), 0);
	m->urls.items[0] = "file:///nonexistent-mirror";
	assert_int_equal(mirror_resolve(m), -1);
	assert_int_equal(m->err.kind, ERROR_NOT_FOUND);
}

static void local_mirror_counts_offline(void **state)
{
	struct mirror *m = *state;

	m->options.offline = true;
	string_list_add(&m->urls, "https://mirror.invalid", &m->arena);
	m->input.alpine = "3.18";
	mirror_put_yaml(m, "armv7", "3.18.12", NULL);
	mirror_put_checksum(m, "3.18.12", "armv7",
		&(struct digest){ DIGEST_SHA256, { 1 } });
	assert_int_equal(mirror_resolve(m), 0);
}

static void branch_may_differ_between_architectures(void **state)
{
	struct mirror *m = *state;
	struct digest digest = digest_of(DIGEST_SHA256, "x", 1);
	struct input inputs[] = {
		{ .arch = "armv7", .alpine = "3.18" },
		{ .arch = "aarch64", .alpine = "3.18" },
		{ .arch = "armv7", .alpine = "3.18" },
	};

	mirror_put_yaml(m, "armv7", "3.18.12", &digest);
	mirror_put_yaml(m, "aarch64", "3.18.11", &digest);
	assert_int_equal(
		fetch_resolve(inputs, 3, &m->options, &m->arena, &m->err), 0);
	assert_string_equal(inputs[0].version, "3.18.12");
	assert_string_equal(inputs[1].version, "3.18.11");
	assert_string_equal(inputs[2].version, "3.18.12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MIRROR_TEST(pinned_release_needs_no_network),
		MIRROR_TEST(branch_is_what_the_mirror_says_and_the_pin_counts),
		MIRROR_TEST(unpinned_release_goes_by_sha512_before_sha256),
		MIRROR_TEST(pin_of_another_architecture_does_not_count),
		MIRROR_TEST(digest_of_the_yaml_serves_without_checksum_files),
		MIRROR_TEST(mirror_that_contradicts_itself_is_refused),
		MIRROR_TEST(weaker_digest_must_agree_too),
		MIRROR_TEST(yaml_of_another_branch_is_refused),
		MIRROR_TEST(yaml_that_names_another_file_is_refused),
		MIRROR_TEST(version_that_is_none_is_a_usage_error),
		MIRROR_TEST(unknown_release_comes_with_urls_and_the_known_ones),
		MIRROR_TEST(offline_uses_the_copies_of_the_last_time),
		MIRROR_TEST(copies_never_stand_in_for_a_failing_mirror),
		MIRROR_TEST(local_mirror_counts_offline),
		MIRROR_TEST(branch_may_differ_between_architectures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
