/* SPDX-License-Identifier: MIT
 *
 * manifest.json as a router reads it, which knows less forgiveness than other
 * programs: one image, whose parts are regular members and plain tars. OCI
 * layouts have none; of them only what their layers are compressed by counts.
 */
#include <string.h>

#include "base/path.h"
#include "oci/archive_json.h"
#include "oci/archive_store.h"
#include "oci/reference.h"
#include "routeros/check.h"
#include "routeros/compression.h"

#define MANIFEST "manifest.json"

struct manifest {
	struct check_findings *findings;
	const struct archive_store *store;
};

/* ---- tags -------------------------------------------------------------- */

static void check_tags(const struct manifest *m, const json_t *image)
{
	const json_t *tags = json_object_get(image, "RepoTags"), *tag;
	size_t i;

	if (!json_array_size(tags))
		findings_add_place(m->findings, RULE_TAG_MISSING, MANIFEST);
	json_array_foreach(tags, i, tag) {
		const char *text = json_string_value(tag);

		if (text && !reference_is_valid(text))
			findings_add(m->findings, RULE_TAG_INVALID, MANIFEST,
				"%.200s", text);
	}
}

/* ---- members ----------------------------------------------------------- */

/* Routers are known to look for manifest.json by its very name. */
static bool is_called(
	const struct manifest *m, const char *name, const char *clean)
{
	const bool is_dotted = archive_store_is_dotted(m->store, clean);

	/* Of an archive whose names all have "./" this is told once. */
	if (is_dotted && archive_store_is_dotted(m->store, MANIFEST))
		return true;
	if (is_dotted && slice_starts(slice_of(name), "./"))
		name += strlen("./");
	else if (is_dotted)
		return false;
	return !strcmp(name, clean);
}

static bool check_member(const struct manifest *m, const char *name)
{
	SCOPED_FREE char *clean = NULL;
	struct error ignored;

	if (path_clean(name, PATH_FROM_ARCHIVE, &clean, &ignored) ||
		!archive_store_has(m->store, clean)) {
		findings_add_place(m->findings, RULE_MEMBER_MISSING, name);
		return false;
	}
	if (archive_store_is_link(m->store, clean))
		findings_add_place(m->findings, RULE_MEMBER_LINK, name);
	if (!is_called(m, name, clean))
		findings_add_place(m->findings, RULE_MEMBER_NAME, name);
	return true;
}

/* Routers uncompress the layers of OCI layouts only, and gzip only. */
static void check_compression(
	const struct manifest *m, const char *name, enum check_rule_id gzip)
{
	unsigned char start[COMPRESSION_PEEK];
	const char *compression;
	struct error ignored;

	/* What cannot be read is told when it is unpacked. */
	if (archive_store_peek(m->store, name, start, sizeof(start), &ignored))
		return;
	compression = compression_of(start);
	if (!compression)
		return;
	if (strcmp(compression, "gzip"))
		findings_add(m->findings, RULE_LAYER_COMPRESSED, name, "%s",
			compression);
	else if (gzip != RULE_COUNT)
		findings_add_place(m->findings, gzip, name);
}

static void check_layer(const struct manifest *m, const char *name)
{
	SCOPED_FREE char *clean = NULL;
	struct error ignored;

	if (check_member(m, name) &&
		!path_clean(name, PATH_FROM_ARCHIVE, &clean, &ignored))
		check_compression(m, clean, RULE_LAYER_GZIP);
}

static void invalid(const struct manifest *m, const char *text)
{
	findings_add(m->findings, RULE_MANIFEST_INVALID, MANIFEST, "%s", text);
}

static void check_layers_of(const struct manifest *m, const json_t *image)
{
	const json_t *layers = json_object_get(image, "Layers"), *layer;
	size_t i;

	if (!json_array_size(layers)) {
		invalid(m, "Layers is missing or empty");
		return;
	}
	if (json_array_size(layers) > 1)
		findings_add(m->findings, RULE_SEVERAL_LAYERS, NULL, "%zu",
			json_array_size(layers));
	json_array_foreach(layers, i, layer) {
		if (json_is_string(layer))
			check_layer(m, json_string_value(layer));
		else
			invalid(m, "Layers has an item that is no text");
	}
}

/* ---- documents --------------------------------------------------------- */

static void check_image(const struct manifest *m, const json_t *image)
{
	const json_t *config = json_object_get(image, "Config");

	if (json_is_string(config))
		check_member(m, json_string_value(config));
	else
		invalid(m, "Config is missing or no text");
	check_layers_of(m, image);
	check_tags(m, image);
}

static void check_list(const struct manifest *m, const json_t *root)
{
	const json_t *image;
	size_t i;

	if (!json_is_array(root) || !json_array_size(root)) {
		invalid(m, "it is no list of images");
		return;
	}
	if (json_array_size(root) > 1)
		findings_add(m->findings, RULE_SEVERAL_IMAGES, MANIFEST,
			"%zu images", json_array_size(root));
	json_array_foreach(root, i, image) {
		check_image(m, image);
	}
}

static json_t *read_json(
	struct archive_store *store, const char *name, struct error *err)
{
	SCOPED_BUF struct buf buf = { 0 };

	if (archive_store_read(store, name, &buf, err))
		return NULL;
	return archive_json_parse(buf_slice(&buf), err);
}

void check_manifest(struct check *check, struct archive_store *store)
{
	const struct manifest m = { &check->findings, store };
	struct error why;
	json_t *root;

	if (!archive_store_has(store, MANIFEST) || check->is_folder)
		return;
	root = read_json(store, MANIFEST, &why);
	if (root)
		check_list(&m, root);
	else
		invalid(&m, why.text);
	json_decref(root);
}

void check_oci_layers(struct check *check)
{
	const struct manifest m = { &check->findings, check->archive.store };

	for (size_t i = 0; i < check->archive.nimages; i++) {
		const struct archive_image *image = &check->archive.images[i];

		for (size_t k = 0; k < image->nlayers; k++)
			check_compression(
				&m, image->layers[k].name, RULE_COUNT);
		if (image->nlayers > 1)
			findings_add(&check->findings, RULE_SEVERAL_LAYERS,
				NULL, "%zu", image->nlayers);
	}
}
