/* SPDX-License-Identifier: MIT */
#include "apk/signature.h"

#include <inttypes.h>
#include <string.h>

#include "io/tar_read.h"

#define PREFIX ".SIGN."

static const struct {
	const char *name;
	enum digest_kind digest;
} algorithms[] = {
	{ "RSA", DIGEST_SHA1 },
	{ "RSA256", DIGEST_SHA256 },
	{ "RSA512", DIGEST_SHA512 },
};

static enum digest_kind find_algorithm(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (slice_is(name, algorithms[i].name))
			return algorithms[i].digest;
	}
	return DIGEST_NONE;
}

/*
 * The entry's path lives until the next entry, the member longer: the same
 * bytes are in the entry's headers, wherever tar keeps long names.
 */
static int find_in_headers(
	struct slice member, const struct tar_entry *entry, struct slice *path)
{
	const char *headers = member.ptr + entry->header;
	size_t len = strlen(entry->path);
	const char *at = memmem(
		headers, entry->offset - entry->header, entry->path, len);

	if (!at)
		return -1;
	*path = slice_make(at, len);
	return 0;
}

static int check_entry(const struct tar_entry *entry, struct error *err)
{
	if (!slice_starts(slice_of(entry->path), PREFIX) ||
		strchr(entry->path, '/'))
		return error_set(err, ERROR_INPUT,
			"no name of a signature, expected "
			".SIGN.ALGORITHM.KEY without \"/\"");
	if (entry->kind != TAR_FILE)
		return error_set(err, ERROR_INPUT,
			"not a regular file, as a signature must be");
	if (entry->size > SIGNATURE_MAX)
		return error_set(err, ERROR_INPUT,
			"a signature of %" PRIu64 " bytes (at most %zu)",
			entry->size, SIGNATURE_MAX);
	return 0;
}

static int read_entry(struct slice member, const struct tar_entry *entry,
	struct signature *out, struct error *err)
{
	struct slice rest, algorithm;

	if (check_entry(entry, err))
		return -1;
	if (find_in_headers(member, entry, &rest))
		return error_set(err, ERROR_INPUT,
			"its name is written in an unknown way");
	rest = slice_make(rest.ptr + strlen(PREFIX), rest.len - strlen(PREFIX));
	if (!slice_cut(&rest, '.', &algorithm) || !algorithm.len || !rest.len)
		return error_set(err, ERROR_INPUT,
			"no name of a signature, expected "
			".SIGN.ALGORITHM.KEY");
	out->digest = find_algorithm(algorithm);
	out->key_name = rest;
	out->bytes =
		slice_make(member.ptr + entry->offset, (size_t)entry->size);
	return 0;
}

/* The reader's own errors have the name already. */
static int read_all(struct signature_list *list, struct slice member,
	struct tar_reader *reader, const char *name, struct error *err)
{
	struct tar_entry entry;
	int found;

	while ((found = tar_reader_next(reader, &entry, err)) > 0) {
		if (list->n == SIGNATURES_MAX)
			return error_set(err, ERROR_INPUT,
				"%s: more than %d signatures", name,
				SIGNATURES_MAX);
		if (read_entry(member, &entry, &list->items[list->n], err))
			return error_wrap(
				err, "%s: entry %s", name, entry.path);
		list->n++;
	}
	return found;
}

int signature_list_parse(struct signature_list *list, struct slice member,
	const char *name, struct error *err)
{
	struct tar_reader *reader =
		tar_reader_new_bytes(member, name, TAR_END_ABSENT, NULL, err);
	int failed;

	list->n = 0;
	if (!reader)
		return -1;
	failed = read_all(list, member, reader, name, err);
	tar_reader_free(reader);
	return failed;
}

const struct signature *signature_choose(const struct signature_list *list,
	const struct keyring *ring, const struct key **key)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct signature *signature = &list->items[i];

		if (signature->digest == DIGEST_NONE)
			continue;
		*key = keyring_find(ring, signature->key_name);
		if (*key)
			return signature;
	}
	return NULL;
}
