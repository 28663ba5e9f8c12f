/* SPDX-License-Identifier: MIT
 *
 * manifest_decode: the table of a manifest, and the decoding of one document
 * over a manifest that may hold what it extends.
 */
#ifndef SPEC_MANIFEST_DECODE_H
#define SPEC_MANIFEST_DECODE_H

#include "spec/decode.h"
#include "spec/manifest.h"

extern const struct table manifest_table;

/* Decodes the document into *m by the rules of `extends`. */
int manifest_decode(const struct decoder *d, struct manifest *m,
	struct error *err) MUST_CHECK;
/* What must hold once everything was inherited. */
int manifest_check(const struct decoder *d, const struct manifest *m,
	struct error *err) MUST_CHECK;

#endif
