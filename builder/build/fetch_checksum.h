/* SPDX-License-Identifier: MIT
 *
 * fetch_checksum: the .sha256 and .sha512 files of Alpine's mirrors, as
 * sha256sum(1) writes them: one line "<hex>  <file>" or "<hex> *<file>".
 */
#ifndef BUILD_FETCH_CHECKSUM_H
#define BUILD_FETCH_CHECKSUM_H

#include "base/error.h"
#include "base/slice.h"
#include "io/digest.h"

/*
 * The digest of that kind for that file; ERROR_INPUT for anything else than
 * exactly one such line. The error does not name the document.
 */
int fetch_checksum_parse(struct slice text, const char *file,
	enum digest_kind kind, struct digest *out,
	struct error *err) MUST_CHECK;

#endif
