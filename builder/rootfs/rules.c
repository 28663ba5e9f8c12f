/* SPDX-License-Identifier: MIT */
#include "rootfs/rules.h"

#include "base/memory.h"
#include "base/path.h"
#include "rootfs/owner.h"
#include "tree/nearby.h"

struct applying {
	struct tree *tree;
	const struct rule *rule;
	struct tree_source source;
	int64_t mtime;
	/* owner and group of the rule as numbers; meaningful when it has them
	 */
	uint32_t uid, gid;
};

/* Nodes that a rule is about, in the order of the walk. */
struct matches {
	const char *pattern;
	struct node **nodes; /* malloc'd */
	size_t n, cap;
};

static void matches_release(struct matches *m)
{
	free(m->nodes);
}

static void matches_add(struct matches *m, struct node *node)
{
	m->nodes = memory_grow(m->nodes, m->n, &m->cap, sizeof(*m->nodes));
	m->nodes[m->n++] = node;
}

/* The root is matched by its own name only. */
static int match_one(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct matches *m = ctx;
	const struct node *dir = node->parent;

	if (dir && path_glob(m->pattern, path))
		matches_add(m, node_child(dir, slice_of(node->name)));
	return 0;
}

static int find_matches(
	const struct applying *a, struct matches *m, struct error *err)
{
	SCOPED_FREE char *hint = NULL;
	struct node *node;

	m->pattern = a->rule->path;
	if (path_is_pattern(m->pattern)) {
		if (tree_walk(a->tree, match_one, m, err))
			return -1;
	} else {
		node = tree_find(a->tree, m->pattern);
		if (node)
			matches_add(m, node);
	}
	if (m->n)
		return 0;
	hint = nearby_hint(a->tree, m->pattern);
	return error_set(err, ERROR_SPEC, "/%s matches nothing in the image%s",
		m->pattern, hint);
}

static void change_owner(const struct applying *a, struct inode *inode)
{
	if (a->rule->user)
		inode->uid = a->uid;
	if (a->rule->group)
		inode->gid = a->gid;
}

/* Links have an owner, but their mode means nothing and is always 0777. */
static int change(
	const struct applying *a, struct node *node, struct error *err)
{
	const struct rule *rule = a->rule;

	change_owner(a, node->inode);
	node->origin = a->source.origin;
	if (rule->mode == RULE_MODE_UNSET)
		return 0;
	if (node->inode->kind != INODE_SYMLINK)
		node->inode->mode = rule->mode;
	else if (!path_is_pattern(rule->path))
		return error_set(err, ERROR_SPEC,
			"/%s is a symbolic link to %s, which has no mode of "
			"its own: name what it leads to",
			rule->path, node->inode->target);
	return 0;
}

static int apply_change(const struct applying *a, struct error *err)
{
	CLEANUP(matches_release) struct matches m = { .n = 0 };

	if (find_matches(a, &m, err))
		return -1;
	for (size_t i = 0; i < m.n; i++) {
		if (change(a, m.nodes[i], err))
			return -1;
	}
	return 0;
}

/* Backwards: what is in a directory goes before the directory. */
static int apply_removal(const struct applying *a, struct error *err)
{
	CLEANUP(matches_release) struct matches m = { .n = 0 };

	if (find_matches(a, &m, err))
		return -1;
	if (m.nodes[0] == a->tree->root)
		return error_set(err, ERROR_SPEC, "the root cannot be removed");
	while (m.n)
		tree_remove(a->tree, m.nodes[--m.n]);
	return 0;
}

static int apply_directory(const struct applying *a, struct error *err)
{
	const struct rule *rule = a->rule;
	struct tree_entry entry = {
		.kind = INODE_DIRECTORY, .mode = 0755, .mtime = a->mtime
	};
	struct node *node;

	if (tree_resolve(a->tree, rule->path, TREE_FOLLOW_PARENTS, &node, err))
		return -1;
	if (!node || node->inode->kind != INODE_DIRECTORY)
		node = tree_put(a->tree, rule->path, &entry, &a->source, err);
	if (!node)
		return -1;
	change_owner(a, node->inode);
	node->origin = a->source.origin;
	if (rule->mode != RULE_MODE_UNSET)
		node->inode->mode = rule->mode;
	return 0;
}

static int apply_symlink(const struct applying *a, struct error *err)
{
	struct tree_entry entry = { .kind = INODE_SYMLINK,
		.mode = 0777,
		.mtime = a->mtime,
		.target = a->rule->target };
	struct node *node =
		tree_put(a->tree, a->rule->path, &entry, &a->source, err);

	if (!node)
		return -1;
	change_owner(a, node->inode);
	return 0;
}

static int apply_hardlink(const struct applying *a, struct error *err)
{
	const struct rule *rule = a->rule;
	struct node *node;

	if (!tree_find(a->tree, rule->target)) {
		SCOPED_FREE char *hint = nearby_hint(a->tree, rule->target);

		return error_set(err, ERROR_SPEC,
			"hard link /%s needs /%s, which is not there%s",
			rule->path, rule->target, hint);
	}
	node = tree_link(a->tree, rule->path, rule->target, &a->source, err);
	if (!node)
		return -1;
	change_owner(a, node->inode);
	if (rule->mode != RULE_MODE_UNSET)
		node->inode->mode = rule->mode;
	return 0;
}

typedef int apply_fn(const struct applying *a, struct error *err);

static apply_fn *const appliers[] = {
	[RULE_CHANGE] = apply_change,
	[RULE_DIRECTORY] = apply_directory,
	[RULE_SYMLINK] = apply_symlink,
	[RULE_HARDLINK] = apply_hardlink,
	[RULE_REMOVAL] = apply_removal,
};

static int apply(struct applying *a, struct error *err)
{
	const struct rule *rule = a->rule;

	if (rule->user && owner_uid(a->tree, rule->user, &a->uid, err))
		return -1;
	if (rule->group && owner_gid(a->tree, rule->group, &a->gid, err))
		return -1;
	return appliers[rule->kind](a, err);
}

int rules_apply(struct tree *tree, const struct rule_list *rules,
	const char *origin, int64_t mtime, struct error *err)
{
	for (size_t i = 0; i < rules->n; i++) {
		struct applying a = { .tree = tree,
			.rule = &rules->items[i],
			.source = { origin, TREE_OVERLAY },
			.mtime = mtime };

		if (apply(&a, err))
			return error_wrap(err, "%s", a.rule->place);
	}
	return 0;
}
