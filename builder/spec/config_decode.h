/* SPDX-License-Identifier: MIT
 *
 * config_decode: the table of a manifest's `config`, what the container
 * engine is told (OCI image spec v1.1, "Image Configuration").
 */
#ifndef SPEC_CONFIG_DECODE_H
#define SPEC_CONFIG_DECODE_H

#include "spec/decode.h"

/* Of an object decoded into struct manifest. */
extern const struct table config_table;

#endif
