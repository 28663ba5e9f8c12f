/* SPDX-License-Identifier: MIT
 *
 * check: whether RouterOS imports and runs an image, by everything that is
 * known of its versions (rule.h). What is wrong with an image is a finding,
 * never an error: errors are about files that cannot be read at all.
 *
 * An archive is looked at from the outside in: the file, the documents in it,
 * the config, the layers as they are stacked, and the tree that they make.
 * What cannot be read hides what would follow it.
 */
#ifndef ROUTEROS_CHECK_H
#define ROUTEROS_CHECK_H

#include "oci/archive.h"
#include "routeros/board.h"
#include "routeros/finding.h"

struct check_image {
	const struct archive_image *image; /* borrowed from the archive */
	const char *platform;		   /* "linux/arm/v7" */
	uint64_t unpacked;		   /* bytes of all files */
	size_t nfiles;			   /* names, folders included */
	bool is_read;			   /* the layers could be read */
};

struct check {
	const char *path;	   /* borrowed */
	const struct board *board; /* borrowed; NULL: any */
	bool is_folder, is_gzipped;
	const char *compression; /* "zstd", of the whole file; NULL: none */
	uint64_t size;		 /* bytes of the file, 0 of a folder */
	struct check_findings findings;
	struct archive archive; /* zero when it could not be read */
	struct check_image images[ARCHIVE_IMAGES_MAX];
	size_t nimages;
	struct arena arena;
};

/*
 * Fills in *check, whose path and board are set, nothing else. ERROR_NOT_FOUND,
 * ERROR_IO: the file cannot be read; there is nothing to release then.
 */
int check_file(struct check *check, struct error *err) MUST_CHECK;
void check_release(struct check *check);

/* What the parts share, private to routeros/check*. */
struct archive_store;
int check_archive(struct check *check, struct archive_store **store,
	struct error *err) MUST_CHECK;
void check_manifest(struct check *check, struct archive_store *store);
void check_oci_layers(struct check *check);

#endif
