/* SPDX-License-Identifier: MIT
 *
 * rule_decode: the tables for spec/rule.h, shared by manifests (`paths`) and
 * overlays (`rules`), and for lists of patterns.
 */
#ifndef SPEC_RULE_DECODE_H
#define SPEC_RULE_DECODE_H

#include "spec/decode.h"
#include "spec/rule.h"

extern const struct table rule_table;

/* out: struct rule_list; the rules are appended. */
decode_fn decode_rules;
/* out: struct string_list; absolute patterns, appended clean. */
decode_fn decode_patterns;

#endif
