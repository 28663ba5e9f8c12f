/* SPDX-License-Identifier: MIT */
#include "oci/archive.h"

#include <string.h>

#include "base/mask.h"
#include "oci/archive_parse.h"
#include "oci/archive_store.h"
#include "oci/archive_temp.h"

json_t *archive_load(struct archive *archive, const char *name,
	struct digest *digest, struct error *err)
{
	SCOPED_BUF struct buf buf = { 0 };
	json_t *root;

	if (archive_store_read(archive->store, name, &buf, err))
		return NULL;
	if (digest)
		*digest = digest_of(digest->kind ? digest->kind : DIGEST_SHA256,
			buf.data, buf.len);
	root = archive_json_parse(buf_slice(&buf), err);
	if (!root)
		error_wrap(err, "member \"%s\"", name);
	return root;
}

int archive_add_image(struct archive *archive,
	const struct archive_image *image, struct error *err)
{
	if (!archive->images)
		archive->images = arena_alloc(&archive->arena,
			ARCHIVE_IMAGES_MAX * sizeof(*archive->images));
	if (archive->nimages == ARCHIVE_IMAGES_MAX)
		return error_set(err, ERROR_INPUT, "more than %d images",
			ARCHIVE_IMAGES_MAX);
	archive->images[archive->nimages++] = *image;
	return 0;
}

int archive_check_digest(const char *what, const struct digest *want,
	const struct digest *got, struct error *err)
{
	char want_text[DIGEST_TEXT_SIZE], got_text[DIGEST_TEXT_SIZE];

	if (digest_eq(want, got))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"%s: digest mismatch (expected %s, got %s)", what,
		digest_text(want, want_text), digest_text(got, got_text));
}

static int find_form(struct archive *archive, struct error *err)
{
	const struct archive_store *store = archive->store;
	bool index = archive_store_has(store, ARCHIVE_INDEX);

	if (archive_store_is_folder(store) && index)
		archive->form = ARCHIVE_OCI_DIR;
	else if (archive_store_is_folder(store) &&
		 archive_store_has(store, ARCHIVE_MANIFEST))
		archive->form = ARCHIVE_DIR;
	else if (archive_store_is_folder(store))
		return error_set(err, ERROR_INPUT,
			"not an OCI image layout: index.json is missing");
	else if (archive_store_has(store, ARCHIVE_MANIFEST))
		archive->form = index ? ARCHIVE_HYBRID : ARCHIVE_DOCKER;
	else if (index)
		archive->form = ARCHIVE_OCI;
	else
		return error_set(err, ERROR_INPUT,
			"not an image archive: neither manifest.json nor "
			"index.json is in it; of a root file system alpbuild "
			"convert --rootfs makes one");
	archive->gzipped = archive_store_is_gzipped(store);
	return 0;
}

static int parse(struct archive *archive, struct error *err)
{
	int failed;

	if (find_form(archive, err))
		return -1;
	if (archive->form == ARCHIVE_DOCKER || archive->form == ARCHIVE_HYBRID)
		failed = archive_parse_docker(archive, err);
	else if (archive->form == ARCHIVE_DIR)
		failed = archive_parse_dir(archive, err);
	else
		failed = archive_parse_oci(archive, err);
	if (!failed && !archive->nimages)
		return error_set(err, ERROR_INPUT, "there is no image in it");
	return failed;
}

int archive_open(struct archive *archive, const char *path, struct error *err)
{
	struct archive_store *store = archive_store_open(path, err);

	memset(archive, 0, sizeof(*archive));
	return store ? archive_open_store(archive, store, path, err) : -1;
}

int archive_open_store(struct archive *archive,
	struct archive_store *owned_store, const char *path, struct error *err)
{
	memset(archive, 0, sizeof(*archive));
	arena_init(&archive->arena);
	archive->store = owned_store;
	if (!parse(archive, err))
		return 0;
	archive_release(archive);
	mask_controls(err->text);
	return error_wrap(err, "%s", path);
}

void archive_release(struct archive *archive)
{
	archive_store_free(archive->store);
	arena_release(&archive->arena);
	memset(archive, 0, sizeof(*archive));
}

/* The blob against what the manifest says; the digest's kind is theirs. */
static int check_blob(
	const struct archive_layer *layer, int fd, struct error *err)
{
	struct digest got;

	if (layer->digest.kind == DIGEST_NONE)
		return 0;
	if (digest_fd(layer->digest.kind, fd, &got, NULL, err))
		return error_wrap(err, "%s", layer->name);
	return archive_check_digest(layer->name, &layer->digest, &got, err);
}

/* Gives *fd's place to the uncompressed bytes, and tells their digest. */
static int unpack(const struct archive_layer *layer, int *fd,
	struct digest *diff_id, struct error *err)
{
	int plain;

	if (archive_temp_check(*fd, err))
		return error_wrap(err, "%s", layer->name);
	if (!archive_temp_is_gzip(*fd)) {
		if (digest_fd(layer->diff_id.kind, *fd, diff_id, NULL, err))
			return error_wrap(err, "%s", layer->name);
		return 0;
	}
	plain = archive_temp_gunzip(*fd, diff_id, err);
	if (plain < 0)
		return error_wrap(err, "%s", layer->name);
	close(*fd);
	*fd = plain;
	return 0;
}

static int check_layer(
	const struct archive_layer *layer, int *fd, struct error *err)
{
	struct digest diff_id = { .kind = layer->diff_id.kind };
	SCOPED_FREE char *what = NULL;

	if (check_blob(layer, *fd, err) || unpack(layer, fd, &diff_id, err))
		return -1;
	what = memory_printf("%s (uncompressed)", layer->name);
	return archive_check_digest(what, &layer->diff_id, &diff_id, err);
}

static int read_entries(struct tar_reader *reader, archive_entry_fn *fn,
	void *ctx, struct error *err)
{
	struct tar_entry entry;
	int got;

	while ((got = tar_reader_next(reader, &entry, err)) > 0) {
		int result = fn(&entry, reader, ctx, err);

		if (result)
			return result;
	}
	return got;
}

int archive_layer_fd(struct archive *archive, const struct archive_layer *layer,
	uint64_t *length, struct error *err)
{
	SCOPED_FD int fd =
		archive_store_extract(archive->store, layer->name, err);

	if (fd < 0 || check_layer(layer, &fd, err)) {
		mask_controls(err->text);
		return -1;
	}
	if (archive_temp_end_tar(&fd, length, err))
		return error_wrap(err, "%s", layer->name);
	if (lseek(fd, 0, SEEK_SET))
		return error_errno(err, "rewind %s", layer->name);
	return scope_take_fd(fd);
}

int archive_read_layer(struct archive *archive,
	const struct archive_layer *layer, archive_entry_fn *fn, void *ctx,
	struct error *err)
{
	uint64_t length;
	SCOPED_FD int fd = archive_layer_fd(archive, layer, &length, err);
	struct tar_limits limits = { 0 };
	struct tar_reader *reader;
	int result;

	if (fd < 0)
		return -1;
	limits.length = length;
	reader = tar_reader_new(fd, layer->name, TAR_PLAIN, &limits, err);
	if (!reader)
		return -1;
	result = read_entries(reader, fn, ctx, err);
	tar_reader_free(reader);
	return result;
}
