/* SPDX-License-Identifier: MIT
 *
 * What is found out of a root file system: its platform, and what to start.
 */
#include "unit/check_fixture.h"

#include <sys/mman.h>

#include "base/file.h"
#include "build/convert_rootfs.h"
#include "oci/flatten.h"

struct rootfs_case {
	const char *name;
	check_fill_fn *fill;
	struct convert_rootfs asked;
	const char *want;  /* "arm64 - /sbin/init"; NULL: it is refused */
	const char *error; /* a part of the message */
};

static int settle(struct maker *m, struct flatten *flatten,
	const struct rootfs_case *c, struct image_config *config,
	struct error *err)
{
	int fd = memfd_create("root", MFD_CLOEXEC);

	c->fill(m);
	maker_end(m);
	assert_int_equal(
		file_write_all(fd, m->bytes.data, m->bytes.len, err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(flatten_add(flatten, "root", fd, 0, err), 0);
	return convert_rootfs_config(
		&flatten->tree, &c->asked, config, &m->arena, err);
}

static const char *text_of(const struct image_config *config, struct arena *a)
{
	return arena_printf(a, "%s %s %s%s%s", config->architecture,
		config->variant ? config->variant : "-",
		config->nentrypoint ? config->entrypoint[0] : "-",
		config->ncmd ? " " : "", config->ncmd ? config->cmd[0] : "");
}

static void run_case(void **state)
{
	const struct rootfs_case *c = *state;
	struct image_config config = { 0 };
	struct error err = { 0 };
	struct flatten flatten;
	struct maker m;
	int failed;

	maker_init(&m);
	flatten_init(&flatten, &m.arena);
	failed = settle(&m, &flatten, c, &config, &err);
	if (c->want) {
		assert_string_equal(err.text, "");
		assert_string_equal(text_of(&config, &m.arena), c->want);
	} else {
		assert_int_equal(failed, -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_non_null(strstr(err.text, c->error));
	}
	flatten_release(&flatten);
	maker_release(&m);
}

static void good(struct maker *m)
{
	check_layer(m);
}

static void no_init(struct maker *m)
{
	check_exec(m, "bin/sh", EM_AARCH64);
	maker_text(m, "sbin/init", "not executable");
}

static void loop(struct maker *m)
{
	check_exec(m, "bin/sh", EM_AARCH64);
	maker_other(m, "sbin/init", TAR_TYPE_SYMLINK, "init");
}

static void links(struct maker *m)
{
	check_exec(m, "usr/lib/systemd/systemd", EM_ARM);
	maker_other(m, "sbin", TAR_TYPE_SYMLINK, "usr/sbin");
	maker_other(m, "usr/sbin/init", TAR_TYPE_SYMLINK,
		"/usr/lib/systemd/systemd");
}

static void nothing(struct maker *m)
{
	check_exec(m, "srv/program", EM_X86_64);
}

static void scripts(struct maker *m)
{
	static const struct tar_header header = {
		.path = "bin/sh", .type = TAR_TYPE_FILE, .mode = 0755
	};

	tar_write_header(&m->to.sink, &header);
}

static void mixed(struct maker *m)
{
	check_layer(m);
	check_exec(m, "usr/bin/other", EM_AARCH64);
}

static void mips(struct maker *m)
{
	check_exec(m, "bin/sh", EM_MIPS);
}

static void image(struct maker *m)
{
	maker_text(m, "manifest.json", "[]");
}

static const char *const WORDS[] = { "/srv/program", "-x" };
#define ENTRYPOINT .entrypoint = WORDS, .nentrypoint = 2
#define CMD .cmd = WORDS, .ncmd = 1

static const struct rootfs_case cases[] = {
	{ "the_platform_is_that_of_the_programs", good, { 0 },
		"amd64 - /sbin/init", NULL },
	{ "an_init_that_is_not_executable_is_none", no_init, { 0 },
		"arm64 - /bin/sh", NULL },
	{ "nor_is_a_link_that_loops", loop, { 0 }, "arm64 - /bin/sh", NULL },
	{ "links_are_followed", links, { 0 }, "arm - /sbin/init", NULL },
	{ "the_variant_is_what_was_asked_for", links, { .platform = "armv7" },
		"arm v7 /sbin/init", NULL },
	{ "words_take_the_place_of_init", good, { ENTRYPOINT },
		"amd64 - /srv/program", NULL },
	{ "so_do_words_of_cmd_alone", good, { CMD }, "amd64 - - /srv/program",
		NULL },
	{ "both_are_kept", nothing, { ENTRYPOINT, CMD },
		"amd64 - /srv/program /srv/program", NULL },
	{ "there_must_be_something_to_start", nothing, { 0 }, NULL,
		"neither /sbin/init nor /bin/sh" },
	{ "images_are_recognised", image, { 0 }, NULL, "leave out --rootfs" },
	{ "scripts_have_no_platform", scripts, { 0 }, NULL,
		"give it with --arch" },
	{ "it_can_be_given", scripts, { .platform = "linux/arm64" },
		"arm64 - /bin/sh", NULL },
	{ "a_wrong_one_names_the_program", good, { .platform = "arm64" }, NULL,
		"bin/sh is a program for 64-bit x86_64, --arch says arm64: "
		"choose --arch amd64" },
	{ "so_does_a_single_other_program", mixed, { .platform = "amd64" },
		NULL, "usr/bin/other is a program for 64-bit aarch64" },
	{ "which_may_be_wanted", mixed,
		{ .platform = "amd64", .any_program = true },
		"amd64 - /sbin/init", NULL },
	{ "the_first_program_decides", mixed, { 0 }, "amd64 - /sbin/init",
		NULL },
	{ "routers_do_not_have_all_platforms", mips, { 0 }, NULL,
		"bin/sh is a program for 64-bit mips: RouterOS runs" },
	{ "not_when_they_are_asked_for", good, { .platform = "riscv64" }, NULL,
		"--arch riscv64: RouterOS runs" },
	{ "nor_without_a_name", good, { .platform = "/v7" }, NULL,
		"--arch /v7: RouterOS runs" },
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cases)] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = run_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
