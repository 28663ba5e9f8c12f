/* SPDX-License-Identifier: MIT */
#include "rootfs/audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "rootfs/audit_records.h"
#include "rootfs/base_rootfs.h"

const char *const audit_kinds[AUDIT_UNOWNED + 1] = {
	[AUDIT_MISSING] = "missing",
	[AUDIT_TYPE] = "type",
	[AUDIT_MODE] = "mode",
	[AUDIT_OWNER] = "owner",
	[AUDIT_CONTENT] = "content",
	[AUDIT_UNOWNED] = "unowned",
};

static const char *const kind_names[] = {
	[INODE_FILE] = "a file",
	[INODE_DIRECTORY] = "a directory",
	[INODE_SYMLINK] = "a symbolic link",
};

struct auditing {
	struct audit *audit;
	const struct tree *tree;
	const struct audit_options *options;
	struct audit_records records;
	struct audit_reading reading;
	struct name_map others; /* what the report attributes: its origin */
	struct name_map removed;
};

static void report(struct auditing *a, const struct audit_finding *finding)
{
	struct audit *audit = a->audit;

	audit->items = arena_grow(audit->arena, audit->items, audit->n,
		&audit->cap, sizeof(*audit->items));
	audit->items[audit->n] = *finding;
	audit->items[audit->n++].path =
		arena_strdup(audit->arena, finding->path);
}

static char *acl_text(
	struct arena *arena, uint32_t mode, uint32_t uid, uint32_t gid)
{
	return arena_printf(arena, "%04o %u:%u", mode, uid, gid);
}

/* Everything that can be told of a node by its record. */
struct comparison {
	struct auditing *auditing;
	const struct audit_record *record;
	struct audit_finding finding; /* with path and package */
};

static void report_kind(struct comparison *c)
{
	c->finding.kind = AUDIT_TYPE;
	c->finding.expected =
		kind_names[c->record->dir ? INODE_DIRECTORY : INODE_FILE];
	c->finding.found = kind_names[c->record->node->inode->kind];
	report(c->auditing, &c->finding);
}

static void report_acl(struct comparison *c)
{
	struct arena *arena = c->auditing->audit->arena;
	const struct inode *inode = c->record->node->inode;
	struct db_acl acl = audit_record_acl(&c->auditing->records, c->record);

	c->finding.expected = acl_text(arena, acl.mode, acl.uid, acl.gid);
	c->finding.found =
		acl_text(arena, audit_mode(inode), inode->uid, inode->gid);
	c->finding.kind = AUDIT_MODE;
	if (acl.mode != audit_mode(inode))
		report(c->auditing, &c->finding);
	c->finding.kind = AUDIT_OWNER;
	if (acl.uid != inode->uid || acl.gid != inode->gid)
		report(c->auditing, &c->finding);
}

/* People and scripts change files there; who did is in the report. */
static bool is_configuration(const char *path)
{
	struct slice s = slice_of(path);

	return slice_starts(s, "etc/") && !slice_starts(s, "etc/init.d/");
}

/* The kernel's file systems come over them: how they look in an image is up
 * to whoever made its root file system. */
static bool is_mount_point(const char *path)
{
	struct slice rest = slice_of(path), first;

	return path_cut(&rest, &first) &&
	       (slice_is(first, "dev") || slice_is(first, "proc") ||
		       slice_is(first, "sys"));
}

static int compare_content(struct comparison *c, struct error *err)
{
	struct auditing *a = c->auditing;
	struct arena *arena = a->audit->arena;
	char text[IDENTITY_TEXT_SIZE];
	struct identity found;
	bool same;

	if (a->options->depth == AUDIT_HEADERS ||
		(!a->options->report && is_configuration(c->finding.path)))
		return 0;
	if (audit_same_content(&a->reading, c->record, &found, &same, err))
		return error_wrap(err, "%s", c->finding.path);
	if (same)
		return 0;
	c->finding.kind = AUDIT_CONTENT;
	c->finding.expected = arena_strdup(
		arena, identity_text(&c->record->file->digest, text));
	c->finding.found = arena_strdup(arena, identity_text(&found, text));
	report(a, &c->finding);
	return 0;
}

static int compare(struct auditing *a, const struct audit_record *record,
	const char *path, struct error *err)
{
	struct comparison c = { .auditing = a, .record = record };

	c.finding.path = path;
	c.finding.package =
		arena_slice(a->audit->arena, record->package->package.name);
	if (!audit_same_kind(record)) {
		report_kind(&c);
		return 0;
	}
	if (!audit_same_acl(&a->records, record))
		report_acl(&c);
	return compare_content(&c, err);
}

static void report_unowned(
	struct auditing *a, const struct node *node, const char *path)
{
	const struct inode *inode = node->inode;
	const struct audit_finding finding = {
		.kind = AUDIT_UNOWNED,
		.path = path,
		.found = kind_names[inode->kind],
	};

	report(a, &finding);
}

/* Somebody else's, who may do as they like. */
static bool is_other(
	const struct auditing *a, const struct node *node, const char *path)
{
	const char *origin = node->origin;

	if (name_map_get(&a->others, slice_of(path)) ||
		(!a->options->report && is_mount_point(path)))
		return true;
	return strcmp(origin, AUDIT_ORIGIN) != 0 &&
	       strcmp(origin, BASE_ROOTFS_ORIGIN) != 0 &&
	       !slice_starts(slice_of(origin), "package ");
}

static int look_at(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct auditing *a = ctx;
	const struct audit_record *record;

	if (!node->parent || is_other(a, node, path))
		return 0;
	record = audit_records_find(&a->records, node);
	if (record)
		return compare(a, record, path, err);
	if (a->options->report)
		report_unowned(a, node, path);
	return 0;
}

static void report_absent(struct auditing *a)
{
	for (size_t i = 0; i < a->records.nabsent; i++) {
		const struct audit_absent *absent = &a->records.absent[i];
		const struct audit_finding finding = {
			.kind = AUDIT_MISSING,
			.path = absent->path,
			.package =
				arena_strdup(a->audit->arena, absent->package),
		};

		if (name_map_get(&a->removed, slice_of(absent->path)) ||
			(!a->options->report && is_mount_point(absent->path)))
			continue;
		report(a, &finding);
	}
}

static void report_gone(struct auditing *a, const struct report_origin *origin,
	const char *path)
{
	const struct audit_finding finding = {
		.kind = AUDIT_MISSING,
		.path = path,
		.expected =
			arena_printf(a->audit->arena, "of %s", origin->origin),
	};

	report(a, &finding);
}

static void take_origin(struct auditing *a, struct report_origin *origin)
{
	for (size_t i = 0; i < origin->paths.n; i++) {
		const char *path = origin->paths.items[i];

		name_map_set(
			&a->others, slice_of(path), origin, &a->records.arena);
		if (!tree_find(a->tree, path))
			report_gone(a, origin, path);
	}
}

static void take_report(struct auditing *a, const struct report *report)
{
	for (size_t i = 0; i < report->norigins; i++)
		take_origin(a, &report->origins[i]);
	for (size_t i = 0; i < report->removed.n; i++) {
		const char **path = &report->removed.items[i];

		name_map_set(
			&a->removed, slice_of(*path), path, &a->records.arena);
	}
}

static int compare_findings(const void *a, const void *b)
{
	const struct audit_finding *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (int)x->kind - (int)y->kind;
}

/* Both are sorted. */
const struct audit_finding *audit_news(
	const struct audit *after, const struct audit *before)
{
	for (size_t i = 0, k = 0; i < after->n; i++) {
		const struct audit_finding *finding = &after->items[i];

		while (k < before->n &&
			compare_findings(&before->items[k], finding) < 0)
			k++;
		if (k < before->n &&
			!compare_findings(&before->items[k], finding))
			continue;
		if (finding->kind != AUDIT_MISSING)
			return finding;
	}
	return NULL;
}

static int run(struct auditing *a, struct error *err)
{
	struct audit *audit = a->audit;

	if (!a->records.state.db.n)
		return 0;
	if (a->options->report)
		take_report(a, a->options->report);
	if (tree_walk(a->tree, look_at, a, err))
		return -1;
	report_absent(a);
	if (audit->n)
		qsort(audit->items, audit->n, sizeof(*audit->items),
			compare_findings);
	return 0;
}

int audit_tree(struct audit *audit, const struct tree *tree,
	const struct audit_options *options, struct error *err)
{
	struct auditing a = {
		.audit = audit, .tree = tree, .options = options
	};
	int failed;

	if (audit_records_read(&a.records, tree, err))
		return -1;
	a.reading.digest = options->digest;
	a.reading.ctx = options->ctx;
	content_reader_init(&a.reading.reader);
	failed = run(&a, err);
	content_reader_release(&a.reading.reader);
	audit_records_release(&a.records);
	return failed;
}
