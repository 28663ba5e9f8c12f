/* SPDX-License-Identifier: MIT
 *
 * oci_maker: image archives made member by member, good ones and bad ones,
 * as other programs (or attackers) write them.
 */
#ifndef UNIT_OCI_MAKER_H
#define UNIT_OCI_MAKER_H

#include "io/gzip.h"
#include "oci/tar_write.h"
#include "unit/oci_fixture.h"

#define MAKER_MAX ((size_t)512 << 20)
#define MEDIA_INDEX "application/vnd.oci.image.index.v1+json"
#define MEDIA_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_CONFIG "application/vnd.oci.image.config.v1+json"
#define MARK_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}"

struct maker {
	struct buf bytes;
	struct buf_sink to;
	struct arena arena; /* of texts that the makers return */
};

static inline void maker_init(struct maker *m)
{
	buf_init(&m->bytes, MAKER_MAX);
	buf_sink_init(&m->to, &m->bytes);
	arena_init(&m->arena);
}

static inline void maker_release(struct maker *m)
{
	buf_release(&m->bytes);
	arena_release(&m->arena);
}

static inline void maker_bytes(
	struct maker *m, const char *name, const void *p, size_t n)
{
	const struct tar_header header = {
		.path = name, .type = TAR_TYPE_FILE, .mode = 0644, .size = n
	};

	tar_write_header(&m->to.sink, &header);
	sink_write(&m->to.sink, p, n);
	tar_write_padding(&m->to.sink, n);
}

static inline void maker_text(
	struct maker *m, const char *name, const char *text)
{
	maker_bytes(m, name, text, strlen(text));
}

static inline void maker_other(struct maker *m, const char *name,
	enum tar_type type, const char *target)
{
	const struct tar_header header = {
		.path = name, .type = type, .mode = 0755, .target = target
	};

	tar_write_header(&m->to.sink, &header);
}

static inline void maker_end(struct maker *m)
{
	tar_write_end(&m->to.sink);
}

/* What is there now becomes a file. */
static inline void maker_save(const struct maker *m, const char *path)
{
	struct error err = { 0 };

	fixture_must(
		outfile_write(path, m->bytes.data, m->bytes.len, &err), &err);
}

/* The gzip of some bytes; the caller releases. */
static inline struct buf maker_gzip(const void *p, size_t n)
{
	const struct gzip_options options = { .level = 6, .threads = 1 };
	struct error err = { 0 };
	struct gzip_writer *gzip;
	struct buf_sink to;
	struct buf out;

	buf_init(&out, MAKER_MAX);
	buf_sink_init(&to, &out);
	gzip = gzip_writer_new(&to.sink, &options);
	sink_write(gzip_writer_sink(gzip), p, n);
	fixture_must(sink_close(gzip_writer_sink(gzip), &err), &err);
	gzip_writer_free(gzip);
	return out;
}

/* A tar with the file etc/hello in it; the caller releases. */
static inline struct buf maker_layer(void)
{
	struct maker m;
	struct buf bytes;

	maker_init(&m);
	maker_other(&m, "etc", TAR_TYPE_DIRECTORY, NULL);
	maker_text(&m, "etc/hello", "hello\n");
	maker_end(&m);
	bytes = m.bytes;
	arena_release(&m.arena);
	return bytes;
}

static inline const char *maker_digest(struct maker *m, const struct buf *bytes)
{
	struct digest digest =
		digest_of(DIGEST_SHA256, bytes->data, bytes->len);
	char text[DIGEST_TEXT_SIZE];

	return arena_strdup(&m->arena, digest_text(&digest, text));
}

/* A config with these diff_ids ("\"sha256:...\",..."), otherwise small. */
static inline const char *maker_config(
	struct maker *m, const char *arch, const char *diff_ids)
{
	return arena_printf(&m->arena,
		"{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{"
		"\"Cmd\":[\"/init\"]},\"rootfs\":{\"type\":\"layers\","
		"\"diff_ids\":[%s]}}",
		arch, diff_ids);
}

/* The config of one layer. */
static inline const char *maker_config_of(
	struct maker *m, const struct buf *raw_layer)
{
	return maker_config(m, "amd64",
		arena_printf(&m->arena, "\"%s\"", maker_digest(m, raw_layer)));
}

/* manifest.json with "config.json" and "layer.tar", and the config. */
static inline void maker_docker(struct maker *m, const char *config)
{
	maker_text(m, "manifest.json",
		"[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],"
		"\"Layers\":[\"layer.tar\"]}]");
	maker_text(m, "config.json", config);
}

/* Adds the blob and gives its descriptor; extra: ",\"key\":value" or "". */
static inline const char *maker_blob(struct maker *m, const char *media_type,
	const struct buf *bytes, const char *extra)
{
	const char *digest = maker_digest(m, bytes);

	maker_bytes(m,
		arena_printf(&m->arena, "blobs/sha256/%s",
			digest + strlen("sha256:")),
		bytes->data, bytes->len);
	return arena_printf(&m->arena,
		"{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%zu%s}",
		media_type, digest, bytes->len, extra);
}

static inline const char *maker_text_blob(struct maker *m,
	const char *media_type, const char *text, const char *extra)
{
	SCOPED_BUF struct buf bytes;

	buf_init(&bytes, MAKER_MAX);
	buf_add_str(&bytes, text);
	return maker_blob(m, media_type, &bytes, extra);
}

/* A manifest of a config and a layer, both as descriptors. */
static inline const char *maker_manifest(struct maker *m, const char *config,
	const char *layer, const char *extra)
{
	return maker_text_blob(m, MEDIA_MANIFEST,
		arena_printf(&m->arena,
			"{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}",
			config, layer),
		extra);
}

/* An index of descriptors, as a blob. */
static inline const char *maker_index(
	struct maker *m, const char *descriptors, const char *extra)
{
	return maker_text_blob(m, MEDIA_INDEX,
		arena_printf(&m->arena,
			"{\"schemaVersion\":2,\"manifests\":[%s]}",
			descriptors),
		extra);
}

/* One complete image with config, layer and manifest; gives its descriptor. */
static inline const char *maker_image(
	struct maker *m, const char *arch, const char *extra)
{
	SCOPED_BUF struct buf layer = maker_layer();
	const char *config = maker_text_blob(m, MEDIA_CONFIG,
		maker_config(m, arch,
			arena_printf(
				&m->arena, "\"%s\"", maker_digest(m, &layer))),
		"");
	const char *digest = maker_digest(m, &layer);

	/* The layer itself is added once, by maker_layout(). */
	return maker_manifest(m, config,
		arena_printf(&m->arena,
			"{\"mediaType\":\"" LAYER_MEDIA_TAR "\",\"digest\":"
			"\"%s\",\"size\":%zu}",
			digest, layer.len),
		extra);
}

/* oci-layout, the layer of maker_image(), and index.json. */
static inline void maker_layout(struct maker *m, const char *descriptors)
{
	SCOPED_BUF struct buf layer = maker_layer();

	maker_blob(m, LAYER_MEDIA_TAR, &layer, "");
	maker_text(m, "oci-layout", MARK_TEXT);
	maker_text(m, "index.json",
		arena_printf(&m->arena,
			"{\"schemaVersion\":2,\"manifests\":[%s]}",
			descriptors));
}

#endif
