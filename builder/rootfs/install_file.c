/* SPDX-License-Identifier: MIT
 *
 * Whose file a path is, by the rules of apk (apk-tools 2.14 database.c,
 * apk-tools 3 package.c:apk_pkg_replaces_file), and whether the tree has what
 * the database says of it.
 */
#include <string.h>

#include "rootfs/install_parts.h"

/* The priority with which a replaces b; -1: it does not. */
static long replaces(const struct package *a, const struct package *b)
{
	for (size_t i = 0; i < a->replaces.n; i++) {
		const struct dependency *dep = &a->replaces.items[i];

		if (!dep->is_conflict && slice_eq(dep->name, b->name) &&
			dependency_matches(dep, b->version, &b->identity))
			return (long)a->replaces_priority;
	}
	return -1;
}

static bool has_same_origin(const struct package *a, const struct package *b)
{
	return a->origin.len && slice_eq(a->origin, b->origin);
}

enum install_verdict install_judge(enum apk_flavor flavor,
	const struct package *owner, const struct package *pkg)
{
	long owner_priority, priority;

	if (slice_eq(owner->name, pkg->name))
		return INSTALL_TAKE;
	if (flavor == APK_2 && has_same_origin(owner, pkg))
		return INSTALL_TAKE;
	owner_priority = replaces(owner, pkg);
	priority = replaces(pkg, owner);
	if (owner_priority > priority)
		return INSTALL_LEAVE;
	if (priority >= 0 || has_same_origin(owner, pkg))
		return INSTALL_TAKE;
	return INSTALL_CONFLICT;
}

bool install_find_owner(
	const struct install *install, const char *path, struct db_owner *owner)
{
	return owner_map_find(install->owners, path, owner) && owner->name.len;
}

/* Packages of apk v3 have the first 20 bytes of a SHA-256. */
static enum digest_kind kind_of(
	const struct db_package *record, const struct identity *digest)
{
	bool is_cut = record->flags.len &&
		      memchr(record->flags.ptr, 'S', record->flags.len);

	return digest->kind == IDENTITY_SHA256 || is_cut ? DIGEST_SHA256
							 : DIGEST_SHA1;
}

static int digest_node(struct install *install, const struct node *node,
	enum digest_kind kind, struct digest *digest, struct error *err)
{
	const struct inode *inode = node->inode;
	struct digest_sink hash;
	int failed;

	if (inode->kind == INODE_SYMLINK) {
		*digest = digest_of(kind, inode->target, strlen(inode->target));
		return 0;
	}
	digest_sink_init(&hash, kind, NULL);
	failed = content_copy(
			 &install->reader, &inode->content, &hash.sink, err) ||
		 sink_close(&hash.sink, err);
	*digest = hash.digest;
	digest_sink_release(&hash);
	return failed ? -1 : 0;
}

int install_holds(struct install *install, const struct node *node,
	const struct db_package *record, const struct identity *digest,
	struct error *err)
{
	struct identity found;
	struct digest got;

	if (digest->kind == IDENTITY_NONE ||
		node->inode->kind == INODE_DIRECTORY)
		return 0;
	if (digest_node(install, node, kind_of(record, digest), &got, err))
		return -1;
	found = identity_make(digest->kind, got.bytes);
	return identity_eq(digest, &found);
}
