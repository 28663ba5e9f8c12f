/* SPDX-License-Identifier: MIT
 *
 * overlay_decode: the table of overlay.json and the decoding of one document.
 */
#ifndef SPEC_OVERLAY_DECODE_H
#define SPEC_OVERLAY_DECODE_H

#include "spec/decode.h"
#include "spec/overlay_spec.h"

extern const struct table overlay_table;

int overlay_decode(const struct decoder *d, struct overlay_spec *spec,
	struct error *err) MUST_CHECK;

#endif
