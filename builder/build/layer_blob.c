/* SPDX-License-Identifier: MIT */
#include "build/layer_blob.h"

#include <stdlib.h>
#include <string.h>

#include "io/gzip.h"

#define REF_KIND "layer"

/* Sends the layer: from an archive that holds it, else from the tree. */
static int send_layer(struct arch_build *b, struct sink *to, struct error *err)
{
	if (b->narchives) {
		const struct archive_build *from = &b->archives[0];

		sink_copy_fd(to, from->file.fd, from->layer_offset,
			b->layer.tar_size);
		return sink_check(to, err);
	}
	return layer_write(&b->assembly.tree, b->assembly.epoch, to, err);
}

/* What was compressed must be what the config names. */
static int check_diff_id(const struct arch_build *b, const struct digest *found,
	struct error *err)
{
	if (digest_eq(found, &b->layer.diff_id))
		return 0;
	return error_set(
		err, ERROR_IO, "the layer changed while it was being written");
}

static int compress(struct arch_build *b, struct sink *to, struct error *err)
{
	struct gzip_options options = {
		.level = b->options->gzip_level,
		.threads = b->threads,
	};
	struct gzip_writer *gzip = NULL;
	struct digest_sink raw;
	int status;

	if (options.level)
		gzip = gzip_writer_new(to, &options);
	digest_sink_init(
		&raw, DIGEST_SHA256, gzip ? gzip_writer_sink(gzip) : to);
	status = send_layer(b, &raw.sink, err);
	if (!status)
		status = sink_close(&raw.sink, err);
	if (!status && gzip)
		status = sink_close(gzip_writer_sink(gzip), err);
	if (!status)
		status = check_diff_id(b, &raw.digest, err);
	digest_sink_release(&raw);
	gzip_writer_free(gzip);
	return status;
}

static int write_blob(
	struct arch_build *b, struct outfile *out, struct error *err)
{
	struct digest_sink blob;
	int status;

	digest_sink_init(&blob, DIGEST_SHA256, &out->sink);
	status = compress(b, &blob.sink, err);
	if (!status)
		status = sink_close(&blob.sink, err);
	b->layer.digest = blob.digest;
	b->layer.size = blob.sink.size;
	digest_sink_release(&blob);
	if (status)
		return -1;
	return cache_commit_blob(
		b->options->fetch.cache, out, &b->layer.digest, err);
}

static int make_blob(struct arch_build *b, const char *key, struct error *err)
{
	const struct cache *cache = b->options->fetch.cache;
	struct outfile out = { .fd = -1 };
	char text[DIGEST_TEXT_SIZE];
	int status;

	if (cache_new_blob(cache, &out, err))
		return -1;
	status = write_blob(b, &out, err);
	outfile_release(&out);
	if (status)
		return -1;
	return cache_put_ref(cache, REF_KIND, key,
		slice_of(digest_text(&b->layer.digest, text)), err);
}

/* 1: the cache has it, verified; 0: it does not. */
static int find_blob(struct arch_build *b, const char *key, struct error *err)
{
	const struct cache *cache = b->options->fetch.cache;
	SCOPED_BUF struct buf text = { .max = 1 };
	SCOPED_FD int fd = -1;
	struct error ignored;

	if (cache_get_ref(cache, REF_KIND, key, &text, &ignored) != 1)
		return 0;
	if (digest_parse(
		    slice_trim(buf_slice(&text)), &b->layer.digest, &ignored))
		return 0;
	return cache_open_blob(
		cache, &b->layer.digest, &fd, &b->layer.size, err);
}

/* A raw layer that stands in an archive needs no second copy. */
static bool use_archive(struct arch_build *b)
{
	const struct archive_build *from = &b->archives[0];

	if (b->options->gzip_level || !b->narchives)
		return false;
	b->layer.digest = b->layer.diff_id;
	b->layer.size = b->layer.tar_size;
	b->layer.blob_path = from->file.tmp;
	b->layer.blob_offset = from->layer_offset;
	return true;
}

int layer_blob_make(struct arch_build *b, struct error *err)
{
	struct arena *arena = &b->assembly.arena;
	SCOPED_FREE char *path = NULL;
	char hex[DIGEST_HEX_SIZE];
	const char *key;
	int found;

	b->layer.media_type =
		b->options->gzip_level ? LAYER_MEDIA_GZIP : LAYER_MEDIA_TAR;
	if (use_archive(b))
		return 0;
	key = arena_printf(arena, "%s gzip %d",
		digest_hex(&b->layer.diff_id, hex), b->options->gzip_level);
	found = find_blob(b, key, err);
	if (found < 0 || (!found && make_blob(b, key, err)))
		return -1;
	path = cache_blob_path(b->options->fetch.cache, &b->layer.digest);
	b->layer.blob_path = arena_strdup(arena, path);
	return 0;
}
