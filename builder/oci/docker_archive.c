/* SPDX-License-Identifier: MIT */
#include "oci/docker_archive.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "oci/document.h"
#include "oci/tar_write.h"

/* Config and manifest are small; the labels are the longest part. */
#define HEAD_MAX ((size_t)8 << 20)

struct docker_archive {
	struct outfile *out;
	const struct image_config *config;
	char *reference;     /* owned */
	uint64_t layer_size; /* bytes, announced */
	size_t head_size;    /* bytes before the layer's content */
};

static void put_header(struct docker_archive *archive, struct sink *to,
	const char *name, uint64_t size)
{
	struct tar_header header = {
		.path = name,
		.type = TAR_TYPE_FILE,
		.mode = 0644,
		.mtime = archive->config->created,
		.size = size,
	};

	tar_write_header(to, &header);
}

static void put_member(struct docker_archive *archive, struct sink *to,
	const char *name, const char *text)
{
	size_t len = strlen(text);

	put_header(archive, to, name, len);
	sink_write(to, text, len);
	tar_write_padding(to, len);
}

/* In the order that docker save uses, which is not the sorted one. */
static char *manifest_json(struct docker_archive *archive,
	const char *config_name, const char *layer_name)
{
	json_t *entry = json_object(), *array = json_array();
	json_t *tags = json_array(), *layers = json_array();

	document_append(tags, document_text(archive->reference));
	document_append(layers, document_text(layer_name));
	document_put_text(entry, "Config", config_name);
	document_put(entry, "RepoTags", tags);
	document_put(entry, "Layers", layers);
	document_append(array, entry);
	return document_print_in_order(array);
}

/*
 * Everything before the layer's content. Its length is the same for every
 * diff_id, as all digests in it are hex of the same length.
 */
static struct digest make_head(struct docker_archive *archive,
	const struct digest *diff_id, struct buf *head)
{
	SCOPED_FREE char *config = image_config_json(archive->config, diff_id);
	struct digest digest = digest_of(DIGEST_SHA256, config, strlen(config));
	char hex[DIGEST_HEX_SIZE];
	SCOPED_FREE char *config_name =
		memory_printf("%s.json", digest_hex(&digest, hex));
	SCOPED_FREE char *layer_name =
		memory_printf("%s/layer.tar", digest_hex(diff_id, hex));
	SCOPED_FREE char *manifest =
		manifest_json(archive, config_name, layer_name);
	struct buf_sink to;

	buf_init(head, HEAD_MAX);
	buf_sink_init(&to, head);
	put_member(archive, &to.sink, "manifest.json", manifest);
	put_member(archive, &to.sink, config_name, config);
	put_header(archive, &to.sink, layer_name, archive->layer_size);
	assert(!to.sink.failed);
	return digest;
}

struct docker_archive *docker_archive_new(struct outfile *out,
	const struct image_config *config, const char *reference,
	uint64_t layer_size)
{
	struct docker_archive *archive = memory_zero(1, sizeof(*archive));
	const struct digest unknown = { .kind = DIGEST_SHA256 };
	SCOPED_BUF struct buf head;

	assert(!out->sink.size);
	archive->out = out;
	archive->config = config;
	archive->reference = memory_strdup(reference);
	archive->layer_size = layer_size;
	make_head(archive, &unknown, &head);
	archive->head_size = head.len;
	sink_write_zeros(&out->sink, head.len);
	return archive;
}

struct sink *docker_archive_sink(struct docker_archive *archive)
{
	return &archive->out->sink;
}

uint64_t docker_archive_layer_offset(const struct docker_archive *archive)
{
	return archive->head_size;
}

static int check_layer_size(
	const struct docker_archive *archive, struct error *err)
{
	uint64_t got = archive->out->sink.size - archive->head_size;

	if (got == archive->layer_size)
		return 0;
	return error_set(err, ERROR_INTERNAL,
		"%s: layer has %llu bytes, announced were %llu",
		archive->out->path, (unsigned long long)got,
		(unsigned long long)archive->layer_size);
}

int docker_archive_close(struct docker_archive *archive,
	const struct digest *diff_id, struct digest *config_digest,
	struct error *err)
{
	struct sink *out = &archive->out->sink;
	SCOPED_BUF struct buf head;

	assert(diff_id->kind == DIGEST_SHA256);
	*config_digest = make_head(archive, diff_id, &head);
	assert(head.len == archive->head_size);
	if (sink_check(out, err) || check_layer_size(archive, err))
		return -1;
	tar_write_padding(out, archive->layer_size);
	tar_write_end(out);
	if (sink_check(out, err))
		return -1;
	return outfile_patch(archive->out, 0, head.data, head.len, err);
}

void docker_archive_free(struct docker_archive *archive)
{
	if (!archive)
		return;
	free(archive->reference);
	free(archive);
}
