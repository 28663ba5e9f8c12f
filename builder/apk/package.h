/* SPDX-License-Identifier: MIT
 *
 * package: what is known of one package, from an APKINDEX record, from the
 * installed database or from the .PKGINFO inside an .apk (apk-package(5),
 * apk-index(5)). Immutable after parsing; slices point into the text that was
 * parsed, or into the arena.
 */
#ifndef APK_PACKAGE_H
#define APK_PACKAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "apk/dependency.h"
#include "apk/identity.h"

#define PACKAGE_LINE_MAX ((size_t)4 << 20) /* bytes of one line */
#define PACKAGE_NAME_MAX 255		   /* bytes of "name-version.apk" */
#define PACKAGE_PRIORITY_MAX 65535

struct package {
	struct identity identity;	   /* C: */
	struct slice name, version, arch;  /* P: V: A: */
	struct slice description, url;	   /* T: U: */
	struct slice license, origin;	   /* L: o: */
	struct slice maintainer, commit;   /* m: c: */
	uint64_t size, installed_size;	   /* S: I: bytes */
	int64_t build_time;		   /* t: seconds UTC; 0: none */
	unsigned priority;		   /* k: provider_priority */
	struct dependency_list depends;	   /* D: */
	struct dependency_list provides;   /* p: */
	struct dependency_list install_if; /* i: empty when malformed */
	bool is_install_if_malformed;	   /* later i: lines are dropped, too */
	/* of the package itself and the installed database only */
	struct dependency_list replaces; /* r: */
	unsigned replaces_priority;	 /* q: */
	struct slice triggers;		 /* globs, separated by blanks */
	/* NULL, or why it can never be installed: an unknown upper case
	   field, a malformed word in D:. Static text: "has a ...". */
	const char *uninstallable;
};

/*
 * One field by its letter, as in an index. 1: taken; 0: a letter that is not
 * a package's; -1: its value is malformed (ERROR_INPUT; the caller wraps with
 * file, line and package). Later single values win; D: p: i: r: append, and
 * malformed words of p: and r: are left out.
 */
int package_set_field(struct package *pkg, char letter, struct slice value,
	struct arena *arena, struct error *err) MUST_CHECK;

/*
 * What every record must have and no hostile one may have: P, V and C; names
 * and versions (and A:) of the characters that apk allows, without "/" or
 * "..", so that they can stand in URLs and file names. ERROR_INPUT.
 */
int package_check(const struct package *pkg, struct error *err) MUST_CHECK;
/* The same without C:, which a .PKGINFO cannot have. */
int package_check_name(const struct package *pkg, struct error *err) MUST_CHECK;

/* The lines C: to i: of an installed record, in apk's order. */
void package_print_fields(const struct package *pkg, struct buf *out);

/* "name-1.2-r3.apk"; in the arena. */
const char *package_file_name(const struct package *pkg, struct arena *arena);
/* "name-1.2-r3", malloc'd, for messages. */
char *package_text(const struct package *pkg);

#endif
