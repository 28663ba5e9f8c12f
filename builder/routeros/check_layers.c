/* SPDX-License-Identifier: MIT */
#include "routeros/check_layers.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "routeros/check_subject.h"

#define TYPEFLAG 156 /* where a header says what it is */
#define BLOCK 512
#define ID_MAX 65534
#define ID_PROVEN_MAX 32767

#define KEYS_MAX 64 /* that are remembered */

/* A private key, and the layer that it came with. */
struct key {
	const char *path, *origin;
};

struct layering {
	const struct tree *tree; /* of the layers so far */
	struct check_findings *findings;
	struct key keys[KEYS_MAX];
	size_t nkeys;
};

/* As entries are put: links among parents are followed. NULL: not there. */
static const struct node *find(
	const struct layering *l, const char *path, enum tree_follow follow)
{
	struct node *node = NULL;
	struct error ignored;

	return tree_resolve(l->tree, path, follow, &node, &ignored) ? NULL
								    : node;
}

/* Not of a layer below. */
static bool is_own(const struct flatten_seen *seen, const struct node *node)
{
	return node->origin == seen->origin;
}

/* ---- what is said of an entry ------------------------------------------ */

static void check_headers(struct layering *l, const struct flatten_seen *seen)
{
	const struct tar_entry *e = seen->entry;
	struct slice headers = tar_reader_headers(seen->reader);
	char block[BLOCK];

	if (headers.len < BLOCK) {
		if (pread(seen->fd, block, BLOCK, (off_t)e->header) != BLOCK)
			return;
		headers = slice_make(block, BLOCK);
	}
	if (headers.ptr[TYPEFLAG] == 'g')
		findings_add_place(l->findings, RULE_PAX_GLOBAL, e->path);
	else if (headers.ptr[TYPEFLAG] == 'x')
		findings_add_place(l->findings, RULE_PAX, e->path);
}

static void check_owner(struct layering *l, const struct tar_entry *e)
{
	const uint64_t id = e->uid > e->gid ? e->uid : e->gid;

	if (id > ID_PROVEN_MAX)
		findings_add(l->findings,
			id > ID_MAX ? RULE_ID_RANGE : RULE_ID_HIGH, e->path,
			"%llu:%llu", (unsigned long long)e->uid,
			(unsigned long long)e->gid);
}

static void check_place(struct layering *l, const struct flatten_seen *seen)
{
	const char *path = seen->entry->path;
	const struct node *node = find(l, path, TREE_FOLLOW_PARENTS);
	struct slice dir = path_parent(path);
	SCOPED_FREE char *parent = slice_dup(dir);

	if (node && is_own(seen, node) && !node->is_implied)
		findings_add_place(l->findings, RULE_DUPLICATE, path);
	if (dir.len && !find(l, parent, TREE_FOLLOW_ALL))
		findings_add(l->findings, RULE_PARENT_MISSING, path,
			"%s is not there", parent);
}

static void check_link(struct layering *l, const struct flatten_seen *seen)
{
	const struct tar_entry *e = seen->entry;
	const struct node *target = find(l, e->target, TREE_FOLLOW_PARENTS);

	if (!target || !is_own(seen, target))
		findings_add(l->findings, RULE_HARD_LINK, e->path, "to %s",
			e->target);
}

static bool is_device(const struct tar_entry *e)
{
	return e->kind == TAR_CHARACTER || e->kind == TAR_BLOCK ||
	       e->kind == TAR_FIFO;
}

static void check_entry(struct layering *l, const struct flatten_seen *seen)
{
	const struct tar_entry *e = seen->entry;

	check_headers(l, seen);
	check_owner(l, e);
	check_place(l, seen);
	if (e->has_xattrs)
		findings_add_place(l->findings, RULE_XATTR, e->path);
	if (is_device(e))
		findings_add(l->findings, RULE_DEVICE_NODE, e->path,
			e->kind == TAR_FIFO ? "a fifo" : "a device node");
	if (e->kind == TAR_FILE && (e->mode & 06000))
		findings_add(l->findings, RULE_SETUID, e->path, "mode %04o",
			(unsigned)e->mode);
	if (e->kind == TAR_HARDLINK)
		check_link(l, seen);
}

/* ---- keys that a later layer hides ------------------------------------- */

static void note_key(struct layering *l, const struct flatten_seen *seen)
{
	const struct tar_entry *e = seen->entry;
	char text[CHECK_KEY_PEEK];
	const size_t n = e->size < sizeof(text) ? e->size : sizeof(text);

	if (e->kind != TAR_FILE || !n || e->size > CHECK_KEY_MAX ||
		l->nkeys == KEYS_MAX ||
		pread(seen->fd, text, n, (off_t)e->offset) != (ssize_t)n ||
		!check_is_key(e->path, slice_make(text, n)))
		return;
	l->keys[l->nkeys++] =
		(struct key){ arena_strdup(l->findings->arena, e->path),
			seen->origin };
}

/* Those that are in the tree are told with it. */
static void tell_hidden_keys(struct layering *l)
{
	for (size_t i = 0; i < l->nkeys; i++) {
		const struct key *key = &l->keys[i];
		const struct node *node =
			find(l, key->path, TREE_FOLLOW_PARENTS);

		if (!node || node->origin != key->origin)
			findings_add(l->findings, RULE_PRIVATE_KEY_BELOW,
				key->path, "in %s", key->origin);
	}
}

/* ---- layers ------------------------------------------------------------ */

static void see(void *ctx, const struct flatten_seen *seen)
{
	struct layering *l = ctx;

	if (seen->is_whiteout) {
		findings_add_place(
			l->findings, RULE_WHITEOUT_OLD, seen->entry->path);
		findings_add_place(
			l->findings, RULE_WHITEOUT, seen->entry->path);
		return;
	}
	check_entry(l, seen);
	note_key(l, seen);
}

static void refuse(
	void *ctx, const struct tar_entry *e, const struct error *why)
{
	struct layering *l = ctx;

	findings_add(l->findings, RULE_LAYER_DAMAGED, e->path, "%s", why->text);
}

/* ---- layers ------------------------------------------------------------ */

/* The end may be missing: archive_layer_fd() adds one. */
static int check_end(struct layering *l, const char *name, int fd,
	uint64_t length, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return error_errno(err, "%s", name);
	if ((uint64_t)st.st_size > length)
		findings_add(l->findings, RULE_LAYER_END, name,
			"after %llu bytes", (unsigned long long)length);
	return 0;
}

static int add_layer(struct layering *l, struct flatten *flatten,
	struct archive *archive, const struct archive_layer *layer,
	struct error *err)
{
	uint64_t length;
	SCOPED_FD int fd = archive_layer_fd(archive, layer, &length, err);

	if (fd < 0 || check_end(l, layer->name, fd, length, err))
		return -1;
	return flatten_add(
		flatten, layer->name, scope_take_fd(fd), length, err);
}

/* The layer's name stands before its findings anyway. */
static const char *without_name(const char *text, const char *name)
{
	size_t n = strlen(name);

	if (!strncmp(text, name, n) && !strncmp(text + n, ": ", 2))
		return text + n + 2;
	return text;
}

/* What a router could not unpack either is a finding, not an error. */
static int tell(struct layering *l, const char *name, const struct error *why,
	struct error *err)
{
	if (why->kind != ERROR_VERIFY && why->kind != ERROR_INPUT) {
		*err = *why;
		return -1;
	}
	if (why->kind == ERROR_INPUT &&
		l->findings->counts[RULE_LAYER_COMPRESSED])
		return 0;
	findings_add(l->findings,
		why->kind == ERROR_VERIFY ? RULE_LAYER_DIGEST
					  : RULE_LAYER_DAMAGED,
		name, "%s", without_name(why->text, name));
	return 0;
}

static int count_size(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	struct check_layers *layers = ctx;
	const struct inode *inode = node->inode;

	/* Of several names, each counts its part. */
	if (inode->kind == INODE_FILE)
		layers->size += inode->content.size / inode->nlink;
	return 0;
}

static int read_layers(struct layering *l, struct flatten *flatten,
	struct archive *archive, const struct archive_image *image,
	struct error *err)
{
	for (size_t i = 0; i < image->nlayers; i++) {
		const struct archive_layer *layer = &image->layers[i];
		struct error why = { 0 };

		if (add_layer(l, flatten, archive, layer, &why))
			return tell(l, layer->name, &why, err);
	}
	return 1;
}

int check_layers_read(struct check_layers *layers, struct archive *archive,
	const struct archive_image *image, struct check_findings *findings,
	struct error *err)
{
	struct flatten *flatten = &layers->flatten;
	struct layering l = { .tree = &flatten->tree, .findings = findings };
	const struct flatten_watch watch = { see, refuse, &l };
	int whole;

	layers->size = 0;
	flatten_init(flatten, findings->arena);
	flatten->watch = &watch;
	whole = read_layers(&l, flatten, archive, image, err);
	flatten->watch = NULL;
	tell_hidden_keys(&l);
	if (whole == 1 && tree_walk(&flatten->tree, count_size, layers, err))
		return -1;
	return whole;
}

void check_layers_release(struct check_layers *layers)
{
	flatten_release(&layers->flatten);
}
