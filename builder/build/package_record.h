/* SPDX-License-Identifier: MIT
 *
 * package_record: a package's record as the database of the image will have
 * it, and its control section, out of its file.
 */
#ifndef BUILD_PACKAGE_RECORD_H
#define BUILD_PACKAGE_RECORD_H

#include "build/package_set.h"
#include "io/cache.h"

/*
 * Fills in item->file and item->record from the .apk in the cache. A record
 * text that says nothing but what .PKGINFO says is dropped.
 */
int package_record_read(struct package_input *item, const struct cache *cache,
	struct arena *arena, struct error *err) MUST_CHECK;

/* package_file_unpack() of an open .apk by what is known of it. */
int package_unpack(struct package_input *item, int fd, struct sink *data,
	struct error *err) MUST_CHECK;

#endif
