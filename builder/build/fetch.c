/* SPDX-License-Identifier: MIT */
#include "build/fetch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "build/fetch_download.h"
#include "build/fetch_unpack.h"

#define REF_TAR "tar"
#define REF_SHA512 "sha512"

/* An input whose data tar is not in the cache. */
struct lacking {
	struct input *input;
	struct fetch_download download;
	int fd; /* of the verified .tar.gz, -1: not there yet */
	bool is_done;
};

/* "sha256:hex size\n" */
static int parse_tar_ref(
	struct slice text, struct digest *digest, uint64_t *size)
{
	struct slice rest = slice_trim(text), name;
	struct error ignored;

	if (!slice_cut(&rest, ' ', &name) ||
		slice_to_u64(rest, 10, FETCH_TAR_MAX, size) ||
		digest_parse(name, digest, &ignored) ||
		digest->kind != DIGEST_SHA256)
		return -1;
	return 0;
}

/* The SHA-256 of the .tar.gz as far as it is known. 1: it is; 0: not; -1. */
static int find_sha256(
	const struct cache *cache, struct input *input, struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	struct buf text SCOPED_BUF;
	struct error ignored;
	int found;

	buf_init(&text, 0);
	if (input->want.kind == DIGEST_SHA256) {
		input->sha256 = input->want;
		return 1;
	}
	found = cache_get_ref(
		cache, REF_SHA512, digest_hex(&input->want, hex), &text, err);
	if (found != 1)
		return found;
	return !digest_parse(slice_trim(buf_slice(&text)), &input->sha256,
		       &ignored) &&
	       input->sha256.kind == DIGEST_SHA256;
}

/* Whether the .tar.gz is there, where it is wanted. */
static bool has_archive(
	const struct fetch_options *options, const struct input *input)
{
	SCOPED_FREE char *path = NULL;

	if (!options->archives)
		return true;
	path = cache_blob_path(options->cache, &input->sha256);
	return !access(path, R_OK);
}

/* 1: the data tar is there (to be verified when opened); 0: not; -1. */
static int find_tar(const struct fetch_options *options, struct input *input,
	struct error *err)
{
	const struct cache *cache = options->cache;
	char hex[DIGEST_HEX_SIZE];
	struct buf text SCOPED_BUF;
	int found = find_sha256(cache, input, err);

	buf_init(&text, 0);
	if (found != 1)
		return found;
	found = cache_get_ref(
		cache, REF_TAR, digest_hex(&input->sha256, hex), &text, err);
	if (found != 1)
		return found;
	return !parse_tar_ref(buf_slice(&text), &input->tar_digest,
		       &input->tar_size) &&
	       cache_has_blob(cache, &input->tar_digest, input->tar_size) &&
	       has_archive(options, input);
}

/* The same with the .tar.gz, which is verified here: 1 and *fd; 0; -1. */
static int find_archive(
	const struct cache *cache, struct lacking *l, struct error *err)
{
	int found = find_sha256(cache, l->input, err);
	uint64_t size;

	if (found != 1)
		return found;
	return cache_open_blob(cache, &l->input->sha256, &l->fd, &size, err);
}

static void lacking_init(struct lacking *l, struct input *input,
	const struct fetch_options *options)
{
	char text[DIGEST_TEXT_SIZE];
	struct transfer *t = &l->download.transfer;

	assert(input->want.kind != DIGEST_NONE);
	memset(l, 0, sizeof(*l));
	l->input = input;
	l->fd = -1;
	fetch_download_init(&l->download, options, input->url_path,
		memory_printf("%s (%s)", input->file,
			digest_text(&input->want, text)));
	l->download.name = input->file;
	t->max_size = FETCH_ROOTFS_MAX;
	t->size = input->size;
	t->want = input->want;
}

static void lacking_release(struct lacking *l)
{
	if (l->fd >= 0)
		close(l->fd);
	fetch_download_release(&l->download);
}

/*
 * From the partial file into the cache. The file is opened before, so that
 * what is unpacked are the very bytes that were hashed as they came.
 */
static int adopt(
	struct lacking *l, const struct cache *cache, struct error *err)
{
	char hex[DIGEST_HEX_SIZE], text[DIGEST_TEXT_SIZE];
	struct fetch_download *d = &l->download;

	if (d->transfer.result != HTTP_DONE)
		return 0;
	l->input->sha256 = d->transfer.sha256;
	l->input->from_cache = false;
	l->fd = open(d->partial.path, O_RDONLY | O_CLOEXEC);
	if (l->fd < 0)
		return error_errno(err, "open %s", d->partial.path);
	if (cache_adopt_partial(cache, &d->partial, &l->input->sha256, err))
		return -1;
	if (l->input->want.kind != DIGEST_SHA512)
		return 0;
	return cache_put_ref(cache, REF_SHA512,
		digest_hex(&l->input->want, hex),
		slice_of(digest_text(&l->input->sha256, text)), err);
}

/* Downloads what is neither done nor open. */
static int download(struct lacking *list, size_t n,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct fetch_download **each =
		memory_zero(n, sizeof(*each));
	size_t count = 0;
	int failed;

	for (size_t i = 0; i < n; i++) {
		if (!list[i].is_done && list[i].fd < 0)
			each[count++] = &list[i].download;
	}
	if (!count)
		return 0;
	failed = fetch_downloads_run(each, count, options, err);
	/* What did arrive is kept, whatever became of the others. */
	for (size_t i = 0; i < n; i++) {
		struct error second;

		if (!list[i].is_done && list[i].fd < 0 &&
			adopt(&list[i], options->cache, failed ? &second : err))
			failed = -1;
	}
	return failed;
}

static int put_tar_ref(
	const struct input *input, const struct cache *cache, struct error *err)
{
	char hex[DIGEST_HEX_SIZE], digest[DIGEST_TEXT_SIZE];
	SCOPED_FREE char *text = memory_printf("%s %llu\n",
		digest_text(&input->tar_digest, digest),
		(unsigned long long)input->tar_size);

	return cache_put_ref(cache, REF_TAR, digest_hex(&input->sha256, hex),
		slice_of(text), err);
}

static int unpack(struct lacking *list, size_t n,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct unpacking *jobs = memory_zero(n, sizeof(*jobs));
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (list[i].is_done)
			continue;
		jobs[count].name = list[i].input->file;
		jobs[count].fd = list[i].fd;
		jobs[count++].max = FETCH_TAR_MAX;
	}
	if (fetch_unpack(jobs, count, options->jobs, options->cache, err))
		return -1;
	count = 0;
	for (size_t i = 0; i < n; i++) {
		struct input *input = list[i].input;

		if (list[i].is_done)
			continue;
		input->tar_digest = jobs[count].digest;
		input->tar_size = jobs[count++].size;
		if (put_tar_ref(input, options->cache, err))
			return -1;
	}
	return 0;
}

/* The rest runs under the locks: another process may have been faster. */
static int fill(struct lacking *list, size_t n,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct fetch_download **each =
		memory_zero(n, sizeof(*each));

	for (size_t i = 0; i < n; i++)
		each[i] = &list[i].download;
	if (fetch_downloads_lock(each, n, options, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		int found = find_tar(options, list[i].input, err);

		list[i].is_done = found == 1;
		if (!found)
			found = find_archive(options->cache, &list[i], err);
		if (found < 0)
			return -1;
	}
	if (download(list, n, options, err))
		return -1;
	return unpack(list, n, options, err);
}

static bool is_same(const struct input *a, const struct input *b)
{
	return digest_eq(&a->want, &b->want) && !strcmp(a->file, b->file);
}

/* Which of the inputs comes first with the same file: itself, mostly. */
static size_t first_of(const struct input *inputs, size_t i)
{
	size_t first = 0;

	while (!is_same(&inputs[first], &inputs[i]))
		first++;
	return first;
}

static void copy_result(struct input *to, const struct input *from)
{
	to->sha256 = from->sha256;
	to->tar_digest = from->tar_digest;
	to->tar_size = from->tar_size;
	to->from_cache = from->from_cache;
}

int fetch_inputs(struct input *inputs, size_t n,
	const struct fetch_options *options, struct error *err)
{
	SCOPED_FREE struct lacking *list = memory_zero(n, sizeof(*list));
	size_t count = 0;
	int failed = 0;

	for (size_t i = 0; i < n && failed >= 0; i++) {
		inputs[i].from_cache = true;
		if (first_of(inputs, i) != i)
			continue;
		failed = find_tar(options, &inputs[i], err);
		if (!failed)
			lacking_init(&list[count++], &inputs[i], options);
	}
	if (failed >= 0)
		failed = count ? fill(list, count, options, err) : 0;
	for (size_t i = 0; i < count; i++)
		lacking_release(&list[i]);
	for (size_t i = 0; i < n; i++)
		copy_result(&inputs[i], &inputs[first_of(inputs, i)]);
	return failed;
}

int fetch_open_tar(const struct input *input,
	const struct fetch_options *options, int *fd, char **path,
	struct error *err)
{
	struct input again = *input;
	int found = cache_open_unchecked(
		options->cache, &again.tar_digest, fd, err);

	if (!found) {
		if (fetch_inputs(&again, 1, options, err))
			return -1;
		found = cache_open_unchecked(
			options->cache, &again.tar_digest, fd, err);
	}
	if (!found)
		return error_set(err, ERROR_IO,
			"%s: its data tar vanishes from the cache again and "
			"again: choose another --cache",
			input->file);
	if (found < 0)
		return -1;
	*path = cache_blob_path(options->cache, &again.tar_digest);
	return 0;
}
