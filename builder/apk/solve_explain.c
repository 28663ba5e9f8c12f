/* SPDX-License-Identifier: MIT */
#include "apk/solve_state.h"

int explain(struct solver *s, struct error *err)
{
	return error_set(err, ERROR_SOLVE, "todo");
}
