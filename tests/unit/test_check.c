/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>

#include "rootfs/check.h"
#include "tree/elf.h"
#include "unit/minirootfs_fixture.h"

#define LOADER "lib/ld-musl-armhf.so.1"

static const struct arch armv7 = { .name = "armv7",
	.alpine = "armv7",
	.elf_class = 32,
	.elf_machine = EM_ARM,
	.loader = LOADER };

struct check_test {
	struct fixture f;
	struct manifest manifest;
	const char *command[1]; /* the entrypoint */
};

/* An ELF file as the linker would begin it, by code. */
struct program {
	unsigned class, machine, encoding;
	const char *loader; /* NULL: static */
	unsigned phnum;	    /* besides what loader needs */
};

static struct content make_elf32(struct fixture *f, const struct program *p)
{
	const char *loader = p->loader ? p->loader : "";
	struct {
		Elf32_Ehdr header;
		Elf32_Phdr segments[2];
		char loader[64];
	} *elf = arena_alloc(&f->arena, sizeof(*elf));

	memcpy(elf->header.e_ident, ELFMAG, SELFMAG);
	elf->header.e_ident[EI_CLASS] = ELFCLASS32;
	elf->header.e_ident[EI_DATA] = (unsigned char)p->encoding;
	elf->header.e_machine = (Elf32_Half)p->machine;
	elf->header.e_phoff = sizeof(elf->header);
	elf->header.e_phentsize = sizeof(elf->segments[0]);
	elf->header.e_phnum = (Elf32_Half)(2 + p->phnum);
	elf->segments[0].p_type = PT_LOAD;
	elf->segments[1].p_type = p->loader ? PT_INTERP : PT_LOAD;
	elf->segments[1].p_offset = sizeof(elf->header) + sizeof(elf->segments);
	elf->segments[1].p_filesz = (Elf32_Word)strlen(loader) + 1;
	snprintf(elf->loader, sizeof(elf->loader), "%s", loader);
	return content_bytes(elf, sizeof(*elf));
}

static struct content make_elf64(struct fixture *f, const struct program *p)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment;
		char loader[64];
	} *elf = arena_alloc(&f->arena, sizeof(*elf));

	memcpy(elf->header.e_ident, ELFMAG, SELFMAG);
	elf->header.e_ident[EI_CLASS] = ELFCLASS64;
	elf->header.e_ident[EI_DATA] = (unsigned char)p->encoding;
	elf->header.e_machine = (Elf64_Half)p->machine;
	elf->header.e_phoff = sizeof(elf->header);
	elf->header.e_phentsize = sizeof(elf->segment);
	elf->header.e_phnum = 1;
	elf->segment.p_type = PT_INTERP;
	elf->segment.p_offset = sizeof(elf->header) + sizeof(elf->segment);
	elf->segment.p_filesz = strlen(p->loader) + 1;
	snprintf(elf->loader, sizeof(elf->loader), "%s", p->loader);
	return content_bytes(elf, sizeof(*elf));
}

static const struct program static_arm = { 32, EM_ARM, ELFDATA2LSB, NULL, 0 };

static struct inode *put_program(
	struct check_test *t, const char *path, struct program program)
{
	struct inode *inode = put_mode(&t->f, path, "", 0755)->inode;

	inode->content = program.class == 64 ? make_elf64(&t->f, &program)
					     : make_elf32(&t->f, &program);
	return inode;
}

static int setup(void **state)
{
	static const char *const dirs[] = { "dev", "etc", "proc", "run", "sys",
		"tmp" };
	struct check_test *t = calloc(1, sizeof(*t));
	struct program busybox = static_arm;

	fixture_init(&t->f);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		put_dir(&t->f, dirs[i]);
	busybox.loader = "/" LOADER;
	put_program(t, "bin/busybox", busybox);
	put_program(t, LOADER, static_arm);
	put_link(&t->f, "bin/sh", "/bin/busybox");
	put_link(&t->f, "sbin/init", "../bin/busybox");
	t->manifest.path = "manifests/x.json";
	t->command[0] = "/sbin/init";
	t->manifest.entrypoint = (struct string_list){ t->command, 1, 1 };
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct check_test *t = *state;

	fixture_release(&t->f);
	free(t);
	return 0;
}

static void assert_passes(struct check_test *t)
{
	if (check_tree(&t->f.tree, &armv7, &t->manifest, &t->f.err))
		fail_msg("%s", t->f.err.text);
}

static void assert_refused(
	struct check_test *t, enum error_kind kind, const char *part)
{
	assert_int_equal(
		check_tree(&t->f.tree, &armv7, &t->manifest, &t->f.err), -1);
	assert_error(&t->f, kind, part);
}

static void remove_path(struct check_test *t, const char *path)
{
	tree_remove(&t->f.tree, tree_find(&t->f.tree, path));
}

static void set_command(struct check_test *t, const char *command)
{
	t->command[0] = command;
}

static void a_complete_tree_passes(void **state)
{
	assert_passes(*state);
}

static void every_mount_point_is_a_real_directory(void **state)
{
	static const char *const paths[] = { "dev", "etc", "proc", "run", "sys",
		"tmp" };
	struct check_test *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char missing[64], link[64];

		snprintf(missing, sizeof(missing), "/%s is not in the image",
			paths[i]);
		snprintf(link, sizeof(link),
			"/%s (test) is not a real directory", paths[i]);
		remove_path(t, paths[i]);
		assert_refused(t, ERROR_TREE, missing);
		put_link(&t->f, paths[i], "lib");
		assert_refused(t, ERROR_TREE, link);
		remove_path(t, paths[i]);
		put_dir(&t->f, paths[i]);
	}
	assert_passes(t);
}

static void what_routeros_writes_is_no_link(void **state)
{
	struct check_test *t = *state;

	put_file(&t->f, "etc/hosts", "");
	assert_passes(t);
	put_link(&t->f, "etc/resolv.conf", "../run/resolv.conf");
	assert_refused(
		t, ERROR_TREE, "/etc/resolv.conf (test) is not a regular file");
	remove_path(t, "etc/resolv.conf");
	put_link(&t->f, "etc/hosts", "../run/hosts");
	assert_refused(t, ERROR_TREE, "/etc/hosts (test)");
	remove_path(t, "etc/hosts");
	put_dir(&t->f, "etc/hostname");
	assert_refused(t, ERROR_TREE, "/etc/hostname (test)");
}

static void programs_are_for_the_images_machine(void **state)
{
	struct check_test *t = *state;
	struct program program = static_arm;

	program.machine = EM_AARCH64;
	put_program(t, "usr/bin/x", program);
	assert_refused(t, ERROR_TREE,
		"usr/bin/x (test) is an ELF file for aarch64 (machine 183), "
		"the image is for armv7 (machine 40)");
	program.machine = 4242;
	put_program(t, "usr/bin/x", program);
	assert_refused(t, ERROR_TREE, "for unknown (machine 4242)");
}

static void programs_have_the_images_class_and_byte_order(void **state)
{
	struct check_test *t = *state;
	struct program program = { 64, EM_ARM, ELFDATA2LSB, "/x", 0 };

	put_program(t, "usr/bin/x", program);
	assert_refused(t, ERROR_TREE, "is a 64-bit little-endian ELF file");
	program.class = 32;
	program.encoding = ELFDATA2MSB;
	/* The header is written in the order of this machine. */
	program.machine = EM_ARM << 8;
	put_program(t, "usr/bin/x", program);
	assert_refused(t, ERROR_TREE, "is a 32-bit big-endian ELF file");
}

static void libraries_are_looked_at_even_if_not_executable(void **state)
{
	static const struct {
		const char *path;
		bool counts;
	} cases[] = {
		{ "usr/lib/libx.so", true },
		{ "usr/lib/libx.so.1.2", true },
		{ "usr/lib/a.social.so.1", true },
		{ "usr/lib/firmware.bin", false },
		{ "usr/lib/run.sock", false },
		{ "usr/lib/.so", false },
	};
	struct check_test *t = *state;
	struct program program = static_arm;

	program.machine = EM_X86_64;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put_program(t, cases[i].path, program)->mode = 0644;
		if (cases[i].counts)
			assert_refused(t, ERROR_TREE, cases[i].path);
		else
			assert_passes(t);
		remove_path(t, cases[i].path);
	}
}

static void whiteout_names_are_refused(void **state)
{
	struct check_test *t = *state;

	put_file(&t->f, "etc/.wh.motd", "");
	assert_refused(t, ERROR_TREE,
		"etc/.wh.motd (test) has the name of a whiteout");
}

static void a_shell_is_needed(void **state)
{
	struct check_test *t = *state;

	remove_path(t, "bin/sh");
	assert_refused(t, ERROR_TREE, "shell: /bin/sh is not in the image");
	put_file(&t->f, "bin/sh", "#!/bin/busybox sh\n");
	assert_refused(t, ERROR_TREE,
		"shell: /bin/sh (test) is not executable (mode 0644)");
	put_dir(&t->f, "opt");
	put_link(&t->f, "bin/sh", "/opt");
	assert_refused(t, ERROR_TREE, "/bin/sh (test) is a directory");
}

static void something_to_start_is_needed(void **state)
{
	struct check_test *t = *state;

	t->manifest.cmd = t->manifest.entrypoint;
	t->manifest.entrypoint.n = 0;
	assert_passes(t);
	set_command(t, "/sbin/ini");
	assert_refused(t, ERROR_TREE,
		"cmd: /sbin/ini is not in the image, did you mean /sbin/init");
	t->manifest.cmd.n = 0;
	assert_refused(t, ERROR_SPEC,
		"manifests/x.json: neither an entrypoint nor a cmd");
}

static void the_entrypoint_is_an_absolute_path_to_a_program(void **state)
{
	struct check_test *t = *state;

	set_command(t, "init");
	assert_refused(t, ERROR_SPEC,
		"entrypoint: \"init\" is not absolute, write \"/...\"");
	set_command(t, "/sbin");
	assert_refused(t, ERROR_TREE, "/sbin (test) is a directory");
	put_file(&t->f, "start", "");
	set_command(t, "/start");
	assert_refused(t, ERROR_TREE, "/start (test) is not executable");
	put_mode(&t->f, "start", "echo hello\n", 0755);
	assert_refused(t, ERROR_TREE,
		"/start (test) is neither an ELF file nor a script");
	put_link(&t->f, "start", "start");
	assert_refused(t, ERROR_TREE, "leads to itself");
}

static void a_scripts_interpreter_is_needed(void **state)
{
	struct check_test *t = *state;

	set_command(t, "/start");
	put_mode(&t->f, "start", "#!/bin/sh", 0755);
	assert_passes(t);
	put_mode(&t->f, "start", "#! \t/bin/sh -e\nx\n", 0755);
	assert_passes(t);
	put_mode(&t->f, "start", "#!/bin/bash\n", 0755);
	assert_refused(t, ERROR_TREE,
		"entrypoint: /start (test): its interpreter: /bin/bash is not "
		"in the image");
	put_mode(&t->f, "start", "#!/bin/sh\r\n", 0755);
	assert_refused(t, ERROR_TREE, "(byte 0x0d), use LF line ends");
	put_mode(&t->f, "start", "#!sh\n", 0755);
	assert_refused(t, ERROR_SPEC, "\"sh\" is not absolute");
	put_mode(&t->f, "start", "#!", 0755);
	assert_refused(t, ERROR_SPEC, "\"\" is not absolute");
}

static void interpreters_may_be_scripts_but_not_for_ever(void **state)
{
	struct check_test *t = *state;

	set_command(t, "/start");
	put_mode(&t->f, "start", "#!/second x\n", 0755);
	put_mode(&t->f, "second", "#!/bin/sh\n", 0755);
	assert_passes(t);
	put_mode(&t->f, "second", "#!/start\n", 0755);
	assert_refused(
		t, ERROR_TREE, "interpreters are nested more than 4 deep");
}

static void a_programs_loader_is_needed(void **state)
{
	struct check_test *t = *state;
	struct program program = static_arm;

	set_command(t, "/start");
	put_program(t, "start", program);
	assert_passes(t);
	program.loader = "/lib/ld-linux-armhf.so.3";
	put_program(t, "start", program);
	assert_refused(t, ERROR_TREE,
		"entrypoint: /start (test): its loader (Alpine's programs are "
		"built for musl): /lib/ld-linux-armhf.so.3 is not in the "
		"image");
}

static void a_loader_that_is_no_text_is_not_shown(void **state)
{
	struct check_test *t = *state;
	struct program program = static_arm;

	set_command(t, "/start");
	program.loader = "/lib/\033[2J";
	put_program(t, "start", program);
	assert_refused(t, ERROR_TREE, "control character (byte 0x1b)");
}

static void program_headers_stay_inside_the_file(void **state)
{
	struct check_test *t = *state;
	struct program program = static_arm;
	struct inode *inode;

	set_command(t, "/start");
	program.loader = "/" LOADER;
	inode = put_program(t, "start", program);
	inode->content.size -= 60;
	assert_refused(t, ERROR_INPUT, "points beyond the end of the file");
	inode->content.size = sizeof(Elf32_Ehdr) + 8;
	assert_refused(t, ERROR_INPUT, "points beyond the end of the file");
	program.phnum = 400;
	put_program(t, "start", program);
	assert_refused(t, ERROR_INPUT, "402 program headers");
}

static void headers_of_both_classes_are_read(void **state)
{
	struct check_test *t = *state;
	const struct program program = { 64, EM_AARCH64, ELFDATA2LSB,
		"/lib/ld-musl-aarch64.so.1", 0 };
	struct content content = make_elf64(&t->f, &program);
	char loader[ELF_INTERPRETER_SIZE];
	struct content_reader reader;
	struct elf_header elf;

	content_reader_init(&reader);
	assert_true(elf_parse(content.bytes, content.size, &elf));
	assert_int_equal(elf.class, 64);
	assert_int_equal(elf.machine, EM_AARCH64);
	assert_int_equal(
		elf_interpreter(&elf, &reader, &content, loader, &t->f.err), 0);
	assert_string_equal(loader, program.loader);
	assert_false(elf_parse(content.bytes, EI_NIDENT - 1, &elf));
	assert_true(elf_parse(content.bytes, EI_NIDENT, &elf));
	assert_int_equal(elf.phnum, 0);
}

static void the_real_minirootfs_with_init_passes(void **state)
{
	struct check_test *t = *state;
	struct arch_table archs = minirootfs_archs(&t->f);
	const struct arch *other = &archs.items[archs.n - 1];

	minirootfs_mirror();
	fixture_make_dir(&t->f);
	for (size_t i = 0; i < archs.n; i++) {
		const struct arch *arch = &archs.items[i];
		const char *path = minirootfs_unzip(&t->f, arch->alpine);
		int fd = fixture_open_tar(&t->f, path);

		tree_init(&t->f.tree, &t->f.arena);
		if (base_rootfs_read(&t->f.tree, fd, path, arch, &t->f.err) ||
			check_tree(&t->f.tree, arch, &t->manifest, &t->f.err))
			fail_msg("%s: %s", arch->name, t->f.err.text);
		assert_int_equal(
			check_tree(&t->f.tree, other, &t->manifest, &t->f.err),
			-1);
		assert_error(&t->f, ERROR_TREE, "(minirootfs) is an ELF file");
		other = arch;
	}
}

static void volumes_are_directories_of_the_image(void **state)
{
	struct check_test *t = *state;
	struct router_volume volume = { .path = "/srv/data",
		.place = "m.json:3: routeros.volumes[0]" };

	t->manifest.router.volumes = &volume;
	t->manifest.router.nvolumes = 1;
	assert_refused(t, ERROR_TREE,
		"m.json:3: routeros.volumes[0]: the volume /srv/data is no "
		"directory of the image: make it by a rule");
	put_dir(&t->f, "srv");
	put_link(&t->f, "srv/data", "/tmp");
	assert_refused(t, ERROR_TREE, "no directory of the image");
	remove_path(t, "srv/data");
	put_dir(&t->f, "srv/data");
	assert_passes(t);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_complete_tree_passes),
		TEST(every_mount_point_is_a_real_directory),
		TEST(what_routeros_writes_is_no_link),
		TEST(programs_are_for_the_images_machine),
		TEST(programs_have_the_images_class_and_byte_order),
		TEST(libraries_are_looked_at_even_if_not_executable),
		TEST(whiteout_names_are_refused),
		TEST(a_shell_is_needed),
		TEST(something_to_start_is_needed),
		TEST(the_entrypoint_is_an_absolute_path_to_a_program),
		TEST(a_scripts_interpreter_is_needed),
		TEST(interpreters_may_be_scripts_but_not_for_ever),
		TEST(a_programs_loader_is_needed),
		TEST(a_loader_that_is_no_text_is_not_shown),
		TEST(program_headers_stay_inside_the_file),
		TEST(headers_of_both_classes_are_read),
		TEST(volumes_are_directories_of_the_image),
		TEST(the_real_minirootfs_with_init_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
