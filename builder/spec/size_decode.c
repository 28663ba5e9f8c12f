/* SPDX-License-Identifier: MIT */
#include "spec/size_decode.h"

#include "base/slice.h"

#define SIZE_LIMIT_MAX ((uint64_t)1 << 40) /* far above any router's disk */

/* "16MiB": digits and a unit. */
static int parse_size(struct slice text, uint64_t *out)
{
	static const struct {
		const char *suffix;
		unsigned shift;
	} units[] = { { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 }, { "B", 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!slice_ends(text, units[i].suffix))
			continue;
		text.len -= slice_of(units[i].suffix).len;
		if (slice_to_u64(
			    text, 10, SIZE_LIMIT_MAX >> units[i].shift, out))
			return -1;
		*out <<= units[i].shift;
		return 0;
	}
	return -1;
}

int decode_size(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	if (json_is_integer(v->json))
		return decode_number(d, v, SIZE_LIMIT_MAX, out, err);
	if (json_is_string(v->json) &&
		!parse_size(slice_of(json_string_value(v->json)), out))
		return 0;
	return decode_complain(d, v, err,
		"expected bytes as a number or text such as \"16MiB\" (units "
		"B, KiB, MiB, GiB; at most 1024GiB), found %s",
		value_show(d, v));
}
