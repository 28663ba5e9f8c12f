/* SPDX-License-Identifier: MIT
 *
 * account_decode: the tables of a manifest's `users` and `groups`. Decoding
 * into a manifest that has some already replaces those of the same name.
 */
#ifndef SPEC_ACCOUNT_DECODE_H
#define SPEC_ACCOUNT_DECODE_H

#include "spec/decode.h"
#include "spec/manifest.h"

extern const struct table user_table;
extern const struct table group_table;

/* out: struct manifest. */
decode_fn decode_users;
decode_fn decode_groups;

/* Complains when two users or two groups have one number. */
int account_check(
	const struct manifest *manifest, struct error *err) MUST_CHECK;

#endif
