/* SPDX-License-Identifier: MIT
 *
 * driver_install: packages into a minirootfs from a script, for
 * install_real.sh.
 *
 *	driver_install OUT ARCH MINIROOTFS INDEX WORLD PACKAGE...
 *
 * MINIROOTFS is the plain tar, INDEX the APKINDEX.tar.gz that has the
 * packages' records, WORLD what `apk add` was told, separated by commas, and
 * the packages are .apk files in the order of installing. OUT/manifest has a
 * line for each path ("f MODE UID GID PATH SIZE SHA256", "d MODE UID GID
 * PATH", "l MODE UID GID PATH -> TARGET"), OUT/installed and so on the files of
 * the database, OUT/ledger what became of the scripts.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "apk/index_file.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "io/outfile.h"
#include "rootfs/base_rootfs.h"
#include "rootfs/install.h"

#define FIXED_ARGUMENTS 6
#define EPOCH 1700000000
#define TEXT_MAX ((size_t)64 << 20)

struct run {
	struct arena arena;
	struct tree tree;
	struct apk_state state;
	struct index_file index;
	struct ledger ledger;
	struct install *install;
	const char *out;
};

static void must(int failed, const struct error *err)
{
	if (!failed)
		return;
	fprintf(stderr, "driver_install: %s\n", err->text);
	exit(1);
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct error err;

	must(fd < 0 ? error_errno(&err, "%s", path) : 0, &err);
	return fd;
}

static void read_rootfs(struct run *run, const char *name, const char *path)
{
	const char *abi = !strcmp(name, "armv7") ? "armhf" : name;
	const struct arch arch = { .name = name,
		.alpine = name,
		.loader =
			arena_printf(&run->arena, "lib/ld-musl-%s.so.1", abi) };
	struct error err;

	must(base_rootfs_read(&run->tree, open_file(path), path, &arch, &err),
		&err);
	must(apk_state_read(&run->state, &run->tree, &err), &err);
}

static const struct package *find_record(struct run *run, const char *path)
{
	const struct index *index = &run->index.index;

	for (size_t i = 0; i < index->n; i++) {
		const struct package *pkg = &index->packages[i];

		if (!strcmp(package_file_name(pkg, &run->arena),
			    path_base(path)))
			return pkg;
	}
	fprintf(stderr, "driver_install: %s is not in the index\n", path);
	exit(1);
}

static void unpack(struct run *run, const char *path,
	const struct package *record, struct install_payload *payload)
{
	struct package_file *file = arena_alloc(&run->arena, sizeof(*file));
	struct content_file *data = arena_alloc(&run->arena, sizeof(*data));
	SCOPED_BUF struct buf bytes;
	SCOPED_FD int fd = open_file(path);
	const struct package_file_input input = {
		.fd = fd, .name = path, .record = record
	};
	struct buf_sink sink;
	struct error err;

	buf_init(&bytes, TEXT_MAX);
	buf_sink_init(&sink, &bytes);
	must(package_file_unpack(file, &input, &sink.sink, &run->arena, &err),
		&err);
	payload->file = file;
	payload->data = data;
	payload->fd = memfd_create("data", MFD_CLOEXEC);
	must(file_write_all(payload->fd, bytes.data, bytes.len, &err), &err);
	must(package_data_check(payload->fd, path, &err), &err);
	must(content_file_init(data, path, payload->fd, &err), &err);
	data->fd = payload->fd;
}

static void install_one(struct run *run, const char *path)
{
	struct solution_step step = { .kind = STEP_INSTALL,
		.new = find_record(run, path) };
	struct install_payload payload;
	struct error err;

	unpack(run, path, step.new, &payload);
	must(install_step(run->install, &step, &payload, &err), &err);
}

static void finish(struct run *run, const char *world)
{
	struct slice rest = slice_of(world), word;
	struct error err;

	while (slice_cut(&rest, ',', &word))
		must(world_add(&run->state.world,
			     arena_slice(&run->arena, word), &run->arena, &err),
			&err);
	must(install_finish(run->install, &run->state.world, &err), &err);
}

static int print_file(const struct inode *inode, const char *path,
	struct buf *out, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	struct content_reader reader;
	struct digest_sink hash;

	content_reader_init(&reader);
	digest_sink_init(&hash, DIGEST_SHA256, NULL);
	must(content_copy(&reader, &inode->content, &hash.sink, err), err);
	must(sink_close(&hash.sink, err), err);
	buf_printf(out, "f %o %u %u %s %" PRIu64 " %s\n", inode->mode,
		inode->uid, inode->gid, path, inode->content.size,
		digest_hex(&hash.digest, hex));
	content_reader_release(&reader);
	digest_sink_release(&hash);
	return 0;
}

static int print_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	const struct inode *inode = node->inode;

	if (!node->parent)
		return 0;
	if (inode->kind == INODE_FILE)
		return print_file(inode, path, ctx, err);
	buf_printf(ctx, "%c %o %u %u %s%s%s\n",
		inode->kind == INODE_DIRECTORY ? 'd' : 'l', inode->mode,
		inode->uid, inode->gid, path,
		inode->kind == INODE_DIRECTORY ? "" : " -> ",
		inode->kind == INODE_DIRECTORY ? "" : inode->target);
	return 0;
}

static void write_out(
	struct run *run, const char *name, const void *p, size_t n)
{
	const char *path = arena_printf(&run->arena, "%s/%s", run->out, name);
	struct error err;

	must(outfile_write(path, p, n, &err), &err);
}

static void write_tree_file(struct run *run, const char *path)
{
	struct node *node;
	struct content_reader reader;
	SCOPED_BUF struct buf text = { .data = NULL };
	struct error err;

	must(tree_resolve(&run->tree, path, TREE_FOLLOW_ALL, &node, &err),
		&err);
	content_reader_init(&reader);
	must(content_read(
		     &reader, &node->inode->content, TEXT_MAX, &text, &err),
		&err);
	content_reader_release(&reader);
	write_out(run, path_base(path), text.data, text.len);
}

static void write_ledger(struct run *run)
{
	SCOPED_BUF struct buf text;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < run->ledger.n; i++) {
		const struct ledger_entry *entry = &run->ledger.items[i];

		buf_printf(&text, "%s-%s.%s: %s, %s\n", entry->package,
			entry->version, script_names[entry->kind],
			script_outcomes[entry->outcome], entry->note);
	}
	write_out(run, "ledger", text.data, text.len);
}

static void write_all(struct run *run)
{
	SCOPED_BUF struct buf manifest;
	struct error err;

	buf_init(&manifest, TEXT_MAX);
	must(tree_walk(&run->tree, print_node, &manifest, &err), &err);
	write_out(run, "manifest", manifest.data, manifest.len);
	write_tree_file(run, INSTALL_DB "/installed");
	write_tree_file(run, INSTALL_DB "/triggers");
	write_tree_file(run, INSTALL_DB "/scripts.tar");
	write_tree_file(run, INSTALL_WORLD);
	write_ledger(run);
}

int main(int argc, char **argv)
{
	const struct install_options options = { .epoch = EPOCH };
	struct install_options with_ledger = options;
	struct index_file_input index = { 0 };
	struct run run = { 0 };
	struct error err;

	if (argc < FIXED_ARGUMENTS) {
		fprintf(stderr, "usage: driver_install OUT ARCH MINIROOTFS "
				"INDEX WORLD PACKAGE...\n");
		return 2;
	}
	run.out = argv[1];
	arena_init(&run.arena);
	tree_init(&run.tree, &run.arena);
	ledger_init(&run.ledger, &run.arena);
	read_rootfs(&run, argv[2], argv[3]);
	index.fd = open_file(argv[4]);
	index.name = argv[4];
	must(index_file_read(&run.index, &index, &run.arena, &err), &err);
	with_ledger.ledger = &run.ledger;
	run.install = install_new(&run.tree, &run.state, &with_ledger);
	for (int i = FIXED_ARGUMENTS; i < argc; i++)
		install_one(&run, argv[i]);
	finish(&run, argv[5]);
	write_all(&run);
	install_free(run.install);
	arena_release(&run.arena);
	return 0;
}
