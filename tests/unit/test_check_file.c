/* SPDX-License-Identifier: MIT
 *
 * Files that are no archives, boards by name, and the commands that mend.
 */
#include <sys/stat.h>

#include "routeros/remedy.h"
#include "unit/check_fixture.h"

struct world {
	struct maker maker;
	char *folder;
	struct check check;
};

static int setup(void **state)
{
	struct world *w = memory_zero(1, sizeof(*w));

	maker_init(&w->maker);
	w->folder = fixture_folder();
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	check_release(&w->check);
	maker_release(&w->maker);
	fixture_remove(w->folder);
	free(w);
	return 0;
}

static const char *path_in(struct world *w, const char *name)
{
	SCOPED_FREE char *path = path_join(w->folder, name);

	return arena_strdup(&w->maker.arena, path);
}

static void check_path(struct world *w, const char *path)
{
	struct error err = { 0 };

	w->check.path = path;
	fixture_must(check_file(&w->check, &err), &err);
}

static void assert_broken(struct world *w, const char *want)
{
	SCOPED_FREE char *got = check_broken(&w->check.findings);

	assert_string_equal(got, want);
}

static void folders_are_told_as_such(void **state)
{
	struct world *w = *state;
	struct error err = { 0 };

	fixture_must(outfile_write(path_in(w, "index.json"),
			     "{\"manifests\":[]}", 16, &err),
		&err);
	fixture_must(outfile_write(path_in(w, "oci-layout"), MARK_TEXT,
			     strlen(MARK_TEXT), &err),
		&err);
	check_path(w, w->folder);
	assert_broken(w, "image-invalid archive-folder");
	assert_true(w->check.is_folder);
	assert_int_equal(w->check.nimages, 0);
}

static void missing_files_are_errors(void **state)
{
	struct world *w = *state;
	struct check check = { .path = path_in(w, "none.tar") };
	struct error err = { 0 };

	assert_int_equal(check_file(&check, &err), -1);
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void fifos_do_not_hang(void **state)
{
	struct world *w = *state;
	struct check check = { .path = path_in(w, "fifo") };
	struct error err = { 0 };

	assert_int_equal(mkfifo(check.path, 0600), 0);
	assert_int_equal(check_file(&check, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void what_was_found_in_a_good_image_is_told(void **state)
{
	struct world *w = *state;

	check_one_layer(&w->maker, CHECK_CONFIG, check_layer);
	maker_save(&w->maker, path_in(w, "image.tar"));
	check_path(w, path_in(w, "image.tar"));
	assert_broken(w, "");
	assert_int_equal(w->check.nimages, 1);
	assert_string_equal(w->check.images[0].platform, "linux/amd64");
	assert_true(w->check.images[0].is_read);
	assert_int_equal(w->check.images[0].nfiles, 10);
	assert_int_equal(w->check.images[0].unpacked, 2 * sizeof(Elf64_Ehdr));
}

/* ---- remedies ---------------------------------------------------------- */

static void assert_commands(
	struct world *w, enum remedy_kind kind, const char *want)
{
	const char *got = remedy_commands(kind, &w->check, &w->maker.arena);

	if (want)
		assert_string_equal(got, want);
	else
		assert_null(got);
}

static void save_good(struct world *w, const char *path)
{
	check_one_layer(&w->maker, CHECK_CONFIG, check_layer);
	maker_save(&w->maker, path);
}

static void commands_name_file_and_image(void **state)
{
	struct world *w = *state;
	const char *path = path_in(w, "a.oci.tar");
	const char *out = path_in(w, "a-routeros.tar");
	const char *folder = path_in(w, "a-routeros.dir");

	save_good(w, path);
	check_path(w, path);
	assert_commands(w, REMEDY_NONE, NULL);
	assert_commands(w, REMEDY_UNCOMPRESS, NULL);
	assert_commands(w, REMEDY_CONVERT,
		arena_printf(&w->maker.arena, "alpbuild convert %s %s\n", path,
			out));
	assert_commands(w, REMEDY_REPACK,
		arena_printf(&w->maker.arena,
			"skopeo --override-os linux --override-arch amd64 copy "
			"--dest-decompress docker-archive:%s dir:%s && "
			"alpbuild convert --name x:1 %s %s\n",
			path, folder, folder, out));
}

/* Names are hostile: nothing of them reaches a shell. */
static void names_are_quoted(void **state)
{
	struct world *w = *state;
	const char *path = path_in(w, "a'; rm x $(y).tar");

	save_good(w, path);
	check_path(w, path);
	assert_non_null(strstr(
		remedy_commands(REMEDY_CONVERT, &w->check, &w->maker.arena),
		"/a'\\''; rm x $(y).tar' '/"));
	assert_non_null(strstr(
		remedy_commands(REMEDY_REPACK, &w->check, &w->maker.arena),
		"/a'\\''; rm x $(y).tar' 'dir:"));
}

static void what_has_no_image_has_no_repacking(void **state)
{
	struct world *w = *state;
	const char *path = path_in(w, "Root FS.tar");
	const char *commands;

	check_layer(&w->maker);
	maker_end(&w->maker);
	maker_save(&w->maker, path);
	check_path(w, path);
	assert_commands(w, REMEDY_CONVERT, NULL);
	assert_commands(w, REMEDY_REPACK, NULL);
	commands = remedy_commands(REMEDY_ROOTFS, &w->check, &w->maker.arena);
	assert_non_null(strstr(commands, "alpbuild convert --rootfs '"));
	assert_non_null(strstr(commands, "Root FS.tar' '"));
	assert_non_null(strstr(commands, "Root FS-routeros.tar'\n"));
}

/* ---- boards ------------------------------------------------------------ */

static void boards_are_found_by_name_and_code(void **state)
{
	static const char *const names[] = { "hEX refresh", "hexrefresh",
		"HEX-REFRESH", "E50UG", "e50ug" };
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct board *board = board_find(names[i], &err);

		assert_non_null(board);
		assert_true(board->only_arm_v5);
	}
	assert_string_equal(
		board_find("hap ax\xc2\xb3", &err)->name, "hAP ax3");
}

static void unknown_boards_are_refused_with_the_known_ones(void **state)
{
	struct error err = { 0 };

	assert_null(board_find("RB9999", &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_non_null(strstr(err.text, "hEX S 2025 (E60iUGS)"));
	assert_null(board_find("", &err));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(folders_are_told_as_such),
		TEST(missing_files_are_errors),
		TEST(fifos_do_not_hang),
		TEST(what_was_found_in_a_good_image_is_told),
		TEST(commands_name_file_and_image),
		TEST(names_are_quoted),
		TEST(what_has_no_image_has_no_repacking),
		TEST(boards_are_found_by_name_and_code),
		TEST(unknown_boards_are_refused_with_the_known_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
