/* SPDX-License-Identifier: MIT
 *
 * image_keys: the keys that an image trusts: etc/apk/keys of its tree. Alpine
 * puts the keys of related architectures there, too; where
 * usr/share/apk/keys/<arch> tells which keys are whose, only this
 * architecture's count, so that an index of another one is never taken.
 */
#ifndef ROOTFS_IMAGE_KEYS_H
#define ROOTFS_IMAGE_KEYS_H

#include "apk/keyring.h"
#include "tree/tree.h"

#define IMAGE_KEYS_ORIGIN "minirootfs"

/* Adds them to the ring; arch: Alpine's name. A tree without keys adds none. */
int image_keys_read(struct keyring *ring, const struct tree *tree,
	const char *arch, struct error *err) MUST_CHECK;

#endif
