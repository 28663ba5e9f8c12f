/* SPDX-License-Identifier: MIT
 *
 * archive: reads image archives of any maker: docker-archive (classic, of
 * podman and skopeo, hybrids of Docker 25), OCI image layout as tar or
 * folder, either of them gzipped. For `alpbuild inspect`, and for tests that
 * look at what was written. Layers may be raw or gzip.
 */
#ifndef OCI_ARCHIVE_H
#define OCI_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/tar_read.h"
#include "oci/image_config.h"

enum archive_form {
	ARCHIVE_DOCKER,	 /* manifest.json only */
	ARCHIVE_OCI,	 /* oci-layout and index.json */
	ARCHIVE_OCI_DIR, /* the same as a folder */
	ARCHIVE_HYBRID,	 /* both (Docker 25 and later) */
};

struct archive_layer {
	const char *name;	/* member or blob path */
	struct digest digest;	/* as the manifest says; NONE in classic ones */
	struct digest diff_id;	/* as the config says */
	uint64_t size;		/* bytes of the member */
	const char *media_type; /* NULL in docker archives */
};

struct archive_image {
	const char *const *tags;
	size_t ntags;
	const char *os, *architecture, *variant; /* NULL: not said */
	const char *created;			 /* as written; NULL */
	const char *config_name;		 /* member or blob path */
	const char *config_json;		 /* the document, compact */
	struct image_config config;		 /* decoded; created is 0 */
	struct digest config_digest;
	struct digest manifest_digest; /* NONE in docker archives */
	struct archive_layer *layers;
	size_t nlayers;
};

struct archive {
	enum archive_form form;
	bool gzipped; /* the whole file */
	struct archive_image *images;
	size_t nimages;
	struct arena arena;	     /* owns all of the above */
	struct archive_store *store; /* private: how members are found */
};

/* Opens and reads the metadata; the layers are not read. */
int archive_open(struct archive *archive, const char *path,
	struct error *err) MUST_CHECK;
void archive_release(struct archive *archive);

/* Reads one layer entry by entry. A non-zero return of fn ends it. */
typedef int archive_entry_fn(const struct tar_entry *entry,
	struct tar_reader *reader, void *ctx, struct error *err);
int archive_read_layer(struct archive *archive,
	const struct archive_layer *layer, archive_entry_fn *fn, void *ctx,
	struct error *err) MUST_CHECK;

#endif
