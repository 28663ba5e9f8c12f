/* SPDX-License-Identifier: MIT
 *
 * init_config: settings of OpenRC: etc/rc.conf and etc/rc.conf.d/ (.conf), and
 * etc/conf.d/<service>, as far as an init script's dependencies depend on
 * them. The files are shell; read are assignments at the start of a line.
 */
#ifndef ROOTFS_INIT_CONFIG_H
#define ROOTFS_INIT_CONFIG_H

#include "base/error.h"
#include "base/slice.h"
#include "rootfs/init_script.h"
#include "tree/tree.h"

#define INIT_CONFIG_MAX (256 << 10) /* bytes of a file */

struct init_config {
	const struct tree *tree;
	struct content_reader *reader;
	struct arena *arena;
	struct slice *texts; /* of rc.conf and rc.conf.d, in order */
	size_t ntexts;
	const char *sys; /* rc_sys in lower case, "" when it is not set */
};

/* All three are borrowed, and hold what was read. */
int init_config_read(struct init_config *config, const struct tree *tree,
	struct content_reader *reader, struct arena *arena,
	struct error *err) MUST_CHECK;

/* Adds what settings such as rc_need="net" say to a script's words. */
int init_config_apply(const struct init_config *config, const char *service,
	struct init_script *script, struct error *err) MUST_CHECK;

/*
 * The value of the last assignment to key, without its quotes; false: there
 * is none.
 */
bool init_config_find(struct slice text, const char *key, struct slice *value);

#endif
