/* SPDX-License-Identifier: MIT
 *
 * rootfs_tar: a root file system as `docker export`, `podman export`, `tar -C
 * FOLDER` or Alpine's minirootfs have it: a tar, raw or with gzip, without
 * the documents that an image has. oci/flatten reads what is in it.
 */
#ifndef OCI_ROOTFS_TAR_H
#define OCI_ROOTFS_TAR_H

#include <stdint.h>

#include "base/error.h"

/*
 * The plain tar from its start, *size bytes; the caller closes it. Gzipped
 * ones are uncompressed into a file without a name, within the limits of
 * oci/archive. ERROR_INPUT: neither; -1 on failure.
 */
int rootfs_tar_open(
	const char *path, uint64_t *size, struct error *err) MUST_CHECK;

#endif
