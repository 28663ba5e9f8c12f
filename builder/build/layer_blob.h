/* SPDX-License-Identifier: MIT
 *
 * layer_blob: the layer as OCI formats hold it: gzip, or raw. A compressed
 * layer is kept in the cache under the digest of what it was made from, so
 * that an unchanged layer is never compressed twice.
 */
#ifndef BUILD_LAYER_BLOB_H
#define BUILD_LAYER_BLOB_H

#include "build/arch_build.h"

/* Completes build->layer; its diff_id is known. */
int layer_blob_make(struct arch_build *build, struct error *err) MUST_CHECK;

#endif
