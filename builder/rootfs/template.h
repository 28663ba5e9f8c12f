/* SPDX-License-Identifier: MIT
 *
 * template: fills in ${{name}} in overlay files that are marked as templates.
 * Strict: an unknown name (with the nearest known one), an unclosed "${{" or
 * bytes that are no UTF-8 are ERROR_SPEC with file and line. Blanks inside
 * the braces are allowed; "$${{" stands for a literal "${{". Values are put
 * in as they are and not looked at again.
 */
#ifndef ROOTFS_TEMPLATE_H
#define ROOTFS_TEMPLATE_H

#include "base/buf.h"
#include "base/error.h"
#include "spec/list.h"

#define TEMPLATE_MAX ((size_t)1 << 20) /* bytes, before and after */

/*
 * name: the file, for messages. out is initialised here; on failure there is
 * nothing to release.
 */
int template_expand(const char *name, struct slice text,
	const struct pair_list *variables, struct buf *out,
	struct error *err) MUST_CHECK;

#endif
