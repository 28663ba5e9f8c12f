/* SPDX-License-Identifier: MIT
 *
 * service_decode: the services of a manifest, by runlevel.
 */
#ifndef SPEC_SERVICE_DECODE_H
#define SPEC_SERVICE_DECODE_H

#include "spec/decode.h"

decode_fn decode_services; /* struct manifest: adds what is new */

#endif
