/* SPDX-License-Identifier: MIT */
#include "build/fetch_checksum.h"

int fetch_checksum_parse(struct slice text, const char *file,
	enum digest_kind kind, struct digest *out, struct error *err)
{
	struct slice line, hex, name = { 0 };
	struct digest digest;

	if (!slice_cut(&text, '\n', &line) || text.len)
		return error_set(err, ERROR_INPUT,
			"expected one line \"<hex>  %s\"", file);
	name = line;
	if (!slice_cut(&name, ' ', &hex) || !name.len ||
		(name.ptr[0] != ' ' && name.ptr[0] != '*'))
		return error_set(err, ERROR_INPUT,
			"expected \"<hex>  %s\", found \"%.*s\"", file,
			(int)(line.len < 200 ? line.len : 200),
			line.ptr ? line.ptr : "");
	name = slice_make(name.ptr + 1, name.len - 1);
	if (!slice_is(name, file))
		return error_set(err, ERROR_INPUT,
			"expected the file name %s, found \"%.*s\"", file,
			(int)(name.len < 200 ? name.len : 200), name.ptr);
	/* "sha256:" before the digits is for other formats. */
	if (hex.len != 2 * digest_size(kind))
		return error_set(err, ERROR_INPUT,
			"expected %zu hex digits, found %zu characters",
			2 * digest_size(kind), hex.len);
	if (digest_parse(hex, &digest, err))
		return -1;
	if (digest.kind != kind)
		return error_set(err, ERROR_INPUT,
			"\"%.*s\" is another kind of digest", SLICE_ARGS(hex));
	*out = digest;
	return 0;
}
