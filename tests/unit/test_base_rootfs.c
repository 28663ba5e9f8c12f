/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rootfs/base_rootfs.h"
#include "unit/minirootfs_fixture.h"

static const struct arch armv7 = { .name = "armv7",
	.alpine = "armv7",
	.elf_class = 32,
	.elf_machine = 40,
	.loader = "lib/ld-musl-armhf.so.1" };

/* The fixture and a tar archive that grows in memory. */
struct tar_test {
	struct fixture f;
	struct buf tar;
};

struct member {
	char type; /* typeflag */
	const char *name;
	unsigned mode, uid, gid, mtime;
	const char *text; /* content or link target */
};

static int setup(void **state)
{
	struct tar_test *t = calloc(1, sizeof(*t));

	fixture_init(&t->f);
	fixture_make_dir(&t->f);
	buf_init(&t->tar, 1 << 20);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct tar_test *t = *state;

	buf_release(&t->tar);
	fixture_release(&t->f);
	free(t);
	return 0;
}

static bool is_link(char type)
{
	return type == '1' || type == '2';
}

/* POSIX.1-1988 ustar, field by field. */
static void add(struct tar_test *t, struct member m)
{
	const char *text = m.text ? m.text : "";
	size_t size = is_link(m.type) ? 0 : strlen(text);
	char header[512 + 1] = { 0 };
	unsigned sum = 0;

	snprintf(header, 100, "%s", m.name);
	snprintf(header + 100, 8, "%07o", m.mode);
	snprintf(header + 108, 8, "%07o", m.uid);
	snprintf(header + 116, 8, "%07o", m.gid);
	snprintf(header + 124, 12, "%011o", (unsigned)size & 07777777);
	snprintf(header + 136, 12, "%011o", m.mtime);
	memset(header + 148, ' ', 8);
	header[156] = m.type;
	if (is_link(m.type))
		snprintf(header + 157, 100, "%s", text);
	snprintf(header + 257, 6, "ustar");
	header[263] = header[264] = '0';
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	buf_add(&t->tar, header, 512);
	buf_add(&t->tar, text, size);
	while (t->tar.len % 512)
		buf_add(&t->tar, "", 1);
}

static int read_tar(struct tar_test *t)
{
	static const char end[1024];
	const char *path = fixture_path(&t->f, "base.tar");

	buf_add(&t->tar, end, sizeof(end));
	fixture_write_bytes(&t->f, "base.tar", t->tar.data, t->tar.len);
	return base_rootfs_read(&t->f.tree, fixture_open_tar(&t->f, path), path,
		&armv7, &t->f.err);
}

static void add_marks(struct tar_test *t)
{
	add(t, (struct member){
		       '0', "./etc/apk/arch", 0644, .text = "armv7\n" });
	add(t, (struct member){ '0', "./lib/ld-musl-armhf.so.1", 0755,
		       .text = "\177ELF" });
}

static void assert_refused(struct tar_test *t, const char *part)
{
	add_marks(t);
	assert_int_equal(read_tar(t), -1);
	assert_error(&t->f, ERROR_INPUT, part);
}

static void names_metadata_and_contents_are_taken_over(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '5', "./", 0711, 1, 2, 3, .text = NULL });
	add(t, (struct member){ '5', "./tmp/", 01777, 0, 0, 50, .text = NULL });
	add(t, (struct member){ '0', "./etc/shadow", 0640, 0, 42, 9, "s" });
	add(t, (struct member){ '5', "./etc/", 0750, 0, 0, 8, .text = NULL });
	add(t, (struct member){
		       '2', "./bin/ls", 0777, 0, 0, 7, "/bin/busybox" });
	add(t, (struct member){ '0', "./etc/motd", 04711, 9, 8, 6, "hello" });
	add(t, (struct member){
		       '1', "./etc/issue", 04711, 9, 8, 6, "./etc/motd" });
	add_marks(t);
	if (read_tar(t))
		fail_msg("%s", t->f.err.text);
	assert_string_equal(listing_of(&t->f),
		"d 0711 1:2 3 /\nd 0755 0:0 7 /bin\n"
		"l 0777 0:0 7 /bin/ls -> /bin/busybox\n"
		"d 0750 0:0 8 /etc\nd 0755 0:0 0 /etc/apk\n"
		"f 0644 0:0 0 /etc/apk/arch\nf 4711 9:8 6 /etc/issue\n"
		"f 4711 9:8 6 /etc/motd\nf 0640 0:42 9 /etc/shadow\n"
		"d 0755 0:0 0 /lib\nf 0755 0:0 0 /lib/ld-musl-armhf.so.1\n"
		"d 1777 0:0 50 /tmp\n");
	assert_int_equal(tree_newest(&t->f.tree), 50);
	assert_string_equal(text_of(&t->f, "etc/shadow"), "s");
	assert_string_equal(text_of(&t->f, "etc/issue"), "hello");
	assert_int_equal(tree_find(&t->f.tree, "etc/motd")->inode->nlink, 2);
	assert_string_equal(
		tree_find(&t->f.tree, "etc/motd")->origin, "minirootfs");
}

static void contents_stay_in_the_file_even_when_it_is_touched(void **state)
{
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct tar_test *t = *state;
	const struct content *content;

	add_marks(t);
	assert_int_equal(read_tar(t), 0);
	content = &tree_find(&t->f.tree, "etc/apk/arch")->inode->content;
	assert_int_equal(content->kind, CONTENT_EXTENT);
	assert_int_equal(content->offset, 512);
	assert_int_equal(utimensat(AT_FDCWD, content->file->path, times, 0), 0);
	assert_string_equal(text_of(&t->f, "etc/apk/arch"), "armv7\n");
}

static void a_minirootfs_for_another_architecture_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){
		       '0', "./etc/apk/arch", 0644, .text = "aarch64\n" });
	assert_int_equal(read_tar(t), -1);
	assert_error(&t->f, ERROR_INPUT,
		"minirootfs is for aarch64, expected armv7");
}

static void an_archive_of_something_else_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '0', "./etc/motd", 0644, .text = NULL });
	assert_int_equal(read_tar(t), -1);
	assert_error(&t->f, ERROR_INPUT, "has no file etc/apk/arch");
}

static void a_minirootfs_without_its_loader_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){
		       '0', "./etc/apk/arch", 0644, .text = "armv7\n" });
	assert_int_equal(read_tar(t), -1);
	assert_error(&t->f, ERROR_INPUT, "has no file lib/ld-musl-armhf.so.1");
}

static void a_loader_below_a_link_is_found(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '2', "./lib", 0777, .text = "usr/lib" });
	add(t, (struct member){
		       '0', "./etc/apk/arch", 0644, .text = "armv7\n" });
	add(t, (struct member){ '0', "./usr/lib/ld-musl-armhf.so.1", 0755,
		       .text = NULL });
	assert_int_equal(read_tar(t), 0);
}

static void device_nodes_are_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '3', "./dev/null", 0666, .text = NULL });
	assert_refused(t, "dev/null is a device node or fifo");
}

static void fifos_are_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '6', "./run/pipe", 0666, .text = NULL });
	assert_refused(t, "run/pipe is a device node or fifo");
}

static void owners_above_the_range_are_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '0', "./x", 0644, .gid = 65536, .text = NULL });
	assert_refused(t, "x has an owner or group above");
}

static void a_name_twice_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '0', "./x", 0644, .text = NULL });
	add(t, (struct member){ '0', "x", 0644, .text = NULL });
	assert_refused(t, "x is there twice");
}

static void a_file_below_a_link_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '2', "./l", 0777, .text = "etc" });
	add(t, (struct member){ '0', "./l/passwd", 0644, .text = NULL });
	assert_refused(t, "below l, which is a symbolic link");
}

static void links_that_leave_the_tree_are_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '2', "./a/ok", 0777, .text = "../b/../c" });
	add(t, (struct member){ '2', "./a/abs", 0777, .text = "/b/../c" });
	add(t, (struct member){ '2', "./a/x", 0777, .text = "b/../../../c" });
	assert_refused(t, "symbolic link a/x to b/../../../c leaves the tree");
}

static void absolute_links_that_leave_the_tree_are_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '2', "./a/b/x", 0777, .text = "/../etc" });
	assert_refused(t, "leaves the tree");
}

static void a_hard_link_to_nothing_is_refused(void **state)
{
	struct tar_test *t = *state;

	add(t, (struct member){ '1', "./x", 0644, .text = "./y" });
	assert_refused(t, "needs the file y, which is not there");
}

static void a_cut_archive_is_refused(void **state)
{
	struct tar_test *t = *state;
	const char *path = fixture_path(&t->f, "cut.tar");
	int fd;

	add_marks(t);
	fixture_write_bytes(&t->f, "cut.tar", t->tar.data, 512 + 3);
	fd = fixture_open_tar(&t->f, path);
	assert_int_equal(
		base_rootfs_read(&t->f.tree, fd, path, &armv7, &t->f.err), -1);
	assert_error(&t->f, ERROR_INPUT, path);
}

struct counts {
	size_t directories, files, links;
};

static int count_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct counts *counts = ctx;

	switch (node->inode->kind) {
	case INODE_DIRECTORY:
		counts->directories++;
		break;
	case INODE_FILE:
		counts->files++;
		break;
	case INODE_SYMLINK:
		counts->links++;
		break;
	}
	assert_false(node->is_implied);
	return 0;
}

/* What tar lists in Alpine 3.18.9, the same for all architectures. */
static void assert_is_real(struct fixture *f)
{
	struct counts counts = { 0 };
	const struct inode *shadow;

	assert_int_equal(tree_walk(&f->tree, count_node, &counts, &f->err), 0);
	assert_int_equal(counts.directories, 101);
	assert_int_equal(counts.files, 90);
	assert_int_equal(counts.links, 336);
	shadow = tree_find(&f->tree, "etc/shadow")->inode;
	assert_int_equal(shadow->mode, 0640);
	assert_int_equal(shadow->gid, 42);
	assert_int_equal(tree_find(&f->tree, "tmp")->inode->mode, 01777);
	assert_string_equal(
		tree_find(&f->tree, "var/run")->inode->target, "/run");
	assert_string_equal(
		text_of(f, "etc/alpine-release"), MINIROOTFS_VERSION "\n");
}

static void the_real_minirootfs_is_read_whole(void **state)
{
	struct tar_test *t = *state;
	struct arch_table archs = minirootfs_archs(&t->f);

	for (size_t i = 0; i < archs.n; i++) {
		const struct arch *arch = &archs.items[i];
		const char *path = minirootfs_unzip(&t->f, arch->alpine);
		int fd = fixture_open_tar(&t->f, path);

		tree_init(&t->f.tree, &t->f.arena);
		if (base_rootfs_read(&t->f.tree, fd, path, arch, &t->f.err))
			fail_msg("%s", t->f.err.text);
		assert_is_real(&t->f);
		assert_int_equal(tree_newest(&t->f.tree) / 86400,
			19972); /* 2024-09-06 */
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_metadata_and_contents_are_taken_over),
		TEST(contents_stay_in_the_file_even_when_it_is_touched),
		TEST(a_minirootfs_for_another_architecture_is_refused),
		TEST(an_archive_of_something_else_is_refused),
		TEST(a_minirootfs_without_its_loader_is_refused),
		TEST(a_loader_below_a_link_is_found),
		TEST(device_nodes_are_refused),
		TEST(fifos_are_refused),
		TEST(owners_above_the_range_are_refused),
		TEST(a_name_twice_is_refused),
		TEST(a_file_below_a_link_is_refused),
		TEST(links_that_leave_the_tree_are_refused),
		TEST(absolute_links_that_leave_the_tree_are_refused),
		TEST(a_hard_link_to_nothing_is_refused),
		TEST(a_cut_archive_is_refused),
		TEST(the_real_minirootfs_is_read_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
