/* SPDX-License-Identifier: MIT
 *
 * script_known_run: what some rows of script_known.h do to the tree, where a
 * list of commands cannot say it. Results as in script_work.h.
 */
#ifndef ROOTFS_SCRIPT_KNOWN_RUN_H
#define ROOTFS_SCRIPT_KNOWN_RUN_H

#include "rootfs/script_work.h"

typedef int script_known_fn(struct script_work *work, struct error *err);

/* busybox.post-upgrade: links that are gone, links that are new. */
script_known_fn script_upgrade_busybox;
/* iproute2: busybox's link /bin/ip gives way to the package's own. */
script_known_fn script_remove_ip;
/* ca-certificates.post-deinstall: links in etc/ssl/certs that lead nowhere,
   and the folder when it is empty then. */
script_known_fn script_prune_certificates;
/* tiny-cloud-*: etc/tiny-cloud.conf from the template, for one cloud. */
script_known_fn script_tiny_cloud_alpine, script_tiny_cloud_nocloud;

#define TINY_CLOUD_TEMPLATE "lib/tiny-cloud/tiny-cloud.conf"

#endif
