/* SPDX-License-Identifier: MIT */
#include "rootfs/script_rehash.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/certificate.h"

#define BUNDLE "ca-certificates.crt" /* not looked at */
#define TARGET_MAX 254 /* bytes; longer links are no links to it */
#define ID_MAX 65535
#define NO_ID 65535
#define NEEDED_MAX 256 /* certificates of a hash; more are left out */
#define FILES_MAX 512  /* of a hash, with those that old links name */
#define HASH_DIGITS 8

/* A link or a certificate in the folder. */
struct sight {
	enum certificate_kind kind;
	uint32_t hash;
	size_t order;
	const char *file;	   /* its name; what the link says */
	unsigned id;		   /* of a link */
	struct digest fingerprint; /* of a certificate */
};

/* A file that is a certificate of a hash, or that a link says to be one. */
struct file {
	const char *name;
	unsigned id; /* the lowest of its links, or NO_ID */
	bool is_needed;
	struct digest fingerprint; /* when needed */
};

/* All of a kind and hash. */
struct group {
	struct file files[FILES_MAX];
	size_t n, nneeded;
};

struct rehash {
	struct script_work *work;
	const char *dir;
	struct certificate_reader *certificates;
	struct content_reader reader;
	struct sight *sights;
	size_t n, cap;
	size_t nmade;
};

static void add_sight(struct rehash *r, const struct sight *sight)
{
	r->sights = memory_grow(r->sights, r->n, &r->cap, sizeof(*sight));
	r->sights[r->n] = *sight;
	r->sights[r->n].order = r->n;
	r->n++;
}

/*
 * <hash>.<number>, or <hash>.r alone, as c_rehash takes them: it does not
 * know its own <hash>.r0. No number is 0.
 */
static bool is_hash_link(const char *name, struct sight *link)
{
	struct slice digits = slice_make(name, HASH_DIGITS), number;
	uint64_t value = 0;

	if (strspn(name, "0123456789abcdefABCDEF") != HASH_DIGITS ||
		name[HASH_DIGITS] != '.' ||
		slice_to_u64(digits, 16, UINT32_MAX, &value))
		return false;
	link->hash = (uint32_t)value;
	link->kind = CERTIFICATE_PLAIN;
	number = slice_of(name + HASH_DIGITS + 1);
	if (number.len == 1 && !strcasecmp(number.ptr, "r")) {
		link->kind = CERTIFICATE_CRL;
		number.len = 0;
	}
	value = 0;
	if (number.len && slice_to_u64(number, 10, ID_MAX, &value))
		return false;
	link->id = (unsigned)value;
	return true;
}

static bool has_extension(const char *name)
{
	static const char *const extensions[] = { "pem", "crt", "cer", "crl" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < ARRAY_SIZE(extensions); i++) {
		if (!strcasecmp(dot + 1, extensions[i]))
			return true;
	}
	return false;
}

static int look_at_file(struct rehash *r, const char *name, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("%s/%s", r->dir, name);
	SCOPED_BUF struct buf text = { .data = NULL };
	struct sight sight = { .file = name };
	struct certificate certificate;
	struct node *node;

	script_find(r->work, path, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_FILE ||
		node->inode->content.size > CERTIFICATE_TEXT_MAX)
		return 0;
	if (content_read(&r->reader, &node->inode->content,
		    CERTIFICATE_TEXT_MAX, &text, err) ||
		certificate_read(
			r->certificates, buf_slice(&text), &certificate, err))
		return error_wrap(err, "%s", path);
	if (certificate.kind == CERTIFICATE_NONE)
		return 0;
	sight.kind = certificate.kind;
	sight.hash = certificate.name_hash;
	sight.fingerprint = certificate.fingerprint;
	add_sight(r, &sight);
	return 0;
}

static int look_at(struct rehash *r, const struct node *node, struct error *err)
{
	struct sight link = { .kind = CERTIFICATE_NONE };

	if (node->inode->kind == INODE_SYMLINK &&
		strlen(node->inode->target) <= TARGET_MAX &&
		is_hash_link(node->name, &link)) {
		link.file = node->inode->target;
		add_sight(r, &link);
		return 0;
	}
	if (!strcmp(node->name, BUNDLE) || !has_extension(node->name))
		return 0;
	return look_at_file(r, node->name, err);
}

static int compare(const void *a, const void *b)
{
	const struct sight *l = a, *r = b;

	if (l->kind != r->kind)
		return l->kind < r->kind ? -1 : 1;
	if (l->hash != r->hash)
		return l->hash < r->hash ? -1 : 1;
	return l->order < r->order ? -1 : l->order > r->order;
}

static bool is_link(const struct sight *sight)
{
	return sight->fingerprint.kind == DIGEST_NONE;
}

/* The file that it is about, NULL: a new one. */
static struct file *find_file(struct group *g, const struct sight *sight)
{
	for (size_t i = 0; i < g->n; i++) {
		if (!strcmp(g->files[i].name, sight->file))
			return &g->files[i];
	}
	return NULL;
}

static bool is_duplicate(const struct group *g, const struct sight *sight)
{
	for (size_t i = 0; !is_link(sight) && i < g->n; i++) {
		if (g->files[i].is_needed && digest_eq(&g->files[i].fingerprint,
						     &sight->fingerprint))
			return true;
	}
	return false;
}

static void add_to_group(struct group *g, const struct sight *sight)
{
	struct file *file = find_file(g, sight);

	if (is_duplicate(g, sight))
		return;
	if (!file) {
		if (g->nneeded >= NEEDED_MAX || g->n >= FILES_MAX)
			return;
		file = &g->files[g->n++];
		*file = (struct file){ .name = sight->file, .id = NO_ID };
	}
	if (is_link(sight)) {
		if (sight->id < file->id)
			file->id = sight->id;
	} else if (!file->is_needed) {
		file->is_needed = true;
		file->fingerprint = sight->fingerprint;
		g->nneeded++;
	}
}

/* The first number that no file has that keeps its own. */
static unsigned free_id(const struct group *g)
{
	bool is_used[NEEDED_MAX + 1] = { false };
	unsigned id = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->files[i].id < g->nneeded)
			is_used[g->files[i].id] = true;
	}
	while (is_used[id])
		id++;
	return id;
}

/* Makes the link with this number; without a target removes it. */
static int set_link(struct rehash *r, const struct sight *of, unsigned id,
	const char *target, struct error *err)
{
	SCOPED_FREE char *path = memory_printf("%s/%08x.%s%u", r->dir, of->hash,
		of->kind == CERTIFICATE_CRL ? "r" : "", id);
	struct node *node;

	script_find(r->work, path, TREE_FOLLOW_PARENTS, &node);
	if (node && node->inode->kind == INODE_DIRECTORY)
		return 0;
	if (node)
		tree_remove(r->work->tree, node);
	if (!target)
		return 0;
	r->nmade++;
	return script_put_link(r->work, path, target, err);
}

static int link_group(struct rehash *r, const struct sight *of,
	const struct group *g, struct error *err)
{
	unsigned id = free_id(g);

	for (size_t i = 0; i < g->n; i++) {
		const struct file *file = &g->files[i];
		int rc;

		if (file->id < g->nneeded)
			continue;
		if (file->is_needed)
			rc = set_link(r, of, id, file->name, err);
		else
			rc = set_link(r, of, file->id, NULL, err);
		if (rc)
			return -1;
	}
	return 0;
}

static int link_all(struct rehash *r, struct group *g, struct error *err)
{
	if (r->n)
		qsort(r->sights, r->n, sizeof(*r->sights), compare);
	for (size_t i = 0; i < r->n; i++) {
		const struct sight *s = &r->sights[i];

		add_to_group(g, s);
		if (i + 1 < r->n && s[1].kind == s->kind &&
			s[1].hash == s->hash)
			continue;
		if (link_group(r, s, g, err))
			return -1;
		g->n = g->nneeded = 0;
	}
	script_note(r->work, "%zu links by hash", r->nmade);
	return 0;
}

static int rehash(struct rehash *r, const struct node *dir, struct error *err)
{
	struct group *group;
	int rc = 0;

	for (size_t i = 0; !rc && i < dir->nchildren; i++)
		rc = look_at(r, dir->children[i], err);
	if (rc)
		return -1;
	group = memory_zero(1, sizeof(*group));
	rc = link_all(r, group, err);
	free(group);
	return rc;
}

int script_rehash(struct script_work *work, const char *dir, struct error *err)
{
	struct rehash r = { .work = work, .dir = dir };
	struct node *node;
	int rc;

	script_find(work, dir, TREE_FOLLOW_ALL, &node);
	if (!node || node->inode->kind != INODE_DIRECTORY)
		return script_fail(work, "there is no directory /%s", dir);
	r.certificates = certificate_reader_new(err);
	if (!r.certificates)
		return -1;
	content_reader_init(&r.reader);
	rc = rehash(&r, node, err);
	content_reader_release(&r.reader);
	certificate_reader_free(r.certificates);
	free(r.sights);
	return rc;
}
