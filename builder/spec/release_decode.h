/* SPDX-License-Identifier: MIT
 *
 * release_decode: the table of a release in manifests/releases.json.
 */
#ifndef SPEC_RELEASE_DECODE_H
#define SPEC_RELEASE_DECODE_H

#include "spec/decode.h"
#include "spec/releases.h"

extern const struct table release_table; /* of the document */

int release_pins_decode(const struct decoder *d, struct release_pins *pins,
	struct error *err) MUST_CHECK;

#endif
