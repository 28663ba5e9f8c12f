/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "build/layer_tree.h"
#include "rootfs/audit.h"
#include "unit/oci_maker.h"

struct scene {
	struct maker layer; /* its bytes are the layer's */
	char *folder, *path;
	struct archive archive;
	struct layer_tree tree;
	bool is_read;
	struct error err;
};

static int setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	maker_init(&s->layer);
	s->folder = fixture_folder();
	s->path = path_join(s->folder, "image.tar");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	if (s->is_read)
		layer_tree_release(&s->tree);
	archive_release(&s->archive);
	maker_release(&s->layer);
	fixture_remove(s->folder);
	free(s->path);
	free(s);
	return 0;
}

/* The layer in a classic archive, read back. */
static int read_back(struct scene *s)
{
	struct maker m;
	int failed;

	maker_end(&s->layer);
	maker_init(&m);
	maker_docker(&m, maker_config_of(&m, &s->layer.bytes));
	maker_bytes(&m, "layer.tar", s->layer.bytes.data, s->layer.bytes.len);
	maker_end(&m);
	maker_save(&m, s->path);
	maker_release(&m);
	fixture_must(archive_open(&s->archive, s->path, &s->err), &s->err);
	failed = layer_tree_read(
		&s->tree, &s->archive, &s->archive.images[0], &s->err);
	s->is_read = !failed;
	return failed;
}

static void assert_sum(struct scene *s, const char *path, enum digest_kind kind,
	const char *text)
{
	struct digest want = digest_of(kind, text, strlen(text)), got;

	assert_int_equal(layer_tree_digest(tree_find(&s->tree.tree, path), kind,
				 &got, &s->tree, &s->err),
		0);
	assert_true(digest_eq(&got, &want));
}

static void entries_have_their_metadata_and_digests(void **state)
{
	const struct tar_header file = { .path = "etc/x",
		.type = TAR_TYPE_FILE,
		.mode = 04750,
		.uid = 7,
		.gid = 65535 };
	struct scene *s = *state;
	const struct node *node;

	maker_other(&s->layer, "etc", TAR_TYPE_DIRECTORY, NULL);
	maker_text(&s->layer, "etc/hello", "hello\n");
	tar_write_header(&s->layer.to.sink, &file);
	maker_other(&s->layer, "etc/link", TAR_TYPE_SYMLINK, "hello");
	assert_int_equal(read_back(s), 0);
	node = tree_find(&s->tree.tree, "etc/x");
	assert_int_equal(node->inode->mode, 04750);
	assert_int_equal(node->inode->uid, 7);
	assert_int_equal(node->inode->gid, 65535);
	assert_string_equal(node->origin, AUDIT_ORIGIN);
	node = tree_find(&s->tree.tree, "etc/link");
	assert_string_equal(node->inode->target, "hello");
	assert_sum(s, "etc/hello", DIGEST_SHA1, "hello\n");
	assert_sum(s, "etc/hello", DIGEST_SHA256, "hello\n");
	assert_sum(s, "etc/x", DIGEST_SHA1, "");
}

static void hard_links_have_one_digest(void **state)
{
	struct scene *s = *state;

	maker_text(&s->layer, "a", "text");
	maker_other(&s->layer, "b", TAR_TYPE_HARDLINK, "a");
	assert_int_equal(read_back(s), 0);
	assert_sum(s, "b", DIGEST_SHA1, "text");
}

static void only_the_database_is_kept(void **state)
{
	struct scene *s = *state;
	const struct inode *inode;

	maker_text(&s->layer, "usr/lib/apk/db/installed", "the text");
	maker_text(&s->layer, "usr/lib/apk/db/triggers", "not this");
	assert_int_equal(read_back(s), 0);
	inode = tree_find(&s->tree.tree, "usr/lib/apk/db/installed")->inode;
	assert_int_equal(inode->content.size, 8);
	assert_memory_equal(inode->content.bytes, "the text", 8);
	inode = tree_find(&s->tree.tree, "usr/lib/apk/db/triggers")->inode;
	assert_int_equal(inode->content.size, 0);
	assert_sum(s, "usr/lib/apk/db/installed", DIGEST_SHA1, "the text");
}

static void large_files_need_no_memory(void **state)
{
	const size_t n = (size_t)8 << 20;
	struct scene *s = *state;
	char *bytes = memory_zero(1, n);

	maker_bytes(&s->layer, "large", bytes, n);
	free(bytes);
	assert_int_equal(read_back(s), 0);
	assert_true(s->tree.arena.used < n / 64);
}

static void devices_are_refused(void **state)
{
	struct scene *s = *state;

	maker_other(&s->layer, "dev/null", '3', NULL);
	assert_int_equal(read_back(s), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	assert_string_equal(s->err.text,
		"dev/null is a device node or fifo, which no image of "
		"alpbuild has");
}

static void owners_beyond_the_tree_are_refused(void **state)
{
	const struct tar_header file = {
		.path = "x", .type = TAR_TYPE_FILE, .mode = 0644, .uid = 65536
	};
	struct scene *s = *state;

	tar_write_header(&s->layer.to.sink, &file);
	assert_int_equal(read_back(s), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
}

static void what_is_there_twice_is_refused(void **state)
{
	struct scene *s = *state;

	maker_text(&s->layer, "x", "good");
	maker_text(&s->layer, "x", "evil");
	assert_int_equal(read_back(s), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
}

static void several_layers_are_refused(void **state)
{
	struct scene *s = *state;
	struct archive_image image = { .nlayers = 2 };

	assert_int_equal(
		layer_tree_read(&s->tree, &s->archive, &image, &s->err), -1);
	assert_int_equal(s->err.kind, ERROR_INPUT);
	assert_string_equal(s->err.text,
		"the image has 2 layers, expected one as alpbuild makes it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_have_their_metadata_and_digests),
		TEST(hard_links_have_one_digest),
		TEST(only_the_database_is_kept),
		TEST(large_files_need_no_memory),
		TEST(devices_are_refused),
		TEST(owners_beyond_the_tree_are_refused),
		TEST(what_is_there_twice_is_refused),
		TEST(several_layers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
