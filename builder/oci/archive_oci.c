/* SPDX-License-Identifier: MIT
 *
 * index.json (OCI image spec v1.1, "Image Index") and what it leads to:
 * manifests, and indexes of manifests. The blobs' digests are checked before
 * anything in them is believed. Folders of "dir:" hold the same documents
 * under other names.
 */
#include "oci/archive_parse.h"

#include <stdio.h>
#include <string.h>

#include "oci/archive_store.h"

/* "blobs/sha256/<hex>", "<hex>.manifest.json" */
#define BLOB_NAME_SIZE (DIGEST_HEX_SIZE + 16)
#define REF_NAME "org.opencontainers.image.ref.name"
/* On the descriptor of what BuildKit attests about an image. */
#define REFERENCE_TYPE "vnd.docker.reference.type"

enum document_type { DOCUMENT_OTHER, DOCUMENT_INDEX, DOCUMENT_MANIFEST };

struct media_row {
	const char *name;
	enum document_type type;
};

static const struct media_row media_rows[] = {
	{ "application/vnd.oci.image.index.v1+json", DOCUMENT_INDEX },
	{ "application/vnd.docker.distribution.manifest.list.v2+json",
		DOCUMENT_INDEX },
	{ "application/vnd.oci.image.manifest.v1+json", DOCUMENT_MANIFEST },
	{ "application/vnd.docker.distribution.manifest.v2+json",
		DOCUMENT_MANIFEST },
};

static const char *const config_types[] = {
	"application/vnd.oci.image.config.v1+json",
	"application/vnd.docker.container.image.v1+json",
};

/* OCI image spec v1.1, "Content Descriptors": the part that is needed. */
struct descriptor {
	const char *media_type; /* borrowed from the document */
	char name[BLOB_NAME_SIZE];
	struct digest digest;
	uint64_t size;
};

/* How far the walk from index.json has come. */
struct walk {
	struct archive *archive;
	const char *tag; /* in index.json, borrowed; NULL: none */
	int depth;
	int ndocuments;
};

static enum document_type document_type(const char *media_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(media_rows); i++) {
		if (!strcmp(media_rows[i].name, media_type))
			return media_rows[i].type;
	}
	return DOCUMENT_OTHER;
}

static void blob_name(const struct archive *archive,
	const struct digest *digest, char name[BLOB_NAME_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	if (archive->form == ARCHIVE_DIR) {
		snprintf(name, BLOB_NAME_SIZE, "%s", digest_hex(digest, hex));
		return;
	}
	snprintf(name, BLOB_NAME_SIZE, "blobs/%s/%s",
		digest->kind == DIGEST_SHA256 ? "sha256" : "sha512",
		digest_hex(digest, hex));
}

static int parse_descriptor(const struct archive *archive, const json_t *object,
	struct descriptor *out, struct error *err)
{
	const json_t *size;
	const char *text;

	if (archive_json_need_text(
		    object, "mediaType", &out->media_type, err) ||
		archive_json_need_text(object, "digest", &text, err) ||
		archive_json_digest(text, &out->digest, err))
		return -1;
	size = json_object_get(object, "size");
	if (!json_is_integer(size) || json_integer_value(size) < 0)
		return error_set(err, ERROR_INPUT,
			"size: expected a whole number of bytes");
	out->size = (uint64_t)json_integer_value(size);
	blob_name(archive, &out->digest, out->name);
	return 0;
}

static int parse_config_descriptor(const struct archive *archive,
	const json_t *manifest, struct descriptor *out, struct error *err)
{
	json_t *member;

	if (archive_json_object(manifest, "config", &member, err))
		return -1;
	if (!member)
		return error_set(err, ERROR_INPUT, "config is missing");
	if (parse_descriptor(archive, member, out, err))
		return error_wrap(err, "config");
	return 0;
}

/* The blob is there and as large as it should be. */
static int check_blob(struct archive *archive, const struct descriptor *blob,
	struct error *err)
{
	uint64_t size;

	if (archive_store_size(archive->store, blob->name, &size, err))
		return -1;
	if (size != blob->size)
		return error_set(err, ERROR_VERIFY,
			"%s has %llu bytes, expected %llu", blob->name,
			(unsigned long long)size,
			(unsigned long long)blob->size);
	return 0;
}

static json_t *load_blob(struct archive *archive, const struct descriptor *blob,
	struct error *err)
{
	struct digest got = { .kind = blob->digest.kind };
	json_t *root;

	if (check_blob(archive, blob, err))
		return NULL;
	root = archive_load(archive, blob->name, &got, err);
	if (root &&
		archive_check_digest(blob->name, &blob->digest, &got, err)) {
		json_decref(root);
		return NULL;
	}
	return root;
}

static int parse_layers(struct archive *archive, const json_t *manifest,
	struct archive_image *image, struct error *err)
{
	json_t *array;

	if (archive_json_array(manifest, "layers", &array, err))
		return -1;
	image->nlayers = json_array_size(array);
	if (image->nlayers > ARCHIVE_LAYERS_MAX)
		return error_set(err, ERROR_INPUT,
			"layers has %zu items (at most %d)", image->nlayers,
			ARCHIVE_LAYERS_MAX);
	image->layers = arena_alloc(
		&archive->arena, image->nlayers * sizeof(*image->layers));
	for (size_t i = 0; i < image->nlayers; i++) {
		struct descriptor blob;

		if (parse_descriptor(
			    archive, json_array_get(array, i), &blob, err) ||
			check_blob(archive, &blob, err))
			return error_wrap(err, "layers[%zu]", i);
		image->layers[i] = (struct archive_layer){
			.name = arena_strdup(&archive->arena, blob.name),
			.digest = blob.digest,
			.size = blob.size,
			.media_type =
				arena_strdup(&archive->arena, blob.media_type),
		};
	}
	return 0;
}

static bool is_image_config(const char *media_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(config_types); i++) {
		if (!strcmp(config_types[i], media_type))
			return true;
	}
	return false;
}

static int parse_manifest(struct walk *walk, const json_t *manifest,
	const struct digest *self, struct error *err)
{
	struct arena *arena = &walk->archive->arena;
	struct archive_image image = { .manifest_digest = *self };
	struct descriptor config;

	if (parse_config_descriptor(walk->archive, manifest, &config, err))
		return -1;
	if (!is_image_config(config.media_type))
		return 0;
	if (walk->tag) {
		const char *tag = arena_strdup(arena, walk->tag);

		image.tags = arena_copy(arena, &tag, sizeof(tag));
		image.ntags = 1;
	}
	image.config_name = arena_strdup(arena, config.name);
	if (check_blob(walk->archive, &config, err) ||
		parse_layers(walk->archive, manifest, &image, err) ||
		archive_load_config(walk->archive, &image, &config.digest, err))
		return -1;
	return archive_add_image(walk->archive, &image, err);
}

static int parse_index(
	struct walk *walk, const json_t *index, struct error *err);

static int parse_blob(struct walk *walk, const struct descriptor *blob,
	enum document_type type, struct error *err)
{
	json_t *root;
	int failed;

	if (++walk->ndocuments > ARCHIVE_DOCUMENTS_MAX)
		return error_set(err, ERROR_INPUT,
			"more than %d manifests and indexes",
			ARCHIVE_DOCUMENTS_MAX);
	root = load_blob(walk->archive, blob, err);
	if (!root)
		return -1;
	if (type == DOCUMENT_INDEX)
		failed = parse_index(walk, root, err);
	else
		failed = parse_manifest(walk, root, &blob->digest, err);
	json_decref(root);
	return failed ? error_wrap(err, "%s", blob->name) : 0;
}

/* Not an image to run, but something that is said about one. */
static int is_attestation(const json_t *object, int *is, struct error *err)
{
	const char *architecture = NULL, *reference = NULL;
	json_t *platform, *annotations;

	if (archive_json_object(object, "platform", &platform, err) ||
		archive_json_object(object, "annotations", &annotations, err))
		return -1;
	if (platform &&
		archive_json_text(platform, "architecture", &architecture, err))
		return -1;
	if (annotations &&
		archive_json_text(annotations, REFERENCE_TYPE, &reference, err))
		return -1;
	*is = reference || (architecture && !strcmp(architecture, "unknown"));
	return 0;
}

static int read_tag(struct walk *walk, const json_t *object, struct error *err)
{
	json_t *annotations;

	if (archive_json_object(object, "annotations", &annotations, err))
		return -1;
	if (!annotations)
		return 0;
	return archive_json_text(annotations, REF_NAME, &walk->tag, err);
}

/* Folders of "dir:" tell manifests and other blobs apart. */
static void manifest_name(struct descriptor *blob)
{
	char hex[DIGEST_HEX_SIZE];

	snprintf(blob->name, sizeof(blob->name), "%s.manifest.json",
		digest_hex(&blob->digest, hex));
}

static int parse_child(
	struct walk *walk, const json_t *object, struct error *err)
{
	enum document_type type;
	struct descriptor blob;
	int attestation;

	if (parse_descriptor(walk->archive, object, &blob, err) ||
		is_attestation(object, &attestation, err))
		return -1;
	type = document_type(blob.media_type);
	if (walk->archive->form == ARCHIVE_DIR)
		manifest_name(&blob);
	walk->archive->nattestations += attestation != 0;
	if (attestation || type == DOCUMENT_OTHER)
		return 0;
	if (walk->depth == 1) {
		walk->tag = NULL;
		if (read_tag(walk, object, err))
			return -1;
	}
	return parse_blob(walk, &blob, type, err);
}

static int parse_index(
	struct walk *walk, const json_t *index, struct error *err)
{
	json_t *manifests;

	if (archive_json_array(index, "manifests", &manifests, err))
		return -1;
	if (!manifests)
		return error_set(err, ERROR_INPUT, "manifests is missing");
	if (walk->depth == ARCHIVE_DEPTH_MAX)
		return error_set(err, ERROR_INPUT,
			"more than %d indexes, one in the other",
			ARCHIVE_DEPTH_MAX);
	walk->depth++;
	for (size_t i = 0; i < json_array_size(manifests); i++) {
		if (parse_child(walk, json_array_get(manifests, i), err))
			return error_wrap(err, "manifests[%zu]", i);
	}
	walk->depth--;
	return 0;
}

static int check_version(struct archive *archive, struct error *err)
{
	json_t *root = archive_load(archive, ARCHIVE_MARK, NULL, err);
	const char *version;
	int failed;

	if (!root)
		return -1;
	failed = archive_json_need_text(
		root, "imageLayoutVersion", &version, err);
	if (!failed && strcmp(version, "1.0.0"))
		failed = error_set(err, ERROR_INPUT,
			"imageLayoutVersion: expected \"1.0.0\", got "
			"\"%.32s\"",
			version);
	json_decref(root);
	return failed ? error_wrap(err, ARCHIVE_MARK) : 0;
}

int archive_parse_oci(struct archive *archive, struct error *err)
{
	struct walk walk = { .archive = archive };
	json_t *root;
	int failed;

	if (check_version(archive, err))
		return -1;
	root = archive_load(archive, ARCHIVE_INDEX, NULL, err);
	if (!root)
		return -1;
	failed = parse_index(&walk, root, err);
	json_decref(root);
	return failed ? error_wrap(err, ARCHIVE_INDEX) : 0;
}

/*
 * The manifest or index that was copied, by its own word: of OCI's, which need
 * not say what they are, only indexes have manifests.
 */
static enum document_type type_of(const json_t *root, struct error *err)
{
	const char *media_type;

	if (archive_json_text(root, "mediaType", &media_type, err))
		return DOCUMENT_OTHER;
	if (media_type && document_type(media_type) != DOCUMENT_OTHER)
		return document_type(media_type);
	if (json_object_get(root, "manifests"))
		return DOCUMENT_INDEX;
	if (json_object_get(root, "config"))
		return DOCUMENT_MANIFEST;
	error_set(err, ERROR_INPUT,
		"neither a manifest nor an index of OCI or of Docker's "
		"schema 2: copy the image again with skopeo copy --format "
		"oci");
	return DOCUMENT_OTHER;
}

int archive_parse_dir(struct archive *archive, struct error *err)
{
	struct walk walk = { .archive = archive };
	struct digest digest = { .kind = DIGEST_SHA256 };
	json_t *root = archive_load(archive, ARCHIVE_MANIFEST, &digest, err);
	int failed = -1;

	if (!root)
		return -1;
	switch (type_of(root, err)) {
	case DOCUMENT_INDEX:
		failed = parse_index(&walk, root, err);
		break;
	case DOCUMENT_MANIFEST:
		failed = parse_manifest(&walk, root, &digest, err);
		break;
	case DOCUMENT_OTHER:
		break;
	}
	json_decref(root);
	return failed ? error_wrap(err, ARCHIVE_MANIFEST) : 0;
}
