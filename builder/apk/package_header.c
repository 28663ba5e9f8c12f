/* SPDX-License-Identifier: MIT */
#include "apk/package_header.h"

#include <string.h>

#include "io/digest.h"

/* Fields of a header (POSIX.1-1988 ustar). */
#define BLOCK ((size_t)512)
#define NAME_SIZE 100
#define SIZE_OFFSET 124
#define SIZE_SIZE 12
#define TYPE_OFFSET 156
#define TARGET_OFFSET 157
#define MAGIC_OFFSET 257
#define PREFIX_OFFSET 345
#define PREFIX_SIZE 155

#define CHECKSUM_KEY "APK-TOOLS.checksum.SHA1"
#define CHECKSUM_BYTES 20
#define XATTR_PREFIX "SCHILY.xattr."

/* A text that ends at its first NUL or with the field. */
static struct slice field(struct slice block, size_t offset, size_t size)
{
	return slice_make(
		block.ptr + offset, strnlen(block.ptr + offset, size));
}

static int set_once(struct slice *to, struct slice value, const char *what,
	struct error *err)
{
	if (to->ptr)
		return error_set(err, ERROR_INPUT,
			"its extended header gives its %s twice", what);
	if (!value.len || memchr(value.ptr, '\0', value.len))
		return error_set(err, ERROR_INPUT,
			"its extended header gives a %s that is empty or has "
			"a NUL",
			what);
	*to = value;
	return 0;
}

static int set_checksum(
	struct package_header *header, struct slice value, struct error *err)
{
	uint8_t bytes[CHECKSUM_BYTES];
	uint64_t byte;

	if (header->checksum.kind != IDENTITY_NONE)
		return error_set(
			err, ERROR_INPUT, "it has two checksums, expected one");
	if (value.len != sizeof(bytes) * 2)
		return error_set(err, ERROR_INPUT,
			"its checksum has %zu characters, expected %zu hex "
			"digits",
			value.len, sizeof(bytes) * 2);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (slice_to_u64(
			    slice_make(value.ptr + i * 2, 2), 16, 255, &byte))
			return error_set(err, ERROR_INPUT,
				"its checksum is not %zu hex digits",
				sizeof(bytes) * 2);
		bytes[i] = (uint8_t)byte;
	}
	header->checksum = identity_make(IDENTITY_SHA1, bytes);
	return 0;
}

static int add_xattr(struct package_header *header, struct slice name,
	struct slice value, struct error *err)
{
	if (!name.len || memchr(name.ptr, '\0', name.len))
		return error_set(err, ERROR_INPUT,
			"an extended attribute has no proper name");
	if (header->nxattrs == PACKAGE_XATTRS_MAX)
		return error_set(err, ERROR_INPUT,
			"it has more than %d extended attributes",
			PACKAGE_XATTRS_MAX);
	for (size_t i = 0; i < header->nxattrs; i++) {
		if (slice_eq(header->xattrs[i].name, name))
			return error_set(err, ERROR_INPUT,
				"it has the extended attribute %.*s twice",
				SLICE_ARGS(name));
	}
	header->xattrs[header->nxattrs++] =
		(struct package_xattr){ name, value };
	return 0;
}

/* What apk does not know means nothing to it. */
static int take_record(struct package_header *header, struct slice key,
	struct slice value, struct error *err)
{
	size_t prefix = strlen(XATTR_PREFIX);

	if (slice_is(key, "path"))
		return set_once(&header->path, value, "path", err);
	if (slice_is(key, "linkpath"))
		return set_once(&header->target, value, "link's target", err);
	if (slice_is(key, CHECKSUM_KEY))
		return set_checksum(header, value, err);
	if (slice_starts(key, XATTR_PREFIX))
		return add_xattr(header,
			slice_make(key.ptr + prefix, key.len - prefix), value,
			err);
	return 0;
}

/* Cuts "len key=value\n" off *body. */
static int cut_record(struct slice *body, struct slice *key,
	struct slice *value, struct error *err)
{
	struct slice rest = *body, length;
	uint64_t n;

	if (!slice_cut(&rest, ' ', &length) || length.len > 7 ||
		slice_to_u64(length, 10, body->len, &n) || n < length.len + 4 ||
		body->ptr[n - 1] != '\n')
		return error_set(err, ERROR_INPUT,
			"its extended header is no list of \"length "
			"key=value\" lines");
	*value = slice_make(
		body->ptr + length.len + 1, (size_t)n - length.len - 2);
	*body = slice_make(body->ptr + n, body->len - (size_t)n);
	if (!memchr(value->ptr, '=', value->len) ||
		!slice_cut(value, '=', key) || !key->len)
		return error_set(err, ERROR_INPUT,
			"its extended header has a line without key");
	return 0;
}

static int take_records(
	struct package_header *header, struct slice body, struct error *err)
{
	struct slice key, value;

	while (body.len) {
		if (cut_record(&body, &key, &value, err) ||
			take_record(header, key, value, err))
			return -1;
	}
	return 0;
}

/* Cuts the body of a special header, with its padding, off *rest. */
static int cut_body(struct slice block, struct slice *rest, struct slice *body,
	struct error *err)
{
	struct slice size =
		slice_trim(field(block, SIZE_OFFSET, (size_t)SIZE_SIZE));
	size_t padded;
	uint64_t n;

	if (slice_to_u64(size, 8, rest->len, &n))
		return error_set(err, ERROR_INPUT,
			"its extended header has an impossible size");
	padded = ((size_t)n + BLOCK - 1) / BLOCK * BLOCK;
	if (padded > rest->len)
		return error_set(
			err, ERROR_INPUT, "its extended header is cut off");
	*body = slice_make(rest->ptr, (size_t)n);
	*rest = slice_make(rest->ptr + padded, rest->len - padded);
	return 0;
}

/* Apk ignores headers of other types, the tar reader may not. */
static int take_special(struct package_header *header, struct slice block,
	struct slice *rest, struct error *err)
{
	char type = block.ptr[TYPE_OFFSET];
	struct slice body;

	if (type != 'x' && type != 'L')
		return error_set(err, ERROR_INPUT,
			"it has a header of the type '%c', which packages do "
			"not use",
			type >= ' ' && type <= '~' ? type : '?');
	if (cut_body(block, rest, &body, err))
		return -1;
	if (type == 'x')
		return take_records(header, body, err);
	if (body.len && !body.ptr[body.len - 1])
		body.len--;
	return set_once(&header->path, body, "path", err);
}

static void take_name(struct package_header *header, struct slice block)
{
	struct slice prefix = field(block, PREFIX_OFFSET, PREFIX_SIZE);
	struct slice name = field(block, 0, NAME_SIZE);
	bool is_ustar = !memcmp(block.ptr + MAGIC_OFFSET, "ustar", 6);
	char *to = header->name;

	if (is_ustar && prefix.len) {
		memcpy(to, prefix.ptr, prefix.len);
		to += prefix.len;
		*to++ = '/';
	}
	memcpy(to, name.ptr, name.len);
	to += name.len;
	header->path = slice_make(header->name, (size_t)(to - header->name));
}

static void take_entry(struct package_header *header, struct slice block)
{
	header->type = block.ptr[TYPE_OFFSET];
	if (!header->path.ptr)
		take_name(header, block);
	if (!header->target.ptr)
		header->target = field(block, TARGET_OFFSET, NAME_SIZE);
}

int package_header_parse(
	struct package_header *header, struct slice bytes, struct error *err)
{
	struct slice rest = bytes, block;

	memset(header, 0, sizeof(*header));
	if (!bytes.len || bytes.len % BLOCK)
		return error_set(err, ERROR_INPUT,
			"its header has %zu bytes, expected blocks of %zu",
			bytes.len, BLOCK);
	for (;;) {
		block = slice_make(rest.ptr, BLOCK);
		rest = slice_make(rest.ptr + BLOCK, rest.len - BLOCK);
		if (!rest.len)
			break;
		if (take_special(header, block, &rest, err))
			return -1;
		if (!rest.len)
			return error_set(err, ERROR_INPUT,
				"its extended header has no entry");
	}
	take_entry(header, block);
	return 0;
}

static int compare_xattrs(const void *a, const void *b)
{
	const struct package_xattr *x = a, *y = b;

	return slice_cmp(x->name, y->name);
}

static void add_length(struct digester *digester, size_t n)
{
	const uint8_t bytes[] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
		(uint8_t)(n >> 8), (uint8_t)n };

	digester_add(digester, bytes, sizeof(bytes));
}

static void add_slice(struct digester *digester, struct slice s)
{
	add_length(digester, s.len);
	digester_add(digester, s.ptr, s.len);
}

struct identity package_header_xattrs(struct package_header *header)
{
	static const struct identity none;
	struct digester *digester;
	struct digest digest;

	if (!header->nxattrs)
		return none;
	qsort(header->xattrs, header->nxattrs, sizeof(*header->xattrs),
		compare_xattrs);
	digester = digester_new(DIGEST_SHA1);
	for (size_t i = 0; i < header->nxattrs; i++) {
		add_slice(digester, header->xattrs[i].name);
		add_slice(digester, header->xattrs[i].value);
	}
	digest = digester_finish(digester);
	digester_free(digester);
	return identity_make(IDENTITY_SHA1, digest.bytes);
}
