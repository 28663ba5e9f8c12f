/* SPDX-License-Identifier: MIT
 *
 * package_file: an .apk of format v2: gzip members of a signature (optional),
 * the control section (.PKGINFO and scripts) and the data section. The trust
 * is the index's: C: is the SHA-1 of the raw control member, whose datahash
 * is the SHA-256 of the raw data member, and each file in the data tar has a
 * SHA-1 of its own. All of it, and S:, is checked before anything is used.
 * Packages of apk v3 ("ADB") are told by their first bytes and refused by
 * name: this interface is where they would come in.
 */
#ifndef APK_PACKAGE_FILE_H
#define APK_PACKAGE_FILE_H

#include "apk/pkginfo.h"
#include "apk/scripts_archive.h"
#include "io/sink.h"

#define PACKAGE_FILE_MAX ((uint64_t)2 << 30)  /* bytes of an .apk */
#define PACKAGE_CONTROL_MAX ((size_t)8 << 20) /* inflated */

struct package_file {
	struct pkginfo info;	    /* its identity is the one found */
	struct script_list scripts; /* in the order of the archive */
	uint64_t data_offset;	    /* of the data member in the file */
};

/* Bytes that the data section may have when inflated: four times I: and
 * 64 MiB more, but never more than TAR_SIZE_MAX. */
uint64_t package_data_max(const struct package *record);

/* What is to be read, and what the index (or lock) says of it. */
struct package_file_input {
	int fd;		  /* open, read from its start */
	const char *name; /* for messages */
	const struct package *record;
};

/*
 * Reads signature and control section. Of the record, name, version and
 * identity must be the same (ERROR_VERIFY, with what was expected), and the
 * size unless the record has none (0); scripts at most SCRIPT_MAX. All is in
 * the arena.
 */
int package_file_read(struct package_file *file,
	const struct package_file_input *input, struct arena *arena,
	struct error *err) MUST_CHECK;

/*
 * The same, and the data tar goes uncompressed into `data` while size,
 * datahash and the limit are checked: nothing of it may be used unless this
 * and package_data_check() succeed. ERROR_VERIFY for digests and sizes,
 * ERROR_INPUT for what is malformed: trailing bytes, a fourth member, a
 * missing data section, end-of-archive blocks in the control section.
 */
int package_file_unpack(struct package_file *file,
	const struct package_file_input *input, struct sink *data,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
