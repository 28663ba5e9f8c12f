/* SPDX-License-Identifier: MIT
 *
 * docker_archive: the one form that every RouterOS imports: a classic
 * `docker save` archive of one image with one raw layer and one tag.
 *
 *	manifest.json		[{"Config":...,"RepoTags":[...],"Layers":[...]}]
 *	<sha256>.json		the config, named by its digest
 *	<diff_id>/layer.tar	the layer
 *
 * and nothing else: no folders, no "./", no PAX, no oci-layout, index.json or
 * blobs. It is written in ONE pass: the members before the layer have sizes
 * that are known beforehand, and are patched in when the layer's digest is.
 */
#ifndef OCI_DOCKER_ARCHIVE_H
#define OCI_DOCKER_ARCHIVE_H

#include "base/error.h"
#include "io/outfile.h"
#include "oci/image_config.h"
#include "oci/layer.h"

struct docker_archive;

/*
 * Starts writing into `out` (open, empty, borrowed). The config is borrowed
 * until close; reference: "alp_rc:v3.18.9-0.0.1"; layer_size: exact bytes of
 * the layer (layer_size()); mtime of all members: config->created.
 */
struct docker_archive *docker_archive_new(struct outfile *out,
	const struct image_config *config, const char *reference,
	uint64_t layer_size);
/* Where the layer's bytes go. Do not close it. */
struct sink *docker_archive_sink(struct docker_archive *archive);
/*
 * Ends the archive when the layer is complete. Tells the config's digest. The
 * outfile still has to be committed.
 */
int docker_archive_close(struct docker_archive *archive,
	const struct digest *diff_id, struct digest *config_digest,
	struct error *err) MUST_CHECK;
void docker_archive_free(struct docker_archive *archive);
/* Offset of the layer's bytes in the file. */
uint64_t docker_archive_layer_offset(const struct docker_archive *archive);

#endif
