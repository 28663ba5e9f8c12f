/* SPDX-License-Identifier: MIT
 *
 * install: packages into the tree, as `apk add` puts them into a root file
 * system: order of scripts, overwrite and replaces rules, directory
 * ownership, protected paths and .apk-new, owners by name, hard links, and
 * apk's own files: lib/apk/db/{installed,scripts.tar,triggers}, etc/apk/world.
 * The result equals the real apk's, file for file, for the apk-tools version
 * that the image holds.
 *
 * Paths are followed inside the tree only. Origins: "package openrc" for what
 * a package brings, "apk" for the database.
 */
#ifndef ROOTFS_INSTALL_H
#define ROOTFS_INSTALL_H

#include "apk/installed.h"
#include "apk/package_data.h"
#include "apk/package_file.h"
#include "apk/scripts_archive.h"
#include "apk/solve.h"
#include "apk/world.h"
#include "rootfs/ledger.h"
#include "tree/tree.h"

#define INSTALL_DB "lib/apk/db"
#define INSTALL_WORLD "etc/apk/world"
#define INSTALL_ARCH "etc/apk/arch"
#define INSTALL_KEYS "etc/apk/keys"

/* What a tree says of its packages. */
struct apk_state {
	struct installed db;
	struct script_list scripts;
	struct dependency_list world;
	enum apk_flavor flavor;
	const char *arch; /* first line of etc/apk/arch */
};

/*
 * Reads the database of a tree into its arena. A tree without one (no
 * lib/apk/db/installed) has an empty database and world. flavor: APK_3 when
 * apk-tools is installed in a version from 3.0 on and there is no scripts.tar.
 */
int apk_state_read(struct apk_state *state, const struct tree *tree,
	struct error *err) MUST_CHECK;

struct install; /* a transaction under way */

struct install_options {
	int64_t epoch;	       /* mtime of what is made here */
	struct ledger *ledger; /* borrowed */
};

/* The contents of one package: its control section and data tar. */
struct install_payload {
	const struct package_file *file;
	const struct content_file *data; /* the tar, for extents; it must
					    outlive the tree's contents */
	int fd;				 /* of the tar, for its headers */
};

/* state and tree are changed as steps are carried out. Never NULL. */
struct install *install_new(struct tree *tree, struct apk_state *state,
	const struct install_options *options);
void install_free(struct install *install);

/*
 * One step of the transaction: pre-install, unpack, post-install (or the
 * upgrade's scripts, and what the old version had and the new one lacks
 * removed). payload is NULL for STEP_PURGE and STEP_PIN, and not looked at for
 * a package whose installed size is 0: apk does not even open such. A path
 * that belongs to another package and may not be replaced is ERROR_TREE with
 * both packages named: apk goes on and marks the package broken, an image is
 * not built of such.
 */
int install_step(struct install *install, const struct solution_step *step,
	const struct install_payload *payload, struct error *err) MUST_CHECK;

/*
 * After the last step: triggers, then the database and the world are written
 * to the tree.
 */
int install_finish(struct install *install, const struct dependency_list *world,
	struct error *err) MUST_CHECK;

#endif
