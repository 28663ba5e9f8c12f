/* SPDX-License-Identifier: MIT
 *
 * manifest.json of `docker save`: an array of {Config, RepoTags, Layers},
 * whose names are members. Other keys (LayerSources, Parent) are no use here.
 */
#include "oci/archive_parse.h"

#include <string.h>

#include "base/path.h"
#include "oci/archive_store.h"

#define SHA256_HEX 64

/* Names are told in their clean form, as members are found by it. */
static int clean_name(
	struct archive *archive, const char **name, struct error *err)
{
	SCOPED_FREE char *clean = NULL;

	if (path_clean(*name, PATH_FROM_ARCHIVE, &clean, err))
		return -1;
	*name = arena_strdup(&archive->arena, clean);
	return 0;
}

/*
 * The digest that a name stands for: "<hex>.json" of classic archives,
 * "blobs/sha256/<hex>" of hybrids. Other names ("config.json") promise none.
 */
static struct digest digest_of_name(const char *name)
{
	struct slice base = slice_of(path_base(name));
	struct digest digest = { 0 };
	struct error ignored;

	if (slice_ends(base, ".json"))
		base.len -= strlen(".json");
	if (base.len != SHA256_HEX || digest_parse(base, &digest, &ignored))
		return (struct digest){ 0 };
	return digest;
}

static int load_layer(
	struct archive *archive, struct archive_layer *layer, struct error *err)
{
	if (clean_name(archive, &layer->name, err))
		return -1;
	if (slice_starts(slice_of(layer->name), "blobs/sha256/"))
		layer->digest = digest_of_name(layer->name);
	return archive_store_size(
		archive->store, layer->name, &layer->size, err);
}

static int load_layers(struct archive *archive, const json_t *entry,
	struct archive_image *image, struct error *err)
{
	const struct archive_list list = { entry, "Layers",
		ARCHIVE_LAYERS_MAX };
	struct archive_texts names;

	if (archive_json_texts(&list, &archive->arena, &names, err))
		return -1;
	image->nlayers = names.n;
	image->layers =
		arena_alloc(&archive->arena, names.n * sizeof(*image->layers));
	for (size_t i = 0; i < names.n; i++) {
		image->layers[i].name = names.items[i];
		if (load_layer(archive, &image->layers[i], err))
			return error_wrap(err, "Layers[%zu]", i);
	}
	return 0;
}

static int load_entry(
	struct archive *archive, const json_t *entry, struct error *err)
{
	const struct archive_list tag_list = { entry, "RepoTags",
		ARCHIVE_TAGS_MAX };
	struct archive_image image = { 0 };
	struct archive_texts tags;
	struct digest want;

	if (archive_json_texts(&tag_list, &archive->arena, &tags, err))
		return -1;
	image.tags = tags.items;
	image.ntags = tags.n;
	if (archive_json_need_text(entry, "Config", &image.config_name, err))
		return -1;
	if (clean_name(archive, &image.config_name, err))
		return error_wrap(err, "Config");
	if (load_layers(archive, entry, &image, err))
		return -1;
	want = digest_of_name(image.config_name);
	if (archive_load_config(archive, &image, &want, err))
		return -1;
	return archive_add_image(archive, &image, err);
}

static int load_entries(
	struct archive *archive, const json_t *root, struct error *err)
{
	if (!json_is_array(root))
		return error_set(err, ERROR_INPUT, "expected an array");
	for (size_t i = 0; i < json_array_size(root); i++) {
		if (load_entry(archive, json_array_get(root, i), err))
			return error_wrap(err, "image %zu", i);
	}
	return 0;
}

int archive_parse_docker(struct archive *archive, struct error *err)
{
	json_t *root = archive_load(archive, ARCHIVE_MANIFEST, NULL, err);
	int failed;

	if (!root)
		return -1;
	failed = load_entries(archive, root, err);
	json_decref(root);
	return failed ? error_wrap(err, ARCHIVE_MANIFEST) : 0;
}
