/* SPDX-License-Identifier: MIT */
#include "rootfs/install_protect.h"

#include <fnmatch.h>
#include <string.h>

#include "base/path.h"

/* The built-in rules of apk. */
#define PROTECT_DEFAULT "+etc\n@etc/init.d\n!etc/apk\n"

/* "@" and "!" differ from "+" in what a backup of the system takes along. */
static bool cut_mode(struct slice *line)
{
	bool is_protected = line->ptr[0] != '-';

	if (strchr("+-@!", line->ptr[0]))
		*line = slice_make(line->ptr + 1, line->len - 1);
	return is_protected;
}

static void add_parts(
	struct protect_rule *rule, struct slice pattern, struct arena *arena)
{
	struct slice part;
	size_t cap = 0;

	while (path_cut(&pattern, &part)) {
		rule->parts = arena_grow(arena, rule->parts, rule->n, &cap,
			sizeof(*rule->parts));
		rule->parts[rule->n++] = arena_slice(arena, part);
	}
}

static void add_rule(struct protect_list *list, struct slice line)
{
	struct protect_rule rule = { .is_protected = cut_mode(&line) };

	add_parts(&rule, line, list->arena);
	if (!rule.n || rule.n > TREE_DEPTH_MAX)
		return;
	list->rules = arena_grow(list->arena, list->rules, list->n, &list->cap,
		sizeof(*list->rules));
	list->rules[list->n++] = rule;
}

int protect_list_parse(struct protect_list *list, struct slice text,
	const char *name, struct error *err)
{
	struct slice line;

	while (slice_cut(&text, '\n', &line)) {
		if (!line.len || line.ptr[0] == '#' ||
			memchr(line.ptr, '\0', line.len))
			continue;
		if (list->n == PROTECT_RULES_MAX)
			return error_set(err, ERROR_TREE,
				"%s: more than %d protected paths", name,
				PROTECT_RULES_MAX);
		add_rule(list, line);
	}
	return 0;
}

void protect_list_init(struct protect_list *list, struct arena *arena)
{
	struct slice text = slice_of(PROTECT_DEFAULT), line;

	*list = (struct protect_list){ .arena = arena };
	while (slice_cut(&text, '\n', &line)) {
		if (line.len)
			add_rule(list, line);
	}
}

static int read_list(
	struct protect_list *list, const struct node *node, struct error *err)
{
	struct content_reader reader;
	SCOPED_BUF struct buf text = { .data = NULL };
	int failed;

	content_reader_init(&reader);
	failed = content_read(
		&reader, &node->inode->content, PROTECT_FILE_MAX, &text, err);
	content_reader_release(&reader);
	if (failed)
		return error_wrap(err, PROTECT_FOLDER "/%s", node->name);
	return protect_list_parse(list, buf_slice(&text), node->name, err);
}

int protect_list_read(
	struct protect_list *list, const struct tree *tree, struct error *err)
{
	struct node *dir, *node;

	if (tree_resolve(tree, PROTECT_FOLDER, TREE_FOLLOW_ALL, &dir, err))
		return -1;
	for (size_t i = 0; dir && i < dir->nchildren; i++) {
		SCOPED_BUF struct buf path;

		if (!slice_ends(slice_of(dir->children[i]->name), ".list"))
			continue;
		buf_init(&path, PATH_TEXT_MAX);
		node_path(dir->children[i], &path);
		if (tree_resolve(tree, path.data, TREE_FOLLOW_ALL, &node, err))
			return -1;
		if (node && node->inode->kind == INODE_FILE &&
			read_list(list, node, err))
			return -1;
	}
	return 0;
}

static bool rule_matches(
	const struct protect_rule *rule, char *const *parts, size_t n)
{
	if (rule->n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (fnmatch(rule->parts[i], parts[i], FNM_PATHNAME) != 0)
			return false;
	}
	return true;
}

/* Parents first, since a directory has what its parent has. */
static bool covers(
	const struct protect_list *list, char *const *parts, size_t nparts)
{
	bool is_protected = false;

	for (size_t depth = 1; depth <= nparts; depth++) {
		for (size_t i = 0; i < list->n; i++) {
			if (rule_matches(&list->rules[i], parts, depth))
				is_protected = list->rules[i].is_protected;
		}
	}
	return is_protected;
}

bool protect_list_covers(const struct protect_list *list, const char *dir)
{
	SCOPED_FREE char *text = memory_strdup(dir);
	char *parts[TREE_DEPTH_MAX], *rest = text;
	size_t n = 0;

	while (*rest && n < TREE_DEPTH_MAX) {
		char *slash = strchr(rest, '/');

		parts[n++] = rest;
		if (!slash)
			break;
		*slash = '\0';
		rest = slash + 1;
	}
	return covers(list, parts, n);
}
