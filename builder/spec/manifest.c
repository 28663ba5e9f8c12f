/* SPDX-License-Identifier: MIT */
#include "spec/manifest.h"

#include <string.h>

#include "base/path.h"
#include "spec/manifest_decode.h"

/* A manifest and those that extend it, for loops and the depth. */
struct chain {
	const char *path;
	const struct chain *up;
	unsigned depth; /* 0: the one that was asked for */
};

static int read_chain(struct manifest *m, const struct chain *chain,
	const struct decoder *base, struct error *err);

static bool is_in_chain(const struct chain *chain, const char *path)
{
	for (; chain; chain = chain->up) {
		if (!strcmp(chain->path, path))
			return true;
	}
	return false;
}

/* Path of the extended manifest: relative to the extending one's folder. */
static const char *extended_path(
	const struct decoder *d, const struct chain *chain, const char *name)
{
	SCOPED_FREE char *dir = slice_dup(path_parent(chain->path));
	SCOPED_FREE char *path = path_join(dir, name);

	return arena_strdup(d->arena, path);
}

static int read_extended(struct manifest *m, const struct chain *chain,
	const struct decoder *d, struct error *err)
{
	json_t *json = json_object_get(d->doc->root, "extends");
	struct chain next = { .up = chain, .depth = chain->depth + 1 };
	struct value root = value_root(d);
	struct value v = value_member(&root, "extends", json);
	struct error inner;
	const char *name;

	if (!json)
		return 0;
	if (decode_string(d, &v, &name, err))
		return -1;
	next.path = extended_path(d, chain, name);
	if (is_in_chain(chain, next.path))
		return decode_complain(
			d, &v, err, "%s extends itself in the end", next.path);
	if (next.depth > MANIFEST_EXTENDS_MAX)
		return decode_complain(d, &v, err,
			"more than %d manifests deep", MANIFEST_EXTENDS_MAX);
	if (!read_chain(m, &next, d, &inner))
		return 0;
	if (inner.kind == ERROR_SPEC) {
		*err = inner;
		return -1;
	}
	return decode_complain(d, &v, err, "%s", inner.text);
}

static int decode_over(struct manifest *m, const struct chain *chain,
	const struct decoder *d, struct error *err)
{
	if (read_extended(m, chain, d, err))
		return -1;
	m->name = NULL;
	if (manifest_decode(d, m, err))
		return -1;
	return chain->depth ? 0 : manifest_check(d, m, err);
}

static int read_chain(struct manifest *m, const struct chain *chain,
	const struct decoder *base, struct error *err)
{
	struct decoder d = *base;
	struct json_doc doc;
	int ret;

	if (json_doc_read(&doc, chain->path, d.arena, err))
		return -1;
	string_list_add(&m->files, chain->path, d.arena);
	d.doc = &doc;
	ret = decode_over(m, chain, &d, err);
	json_doc_release(&doc);
	return ret;
}

int manifest_read(struct manifest *m, const char *path, const struct arch *arch,
	struct arena *arena, struct error *err)
{
	struct decoder d = {
		.arch = arch, .archs = arch->table, .arena = arena
	};
	struct chain chain = { .path = path };

	memset(m, 0, sizeof(*m));
	m->path = arena_strdup(arena, path);
	m->description = "";
	return read_chain(m, &chain, &d, err);
}
