/* SPDX-License-Identifier: MIT */
#include "cmd/inspect_report.h"

static const char *kind_name(enum tar_kind kind)
{
	static const char *const names[] = {
		[TAR_FILE] = "file",
		[TAR_DIRECTORY] = "directory",
		[TAR_SYMLINK] = "symlink",
		[TAR_HARDLINK] = "hardlink",
		[TAR_CHARACTER] = "character",
		[TAR_BLOCK] = "block",
		[TAR_FIFO] = "fifo",
	};

	return names[kind];
}

static int add_entry(const struct tar_entry *e, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", (unsigned)e->mode);
	json_array_append_new(ctx,
		json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:s*}", "path", e->path,
			"type", kind_name(e->kind), "mode", mode, "uid",
			(json_int_t)e->uid, "gid", (json_int_t)e->gid, "size",
			(json_int_t)e->size, "mtime", (json_int_t)e->mtime,
			"target", e->target));
	return 0;
}

static json_t *digest_json(const struct digest *digest)
{
	char text[DIGEST_TEXT_SIZE];

	return digest->kind ? json_string(digest_text(digest, text))
			    : json_null();
}

static int add_layer(struct archive *archive, const struct archive_layer *layer,
	const struct request *request, json_t *layers, struct error *err)
{
	json_t *object = json_pack("{s:s,s:I,s:o,s:o,s:s*}", "name",
		layer->name, "size", (json_int_t)layer->size, "digest",
		digest_json(&layer->digest), "diffId",
		digest_json(&layer->diff_id), "mediaType", layer->media_type);
	json_t *files;

	json_array_append_new(layers, object);
	if (!request->list_files)
		return 0;
	files = json_array();
	json_object_set_new(object, "files", files);
	return archive_read_layer(archive, layer, add_entry, files, err);
}

static json_t *image_json(const struct archive_image *image)
{
	json_t *tags = json_array();

	for (size_t i = 0; i < image->ntags; i++)
		json_array_append_new(tags, json_string(image->tags[i]));
	return json_pack("{s:o,s:s*,s:s*,s:s*,s:o,s:o,s:o}", "tags", tags, "os",
		image->os, "architecture", image->architecture, "variant",
		image->variant, "configDigest",
		digest_json(&image->config_digest), "manifestDigest",
		digest_json(&image->manifest_digest), "config",
		json_loads(image->config_json, 0, NULL));
}

int inspect_json(struct archive *archive, const char *path,
	const struct request *request, json_t *documents, struct error *err)
{
	static const char *const forms[] = {
		[ARCHIVE_DOCKER] = "docker-archive",
		[ARCHIVE_OCI] = "oci",
		[ARCHIVE_OCI_DIR] = "oci-dir",
		[ARCHIVE_HYBRID] = "hybrid",
		[ARCHIVE_DIR] = "dir",
	};
	json_t *images = json_array();

	json_array_append_new(
		documents, json_pack("{s:s,s:s,s:b,s:o}", "file", path, "form",
				   forms[archive->form], "gzipped",
				   archive->gzipped, "images", images));
	for (size_t i = 0; i < archive->nimages; i++) {
		const struct archive_image *image = &archive->images[i];
		json_t *object = image_json(image), *layers = json_array();

		json_object_set_new(object, "layers", layers);
		json_array_append_new(images, object);
		for (size_t k = 0; k < image->nlayers; k++) {
			if (add_layer(archive, &image->layers[k], request,
				    layers, err))
				return -1;
		}
	}
	return 0;
}
