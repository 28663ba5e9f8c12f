/* SPDX-License-Identifier: MIT */
#include "rootfs/script_certificates.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "rootfs/script_rehash.h"
#include "rootfs/script_shape.h"

#define SHARED "/usr/share/ca-certificates/"
#define LOCAL "/usr/local/share/ca-certificates/"
#define CERTS "etc/ssl/certs"
#define BUNDLE CERTS "/ca-certificates.crt"
#define CONF "etc/ca-certificates.conf"
#define PARTS "etc/ca-certificates/update.d"

#define CONF_MAX ((size_t)1 << 20)    /* bytes */
#define BUNDLE_MAX ((size_t)64 << 20) /* bytes */
#define PART_MAX ((size_t)64 << 10)   /* bytes of a program in PARTS */

/* A link in CERTS that there should be. */
struct wanted {
	const char *name, *target;
	size_t order; /* the last of a name counts */
};

struct update {
	struct script_work *work;
	struct arena *arena;
	struct content_reader reader;
	struct buf bundle;
	struct wanted *items;
	size_t n, cap;
	size_t nmissing, nmade, nremoved;
};

static struct node *find(const struct script_work *work, const char *path)
{
	struct node *node;

	script_find(work, path, TREE_FOLLOW_ALL, &node);
	return node;
}

static bool is_file(const struct node *node)
{
	return node && node->inode->kind == INODE_FILE;
}

static bool is_dir(const struct node *node)
{
	return node && node->inode->kind == INODE_DIRECTORY;
}

/* Whether run-parts runs it: by its name, and as a program. */
static bool is_part(const struct script_work *work, const char *name)
{
	SCOPED_FREE char *path = memory_printf("%s/%s", PARTS, name);
	const struct node *node = find(work, path);

	return strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
		       strlen(name) &&
	       is_file(node) && node->inode->mode & 0111;
}

/* certhash: nothing but a call of c_rehash. */
static bool is_certhash(
	const struct script_work *work, const char *name, struct arena *arena)
{
	static const char *const patterns[] = {
		"exec /usr/bin/c_rehash /etc/ssl/certs",
		"/usr/bin/c_rehash /etc/ssl/certs", NULL
	};
	SCOPED_FREE char *path = memory_printf("%s/%s", PARTS, name);
	SCOPED_BUF struct buf text = { .data = NULL };
	struct content_reader reader;
	struct script_shape shape;
	struct error ignored;
	const char *why;
	int rc;

	content_reader_init(&reader);
	rc = content_read(&reader, &find(work, path)->inode->content, PART_MAX,
		&text, &ignored);
	content_reader_release(&reader);
	return !rc &&
	       script_shape_read(&shape, buf_slice(&text), arena, &why) &&
	       script_shape_fits(&shape, patterns, arena, &why);
}

bool script_certificates_check(const struct script_work *work, const char **why)
{
	struct arena *arena = work->tree->arena;
	const struct node *dir = find(work, PARTS);

	if (is_dir(find(work, BUNDLE))) {
		*why = "/" BUNDLE " is a directory";
		return false;
	}
	for (size_t i = 0; is_dir(dir) && i < dir->nchildren; i++) {
		const char *name = dir->children[i]->name;

		if (!is_part(work, name) || is_certhash(work, name, arena))
			continue;
		*why = arena_printf(arena,
			"it would run /" PARTS "/%s, which is not known", name);
		return false;
	}
	return true;
}

/* Whether there is a program in PARTS, and what runs it, and c_rehash. */
static bool has_rehash(const struct script_work *work)
{
	const struct node *dir = find(work, PARTS);

	if (!is_file(find(work, "usr/bin/run-parts")) &&
		!is_file(find(work, "bin/run-parts")))
		return false;
	for (size_t i = 0; is_dir(dir) && i < dir->nchildren; i++) {
		if (is_part(work, dir->children[i]->name))
			return is_file(find(work, "usr/bin/c_rehash"));
	}
	return false;
}

static const char *link_name(const char *source, struct arena *arena)
{
	const char *base = strrchr(source, '/') + 1;
	size_t len = strlen(base);
	char *name;

	if (len > 4 && !strcmp(base + len - 4, ".crt"))
		len -= 4;
	name = arena_printf(arena, "ca-cert-%.*s.pem", (int)len, base);
	for (char *p = name; *p; p++) {
		if (*p == ',' || *p == ' ')
			*p = '_';
		else if (*p == '(' || *p == ')')
			*p = '=';
	}
	return name;
}

/* False: the system would not make such a link, or no image can hold it. */
static bool is_possible(const struct wanted *link)
{
	SCOPED_FREE char *clean = NULL;
	struct error ignored;

	return strlen(link->target) < PATH_TEXT_MAX &&
	       slice_is_utf8(slice_of(link->target)) &&
	       !path_clean(link->name, PATH_FROM_ARCHIVE, &clean, &ignored);
}

/* Its text and a newline; only the newline when it cannot be read. */
static int add_text(struct update *u, const char *source, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	const char *why, *path = script_path(u->arena, source, &why);
	const struct node *node = path ? find(u->work, path) : NULL;

	if (!node || node->inode->kind != INODE_FILE)
		u->nmissing++;
	else if (content_read(&u->reader, &node->inode->content, BUNDLE_MAX,
			 &text, err))
		return error_wrap(err, "%s", path);
	buf_add_slice(&u->bundle, buf_slice(&text));
	buf_add(&u->bundle, "\n", 1);
	if (u->bundle.overflow)
		return error_set(err, ERROR_TREE,
			"/" BUNDLE " would have more than %zu bytes",
			BUNDLE_MAX);
	return 0;
}

static int add_source(struct update *u, const char *source, struct error *err)
{
	const struct wanted link = { .name = link_name(source, u->arena),
		.target = source,
		.order = u->n };

	if (is_possible(&link)) {
		u->items = arena_grow(
			u->arena, u->items, u->n, &u->cap, sizeof(link));
		u->items[u->n++] = link;
	}
	return add_text(u, source, err);
}

static int add_shared(struct update *u, struct error *err)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	const struct node *conf = find(u->work, CONF);
	struct slice rest, line;

	if (!is_file(conf))
		return 0;
	if (content_read(
		    &u->reader, &conf->inode->content, CONF_MAX, &text, err))
		return error_wrap(err, "%s", CONF);
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line)) {
		if (!line.len && !rest.ptr) /* behind the last newline */
			break;
		line.len = line.len ? strnlen(line.ptr, line.len) : 0;
		if (slice_starts(line, "#") || slice_starts(line, "!"))
			continue;
		if (add_source(u,
			    arena_printf(
				    u->arena, SHARED "%.*s", SLICE_ARGS(line)),
			    err))
			return -1;
	}
	return 0;
}

static int add_local(struct update *u, struct error *err)
{
	const struct node *dir =
		find(u->work, "usr/local/share/ca-certificates");

	for (size_t i = 0; is_dir(dir) && i < dir->nchildren; i++) {
		const char *name = dir->children[i]->name;

		if (name[0] == '.')
			continue;
		if (add_source(
			    u, arena_printf(u->arena, LOCAL "%s", name), err))
			return -1;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	return left->order > right->order ? -1 : left->order < right->order;
}

static void keep_last_of_each_name(struct update *u)
{
	size_t kept = 0;

	if (u->n)
		qsort(u->items, u->n, sizeof(*u->items), compare);
	for (size_t i = 0; i < u->n; i++) {
		if (kept && !strcmp(u->items[kept - 1].name, u->items[i].name))
			continue;
		u->items[kept] = u->items[i];
		u->items[kept++].order = 0;
	}
	u->n = kept;
}

static bool is_wanted(const struct update *u, const char *name)
{
	const struct wanted key = { .name = name };

	return u->n && bsearch(&key, u->items, u->n, sizeof(key), compare);
}

/* Links to certificates that are not wanted any more. */
static void remove_links(struct update *u, const struct node *dir)
{
	for (size_t i = dir->nchildren; i--;) {
		struct node *node = dir->children[i];
		struct slice target = slice_of(node->inode->target);

		if (node->inode->kind != INODE_SYMLINK ||
			node->name[0] == '.' || is_wanted(u, node->name))
			continue;
		if (!slice_starts(target, SHARED) &&
			!slice_starts(target, LOCAL))
			continue;
		tree_remove(u->work->tree, node);
		u->nremoved++;
	}
}

/* What is no link stays in its place. */
static int put_links(
	struct update *u, const struct node *dir, struct error *err)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct wanted *link = &u->items[i];
		const struct node *node = node_child(dir, slice_of(link->name));
		SCOPED_FREE char *path =
			memory_printf("%s/%s", CERTS, link->name);

		if (node && (node->inode->kind != INODE_SYMLINK ||
				    !strcmp(node->inode->target, link->target)))
			continue;
		if (script_put_link(u->work, path, link->target, err))
			return -1;
		u->nmade++;
	}
	return 0;
}

static int put_bundle(struct update *u, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0644,
		.content = content_bytes(
			arena_copy(u->work->tree->arena,
				u->bundle.data ? u->bundle.data : "",
				u->bundle.len),
			u->bundle.len) };

	return script_put_new(u->work, BUNDLE, &entry, err);
}

static int make(struct update *u, const struct node *dir, struct error *err)
{
	if (add_shared(u, err) || add_local(u, err))
		return -1;
	keep_last_of_each_name(u);
	remove_links(u, dir);
	if (put_links(u, dir, err) || put_bundle(u, err))
		return -1;
	script_note(u->work, "wrote /" BUNDLE "; %zu links by name", u->nmade);
	if (u->nremoved)
		script_note(u->work, "removed %zu links", u->nremoved);
	if (u->nmissing)
		script_note(u->work, "%zu certificates cannot be read",
			u->nmissing);
	return 0;
}

int script_update_certificates(struct script_work *work, struct error *err)
{
	const struct node *dir = find(work, CERTS);
	struct arena arena;
	struct update u = { .work = work, .arena = &arena };
	int rc;

	if (!is_dir(dir))
		return script_fail(work, "there is no directory /" CERTS);
	arena_init(&arena);
	content_reader_init(&u.reader);
	buf_init(&u.bundle, BUNDLE_MAX);
	rc = make(&u, dir, err);
	buf_release(&u.bundle);
	content_reader_release(&u.reader);
	arena_release(&arena);
	if (rc || !has_rehash(work))
		return rc;
	return script_rehash(work, CERTS, err);
}
