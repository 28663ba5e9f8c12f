/* SPDX-License-Identifier: MIT */
#include "build/base_digests.h"

#include <stdlib.h>
#include <string.h>

#include "apk/identity.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/cache.h"

#define REF_CONTENTS "contents"

struct base_digest {
	uint64_t offset, size;
	struct identity sha1;
};

static void add(struct base_digests *digests, const struct base_digest *item)
{
	digests->items = memory_grow(digests->items, digests->n, &digests->cap,
		sizeof(*digests->items));
	digests->items[digests->n++] = *item;
}

static int parse_line(struct slice line, struct base_digest *item)
{
	struct slice offset, size;

	memset(item, 0, sizeof(*item));
	if (!slice_cut(&line, ' ', &offset) || !slice_cut(&line, ' ', &size) ||
		slice_to_u64(offset, 10, UINT64_MAX, &item->offset) ||
		slice_to_u64(size, 10, UINT64_MAX, &item->size) ||
		identity_parse(line, &item->sha1) ||
		item->sha1.kind != IDENTITY_SHA1)
		return -1;
	return 0;
}

/* -1: it is none of ours; what was taken of it does not count. */
static int parse(struct base_digests *digests, struct slice text)
{
	struct base_digest item;
	struct slice line;

	while (slice_cut(&text, '\n', &line)) {
		if (!line.len && !text.len)
			break;
		if (parse_line(line, &item) ||
			(digests->n && digests->items[digests->n - 1].offset >=
					       item.offset))
			return -1;
		add(digests, &item);
	}
	return 0;
}

void base_digests_init(struct base_digests *digests, const struct base_tar *tar)
{
	SCOPED_BUF struct buf text = { .data = NULL };
	char hex[DIGEST_HEX_SIZE];
	struct error ignored;

	memset(digests, 0, sizeof(*digests));
	digests->tar = tar;
	content_reader_init(&digests->reader);
	if (cache_get_ref(tar->cache, REF_CONTENTS,
		    digest_hex(&tar->input->tar_digest, hex), &text,
		    &ignored) == 1 &&
		parse(digests, buf_slice(&text))) {
		log_debug("the remembered contents of %s are not readable",
			tar->input->file);
		digests->n = 0;
	}
	digests->nknown = digests->n;
}

void base_digests_release(struct base_digests *digests)
{
	if (digests->tar)
		content_reader_release(&digests->reader);
	free(digests->items);
	memset(digests, 0, sizeof(*digests));
}

static int compare(const void *a, const void *b)
{
	const struct base_digest *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

static const struct base_digest *recall(
	const struct base_digests *digests, const struct content *content)
{
	const struct base_digest key = { .offset = content->offset };
	const struct base_digest *found = NULL;

	if (digests->nknown)
		found = bsearch(&key, digests->items, digests->nknown,
			sizeof(key), compare);
	return found && found->size == content->size ? found : NULL;
}

static int read_digest(struct base_digests *digests,
	const struct content *content, enum digest_kind kind,
	struct digest *digest, struct error *err)
{
	struct digest_sink hash;
	int failed;

	digest_sink_init(&hash, kind, NULL);
	failed = content_copy(&digests->reader, content, &hash.sink, err) ||
		 sink_close(&hash.sink, err);
	*digest = hash.digest;
	digest_sink_release(&hash);
	return failed ? -1 : 0;
}

int base_digests_find(const struct node *node, enum digest_kind kind,
	struct digest *digest, void *ctx, struct error *err)
{
	struct base_digests *digests = ctx;
	const struct content *content = &node->inode->content;
	bool is_ours = kind == DIGEST_SHA1 && content->kind == CONTENT_EXTENT &&
		       content->file->fd == digests->tar->fd;
	const struct base_digest *known =
		is_ours ? recall(digests, content) : NULL;
	struct base_digest item = { .offset = content->offset,
		.size = content->size };

	if (known) {
		memset(digest, 0, sizeof(*digest));
		digest->kind = DIGEST_SHA1;
		memcpy(digest->bytes, known->sha1.bytes,
			digest_size(DIGEST_SHA1));
		return 0;
	}
	if (read_digest(digests, content, kind, digest, err))
		return -1;
	if (!is_ours)
		return 0;
	item.sha1 = identity_make(IDENTITY_SHA1, digest->bytes);
	add(digests, &item);
	return 0;
}

/* Of a hard link there are two, one will do. */
static void print(const struct base_digests *digests, struct buf *text)
{
	char sha1[IDENTITY_TEXT_SIZE];

	for (size_t i = 0; i < digests->n; i++) {
		const struct base_digest *item = &digests->items[i];

		if (i && item[-1].offset == item->offset)
			continue;
		buf_printf(text, "%llu %llu %s\n",
			(unsigned long long)item->offset,
			(unsigned long long)item->size,
			identity_text(&item->sha1, sha1));
	}
}

void base_digests_keep(struct base_digests *digests)
{
	const struct base_tar *tar = digests->tar;
	SCOPED_BUF struct buf text = { .data = NULL };
	char hex[DIGEST_HEX_SIZE];
	struct error why;

	if (!tar || digests->n == digests->nknown)
		return;
	qsort(digests->items, digests->n, sizeof(*digests->items), compare);
	digests->nknown = digests->n;
	buf_init(&text, CACHE_REF_MAX);
	print(digests, &text);
	if (!text.overflow && cache_put_ref(tar->cache, REF_CONTENTS,
				      digest_hex(&tar->input->tar_digest, hex),
				      buf_slice(&text), &why))
		log_debug("%s", why.text);
}
