/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/apk_key_fixture.h"

#include "apk/index_file.h"

#define KEY "test-1.rsa.pub"
#define OTHER "other-2.rsa.pub"

struct scene {
	struct apk_key key, other;
	struct keyring ring;	/* KEY */
	struct keyring nothing; /* empty */
	struct buf text;	/* an index of one package */
	struct buf index;	/* the member with it, not signed */
	struct buf file;	/* the member, signed */
};

static int make_scene(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));
	struct apk_fixture apk;
	struct error err;

	apk_key_init(&s->key, 2048);
	apk_key_init(&s->other, 2048);
	buf_init(&s->text, APK_FIXTURE_MAX);
	buf_init(&s->index, APK_FIXTURE_MAX);
	buf_init(&s->file, APK_FIXTURE_MAX);
	apk_fixture_init(&apk, "hello", "1.0-r0");
	apk_fixture_build(&apk);
	apk_fixture_record(&apk, &s->text);
	apk_fixture_release(&apk);
	apk_fixture_index(&s->index, s->text.data);
	apk_key_signed(&s->file, &s->key, "RSA", KEY, buf_slice(&s->index));
	*state = s;
	return keyring_add(&s->ring, KEY, "here", buf_slice(&s->key.pem), &err);
}

static int free_scene(void **state)
{
	struct scene *s = *state;

	keyring_release(&s->ring);
	apk_key_release(&s->key);
	apk_key_release(&s->other);
	buf_release(&s->text);
	buf_release(&s->index);
	buf_release(&s->file);
	free(s);
	return 0;
}

static int read_bytes(struct index_file *file, struct slice bytes,
	const struct keyring *ring, struct arena *arena, struct error *err)
{
	SCOPED_FD int fd = fixture_fd(bytes.ptr, bytes.len);
	const struct index_file_input input = {
		.fd = fd, .name = "i", .ring = ring
	};

	return index_file_read(file, &input, arena, err);
}

/* It must be read, and say what the scene's text says. */
static void assert_read(const struct scene *s, struct slice bytes,
	const struct keyring *ring, const char *signer)
{
	struct index_file file;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	if (read_bytes(&file, bytes, ring, &arena, &err))
		fail_msg("%s", err.text);
	assert_int_equal(file.index.n, 1);
	assert_true(slice_is(file.index.packages[0].name, "hello"));
	if (signer)
		assert_string_equal(file.key->name, signer);
	else
		assert_null(file.key);
	arena_release(&arena);
}

static void assert_refused(struct slice bytes, const struct keyring *ring,
	enum error_kind kind, const char *want)
{
	struct error err = { .text = "nothing" };
	struct index_file file;
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(read_bytes(&file, bytes, ring, &arena, &err), -1);
	if (strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("got \"%s\", want \"%s\"", err.text, want);
	assert_int_equal(err.kind, kind);
	arena_release(&arena);
}

static void a_signed_index_is_read(void **state)
{
	static const char *const algorithms[] = { "RSA", "RSA256", "RSA512" };
	const struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		SCOPED_BUF struct buf file;

		buf_init(&file, APK_FIXTURE_MAX);
		apk_key_signed(&file, &s->key, algorithms[i], KEY,
			buf_slice(&s->index));
		assert_read(s, buf_slice(&file), &s->ring, KEY);
	}
}

static void the_description_is_told(void **state)
{
	const struct scene *s = *state;
	struct index_file file;
	struct arena arena;
	struct error err;

	arena_init(&arena);
	assert_int_equal(
		read_bytes(&file, buf_slice(&s->file), &s->ring, &arena, &err),
		0);
	assert_true(slice_is(file.index.description, "a fixture"));
	arena_release(&arena);
}

static void without_a_keyring_nothing_is_verified(void **state)
{
	const struct scene *s = *state;

	assert_read(s, buf_slice(&s->file), NULL, NULL);
	assert_read(s, buf_slice(&s->index), NULL, NULL);
	assert_read(s, buf_slice(&s->text), NULL, NULL);
}

static void an_unsigned_index_is_refused(void **state)
{
	const struct scene *s = *state;

	assert_refused(buf_slice(&s->index), &s->ring, ERROR_VERIFY,
		"i: the index is not signed, expected a signature by one of "
		"the known keys: " KEY);
	assert_refused(buf_slice(&s->index), &s->nothing, ERROR_VERIFY,
		"i: the index is not signed, expected a signature by one of "
		"the known keys: none");
	assert_refused(buf_slice(&s->text), &s->ring, ERROR_INPUT,
		"i: neither gzip nor any other form of an index "
		"(APKINDEX.tar.gz)");
}

static void an_unknown_key_is_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	SCOPED_BUF struct buf tar;

	assert_refused(buf_slice(&s->file), &s->nothing, ERROR_VERIFY,
		"i: no signature of a known key: signed by " KEY
		" (known keys: none)");
	buf_init(&tar, APK_FIXTURE_MAX);
	buf_init(&file, APK_FIXTURE_MAX);
	apk_key_entry(&tar, &s->other, "RSA", OTHER, buf_slice(&s->index));
	apk_key_entry(&tar, &s->key, "DSA", KEY, buf_slice(&s->index));
	apk_fixture_gzip(&file, buf_slice(&tar));
	buf_add_slice(&file, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_VERIFY,
		"i: no signature of a known key: signed by " OTHER " " KEY
		" (unknown algorithm) (known keys: " KEY ")");
}

#define BAD                                                                    \
	"i: bad signature: the index is not what the key " KEY                 \
	" (from here) signed"

static void a_known_name_with_another_key_is_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;

	buf_init(&file, APK_FIXTURE_MAX);
	apk_key_signed(&file, &s->other, "RSA", KEY, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_VERIFY, BAD);
}

static void a_signature_of_another_algorithm_is_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	SCOPED_BUF struct buf sig;
	SCOPED_BUF struct buf tar;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_init(&sig, APK_FIXTURE_MAX);
	buf_init(&tar, APK_FIXTURE_MAX);
	apk_key_sign(&s->key, "RSA", buf_slice(&s->index), &sig);
	fixture_add(&tar, (struct fixture){ .name = ".SIGN.RSA256." KEY,
				  .content = sig.data,
				  .size = sig.len });
	apk_fixture_gzip(&file, buf_slice(&tar));
	buf_add_slice(&file, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_VERIFY, BAD);
}

/* As apk: the first signature of a known key, whatever comes after it. */
static void a_bad_first_signature_is_not_made_good(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	SCOPED_BUF struct buf tar;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, ".SIGN.RSA." KEY, "bad");
	apk_key_entry(&tar, &s->key, "RSA256", KEY, buf_slice(&s->index));
	apk_fixture_gzip(&file, buf_slice(&tar));
	buf_add_slice(&file, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_VERIFY, BAD);
}

static void a_later_signature_of_a_known_key_counts(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	SCOPED_BUF struct buf tar;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_init(&tar, APK_FIXTURE_MAX);
	apk_key_entry(&tar, &s->other, "RSA", OTHER, buf_slice(&s->index));
	apk_key_entry(&tar, &s->key, "RSA256", KEY, buf_slice(&s->index));
	apk_fixture_gzip(&file, buf_slice(&tar));
	buf_add_slice(&file, buf_slice(&s->index));
	assert_read(s, buf_slice(&file), &s->ring, KEY);
}

/* The signature is over the compressed bytes: another compression of the very
 * same text is not what was signed. */
static void other_bytes_of_the_same_text_are_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	size_t os = s->file.len - s->index.len + 9;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_add_slice(&file, buf_slice(&s->file));
	file.data[os] = 3; /* the OS byte of the gzip header */
	assert_read(s, buf_slice(&file), NULL, NULL);
	assert_refused(buf_slice(&file), &s->ring, ERROR_VERIFY, BAD);
}

/* Bits of gzip's headers and deflate's last byte mean nothing: of the first
 * member they may change, for nobody signs it. */
static void no_changed_bit_changes_what_is_read(void **state)
{
	const struct scene *s = *state;
	size_t signed_at = s->file.len - s->index.len;
	SCOPED_BUF struct buf file;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_add_slice(&file, buf_slice(&s->file));
	for (size_t i = 0; i < file.len; i++) {
		struct index_file read;
		struct arena arena;
		struct error err;
		int failed;

		arena_init(&arena);
		file.data[i] ^= (char)(1 << i % 8);
		failed = read_bytes(
			&read, buf_slice(&file), &s->ring, &arena, &err);
		assert_true(failed || i < signed_at);
		if (!failed)
			assert_true(
				slice_is(read.index.packages[0].name, "hello"));
		file.data[i] ^= (char)(1 << i % 8);
		arena_release(&arena);
	}
}

static void an_index_cut_anywhere_is_refused(void **state)
{
	const struct scene *s = *state;
	struct slice bytes = buf_slice(&s->file);

	for (bytes.len = 0; bytes.len < s->file.len; bytes.len++) {
		struct index_file file;
		struct arena arena;
		struct error err;

		arena_init(&arena);
		assert_int_equal(
			read_bytes(&file, bytes, &s->ring, &arena, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		arena_release(&arena);
	}
	bytes.len = s->file.len - s->index.len;
	assert_refused(bytes, &s->ring, ERROR_INPUT,
		"i: the file ends after the signatures, expected the index "
		"after them");
	assert_refused(slice_make(NULL, 0), &s->ring, ERROR_INPUT,
		"i: an empty file, expected an index (APKINDEX.tar.gz)");
}

static void anything_after_the_index_is_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_add_slice(&file, buf_slice(&s->file));
	buf_add_str(&file, "x");
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT,
		"i: 1 bytes after the index, expected none");
	buf_truncate(&file, s->file.len);
	buf_add_slice(&file, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT, "i: ");
	assert_refused(buf_slice(&file), NULL, ERROR_INPUT, "i: ");
}

/* What the member with the index may hold, signed and yet refused. */
static void assert_tar_refused(
	const struct scene *s, const struct buf *tar, const char *want)
{
	SCOPED_BUF struct buf member;
	SCOPED_BUF struct buf file;

	buf_init(&member, APK_FIXTURE_MAX);
	buf_init(&file, APK_FIXTURE_MAX);
	apk_fixture_gzip(&member, buf_slice(tar));
	apk_key_signed(&file, &s->key, "RSA", KEY, buf_slice(&member));
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT, want);
}

static void a_malformed_index_section_is_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf tar;

	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, "DESCRIPTION", "x");
	assert_tar_refused(s, &tar,
		"i: index section: after entry DESCRIPTION: truncated");
	fixture_end(&tar);
	assert_tar_refused(
		s, &tar, "i: no file APKINDEX in it, as an index has");
	buf_truncate(&tar, 0);
	fixture_file(&tar, "APKINDEX", s->text.data);
	fixture_file(&tar, "APKINDEX", s->text.data);
	fixture_end(&tar);
	assert_tar_refused(s, &tar, "i: entry APKINDEX: it is there twice");
	buf_truncate(&tar, 0);
	fixture_add(&tar, (struct fixture){ .name = "APKINDEX", .type = '5' });
	fixture_end(&tar);
	assert_tar_refused(s, &tar, "i: entry APKINDEX: not a regular file");
	buf_truncate(&tar, 0);
	fixture_file(&tar, "APKINDEX", s->text.data);
	fixture_file(&tar, ".SIGN.RSA." KEY, "x");
	fixture_end(&tar);
	assert_tar_refused(s, &tar,
		"i: entry .SIGN.RSA." KEY
		": a signature in the section that it should sign");
}

static void signature_and_index_in_one_member_are_refused(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf file;
	SCOPED_BUF struct buf tar;

	buf_init(&file, APK_FIXTURE_MAX);
	buf_init(&tar, APK_FIXTURE_MAX);
	apk_key_entry(&tar, &s->key, "RSA", KEY, buf_slice(&s->index));
	fixture_file(&tar, "APKINDEX", s->text.data);
	apk_fixture_gzip(&file, buf_slice(&tar));
	buf_add_slice(&file, buf_slice(&s->index));
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT,
		"i: signature section: entry APKINDEX: no name of a "
		"signature");
}

static void a_bomb_stops_at_the_limit(void **state)
{
	const size_t n = INDEX_TEXT_MAX + ((size_t)2 << 20);
	SCOPED_FREE char *zeros = memory_zero(n, 1);
	const struct scene *s = *state;
	SCOPED_BUF struct buf member;
	SCOPED_BUF struct buf file;

	buf_init(&member, APK_FIXTURE_MAX);
	buf_init(&file, APK_FIXTURE_MAX);
	apk_fixture_gzip(&member, slice_make(zeros, n));
	apk_key_signed(&file, &s->key, "RSA", KEY, buf_slice(&member));
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT,
		"i: uncompressed data is larger than the limit of");
}

static void an_index_of_apk_v3_is_refused_by_name(void **state)
{
	static const char *const magics[] = { "ADB.indx", "ADBd....",
		"ADBc...." };
	const struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		const struct keyring *rings[] = { &s->ring, NULL };

		for (size_t k = 0; k < 2; k++)
			assert_refused(slice_of(magics[i]), rings[k],
				ERROR_INPUT,
				"i: a file of apk v3 (ADB), which cannot be "
				"read yet: expected an index "
				"(APKINDEX.tar.gz) of apk v2 (gzip)");
	}
}

static void a_bad_text_is_told_with_file_and_line(void **state)
{
	const struct scene *s = *state;
	SCOPED_BUF struct buf member;
	SCOPED_BUF struct buf file;

	buf_init(&member, APK_FIXTURE_MAX);
	buf_init(&file, APK_FIXTURE_MAX);
	apk_fixture_index(&member, "P:hello\nbad\n\n");
	apk_key_signed(&file, &s->key, "RSA", KEY, buf_slice(&member));
	assert_refused(buf_slice(&file), &s->ring, ERROR_INPUT, "i:2: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signed_index_is_read),
		cmocka_unit_test(the_description_is_told),
		cmocka_unit_test(without_a_keyring_nothing_is_verified),
		cmocka_unit_test(an_unsigned_index_is_refused),
		cmocka_unit_test(an_unknown_key_is_refused),
		cmocka_unit_test(a_known_name_with_another_key_is_refused),
		cmocka_unit_test(a_signature_of_another_algorithm_is_refused),
		cmocka_unit_test(a_bad_first_signature_is_not_made_good),
		cmocka_unit_test(a_later_signature_of_a_known_key_counts),
		cmocka_unit_test(other_bytes_of_the_same_text_are_refused),
		cmocka_unit_test(no_changed_bit_changes_what_is_read),
		cmocka_unit_test(an_index_cut_anywhere_is_refused),
		cmocka_unit_test(anything_after_the_index_is_refused),
		cmocka_unit_test(a_malformed_index_section_is_refused),
		cmocka_unit_test(signature_and_index_in_one_member_are_refused),
		cmocka_unit_test(a_bomb_stops_at_the_limit),
		cmocka_unit_test(an_index_of_apk_v3_is_refused_by_name),
		cmocka_unit_test(a_bad_text_is_told_with_file_and_line),
	};

	return cmocka_run_group_tests(tests, make_scene, free_scene);
}
