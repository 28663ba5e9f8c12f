/* SPDX-License-Identifier: MIT
 *
 * archive_parse: the two ways in which an archive tells its images, and what
 * they share. Everything that is kept lives in the archive's arena. Private
 * to archive.
 */
#ifndef OCI_ARCHIVE_PARSE_H
#define OCI_ARCHIVE_PARSE_H

#include <jansson.h>

#include "base/error.h"
#include "oci/archive.h"
#include "oci/archive_json.h"

#define ARCHIVE_MANIFEST "manifest.json"
#define ARCHIVE_INDEX "index.json"
#define ARCHIVE_MARK "oci-layout"

/* Images from manifest.json (docker save). */
int archive_parse_docker(struct archive *archive, struct error *err) MUST_CHECK;
/* Images from index.json and the blobs it leads to. */
int archive_parse_oci(struct archive *archive, struct error *err) MUST_CHECK;
/* The same of a folder whose manifest.json is a manifest or an index. */
int archive_parse_dir(struct archive *archive, struct error *err) MUST_CHECK;

/* A member as JSON, and its SHA-256 unless digest is NULL; NULL: failed. */
json_t *archive_load(struct archive *archive, const char *name,
	struct digest *digest, struct error *err) MUST_CHECK;

/*
 * The config of an image whose layers are named already: fills in what the
 * config says, the layers' diff_ids among it. want: its digest as someone
 * said it, NONE when nobody did.
 */
int archive_load_config(struct archive *archive, struct archive_image *image,
	const struct digest *want, struct error *err) MUST_CHECK;

/* A copy of the image goes into the archive; ERROR_INPUT beyond the limit. */
int archive_add_image(struct archive *archive,
	const struct archive_image *image, struct error *err) MUST_CHECK;

/* ERROR_VERIFY unless they are equal; `what` names the thing. */
int archive_check_digest(const char *what, const struct digest *want,
	const struct digest *got, struct error *err) MUST_CHECK;

#endif
