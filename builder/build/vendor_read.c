/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "build/vendor.h"
#include "build/vendor_blobs.h"
#include "io/outfile.h"
#include "io/tar_read.h"

struct reading {
	const char *path; /* of the archive */
	const struct cache *cache;
	struct arena *arena;
	struct lock *lock;
	struct vendor_blobs blobs;
	struct tar_reader *tar;
};

/* The whole content of an entry, which is text. */
static int read_text(struct reading *r, const struct tar_entry *e,
	struct slice *text, struct error *err)
{
	SCOPED_BUF struct buf bytes;
	struct buf_sink to;

	buf_init(&bytes, LOCK_MAX);
	buf_sink_init(&to, &bytes);
	if (tar_reader_copy(r->tar, &to.sink, err) || sink_close(&to.sink, err))
		return error_wrap(err, "%s: %s", r->path, e->path);
	*text = slice_of(arena_slice(r->arena, buf_slice(&bytes)));
	return 0;
}

/* The lock comes first: all else is judged by it. */
static int read_lock(struct reading *r, struct error *err)
{
	struct tar_entry entry;
	struct slice text;
	const char *name;
	int more = tar_reader_next(r->tar, &entry, err);

	if (more < 0)
		return -1;
	if (!more || entry.kind != TAR_FILE ||
		!slice_ends(slice_of(entry.path), VENDOR_LOCK_SUFFIX) ||
		strchr(entry.path, '/'))
		return error_set(err, ERROR_INPUT,
			"%s: no archive of `alpbuild vendor`: its first entry "
			"is no lock",
			r->path);
	name = arena_printf(r->arena, "%s: %s", r->path, entry.path);
	if (read_text(r, &entry, &text, err) ||
		lock_parse(r->lock, name, text, r->arena, err))
		return -1;
	return vendor_blobs_init(&r->blobs, r->lock, err);
}

static int check_blob(const struct reading *r, const struct vendor_blob *blob,
	const struct digest *found, struct error *err)
{
	char want[DIGEST_HEX_SIZE], got[DIGEST_HEX_SIZE];

	if (digest_eq(found, &blob->sha256))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"%s: %s: expected SHA-256 %s, found %s", r->path, blob->name,
		digest_hex(&blob->sha256, want), digest_hex(found, got));
}

static int copy_blob(struct reading *r, const struct vendor_blob *blob,
	struct outfile *out, struct error *err)
{
	struct digest_sink digest;
	int failed;

	digest_sink_init(&digest, DIGEST_SHA256, &out->sink);
	failed = tar_reader_copy(r->tar, &digest.sink, err);
	if (!failed)
		failed = sink_close(&digest.sink, err);
	if (!failed)
		failed = check_blob(r, blob, &digest.digest, err);
	digest_sink_release(&digest);
	return failed ? failed
		      : cache_commit_blob(r->cache, out, &blob->sha256, err);
}

static int take_blob(
	struct reading *r, const struct tar_entry *e, struct error *err)
{
	struct slice hex = slice_of(e->path + strlen(VENDOR_BLOBS));
	struct vendor_blob *blob = vendor_blobs_find(&r->blobs, hex);
	struct outfile out = { .fd = -1 };
	int failed;

	if (!blob || e->kind != TAR_FILE || blob->is_there)
		return error_set(err, ERROR_INPUT,
			"%s: %s is not named by the lock, or not once", r->path,
			e->path);
	if (e->size != blob->size)
		return error_set(err, ERROR_VERIFY,
			"%s: %s: expected %llu bytes, found %llu", r->path,
			blob->name, (unsigned long long)blob->size,
			(unsigned long long)e->size);
	blob->is_there = true;
	if (cache_has_blob(r->cache, &blob->sha256, blob->size))
		return 0;
	failed = cache_new_blob(r->cache, &out, err);
	if (!failed)
		failed = copy_blob(r, blob, &out, err);
	outfile_release(&out);
	return failed;
}

static int check_key(
	struct reading *r, const struct tar_entry *e, struct error *err)
{
	const char *name = e->path + strlen(VENDOR_KEYS);
	struct slice pem;

	if (read_text(r, e, &pem, err))
		return -1;
	for (size_t i = 0; i < r->lock->nkeys; i++) {
		const struct lock_key *key = &r->lock->keys[i];

		if (!strcmp(key->name, name) && key->pem &&
			slice_is(pem, key->pem))
			return 0;
	}
	return error_set(err, ERROR_INPUT,
		"%s: %s is not the lock's key of that name", r->path, e->path);
}

static int take_entry(
	struct reading *r, const struct tar_entry *e, struct error *err)
{
	struct slice path = slice_of(e->path);

	if (slice_starts(path, VENDOR_BLOBS))
		return take_blob(r, e, err);
	if (slice_starts(path, VENDOR_KEYS) && e->kind == TAR_FILE)
		return check_key(r, e, err);
	return error_set(
		err, ERROR_INPUT, "%s: unexpected entry %s", r->path, e->path);
}

static int check_complete(const struct reading *r, struct error *err)
{
	for (size_t i = 0; i < r->blobs.n; i++) {
		if (!r->blobs.items[i].is_there)
			return error_set(err, ERROR_INPUT,
				"%s lacks %s, which its lock names", r->path,
				r->blobs.items[i].name);
	}
	return 0;
}

static int read_all(struct reading *r, struct error *err)
{
	struct tar_entry entry;
	int more;

	if (read_lock(r, err))
		return -1;
	while ((more = tar_reader_next(r->tar, &entry, err)) > 0) {
		if (take_entry(r, &entry, err))
			return -1;
	}
	return more ? more : check_complete(r, err);
}

int vendor_read(struct lock *lock, const char *path, const struct cache *cache,
	struct arena *arena, struct error *err)
{
	struct reading r = {
		.path = path, .cache = cache, .arena = arena, .lock = lock
	};
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int failed;

	if (fd < 0)
		return error_errno(err, "open %s", path);
	r.tar = tar_reader_new(fd, path, TAR_PLAIN, NULL, err);
	if (!r.tar)
		return -1;
	failed = read_all(&r, err);
	vendor_blobs_release(&r.blobs);
	tar_reader_free(r.tar);
	return failed;
}
