/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "rootfs/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Never crashes, and what it makes is text within the limit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pair pairs[] = { { "name", "alp_rc" }, { "x", "${{x}}" } };
	const struct pair_list variables = { pairs, 2, 2 };
	struct error err;
	struct buf out;

	if (template_expand(
		    "fuzz", slice_make(data, size), &variables, &out, &err))
		return 0;
	if (out.overflow || out.len > TEMPLATE_MAX ||
		(out.len && !slice_is_utf8(buf_slice(&out))))
		abort();
	buf_release(&out);
	return 0;
}
