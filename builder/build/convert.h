/* SPDX-License-Identifier: MIT
 *
 * convert: an image archive of any maker into the one form that every
 * RouterOS imports: a classic docker-archive of one image with one raw layer
 * and one tag. Nothing is unpacked: the layers are stacked in memory, their
 * contents copied from where they are. The result is a function of the input,
 * is checked as `alpbuild check` would, and appears complete or not at all.
 *
 * Kept are owners, modes, times and links of all files, and of the config
 * what says how a container is started (its whole "config" object), platform
 * and time of creation. The history becomes one entry; device nodes, fifos
 * and extended attributes are left out with a warning. A plain root file
 * system becomes an image of one layer in the same way.
 */
#ifndef BUILD_CONVERT_H
#define BUILD_CONVERT_H

#include "build/convert_rootfs.h"
#include "build/image.h"
#include "build/image_check.h"
#include "io/progress.h"
#include "oci/archive_choose.h"

struct convert_options {
	const char *input;  /* archive or OCI folder */
	const char *output; /* the file to be */
	struct archive_wish wish;
	/* The input is a root file system in a tar, the wish is not looked at;
	 * NULL: an image. */
	const struct convert_rootfs *rootfs;
	const char *name; /* NAME:TAG of the result; NULL: the input's own */
	enum overwrite overwrite;
	enum check_policy policy;   /* what an error of the check means */
	struct progress *progress;  /* NULL: none */
	const volatile int *cancel; /* non-zero: stop (ERROR_INTERRUPTED) */
};

struct convert_result {
	struct arena arena; /* owns all texts */
	const char *reference, *platform;
	size_t nlayers;		  /* of the input */
	size_t nfiles;		  /* names, folders included */
	size_t ndevices, nxattrs; /* entries that lost something */
	const char *other_keys;	  /* of the config, which were left out */
	uint64_t size;		  /* bytes of the file */
	struct digest sha256;	  /* of the file */
	struct digest id;	  /* of the config */
};

/*
 * ERROR_EXISTS: the output is there; ERROR_NOT_FOUND, ERROR_USAGE: no image,
 * or several, fit the wish; ERROR_INPUT, ERROR_VERIFY: the input cannot be
 * read; ERROR_CHECK: a router would not run it. To be released in any case.
 */
int convert(const struct convert_options *options,
	struct convert_result *result, struct error *err) MUST_CHECK;
void convert_release(struct convert_result *result);

#endif
