/* SPDX-License-Identifier: MIT
 *
 * archive: reads image archives of any maker: docker-archive (classic, of
 * podman and skopeo, hybrids of Docker 25), OCI image layout (OCI image spec
 * v1.1, "Image Layout") as tar or folder, either tar gzipped as a whole, and
 * the folders of skopeo's "dir:" (containers-transports(5)). For
 * `alpbuild inspect`, and for tests that look at what was written. Layers may
 * be raw or gzip. What carries a digest is checked against it; everything is
 * bounded by the limits below. A hybrid is read by its manifest.json, as
 * RouterOS does. Attestations (platform unknown/unknown) and artifacts that
 * are no images are skipped.
 */
#ifndef OCI_ARCHIVE_H
#define OCI_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/digest.h"
#include "io/tar_read.h"
#include "oci/image_config.h"

#define ARCHIVE_DOCUMENT_MAX                                                   \
	((size_t)1 << 20)	  /* bytes of one JSON document                \
				   */
#define ARCHIVE_DOCUMENTS_MAX 256 /* manifests and indexes read */
#define ARCHIVE_MEMBERS_MAX 65536
#define ARCHIVE_IMAGES_MAX 64
#define ARCHIVE_LAYERS_MAX 127 /* of one image, as Docker's limit */
#define ARCHIVE_TAGS_MAX 256   /* of one image */
#define ARCHIVE_DEPTH_MAX 4    /* index in index */
#define ARCHIVE_LINKS_MAX 8    /* symbolic links between members */
/*
 * Uncompressing stops at 32 MiB plus a hundred times the compressed size, and
 * at 16 GiB in any case: what grows more is taken for a bomb.
 */
#define ARCHIVE_GUNZIP_BASE (UINT64_C(32) << 20)
#define ARCHIVE_GUNZIP_RATIO 100
#define ARCHIVE_GUNZIP_MAX (UINT64_C(16) << 30)

struct archive_store;

enum archive_form {
	ARCHIVE_DOCKER,	 /* manifest.json only */
	ARCHIVE_OCI,	 /* oci-layout and index.json */
	ARCHIVE_OCI_DIR, /* the same as a folder */
	ARCHIVE_HYBRID,	 /* both (Docker 25 and later) */
	ARCHIVE_DIR,	 /* a folder of manifest.json and blobs by their hex */
};

struct archive_layer {
	const char *name;	/* member or blob path, as the manifest says */
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
	const char *other_keys; /* of it, which image_config has no place for:
				   "author, os.version"; "": none */
	struct image_config config; /* decoded; created is 0 */
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
	size_t nattestations; /* of OCI layouts: those that were skipped */
	struct arena arena;   /* owns all of the above */
	struct archive_store *store; /* private: how members are found */
};

/*
 * Opens and reads the metadata; the layers are not read. ERROR_NOT_FOUND: no
 * such file; ERROR_INPUT: malformed or beyond a limit, a missing member is
 * named; ERROR_VERIFY: not what its digest says. On failure there is nothing
 * to release.
 */
int archive_open(struct archive *archive, const char *path,
	struct error *err) MUST_CHECK;
/* The same for a store that is open, which is taken over in any case. */
int archive_open_store(struct archive *archive,
	struct archive_store *owned_store, const char *path,
	struct error *err) MUST_CHECK;
/* Safe on a zeroed struct. */
void archive_release(struct archive *archive);

/*
 * Reads one layer entry by entry, after its bytes were checked against digest
 * and diff_id. Whiteouts are entries like others. A non-zero return of fn
 * ends it and is returned.
 */
typedef int archive_entry_fn(const struct tar_entry *entry,
	struct tar_reader *reader, void *ctx, struct error *err);
int archive_read_layer(struct archive *archive,
	const struct archive_layer *layer, archive_entry_fn *fn, void *ctx,
	struct error *err) MUST_CHECK;
/*
 * The same checks, and the bytes of the plain tar as a file of its own, which
 * the caller closes. What umoci insert (0.4.7) writes just stops after its last
 * entry: the zeros that end a tar are added behind *length, which are the
 * layer's own bytes. ERROR_VERIFY: not what its digests say; ERROR_INPUT:
 * compressed in a way that is not read, or damaged. -1 on failure.
 */
int archive_layer_fd(struct archive *archive, const struct archive_layer *layer,
	uint64_t *length, struct error *err) MUST_CHECK;

#endif
