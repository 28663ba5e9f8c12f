/* SPDX-License-Identifier: MIT
 *
 * The file itself: whether it is a tar, compressed or not, and of which form.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oci/archive_store.h"
#include "routeros/check.h"
#include "routeros/compression.h"

#define MANIFEST "manifest.json"
#define INDEX "index.json"
#define MARK "oci-layout"
#define BLOBS "blobs"
#define BLOCK 512

static int look(struct check *check, struct error *err)
{
	unsigned char start[COMPRESSION_PEEK] = { 0 };
	SCOPED_FD int fd = open(check->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return error_errno(err, "%s", check->path);
	check->is_folder = S_ISDIR(st.st_mode);
	if (check->is_folder)
		return 0;
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT,
			"%s is neither a file nor a folder", check->path);
	check->size = (uint64_t)st.st_size;
	if (pread(fd, start, sizeof(start), 0) < 0)
		return error_errno(err, "read %s", check->path);
	check->compression = compression_of(start);
	check->is_gzipped =
		check->compression && !strcmp(check->compression, "gzip");
	return 0;
}

/* Names are looked for as they are, and as files. */
static void check_name(
	struct check *check, struct archive_store *store, const char *name)
{
	if (archive_store_is_dotted(store, name))
		findings_add(&check->findings, RULE_MANIFEST_NAME, NULL, "./%s",
			name);
	if (archive_store_is_link(store, name))
		findings_add_place(&check->findings, RULE_MEMBER_LINK, name);
}

/* What only OCI layouts have, and is in the way of manifest.json; or NULL. */
static const char *find_oci_part(const struct archive_store *store)
{
	return archive_store_has(store, INDEX)	   ? INDEX
	       : archive_store_has(store, MARK)	   ? MARK
	       : archive_store_holds(store, BLOBS) ? BLOBS
						   : NULL;
}

static void check_size(struct check *check)
{
	if (!check->is_folder && !check->compression && check->size % BLOCK)
		findings_add(&check->findings, RULE_ARCHIVE_DAMAGED, NULL,
			"%llu bytes, expected a multiple of %d",
			(unsigned long long)check->size, BLOCK);
}

/* Which documents are there, and what that means. */
static void check_documents(struct check *check, struct archive_store *store)
{
	struct check_findings *findings = &check->findings;
	const bool manifest = archive_store_has(store, MANIFEST);
	const bool index = archive_store_has(store, INDEX);
	const char *oci_part = find_oci_part(store);

	check_name(check, store, manifest ? MANIFEST : INDEX);
	if (check->is_folder)
		findings_add_place(findings, RULE_ARCHIVE_FOLDER, NULL);
	else if (manifest && oci_part)
		findings_add_place(findings, RULE_ARCHIVE_HYBRID, oci_part);
	else if (manifest)
		return;
	else if (!index)
		findings_add_place(findings, RULE_MANIFEST_MISSING, NULL);
	else {
		findings_add_place(findings, RULE_ARCHIVE_OCI, NULL);
		findings_add_place(findings, RULE_ARCHIVE_OCI_UNPROVEN, NULL);
	}
}

int check_archive(
	struct check *check, struct archive_store **store, struct error *err)
{
	struct error why;

	if (look(check, err))
		return -1;
	if (check->is_gzipped)
		findings_add_place(&check->findings, RULE_ARCHIVE_GZIP, NULL);
	if (check->compression && !check->is_gzipped) {
		findings_add(&check->findings, RULE_ARCHIVE_COMPRESSED, NULL,
			"%s", check->compression);
		return 0;
	}
	*store = archive_store_open(check->path, &why);
	if (*store) {
		check_size(check);
		check_documents(check, *store);
		return 0;
	}
	if (why.kind != ERROR_INPUT) {
		*err = why;
		return -1;
	}
	findings_add(
		&check->findings, RULE_ARCHIVE_DAMAGED, NULL, "%s", why.text);
	return 0;
}
