/* SPDX-License-Identifier: MIT
 *
 * package_decode: what a manifest says of packages: which, where from, and
 * what to do about their scripts and differing versions.
 */
#ifndef SPEC_PACKAGE_DECODE_H
#define SPEC_PACKAGE_DECODE_H

#include "spec/decode.h"

extern const struct table acknowledged_table; /* an item of the list */
extern const struct table scripts_table;      /* into a struct manifest */

decode_fn decode_packages;     /* struct string_list: adds what is new */
decode_fn decode_repositories; /* struct string_list: appends */
decode_fn decode_arch_skew;    /* enum arch_skew */

#endif
