/* SPDX-License-Identifier: MIT
 *
 * size_decode: numbers of bytes in manifests: 16777216 or "16MiB".
 */
#ifndef SPEC_SIZE_DECODE_H
#define SPEC_SIZE_DECODE_H

#include "spec/decode.h"

decode_fn decode_size; /* uint64_t */

#endif
