/* SPDX-License-Identifier: MIT */
#include "build/vendor.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "build/vendor_blobs.h"
#include "io/outfile.h"
#include "oci/tar_write.h"

static void write_entry(struct sink *out, const char *path, uint64_t size)
{
	const struct tar_header header = {
		.path = path,
		.type = TAR_TYPE_FILE,
		.mode = 0644,
		.size = size,
	};

	tar_write_header(out, &header);
}

static void write_text(struct sink *out, const char *path, struct slice text)
{
	write_entry(out, path, text.len);
	sink_write(out, text.ptr, text.len);
	tar_write_padding(out, text.len);
}

static int write_lock(
	struct sink *out, const struct lock *lock, struct error *err)
{
	SCOPED_FREE char *path =
		memory_printf("%s" VENDOR_LOCK_SUFFIX, lock->image);
	SCOPED_BUF struct buf text;

	buf_init(&text, LOCK_MAX);
	lock_print(lock, &text);
	if (text.overflow)
		return error_set(err, ERROR_LIMIT,
			"the lock has more than %zu bytes", LOCK_MAX);
	write_text(out, path, buf_slice(&text));
	return 0;
}

static void write_keys(struct sink *out, const struct lock *lock)
{
	for (size_t i = 0; i < lock->nkeys; i++) {
		const struct lock_key *key = &lock->keys[i];
		SCOPED_FREE char *path =
			memory_printf(VENDOR_KEYS "%s", key->name);

		if (key->pem)
			write_text(out, path, slice_of(key->pem));
	}
}

static int write_blob(struct sink *out, const struct vendor_blob *blob,
	const struct cache *cache, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	SCOPED_FREE char *path = memory_printf(
		VENDOR_BLOBS "%s", digest_hex(&blob->sha256, hex));
	SCOPED_FD int fd = -1;
	uint64_t size;
	int found = cache_open_blob(cache, &blob->sha256, &fd, &size, err);

	if (found < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_IO,
			"%s vanished from the cache: run it again", blob->name);
	write_entry(out, path, size);
	sink_copy_fd(out, fd, 0, size);
	tar_write_padding(out, size);
	return sink_check(out, err);
}

static int write_all(struct sink *out, const struct lock *lock,
	const struct cache *cache, size_t *nblobs, struct error *err)
{
	struct vendor_blobs blobs;
	int failed = vendor_blobs_init(&blobs, lock, err);

	if (!failed)
		failed = write_lock(out, lock, err);
	if (!failed)
		write_keys(out, lock);
	for (size_t i = 0; !failed && i < blobs.n; i++)
		failed = write_blob(out, &blobs.items[i], cache, err);
	*nblobs = blobs.n;
	vendor_blobs_release(&blobs);
	tar_write_end(out);
	return failed;
}

int vendor_write(const struct lock *lock, const struct cache *cache,
	const char *path, struct vendor_result *result, struct error *err)
{
	struct outfile out = { .fd = -1 };
	struct digest_sink digest;
	int failed;

	if (file_mkdirs_for(path, err) || outfile_open(&out, path, err)) {
		outfile_release(&out);
		return -1;
	}
	digest_sink_init(&digest, DIGEST_SHA256, &out.sink);
	failed = write_all(&digest.sink, lock, cache, &result->nblobs, err);
	if (!failed)
		failed = sink_close(&digest.sink, err);
	result->file = path;
	result->size = digest.sink.size;
	result->sha256 = digest.digest;
	digest_sink_release(&digest);
	if (!failed)
		failed = outfile_commit(&out, err);
	outfile_release(&out);
	return failed;
}
