/* SPDX-License-Identifier: MIT
 *
 * analyzer: what clang's analyzer must know of functions in other files: the
 * error functions return -1. Without it, it walks paths that do not exist.
 */
#ifndef LINT_ANALYZER_H
#define LINT_ANALYZER_H

#include "base/error.h"

#define error_set(...) (error_set(__VA_ARGS__), -1)
#define error_errno(...) (error_errno(__VA_ARGS__), -1)
#define error_wrap(...) (error_wrap(__VA_ARGS__), -1)

#endif
