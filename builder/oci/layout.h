/* SPDX-License-Identifier: MIT
 *
 * layout: an OCI image layout (OCI image spec v1.1, "Image Layout") as a tar
 * or as a folder. With one image, index.json points at its manifest; with
 * several, at an image index of their manifests, with platforms. The tag is
 * the annotation org.opencontainers.image.ref.name. Blobs are written in
 * order of their digests, each once.
 */
#ifndef OCI_LAYOUT_H
#define OCI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "oci/image_config.h"
#include "oci/layer.h"

struct layout_image {
	const struct image_config *config;
	const struct layer *layer;     /* blob_path must be set */
	struct digest manifest_digest; /* filled in */
};

struct layout {
	struct layout_image *images; /* in the order of the index */
	size_t nimages;
	const char *tag; /* "v3.18.9-0.0.1" */
	int64_t mtime;	 /* of the tar's members, seconds */
	/* org.opencontainers.image.* for index and manifests; may be empty */
	const struct oci_label *annotations;
	size_t nannotations;
	struct digest digest; /* filled in: what index.json points at */
};

/*
 * Fills in the digests without writing anything. Returns the bytes of all
 * blobs together.
 */
uint64_t layout_describe(struct layout *layout);
/* Streams the layout as a tar; the sink is not closed. */
int layout_write(
	struct layout *layout, struct sink *out, struct error *err) MUST_CHECK;
/*
 * True when the folder at path has the index.json of this very layout and
 * all of its blobs, by their sizes.
 */
bool layout_dir_is(struct layout *layout, const char *path);

/*
 * Tells whether a folder may be written at path: only a layout or an empty
 * folder is replaced, what else is there is the user's (ERROR_EXISTS).
 */
int layout_dir_check(const char *path, struct error *err) MUST_CHECK;

/* Writes <path> as a tar, complete or not at all. */
int layout_write_tar(
	struct layout *layout, const char *path, struct error *err) MUST_CHECK;
/*
 * Writes the folder <path>: into a temporary beside it which then takes its
 * place, an older layout is removed afterwards.
 */
int layout_write_dir(
	struct layout *layout, const char *path, struct error *err) MUST_CHECK;

#endif
