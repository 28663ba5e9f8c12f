/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "apk/scripts_archive.h"
#include "io/gzip.h"
#include "unit/tar_fixture.h"

#define OUT_MAX 1000000
#define SLASHES "Q1//////////////////////////8="
#define MTIME 1700000000
/* Room for a whole line of 26 more letters in a name. */
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

struct scene {
	struct arena arena;
	struct installed db;
	struct script_list scripts;
	struct buf out;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	installed_init(&s->db, &s->arena);
	buf_init(&s->out, OUT_MAX);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	buf_release(&s->out);
	arena_release(&s->arena);
	free(s);
	return 0;
}

/* A package whose identity is 20 bytes of `byte`. */
static struct db_package *add_package(
	struct scene *s, const char *name, uint8_t byte)
{
	uint8_t bytes[20];
	struct package pkg = { .name = slice_of(name),
		.version = slice_of("1-r0"),
		.build_time = MTIME };

	memset(bytes, byte, sizeof(bytes));
	pkg.identity = identity_make(IDENTITY_SHA1, bytes);
	return installed_add(&s->db, &pkg);
}

static void add_script(struct scene *s, const struct db_package *pkg,
	enum script_kind kind, const char *text)
{
	const struct script script = {
		.kind = kind,
		.package = pkg->package.name,
		.version = pkg->package.version,
		.identity = pkg->package.identity,
		.mtime = pkg->package.build_time,
		.text = slice_of(text),
	};

	script_list_add(&s->scripts, &script, &s->arena);
}

static void write_all(struct scene *s, enum apk_flavor flavor)
{
	struct buf_sink sink;

	buf_truncate(&s->out, 0);
	buf_sink_init(&sink, &s->out);
	scripts_archive_write(&s->scripts, &s->db, flavor, &sink.sink);
	assert_int_equal(sink_close(&sink.sink, &s->err), 0);
}

static void parse(struct scene *s, struct slice bytes)
{
	s->scripts = (struct script_list){ 0 };
	if (scripts_archive_parse(
		    &s->scripts, bytes, "scripts", &s->arena, &s->err))
		fail_msg("%s", s->err.text);
}

/* What was written is read back as "name.kind=text" lines. */
static void expect(struct scene *s, enum apk_flavor flavor, const char *want)
{
	SCOPED_BUF struct buf got;

	buf_init(&got, OUT_MAX);
	write_all(s, flavor);
	parse(s, buf_slice(&s->out));
	for (size_t i = 0; i < s->scripts.n; i++) {
		const struct script *script = &s->scripts.items[i];

		assert_int_equal(script->mtime, MTIME);
		assert_true(slice_is(script->version, "1-r0"));
		buf_printf(&got, "%.*s.%s=%.*s\n", SLICE_ARGS(script->package),
			script_names[script->kind], SLICE_ARGS(script->text));
	}
	assert_string_equal(got.data ? got.data : "", want);
}

static void names_of_kinds_are_found(void **state)
{
	for (enum script_kind kind = 0; kind < SCRIPT_NKINDS; kind++)
		assert_int_equal(
			script_kind_find(slice_of(script_names[kind])), kind);
	assert_int_equal(script_kind_find(slice_of("install")), SCRIPT_NKINDS);
	assert_int_equal(script_kind_find(slice_of("")), SCRIPT_NKINDS);
}

static void a_header_is_written_as_apk_writes_it(void **state)
{
	static const char tail[] = "0000755\0"
				   "0000000\0"
				   "0000000\0"
				   "000000000003"
				   "014524770400";
	struct scene *s = *state;
	const char *h;

	add_script(s, add_package(s, "a", 0), SCRIPT_TRIGGER, "abc");
	write_all(s, APK_2);
	h = s->out.data;
	assert_int_equal(s->out.len, 4 * FIXTURE_BLOCK);
	assert_string_equal(h, "a-1-r0.Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=.trigger");
	assert_memory_equal(h + 100, tail, sizeof(tail) - 1);
	assert_memory_equal(h + 156, "0", 2);
	assert_memory_equal(h + 257, "ustar  \0root", 13);
	assert_memory_equal(h + 297, "root", 5);
	assert_memory_equal(h + FIXTURE_BLOCK, "abc", 4);
	for (size_t i = 2 * FIXTURE_BLOCK; i < s->out.len; i++)
		assert_int_equal(h[i], 0);
}

static void apk_3_writes_identities_in_hex(void **state)
{
	struct scene *s = *state;

	add_script(s, add_package(s, "a", 0xab), SCRIPT_TRIGGER, "abc");
	write_all(s, APK_3);
	assert_string_equal(s->out.data,
		"a-1-r0.X1abababababababababababababababababababab.trigger");
}

static void an_archive_may_be_empty(void **state)
{
	struct scene *s = *state;

	write_all(s, APK_2);
	assert_int_equal(s->out.len, 2 * FIXTURE_BLOCK);
	expect(s, APK_2, "");
}

static void a_packages_scripts_are_in_apks_order(void **state)
{
	struct scene *s = *state;
	const struct db_package *pkg = add_package(s, "a", 1);

	for (int kind = SCRIPT_NKINDS - 1; kind >= 0; kind--)
		add_script(s, pkg, (enum script_kind)kind, "x");
	expect(s, APK_2,
		"a.pre-install=x\na.post-install=x\na.pre-deinstall=x\n"
		"a.post-deinstall=x\na.pre-upgrade=x\na.post-upgrade=x\n"
		"a.trigger=x\n");
}

static void packages_are_in_the_databases_order(void **state)
{
	struct scene *s = *state;
	const struct db_package *b = add_package(s, "b", 2);
	const struct db_package *a = add_package(s, "a", 3);

	add_package(s, "c", 4);
	add_script(s, a, SCRIPT_POST_INSTALL, "1");
	add_script(s, b, SCRIPT_POST_INSTALL, "2");
	add_script(s, a, SCRIPT_PRE_INSTALL, "3");
	expect(s, APK_2,
		"b.post-install=2\na.pre-install=3\na.post-install=1\n");
}

static void apk_3_sorts_packages_by_name(void **state)
{
	struct scene *s = *state;

	add_script(s, add_package(s, "b", 2), SCRIPT_TRIGGER, "1");
	add_script(s, add_package(s, "a", 3), SCRIPT_TRIGGER, "2");
	expect(s, APK_3, "a.trigger=2\nb.trigger=1\n");
}

static void scripts_of_no_package_are_left_out(void **state)
{
	struct scene *s = *state;
	struct db_package *gone = add_package(s, "gone", 2);

	add_script(s, gone, SCRIPT_TRIGGER, "1");
	add_script(s, add_package(s, "a", 3), SCRIPT_TRIGGER, "2");
	installed_remove(&s->db, gone);
	expect(s, APK_2, "a.trigger=2\n");
}

static void the_last_script_of_a_kind_counts(void **state)
{
	struct scene *s = *state;
	const struct db_package *pkg = add_package(s, "a", 1);

	add_script(s, pkg, SCRIPT_TRIGGER, "1");
	add_script(s, pkg, SCRIPT_TRIGGER, "2");
	expect(s, APK_2, "a.trigger=2\n");
}

static void scripts_of_a_package_can_be_dropped(void **state)
{
	struct scene *s = *state;
	const struct db_package *a = add_package(s, "a", 1);
	const struct db_package *b = add_package(s, "b", 2);

	add_script(s, a, SCRIPT_PRE_INSTALL, "1");
	add_script(s, b, SCRIPT_PRE_INSTALL, "2");
	add_script(s, a, SCRIPT_TRIGGER, "3");
	script_list_drop(&s->scripts, &a->package.identity);
	expect(s, APK_2, "b.pre-install=2\n");
}

static void long_names_have_an_entry_of_their_own(void **state)
{
	struct scene *s = *state;
	const struct db_package *pkg =
		add_package(s, LETTERS LETTERS LETTERS, 1);
	const char *name = LETTERS LETTERS LETTERS
		"-1-r0.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger";

	add_script(s, pkg, SCRIPT_TRIGGER, "abc");
	write_all(s, APK_2);
	assert_int_equal(s->out.len, 6 * FIXTURE_BLOCK);
	assert_string_equal(s->out.data, "././@LongLink");
	assert_int_equal(s->out.data[156], 'L');
	/* The size does not count the NUL behind the name: 122 bytes. */
	assert_memory_equal(s->out.data + 124, "000000000172", 12);
	assert_int_equal(strlen(name), 0172);
	assert_string_equal(s->out.data + FIXTURE_BLOCK, name);
	assert_memory_equal(s->out.data + 2 * FIXTURE_BLOCK, name, 99);
	assert_int_equal(s->out.data[2 * FIXTURE_BLOCK + 99], 0);
	expect(s, APK_2, LETTERS LETTERS LETTERS ".trigger=abc\n");
}

/* The base64 of one identity in 200 has "//" in it. */
static void slashes_in_an_identity_are_kept(void **state)
{
	struct scene *s = *state;
	const struct db_package *a = add_package(s, "a", 0xff);
	const struct db_package *b =
		add_package(s, LETTERS LETTERS LETTERS, 0xff);

	add_script(s, a, SCRIPT_TRIGGER, "1");
	write_all(s, APK_2);
	assert_non_null(strstr(s->out.data, SLASHES));
	parse(s, buf_slice(&s->out));
	assert_true(identity_eq(
		&s->scripts.items[0].identity, &a->package.identity));
	add_script(s, b, SCRIPT_TRIGGER, "1");
	write_all(s, APK_2);
	parse(s, buf_slice(&s->out));
	assert_int_equal(s->scripts.n, 2);
	assert_true(identity_eq(
		&s->scripts.items[1].identity, &a->package.identity));
}

static void a_compressed_archive_is_read_too(void **state)
{
	const struct gzip_options options = { .level = 6, .threads = 1 };
	struct scene *s = *state;
	struct gzip_writer *gzip;
	struct buf_sink sink;
	SCOPED_BUF struct buf packed;

	add_script(s, add_package(s, "a", 1), SCRIPT_TRIGGER, "abc");
	write_all(s, APK_3);
	buf_init(&packed, OUT_MAX);
	buf_sink_init(&sink, &packed);
	gzip = gzip_writer_new(&sink.sink, &options);
	sink_write(gzip_writer_sink(gzip), s->out.data, s->out.len);
	assert_int_equal(sink_close(gzip_writer_sink(gzip), &s->err), 0);
	gzip_writer_free(gzip);
	parse(s, buf_slice(&packed));
	buf_truncate(&packed, 0);
	expect(s, APK_3, "a.trigger=abc\n");
}

static void other_makers_may_use_pax_for_long_names(void **state)
{
	struct scene *s = *state;
	SCOPED_BUF struct buf tar;
	const char *name = LETTERS LETTERS LETTERS LETTERS
		"-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger";

	buf_init(&tar, OUT_MAX);
	fixture_pax(&tar, "path", slice_of(name));
	fixture_file(&tar, "short", "abc");
	fixture_end(&tar);
	parse(s, buf_slice(&tar));
	assert_int_equal(s->scripts.n, 1);
	assert_true(slice_is(
		s->scripts.items[0].package, LETTERS LETTERS LETTERS LETTERS));
	assert_true(slice_is(s->scripts.items[0].text, "abc"));
}

static void expect_error(
	struct scene *s, const struct fixture *f, const char *want)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, OUT_MAX);
	fixture_add(&tar, *f);
	fixture_end(&tar);
	assert_int_equal(scripts_archive_parse(&s->scripts, buf_slice(&tar),
				 "scripts", &s->arena, &s->err),
		-1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	if (!strstr(s->err.text, want))
		fail_msg("\"%s\" lacks \"%s\"", s->err.text, want);
}

static void malformed_archives_are_refused(void **state)
{
	static const char zeros[SCRIPT_MAX + 1];
	static const struct {
		struct fixture entry;
		const char *error;
	} cases[] = {
		{ { .name = "trigger" }, "entry trigger: expected a name as" },
		{ { .name = "a-1.trigger" }, "expected a name as" },
		{ { .name = "a-1.Q1AAAA=.trigger" }, "expected a name as" },
		{ { .name = "a.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger" },
			"expected a name as" },
		{ { .name = "a-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.boot" },
			"\"boot\" is no kind of script" },
		{ { .name = "a-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger",
			  .type = '5' },
			"expected a regular file" },
		{ { .name = "a-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger",
			  .type = '2',
			  .link = "b" },
			"expected a regular file" },
		{ { .name = "a-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger",
			  .content = zeros,
			  .size = sizeof(zeros) },
			"a script of 262145 bytes (at most 262144)" },
		{ { .name = "../a-1.Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=.trigger" },
			"scripts: " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect_error(*state, &cases[i].entry, cases[i].error);
}

static void a_truncated_archive_is_refused(void **state)
{
	struct scene *s = *state;

	add_script(s, add_package(s, "a", 1), SCRIPT_TRIGGER, "abc");
	write_all(s, APK_2);
	for (size_t len = 0; len < s->out.len - 1; len += 256)
		assert_int_equal(scripts_archive_parse(&s->scripts,
					 slice_make(s->out.data, len), "s",
					 &s->arena, &s->err),
			-1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_of_kinds_are_found),
		TEST(a_header_is_written_as_apk_writes_it),
		TEST(apk_3_writes_identities_in_hex),
		TEST(an_archive_may_be_empty),
		TEST(a_packages_scripts_are_in_apks_order),
		TEST(packages_are_in_the_databases_order),
		TEST(apk_3_sorts_packages_by_name),
		TEST(scripts_of_no_package_are_left_out),
		TEST(the_last_script_of_a_kind_counts),
		TEST(scripts_of_a_package_can_be_dropped),
		TEST(long_names_have_an_entry_of_their_own),
		TEST(slashes_in_an_identity_are_kept),
		TEST(a_compressed_archive_is_read_too),
		TEST(other_makers_may_use_pax_for_long_names),
		TEST(malformed_archives_are_refused),
		TEST(a_truncated_archive_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
