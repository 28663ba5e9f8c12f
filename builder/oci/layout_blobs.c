/* SPDX-License-Identifier: MIT */
#include "oci/layout_blobs.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "oci/document.h"

#define MEDIA_INDEX "application/vnd.oci.image.index.v1+json"
#define MEDIA_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_CONFIG "application/vnd.oci.image.config.v1+json"
#define REF_NAME "org.opencontainers.image.ref.name"

static struct layout_blob *add_blob(
	struct layout_blobs *blobs, const struct layout_blob *blob)
{
	blobs->items = memory_grow(
		blobs->items, blobs->n, &blobs->cap, sizeof(*blobs->items));
	blobs->items[blobs->n] = *blob;
	return &blobs->items[blobs->n++];
}

static json_t *descriptor(
	const char *media_type, const struct digest *digest, uint64_t size)
{
	char text[DIGEST_TEXT_SIZE];
	json_t *object = json_object();

	document_put_text(object, "mediaType", media_type);
	document_put_text(object, "digest", digest_text(digest, text));
	document_put(object, "size", json_integer((json_int_t)size));
	return object;
}

/* Prints the document, keeps it as a blob and describes it. */
static json_t *add_document(struct layout_blobs *blobs, const char *media_type,
	json_t *owned_document, struct digest *digest)
{
	char *text = document_print(owned_document);
	struct layout_blob blob = { .text = text, .size = strlen(text) };

	blob.digest = digest_of(DIGEST_SHA256, text, blob.size);
	*digest = blob.digest;
	add_blob(blobs, &blob);
	return descriptor(media_type, digest, blob.size);
}

static json_t *add_config(
	struct layout_blobs *blobs, const struct layout_image *image)
{
	char *text = image_config_json(image->config, &image->layer->diff_id);
	struct layout_blob blob = { .text = text, .size = strlen(text) };

	blob.digest = digest_of(DIGEST_SHA256, text, blob.size);
	add_blob(blobs, &blob);
	return descriptor(MEDIA_CONFIG, &blob.digest, blob.size);
}

static json_t *add_layer(struct layout_blobs *blobs, const struct layer *layer)
{
	struct layout_blob blob = {
		.digest = layer->digest,
		.size = layer->size,
		.path = layer->blob_path,
		.offset = layer->blob_offset,
	};

	assert(layer->blob_path && layer->digest.kind == DIGEST_SHA256);
	add_blob(blobs, &blob);
	return descriptor(layer->media_type, &layer->digest, layer->size);
}

static json_t *platform(const struct image_config *config)
{
	json_t *object = json_object();

	document_put_text(object, "os", "linux");
	document_put_text(object, "architecture", config->architecture);
	document_put_text(object, "variant", config->variant);
	return object;
}

/* An index or a manifest without what it is about. */
static json_t *envelope(const struct layout *layout, const char *media_type)
{
	json_t *object = json_object();

	document_put(object, "schemaVersion", json_integer(2));
	document_put_text(object, "mediaType", media_type);
	if (layout->nannotations)
		document_put(object, "annotations",
			document_labels(
				layout->annotations, layout->nannotations));
	return object;
}

/* Adds the image's three blobs; its descriptor names the platform. */
static json_t *add_image(struct layout_blobs *blobs,
	const struct layout *layout, struct layout_image *image)
{
	json_t *manifest = envelope(layout, MEDIA_MANIFEST);
	json_t *layers = json_array(), *described;

	document_put(manifest, "config", add_config(blobs, image));
	document_append(layers, add_layer(blobs, image->layer));
	document_put(manifest, "layers", layers);
	described = add_document(
		blobs, MEDIA_MANIFEST, manifest, &image->manifest_digest);
	document_put(described, "platform", platform(image->config));
	return described;
}

static json_t *add_images(struct layout_blobs *blobs, struct layout *layout)
{
	json_t *manifests = json_array(), *index;

	assert(layout->nimages);
	if (layout->nimages == 1) {
		json_decref(manifests);
		index = add_image(blobs, layout, &layout->images[0]);
		layout->digest = layout->images[0].manifest_digest;
		return index;
	}
	index = envelope(layout, MEDIA_INDEX);
	for (size_t i = 0; i < layout->nimages; i++)
		document_append(manifests,
			add_image(blobs, layout, &layout->images[i]));
	document_put(index, "manifests", manifests);
	return add_document(blobs, MEDIA_INDEX, index, &layout->digest);
}

/* The entry point: one descriptor that carries the tag. */
static char *index_json(json_t *owned_descriptor, const char *tag)
{
	json_t *object = json_object(), *manifests = json_array();

	if (tag) {
		json_t *annotations = json_object();

		document_put_text(annotations, REF_NAME, tag);
		document_put(owned_descriptor, "annotations", annotations);
	}
	document_append(manifests, owned_descriptor);
	document_put(object, "schemaVersion", json_integer(2));
	document_put_text(object, "mediaType", MEDIA_INDEX);
	document_put(object, "manifests", manifests);
	return document_print(object);
}

static int compare(const void *a, const void *b)
{
	const struct layout_blob *x = a, *y = b;

	return memcmp(x->digest.bytes, y->digest.bytes, DIGEST_BYTES_MAX);
}

/* Images that share a layer or a config share the blob. */
static void sort_unique(struct layout_blobs *blobs)
{
	size_t n = 0;

	qsort(blobs->items, blobs->n, sizeof(*blobs->items), compare);
	for (size_t i = 0; i < blobs->n; i++) {
		struct layout_blob *blob = &blobs->items[i];

		if (n && !compare(blob, &blobs->items[n - 1]))
			free(blob->text);
		else
			blobs->items[n++] = *blob;
	}
	blobs->n = n;
}

void layout_blobs_init(struct layout_blobs *blobs, struct layout *layout)
{
	memset(blobs, 0, sizeof(*blobs));
	blobs->index = index_json(add_images(blobs, layout), layout->tag);
	sort_unique(blobs);
}

void layout_blobs_release(struct layout_blobs *blobs)
{
	for (size_t i = 0; i < blobs->n; i++)
		free(blobs->items[i].text);
	free(blobs->items);
	free(blobs->index);
	memset(blobs, 0, sizeof(*blobs));
}

static int check_digest(const struct layout_blob *blob,
	const struct digest *found, struct error *err)
{
	char want[DIGEST_TEXT_SIZE], got[DIGEST_TEXT_SIZE];

	if (digest_eq(&blob->digest, found))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"layer in %s changed while it was being copied "
		"(expected %s, got %s): build again",
		blob->path, digest_text(&blob->digest, want),
		digest_text(found, got));
}

static int copy_file(const struct layout_blob *blob, int fd, struct sink *to,
	struct error *err)
{
	struct digest_sink hash;
	int failed;

	digest_sink_init(&hash, DIGEST_SHA256, to);
	sink_copy_fd(&hash.sink, fd, blob->offset, blob->size);
	failed = sink_close(&hash.sink, err);
	if (failed)
		error_wrap(err, "copy layer from %s", blob->path);
	else
		failed = check_digest(blob, &hash.digest, err);
	digest_sink_release(&hash);
	return failed;
}

int layout_blob_copy(
	const struct layout_blob *blob, struct sink *to, struct error *err)
{
	SCOPED_FD int fd = -1;

	if (blob->text) {
		sink_write(to, blob->text, blob->size);
		return sink_check(to, err);
	}
	fd = open(blob->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "layer in %s", blob->path);
	return copy_file(blob, fd, to, err);
}
