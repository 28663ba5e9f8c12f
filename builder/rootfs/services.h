/* SPDX-License-Identifier: MIT
 *
 * services: the services of a manifest, enabled as `rc-update add` does it: a
 * symbolic link etc/runlevels/<runlevel>/<name> -> /etc/init.d/<name>. What
 * OpenRC would find out when the container starts is found out here:
 *
 *	the init script exists, is executable and is one of OpenRC's
 *	  (#!/sbin/openrc-run), whose interpreter exists
 *	no keyword of it, such as -lxc, takes it away where rc_sys of
 *	  etc/rc.conf says "lxc"
 *	each service that it needs, and that those need in turn, exists:
 *	  some init script of the image has or provides that name. What a
 *	  keyword takes away is not needed: OpenRC drops it itself.
 *
 * Nothing is run: init scripts are read (rootfs/init_script.h).
 */
#ifndef ROOTFS_SERVICES_H
#define ROOTFS_SERVICES_H

#include "base/error.h"
#include "spec/manifest.h"
#include "tree/tree.h"

/*
 * The links, and the folders of runlevels that are not there, get the origin
 * "manifest services" and this mtime. All failures name the place in the
 * manifest. Without services it does and checks nothing.
 */
int services_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err) MUST_CHECK;

#endif
