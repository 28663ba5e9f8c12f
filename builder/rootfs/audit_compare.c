/* SPDX-License-Identifier: MIT
 *
 * One node against its record of the database.
 */
#include <string.h>

#include "rootfs/audit_records.h"

bool audit_same_kind(const struct audit_record *record)
{
	bool is_directory = record->node->inode->kind == INODE_DIRECTORY;

	return is_directory == (record->dir != NULL);
}

struct db_acl audit_record_acl(
	const struct audit_records *records, const struct audit_record *record)
{
	struct db_acl acl = { .mode = 0755 };

	if (record->file)
		return record->file->acl;
	if (!install_dir_acl(&records->dirs, record->dir, &acl))
		return acl;
	return acl;
}

uint32_t audit_mode(const struct inode *inode)
{
	return inode->kind == INODE_SYMLINK ? 0777 : inode->mode;
}

static bool fits(const struct inode *inode, const struct db_acl *acl)
{
	return audit_mode(inode) == acl->mode && inode->uid == acl->uid &&
	       inode->gid == acl->gid;
}

static bool fits_share(const struct inode *inode, const struct install_dir *dir)
{
	for (size_t i = 0; i < dir->n; i++) {
		if (fits(inode, &dir->shares[i].acl))
			return true;
	}
	return false;
}

bool audit_same_acl(
	const struct audit_records *records, const struct audit_record *record)
{
	const struct inode *inode = record->node->inode;

	for (; record; record = record->next) {
		struct db_acl acl = audit_record_acl(records, record);

		if (fits(inode, &acl) ||
			(record->dir && fits_share(inode, record->dir)))
			return true;
	}
	return false;
}

/* Packages of apk v3 have the first 20 bytes of a SHA-256. */
static enum digest_kind kind_of(const struct audit_record *record)
{
	const struct slice flags = record->package->flags;
	bool is_cut = flags.len && memchr(flags.ptr, 'S', flags.len);

	return is_cut || record->file->digest.kind == IDENTITY_SHA256
		       ? DIGEST_SHA256
		       : DIGEST_SHA1;
}

static int read_digest(struct audit_reading *reading, const struct node *node,
	enum digest_kind kind, struct digest *digest, struct error *err)
{
	struct digest_sink hash;
	int failed;

	digest_sink_init(&hash, kind, NULL);
	failed = content_copy(&reading->reader, &node->inode->content,
			 &hash.sink, err) ||
		 sink_close(&hash.sink, err);
	*digest = hash.digest;
	digest_sink_release(&hash);
	return failed ? -1 : 0;
}

static int digest_node(struct audit_reading *reading, const struct node *node,
	enum digest_kind kind, struct digest *digest, struct error *err)
{
	const struct inode *inode = node->inode;

	if (inode->kind == INODE_SYMLINK) {
		*digest = digest_of(kind, inode->target, strlen(inode->target));
		return 0;
	}
	if (reading->digest)
		return reading->digest(node, kind, digest, reading->ctx, err);
	return read_digest(reading, node, kind, digest, err);
}

int audit_same_content(struct audit_reading *reading,
	const struct audit_record *record, struct identity *found, bool *answer,
	struct error *err)
{
	struct digest digest;

	*found = (struct identity){ .kind = IDENTITY_NONE };
	*answer = true;
	if (!record->file || record->file->digest.kind == IDENTITY_NONE ||
		record->node->inode->kind == INODE_DIRECTORY)
		return 0;
	if (digest_node(reading, record->node, kind_of(record), &digest, err))
		return -1;
	*found = identity_make(record->file->digest.kind, digest.bytes);
	*answer = identity_eq(found, &record->file->digest);
	return 0;
}
