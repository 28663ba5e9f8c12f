/* SPDX-License-Identifier: MIT
 *
 * script_certificates: what ca-certificates' trigger does: Alpine's program
 * update-ca-certificates, which run-parts lets c_rehash follow
 * (script_rehash.h).
 *
 * etc/ssl/certs/ca-certificates.crt becomes the certificates that
 * etc/ca-certificates.conf names, in its order, and all that is in
 * usr/local/share/ca-certificates, each with a newline behind it. Each has a
 * link ca-cert-NAME.pem, also when it cannot be read. Where the real one takes
 * the order in which the kernel lists a folder, it is bytewise by name here.
 */
#ifndef ROOTFS_SCRIPT_CERTIFICATES_H
#define ROOTFS_SCRIPT_CERTIFICATES_H

#include "rootfs/script_work.h"

/* False, with *why from the tree's arena or static, for circumstances that
   are not known: other programs that want to be told of certificates. */
bool script_certificates_check(
	const struct script_work *work, const char **why);
/* Carries it out; results as in script_work.h. */
int script_update_certificates(struct script_work *work, struct error *err);

#endif
