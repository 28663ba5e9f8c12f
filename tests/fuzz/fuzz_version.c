/* SPDX-License-Identifier: MIT
 *
 * Three versions, a line each: the order is antisymmetric, and transitive
 * among valid ones; what is equal is fuzzily equal, too.
 */
#include <assert.h>

#include "apk/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned inverse(unsigned order)
{
	return order == VERSION_LESS	  ? VERSION_GREATER
	       : order == VERSION_GREATER ? VERSION_LESS
					  : VERSION_EQUAL;
}

static void check_pair(struct slice a, struct slice b)
{
	unsigned order = version_compare(a, b);

	assert(version_compare(b, a) == inverse(order));
	assert(version_matches(a, order, b));
	if (order == VERSION_EQUAL)
		assert(version_matches(a, VERSION_FUZZY, b));
}

static void check_split(struct slice text)
{
	struct slice name, version;

	if (!version_split(text, &name, &version))
		return;
	assert(name.len && version.len);
	assert(name.len + 1 + version.len == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make(data, size), v[3] = { { 0 } };
	unsigned ab, bc;

	for (size_t i = 0; i < 3; i++)
		slice_cut(&rest, '\n', &v[i]);
	check_pair(v[0], v[0]);
	check_pair(v[0], v[1]);
	check_pair(v[1], v[2]);
	check_split(v[0]);
	ab = version_compare(v[0], v[1]);
	bc = version_compare(v[1], v[2]);
	if (ab == bc && version_is_valid(v[0]) && version_is_valid(v[1]) &&
		version_is_valid(v[2]))
		assert(version_compare(v[0], v[2]) == ab);
	return 0;
}
