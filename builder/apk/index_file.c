/* SPDX-License-Identifier: MIT */
#include "apk/index_file.h"

#include <inttypes.h>
#include <string.h>

#include "apk/container.h"
#include "apk/signature.h"
#include "base/file.h"
#include "io/tar_read.h"

#define WHAT "an index (APKINDEX.tar.gz)"
/* The inflated member: the text, and around it the rest of the tar. */
#define MEMBER_MAX (INDEX_TEXT_MAX + ((size_t)1 << 20))
#define DESCRIPTION_MAX 4096 /* bytes; apk itself writes 160 at most */

/* One reading, and what lives as long as it. */
struct reading {
	struct index_file *file;
	const struct index_file_input *input;
	struct arena *arena;
	struct container container;
	struct buf first, second;   /* members, inflated */
	const struct buf *member;   /* that of them which has the index */
	struct signature_list list; /* points into the first */
	struct slice text;	    /* APKINDEX, in the arena */
};

static int next_member(struct reading *r, struct buf *plain,
	struct digest *digest, struct error *err)
{
	struct buf_sink bs;

	buf_sink_init(&bs, plain);
	return container_next(&r->container, &bs.sink, MEMBER_MAX, digest, err);
}

static int unknown_keys(struct reading *r, struct error *err)
{
	SCOPED_FREE char *known = keyring_names(r->input->ring);
	SCOPED_BUF struct buf by;

	buf_init(&by, ERROR_TEXT_SIZE);
	for (size_t i = 0; i < r->list.n; i++) {
		buf_add_str(&by, i ? " " : "");
		buf_add_slice(&by, r->list.items[i].key_name);
		if (r->list.items[i].digest == DIGEST_NONE)
			buf_add_str(&by, " (unknown algorithm)");
	}
	buf_add_str(&by, "");
	return error_set(err, ERROR_VERIFY,
		"no signature of a known key: signed by %s (known keys: %s)",
		by.data, *known ? known : "none");
}

static int unsigned_index(struct reading *r, struct error *err)
{
	SCOPED_FREE char *known = keyring_names(r->input->ring);

	return error_set(err, ERROR_VERIFY,
		"the index is not signed, expected a signature by one of the "
		"known keys: %s",
		*known ? known : "none");
}

/* Reads the member that is signed and compares. */
static int verify(struct reading *r, struct error *err)
{
	const struct key *key = NULL;
	const struct signature *signature =
		signature_choose(&r->list, r->input->ring, &key);
	struct digest digest = { 0 };
	int found;

	if (!signature)
		return unknown_keys(r, err);
	digest.kind = signature->digest;
	found = next_member(r, &r->second, &digest, err);
	if (found <= 0)
		return found;
	if (!key_verify(key, &digest, signature->bytes))
		return error_set(err, ERROR_VERIFY,
			"bad signature: the index is not what the key %s "
			"(from %s) signed",
			key->name, key->origin);
	r->file->key = key;
	return 1;
}

/* The member after the signatures: 1, or 0 when there is none. */
static int signed_member(struct reading *r, struct error *err)
{
	if (signature_list_parse(
		    &r->list, buf_slice(&r->first), "signature section", err))
		return -1;
	if (r->input->ring)
		return verify(r, err);
	return next_member(r, &r->second, NULL, err);
}

/* 1: the index's tar is in r->member; 0: the file ends before it. */
static int find_index(struct reading *r, struct error *err)
{
	int found = next_member(r, &r->first, NULL, err);

	if (found > 0)
		found = container_is_signature(
			buf_slice(&r->first), "first section", err);
	if (found < 0)
		return -1;
	if (found) {
		r->member = &r->second;
		return signed_member(r, err);
	}
	if (r->input->ring)
		return unsigned_index(r, err);
	r->member = &r->first;
	return 1;
}

static int read_members(struct reading *r, struct error *err)
{
	int found = find_index(r, err);

	if (found < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_INPUT,
			"the file ends after the signatures, expected the "
			"index after them");
	if (container_left(&r->container))
		return error_set(err, ERROR_INPUT,
			"%" PRIu64 " bytes after the index, expected none",
			container_left(&r->container));
	return 0;
}

/* The entry's content; there may be only one of that name. */
static int take_file(struct reading *r, const struct tar_entry *entry,
	struct slice *to, struct error *err)
{
	const char *at = r->member->data + entry->offset;

	if (entry->kind != TAR_FILE)
		return error_set(err, ERROR_INPUT, "not a regular file");
	if (to->ptr)
		return error_set(err, ERROR_INPUT, "it is there twice");
	if (entry->size > INDEX_TEXT_MAX)
		return error_set(err, ERROR_INPUT,
			"%" PRIu64 " bytes, more than the limit of %zu",
			entry->size, INDEX_TEXT_MAX);
	*to = slice_make(arena_copy(r->arena, at, (size_t)entry->size),
		(size_t)entry->size);
	return 0;
}

static int read_entry(struct reading *r, const struct tar_entry *entry,
	struct slice *description, struct error *err)
{
	if (slice_starts(slice_of(entry->path), ".SIGN."))
		return error_set(err, ERROR_INPUT,
			"a signature in the section that it should sign");
	if (!strcmp(entry->path, "APKINDEX"))
		return take_file(r, entry, &r->text, err);
	if (!strcmp(entry->path, "DESCRIPTION"))
		return take_file(r, entry, description, err);
	return 0;
}

static int read_tar(
	struct reading *r, struct slice *description, struct error *err)
{
	struct tar_reader *reader = tar_reader_new_bytes(buf_slice(r->member),
		"index section", TAR_END_REQUIRED, NULL, err);
	struct tar_entry entry;
	int found = -1;

	while (reader && (found = tar_reader_next(reader, &entry, err)) > 0) {
		if (!read_entry(r, &entry, description, err))
			continue;
		error_wrap(err, "entry %s", entry.path);
		found = -1;
		break;
	}
	tar_reader_free(reader);
	if (!found && !r->text.ptr)
		return error_set(err, ERROR_INPUT,
			"no file APKINDEX in it, as an index has");
	return found;
}

static int read_gzip(struct reading *r, struct error *err)
{
	struct slice description = slice_make(NULL, 0);

	if (read_members(r, err) || read_tar(r, &description, err))
		return error_wrap(err, "%s", r->input->name);
	if (index_parse(
		    &r->file->index, r->text, r->input->name, r->arena, err))
		return -1;
	description = slice_trim(description);
	if (description.len > DESCRIPTION_MAX)
		description.len = DESCRIPTION_MAX;
	r->file->index.description = description;
	return 0;
}

/* A text in APKINDEX form, which nobody can have signed. */
static int read_text(struct reading *r, struct error *err)
{
	size_t size = (size_t)r->container.size;
	char *text = arena_alloc(r->arena, size + 1);

	if (file_pread_all(r->container.fd, text, size, 0, err))
		return error_wrap(err, "%s", r->input->name);
	return index_parse(&r->file->index, slice_make(text, size),
		r->input->name, r->arena, err);
}

static int read_any(struct reading *r, struct error *err)
{
	if (container_open(&r->container, r->input->fd, INDEX_FILE_MAX, err))
		return error_wrap(err, "%s", r->input->name);
	if (!r->input->ring && r->container.size &&
		r->container.form == CONTAINER_OTHER)
		return read_text(r, err);
	if (container_expect_gzip(&r->container, WHAT, err))
		return error_wrap(err, "%s", r->input->name);
	return read_gzip(r, err);
}

int index_file_read(struct index_file *file,
	const struct index_file_input *input, struct arena *arena,
	struct error *err)
{
	struct reading r = { .file = file, .input = input, .arena = arena };
	int failed;

	memset(file, 0, sizeof(*file));
	buf_init(&r.first, MEMBER_MAX);
	buf_init(&r.second, MEMBER_MAX);
	failed = read_any(&r, err);
	container_release(&r.container);
	buf_release(&r.first);
	buf_release(&r.second);
	return failed;
}
