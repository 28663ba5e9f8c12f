/* SPDX-License-Identifier: MIT
 *
 * archive_choose: the one image of an archive that is meant, by platform and
 * tag. An image that is listed twice, under two tags, is one.
 */
#ifndef OCI_ARCHIVE_CHOOSE_H
#define OCI_ARCHIVE_CHOOSE_H

#include "oci/archive.h"

struct archive_wish {
	/* "arm64", "arm/v7", "linux/arm/v7", and what else platforms are
	 * called: "armv7", "aarch64", "x86_64"; NULL: any */
	const char *platform;
	const char *tag; /* "alpine:3.18", or "3.18" alone; NULL: any */
};

struct archive_chosen {
	const struct archive_image *image;
	const char *tag; /* the one that was asked for, else its first; NULL */
};

/* A platform as images say it. */
struct platform_name {
	const char *architecture; /* NULL: not a name of any */
	const char *variant;	  /* NULL: not said */
};
struct platform_name platform_name_parse(const char *text, struct arena *arena);

/*
 * ERROR_NOT_FOUND: there is no such image; ERROR_USAGE: there are several.
 * Either error lists those that there are.
 */
int archive_choose(struct archive *archive, const struct archive_wish *wish,
	struct archive_chosen *chosen, struct error *err) MUST_CHECK;

#endif
