/* SPDX-License-Identifier: MIT
 *
 * scripts_archive: lib/apk/db/scripts.tar (v3: scripts.tar.gz) and
 * lib/apk/db/triggers, byte for byte as apk writes them.
 *
 * An entry is NAME-VERSION.IDENTITY.TYPE, a regular file 0755 root:root with
 * the package's build time, in old GNU tar form ("ustar  \0"), names over 99
 * bytes by a GNU "L" entry; two zero blocks at the end and no more padding.
 */
#ifndef APK_SCRIPTS_ARCHIVE_H
#define APK_SCRIPTS_ARCHIVE_H

#include "apk/installed.h"
#include "io/sink.h"

#define SCRIPT_MAX ((size_t)256 << 10)	       /* bytes of one script */
#define SCRIPTS_ARCHIVE_MAX ((size_t)64 << 20) /* bytes of the archive */

/* In the order in which apk writes a package's scripts. */
enum script_kind {
	SCRIPT_PRE_INSTALL,
	SCRIPT_POST_INSTALL,
	SCRIPT_PRE_DEINSTALL,
	SCRIPT_POST_DEINSTALL,
	SCRIPT_PRE_UPGRADE,
	SCRIPT_POST_UPGRADE,
	SCRIPT_TRIGGER,
	SCRIPT_NKINDS,
};

/* "post-install", as in the file name without its dot. */
extern const char *const script_names[SCRIPT_NKINDS];
/* SCRIPT_NKINDS: no such kind. */
enum script_kind script_kind_find(struct slice name);

struct script {
	enum script_kind kind;
	struct slice package, version; /* borrowed */
	struct identity identity;      /* of the package */
	int64_t mtime;		       /* seconds UTC: the build time */
	struct slice text;	       /* borrowed */
};

struct script_list {
	struct script *items; /* in the order of the archive */
	size_t n, cap;
};

void script_list_add(struct script_list *list, const struct script *script,
	struct arena *arena);
/* Removes all scripts of the package. */
void script_list_drop(
	struct script_list *list, const struct identity *identity);

/*
 * Reads the archive, plain or gzip, out of memory; bytes are borrowed for a
 * plain one, else copied into the arena. ERROR_INPUT: names that are no
 * script's, sizes beyond SCRIPT_MAX, anything but regular files.
 */
int scripts_archive_parse(struct script_list *list, struct slice bytes,
	const char *name, struct arena *arena, struct error *err) MUST_CHECK;
/*
 * Packages in the database's order (APK_3: sorted by name), their scripts in
 * apk's; what belongs to no package of the database is left out. Plain tar:
 * the caller compresses for APK_3.
 */
void scripts_archive_write(const struct script_list *list,
	const struct installed *db, enum apk_flavor flavor, struct sink *out);

/* lib/apk/db/triggers: "Q1... glob glob..." lines for packages that have
 * triggers: those that were read first and in their order, then those that
 * were added (APK_3: sorted by name). */
void triggers_print(
	const struct installed *db, enum apk_flavor flavor, struct buf *out);
/* Fills in package.triggers of the database's records by their identities;
 * text is borrowed as long as the database lives. */
int triggers_parse(struct installed *db, struct slice text, const char *name,
	struct error *err) MUST_CHECK;

#endif
