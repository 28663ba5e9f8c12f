/* SPDX-License-Identifier: MIT
 *
 * arch_decode: the table of arch/<name>.json and the reading of one document,
 * for arch.c, tests and fuzzers.
 */
#ifndef SPEC_ARCH_DECODE_H
#define SPEC_ARCH_DECODE_H

#include "spec/arch.h"
#include "spec/decode.h"

extern const struct table arch_file_table;

/* Decodes the document of the architecture called `name`. */
int arch_decode(const struct decoder *d, const char *name, struct arch *arch,
	struct error *err) MUST_CHECK;

#endif
