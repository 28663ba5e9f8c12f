/* SPDX-License-Identifier: MIT
 *
 * installed_sort: the orders in which apk writes its database. Private to
 * apk/installed_print.c, apk/scripts_write.c and apk/triggers.c.
 */
#ifndef APK_INSTALLED_SORT_H
#define APK_INSTALLED_SORT_H

#include "apk/installed.h"

/* Packages by name, letters of both cases alike; db->n of them. malloc'd, as
 * all here. */
struct db_package **installed_sorted(const struct installed *db);
/* In the order in which the flavor writes scripts: apk 2 as they were read
 * and then installed, apk 3 by name. */
struct db_package **installed_in_order(
	const struct installed *db, enum apk_flavor flavor);
/* Bytewise; dir->n of them. */
struct db_file **installed_sorted_files(const struct db_dir *dir);

#endif
