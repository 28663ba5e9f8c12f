/* SPDX-License-Identifier: MIT
 *
 * script_rehash: Alpine's c_rehash: links <hash>.N in a folder, to its files
 * with exactly one certificate, and <hash>.rN to those with a list of revoked
 * ones, by the hash of the subject or issuer (io/certificate.h).
 *
 * As the real one does: certificates that are there twice count once, links
 * that lead to their certificate already keep their number, and all new ones
 * of a hash get the same number, the first that is free, so that the last one
 * stays. Files count in bytewise order of their names, where the real one has
 * the order in which the kernel lists a folder.
 */
#ifndef ROOTFS_SCRIPT_REHASH_H
#define ROOTFS_SCRIPT_REHASH_H

#include "rootfs/script_work.h"

/* dir: a clean path of a directory, links followed. */
int script_rehash(struct script_work *work, const char *dir,
	struct error *err) MUST_CHECK;

#endif
