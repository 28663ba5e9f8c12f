/* SPDX-License-Identifier: MIT
 *
 * oci_fixture: the trees, configs and golden files that the tests of
 * builder/oci share. All of it is made by code and the same every time.
 */
#ifndef UNIT_OCI_FIXTURE_H
#define UNIT_OCI_FIXTURE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/digest.h"
#include "io/outfile.h"
#include "io/tar_read.h"
#include "oci/image_config.h"
#include "oci/layer.h"
#include "tree/tree.h"

#define FIXTURE_EPOCH INT64_C(1725622581) /* 2024-09-06T11:36:21Z */
#define FIXTURE_TEXT_MAX ((size_t)4 << 20)

/* Fails the whole program: a fixture that cannot be made proves nothing. */
static inline void fixture_must(int failed, const struct error *err)
{
	if (!failed)
		return;
	fprintf(stderr, "fixture: %s\n", err->text);
	abort();
}

/* A new folder below TMPDIR or /tmp; the caller frees the name. */
static inline char *fixture_folder(void)
{
	const char *base = getenv("TMPDIR");
	char *path = path_join(base && *base ? base : "/tmp", "oci-XXXXXX");

	if (!mkdtemp(path)) {
		perror(path);
		abort();
	}
	return path;
}

static inline int fixture_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

/* Removes the folder and frees its name. */
static inline void fixture_remove(char *owned_path)
{
	nftw(owned_path, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(owned_path);
}

static inline void fixture_put(
	struct tree *tree, const char *path, const struct tree_entry *entry)
{
	const struct tree_source source = { "fixture", TREE_STRICT };
	struct error err = { 0 };

	fixture_must(!tree_put(tree, path, entry, &source, &err), &err);
}

static inline void fixture_folder_at(struct tree *tree, const char *path,
	uint32_t mode, uint32_t uid, uint32_t gid)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = mode,
		.uid = uid,
		.gid = gid,
		.mtime = FIXTURE_EPOCH - 1 };

	fixture_put(tree, path, &entry);
}

static inline void fixture_file(
	struct tree *tree, const char *path, struct content content)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0644,
		.mtime = FIXTURE_EPOCH,
		.content = content };

	fixture_put(tree, path, &entry);
}

static inline struct content fixture_text(const char *text)
{
	return content_bytes(text, strlen(text));
}

static inline void fixture_symlink(
	struct tree *tree, const char *path, const char *target)
{
	const struct tree_entry entry = { .kind = INODE_SYMLINK,
		.mode = 0777,
		.mtime = 1,
		.target = target };

	fixture_put(tree, path, &entry);
}

static inline void fixture_link(
	struct tree *tree, const char *path, const char *existing)
{
	const struct tree_source source = { "fixture", TREE_STRICT };
	struct error err = { 0 };

	fixture_must(!tree_link(tree, path, existing, &source, &err), &err);
}

/* n bytes: prefix, then letters; for names of an exact length. */
static inline const char *fixture_name(
	struct arena *arena, const char *prefix, size_t n)
{
	char *name = arena_alloc(arena, n + 1);
	size_t len = strlen(prefix);

	for (size_t i = 0; i < n; i++)
		name[i] = i < len ? prefix[i] : (char)('a' + i % 26);
	return name;
}

static inline struct content fixture_bytes(struct arena *arena, size_t n)
{
	unsigned char *bytes = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i * 7 + n);
	return content_bytes(bytes, n);
}

static inline void fixture_owners(struct tree *tree)
{
	struct node *node;

	fixture_folder_at(tree, "bin", 0755, 0, 0);
	fixture_file(tree, "bin/busybox", fixture_text("\177ELF busybox\n"));
	tree_find(tree, "bin/busybox")->inode->mode = 0755;
	fixture_file(tree, "bin/su", fixture_text("\177ELF su\n"));
	tree_find(tree, "bin/su")->inode->mode = 04755;
	fixture_symlink(tree, "bin/sh", "/bin/busybox");
	fixture_folder_at(tree, "etc", 0755, 0, 0);
	fixture_file(tree, "etc/shadow", fixture_text("root:*::0:::::\n"));
	node = tree_find(tree, "etc/shadow");
	node->inode->mode = 0640;
	node->inode->gid = 42;
	fixture_folder_at(tree, "root", 0700, 0, 0);
	fixture_folder_at(tree, "tmp", 01777, 0, 0);
	fixture_folder_at(tree, "srv", 02750, 65535, 65535);
	fixture_file(tree, "srv/big-ids", content_empty());
	node = tree_find(tree, "srv/big-ids");
	node->inode->uid = node->inode->gid = 65535;
	node->inode->mode = 06711;
}

static inline void fixture_sizes(struct tree *tree, struct arena *arena)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 1024, 70000 };

	fixture_folder_at(tree, "sizes", 0755, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		fixture_file(tree, arena_printf(arena, "sizes/%zu", sizes[i]),
			fixture_bytes(arena, sizes[i]));
	tree_find(tree, "sizes/1")->inode->mtime = 0;
	tree_find(tree, "sizes/511")->inode->mtime = FIXTURE_EPOCH + 1000;
}

static inline void fixture_names(struct tree *tree, struct arena *arena)
{
	static const size_t whole[] = { 99, 100, 101, 155, 156, 255 };
	const char *folder = fixture_name(arena, "prefix-", 155);

	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		fixture_file(tree, fixture_name(arena, "file-", whole[i]),
			fixture_text("long name\n"));
		fixture_folder_at(tree, fixture_name(arena, "dir-", whole[i]),
			0755, 0, 0);
	}
	fixture_folder_at(tree, folder, 0755, 0, 0);
	/* 155 + 1 + 100 is the most that ustar holds, 101 is too long. */
	for (size_t n = 99; n <= 101; n++) {
		fixture_file(tree,
			arena_printf(arena, "%s/%s", folder,
				fixture_name(arena, "f", n)),
			fixture_text("split name\n"));
		fixture_folder_at(tree,
			arena_printf(arena, "%s/%s", folder,
				fixture_name(arena, "d", n)),
			0755, 0, 0);
	}
	fixture_folder_at(tree, "odd", 0755, 0, 0);
	fixture_file(tree, "odd/\xc3\xbc ber \xe6\x97\xa5\xe6\x9c\xac.txt",
		fixture_text("utf-8\n"));
	fixture_file(tree, "odd/-dash *star 'quote' \\back", fixture_text("x"));
	fixture_file(tree, "odd/.hidden", fixture_text("x"));
}

static inline void fixture_links(struct tree *tree, struct arena *arena)
{
	const char *long_name = fixture_name(arena, "links/first-", 120);
	static const size_t targets[] = { 99, 100, 101, 300 };

	fixture_folder_at(tree, "links", 0755, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		fixture_symlink(tree,
			arena_printf(arena, "links/to-%zu", targets[i]),
			fixture_name(arena, "../", targets[i]));
	fixture_symlink(tree, "links/dangling", "no/such/thing");
	fixture_file(tree, "links/z-last", fixture_text("three names\n"));
	fixture_link(tree, "links/a-first", "links/z-last");
	fixture_link(tree, "links/m-middle", "links/z-last");
	fixture_file(tree, long_name, fixture_text("long first name\n"));
	fixture_link(tree, "links/second", long_name);
}

static inline void fixture_deep(struct tree *tree, struct arena *arena)
{
	const char *path = "deep";

	fixture_folder_at(tree, path, 0755, 0, 0);
	for (int i = 0; i < 60; i++) {
		path = arena_printf(arena, "%s/level-%02d", path, i);
		fixture_folder_at(tree, path, 0755, 0, 0);
	}
	fixture_file(tree, arena_printf(arena, "%s/bottom", path),
		fixture_text("deep\n"));
}

/* Everything that ever made a tar reader stumble. */
static inline void fixture_tree(struct tree *tree, struct arena *arena)
{
	tree_init(tree, arena);
	fixture_owners(tree);
	fixture_sizes(tree, arena);
	fixture_names(tree, arena);
	fixture_links(tree, arena);
	fixture_deep(tree, arena);
}

static const char *const fixture_env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"TZ=UTC" };
static const char *const fixture_entrypoint[] = { "/sbin/init" };
static const struct oci_label fixture_labels[] = {
	{ "org.opencontainers.image.version", "0.0.1" },
	{ "org.opencontainers.image.title", "fixture \"\xc3\xbc\"" },
};

static inline struct image_config fixture_config(
	const char *architecture, const char *variant)
{
	return (struct image_config){
		.architecture = architecture,
		.variant = variant,
		.created = FIXTURE_EPOCH,
		.entrypoint = fixture_entrypoint,
		.nentrypoint = ARRAY_SIZE(fixture_entrypoint),
		.env = fixture_env,
		.nenv = ARRAY_SIZE(fixture_env),
		.working_dir = "/",
		.stop_signal = "SIGUSR2",
		.labels = fixture_labels,
		.nlabels = ARRAY_SIZE(fixture_labels),
		.comment = "a fixture",
	};
}

/* Writes the layer as a file of its own and describes it; path is borrowed. */
static inline struct layer fixture_layer(
	const struct tree *tree, const char *path)
{
	struct layer layer = { .media_type = LAYER_MEDIA_TAR,
		.blob_path = path };
	struct error err = { 0 };
	struct digest_sink hash;
	struct outfile out;

	fixture_must(outfile_open(&out, path, &err), &err);
	digest_sink_init(&hash, DIGEST_SHA256, &out.sink);
	fixture_must(layer_write(tree, FIXTURE_EPOCH, &hash.sink, &err), &err);
	fixture_must(sink_close(&hash.sink, &err), &err);
	fixture_must(outfile_commit(&out, &err), &err);
	layer.diff_id = layer.digest = hash.digest;
	layer.tar_size = layer.size = hash.sink.size;
	digest_sink_release(&hash);
	outfile_release(&out);
	return layer;
}

static inline char fixture_letter(enum tar_kind kind)
{
	return "-dlhcbp"[kind];
}

/* "<kind> mode uid gid size mtime path -> target", a line an entry. */
static inline void fixture_list_entry(
	const struct tar_entry *entry, struct buf *text)
{
	buf_printf(text, "%c %04o %llu:%llu %llu %lld %s%s%s\n",
		fixture_letter(entry->kind), entry->mode,
		(unsigned long long)entry->uid, (unsigned long long)entry->gid,
		(unsigned long long)entry->size, (long long)entry->mtime,
		entry->path, entry->target ? " -> " : "",
		entry->target ? entry->target : "");
}

/* The listing of a tar and the digest of its bytes, appended to text. */
static inline void fixture_list(const char *path, struct buf *text)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	char digest_line[DIGEST_TEXT_SIZE];
	struct error err = { 0 };
	struct tar_reader *reader =
		tar_reader_new(fd, path, TAR_PLAIN, NULL, &err);
	struct tar_entry entry;
	struct digest digest;
	uint64_t size;
	int got;

	fixture_must(!reader, &err);
	while ((got = tar_reader_next(reader, &entry, &err)) > 0)
		fixture_list_entry(&entry, text);
	fixture_must(got, &err);
	tar_reader_free(reader);
	fixture_must(digest_fd(DIGEST_SHA256, fd, &digest, &size, &err), &err);
	buf_printf(text, "%llu bytes %s\n", (unsigned long long)size,
		digest_text(&digest, digest_line));
}

/*
 * Compares with tests/golden/oci/<name>; UPDATE_GOLDEN=1 writes it instead.
 * 0 when they are equal.
 */
static inline int fixture_golden(const char *name, const struct buf *text)
{
	SCOPED_FREE char *path = path_join("tests/golden/oci", name);
	SCOPED_BUF struct buf want = { 0 };
	struct error err = { 0 };

	if (getenv("UPDATE_GOLDEN"))
		fixture_must(
			outfile_write(path, text->data, text->len, &err), &err);
	fixture_must(file_read(path, FIXTURE_TEXT_MAX, &want, &err), &err);
	if (slice_eq(buf_slice(&want), buf_slice(text)))
		return 0;
	fprintf(stderr, "%s differs (UPDATE_GOLDEN=1 writes it); got:\n%s\n",
		path, text->data);
	return -1;
}

#endif
