/* SPDX-License-Identifier: MIT
 *
 * driver_layer: builder/oci from a script, for foreign_tar.sh.
 *
 *	driver_layer write DIR   the awkward tree in all forms, and what to
 *expect driver_layer read FILE   images and files of any image archive
 *
 * A listing has a line an entry: kind, mode, uid:gid, size, mtime, SHA-256 of
 * a file's content, path and target, with tabs between them.
 */
#include "oci/archive.h"
#include "oci/docker_archive.h"
#include "oci/layout.h"
#include "io/gzip.h"
#include "unit/oci_fixture.h"

#define REFERENCE "fixture:v1"
#define TAG "v1"

struct line {
	char kind;
	uint32_t mode;
	uint64_t uid, gid, size;
	int64_t mtime;
	struct digest digest; /* NONE unless it is a file */
	const char *path, *target;
};

static void print_line(FILE *out, const struct line *line)
{
	char hex[DIGEST_HEX_SIZE] = "-";

	if (line->digest.kind != DIGEST_NONE)
		digest_hex(&line->digest, hex);
	fprintf(out, "%c\t%04o\t%llu:%llu\t%llu\t%lld\t%s\t%s\t%s\n",
		line->kind, line->mode, (unsigned long long)line->uid,
		(unsigned long long)line->gid, (unsigned long long)line->size,
		(long long)line->mtime, hex, line->path,
		line->target ? line->target : "");
}

/* What the tree says, without looking at a tar. */
struct expectation {
	FILE *out;
	struct content_reader reader;
	const struct node *links[16]; /* first names of hard links */
	size_t nlinks;
};

static const struct node *first_name(
	struct expectation *expect, const struct node *node)
{
	for (size_t i = 0; i < expect->nlinks; i++) {
		if (expect->links[i]->inode == node->inode)
			return expect->links[i];
	}
	if (node->inode->nlink > 1)
		expect->links[expect->nlinks++] = node;
	return NULL;
}

static struct digest content_digest(
	struct expectation *expect, const struct content *content)
{
	struct error err = { 0 };
	struct digest_sink hash;
	struct digest digest;

	digest_sink_init(&hash, DIGEST_SHA256, NULL);
	fixture_must(
		content_copy(&expect->reader, content, &hash.sink, &err), &err);
	fixture_must(sink_close(&hash.sink, &err), &err);
	digest = hash.digest;
	digest_sink_release(&hash);
	return digest;
}

static void expect_file(
	struct expectation *expect, const struct node *node, struct line *line)
{
	const struct node *first = first_name(expect, node);
	static const struct digest none;
	SCOPED_BUF struct buf target;

	buf_init(&target, PATH_TEXT_MAX);
	line->kind = first ? 'h' : '-';
	line->size = first ? 0 : node->inode->content.size;
	line->digest =
		first ? none : content_digest(expect, &node->inode->content);
	if (first) {
		node_path(first, &target);
		line->target = target.data;
	}
	print_line(expect->out, line);
}

static int expect_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct expectation *expect = ctx;
	const struct inode *inode = node->inode;
	struct line line = {
		.kind = inode->kind == INODE_DIRECTORY ? 'd' : 'l',
		.mode = inode->mode,
		.uid = inode->uid,
		.gid = inode->gid,
		.mtime = inode->mtime < FIXTURE_EPOCH ? inode->mtime
						      : FIXTURE_EPOCH,
		.path = path,
		.target = inode->target,
	};

	if (!node->parent)
		return 0;
	if (inode->kind == INODE_FILE)
		expect_file(expect, node, &line);
	else
		print_line(expect->out, &line);
	return 0;
}

static void write_expectation(const struct tree *tree, const char *path)
{
	struct expectation expect = { .out = fopen(path, "w") };
	struct error err = { 0 };

	if (!expect.out) {
		perror(path);
		abort();
	}
	content_reader_init(&expect.reader);
	fixture_must(tree_walk(tree, expect_node, &expect, &err), &err);
	content_reader_release(&expect.reader);
	fclose(expect.out);
}

/* A file of 300 kB as an extent, as what comes out of the cache is. */
static void add_extent(struct tree *tree, struct arena *arena, const char *path)
{
	struct content bytes = fixture_bytes(arena, 400000);
	struct content_file *file = arena_alloc(arena, sizeof(*file));
	struct error err = { 0 };
	SCOPED_FD int fd = -1;

	fixture_must(outfile_write(path, bytes.bytes, bytes.size, &err), &err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	fixture_must(content_file_init(file, path, fd, &err), &err);
	fixture_file(tree, "sizes/extent", content_extent(file, 777, 300001));
}

static void write_archive(const struct tree *tree,
	const struct image_config *config, const struct layer *layer,
	const char *path)
{
	struct docker_archive *archive;
	struct digest config_digest;
	struct error err = { 0 };
	struct outfile out;

	fixture_must(outfile_open(&out, path, &err), &err);
	archive = docker_archive_new(&out, config, REFERENCE, layer_size(tree));
	fixture_must(layer_write(tree, FIXTURE_EPOCH,
			     docker_archive_sink(archive), &err),
		&err);
	fixture_must(docker_archive_close(
			     archive, &layer->diff_id, &config_digest, &err),
		&err);
	fixture_must(outfile_commit(&out, &err), &err);
	docker_archive_free(archive);
	outfile_release(&out);
}

/* The raw layer compressed into another file. */
static struct layer compress(const struct layer *raw, const char *path)
{
	const struct gzip_options options = { .level = 6, .threads = 2 };
	SCOPED_FD int fd = open(raw->blob_path, O_RDONLY | O_CLOEXEC);
	struct gzip_writer *gzip;
	struct error err = { 0 };
	struct layer layer = *raw;
	struct digest_sink hash;
	struct outfile out;

	fixture_must(outfile_open(&out, path, &err), &err);
	digest_sink_init(&hash, DIGEST_SHA256, &out.sink);
	gzip = gzip_writer_new(&hash.sink, &options);
	sink_copy_fd(gzip_writer_sink(gzip), fd, 0, raw->size);
	fixture_must(sink_close(gzip_writer_sink(gzip), &err), &err);
	fixture_must(sink_close(&hash.sink, &err), &err);
	fixture_must(outfile_commit(&out, &err), &err);
	layer.digest = hash.digest;
	layer.size = hash.sink.size;
	layer.media_type = LAYER_MEDIA_GZIP;
	layer.blob_path = path;
	gzip_writer_free(gzip);
	digest_sink_release(&hash);
	outfile_release(&out);
	return layer;
}

struct places {
	const char *archive, *one_tar, *one_dir, *three_tar, *three_dir;
};

static void write_layouts(const struct image_config configs[3],
	const struct layer *layers[2], const struct places *places)
{
	struct layout_image images[3] = { 0 };
	struct error err = { 0 };
	struct layout layout = {
		.images = images,
		.nimages = 1,
		.tag = TAG,
		.mtime = FIXTURE_EPOCH,
		.annotations = fixture_labels,
		.nannotations = ARRAY_SIZE(fixture_labels),
	};

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		images[i].config = &configs[i];
		images[i].layer = layers[i % 2];
	}
	fixture_must(layout_write_tar(&layout, places->one_tar, &err), &err);
	fixture_must(layout_write_dir(&layout, places->one_dir, &err), &err);
	layout.nimages = 3;
	fixture_must(layout_write_tar(&layout, places->three_tar, &err), &err);
	fixture_must(layout_write_dir(&layout, places->three_dir, &err), &err);
}

static void write_all(const char *dir)
{
	const struct image_config configs[] = {
		fixture_config("amd64", NULL),
		fixture_config("arm64", "v8"),
		fixture_config("arm", "v7"),
	};
	struct layer raw, gzipped;
	const struct layer *layers[] = { &gzipped, &raw };
	struct arena arena;
	struct tree tree;
	struct places places;

	arena_init(&arena);
	places = (struct places){
		.archive = arena_printf(&arena, "%s/image.tar", dir),
		.one_tar = arena_printf(&arena, "%s/one.oci.tar", dir),
		.one_dir = arena_printf(&arena, "%s/one.oci", dir),
		.three_tar = arena_printf(&arena, "%s/three.oci.tar", dir),
		.three_dir = arena_printf(&arena, "%s/three.oci", dir),
	};
	fixture_tree(&tree, &arena);
	add_extent(&tree, &arena, arena_printf(&arena, "%s/extent", dir));
	write_expectation(&tree, arena_printf(&arena, "%s/expected", dir));
	raw = fixture_layer(&tree, arena_printf(&arena, "%s/layer.tar", dir));
	gzipped = compress(&raw, arena_printf(&arena, "%s/layer.tar.gz", dir));
	write_archive(&tree, &configs[2], &raw, places.archive);
	write_layouts(configs, layers, &places);
	arena_release(&arena);
}

static int print_entry(const struct tar_entry *entry, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	struct line line = {
		.kind = fixture_letter(entry->kind),
		.mode = entry->mode,
		.uid = entry->uid,
		.gid = entry->gid,
		.size = entry->size,
		.mtime = entry->mtime,
		.path = entry->path,
		.target = entry->target,
	};
	struct digest_sink hash;
	int failed = 0;

	digest_sink_init(&hash, DIGEST_SHA256, NULL);
	if (entry->kind == TAR_FILE) {
		failed = tar_reader_copy(reader, &hash.sink, err) ||
			 sink_close(&hash.sink, err);
		line.digest = hash.digest;
	}
	digest_sink_release(&hash);
	if (!failed)
		print_line(stdout, &line);
	return failed ? -1 : 0;
}

static int print_image(struct archive *archive,
	const struct archive_image *image, struct error *err)
{
	printf("image\t%s\t%s\t%s\t%s\n", image->architecture,
		image->variant ? image->variant : "-",
		image->ntags ? image->tags[0] : "-", image->created);
	for (size_t i = 0; i < image->nlayers; i++) {
		if (archive_read_layer(
			    archive, &image->layers[i], print_entry, NULL, err))
			return -1;
	}
	return 0;
}

static int read_all(const char *path, struct error *err)
{
	struct archive archive;
	int failed = 0;

	if (archive_open(&archive, path, err))
		return -1;
	for (size_t i = 0; !failed && i < archive.nimages; i++)
		failed = print_image(&archive, &archive.images[i], err);
	archive_release(&archive);
	return failed;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	if (argc == 3 && !strcmp(argv[1], "write")) {
		write_all(argv[2]);
		return 0;
	}
	if (argc != 3 || strcmp(argv[1], "read")) {
		fprintf(stderr, "usage: driver_layer write DIR | read FILE\n");
		return 2;
	}
	if (!read_all(argv[2], &err))
		return 0;
	fprintf(stderr, "driver_layer: %s\n", err.text);
	return 1;
}
