/* SPDX-License-Identifier: MIT */
#include "oci/archive_choose.h"

#include <string.h>

#include "base/mask.h"

#define LIST_MAX ((size_t)1024) /* bytes of what an error lists */

struct platform_alias {
	const char *name, *architecture, *variant;
};

static const struct platform_alias aliases[] = {
	{ "x86_64", "amd64", NULL },
	{ "x86", "amd64", NULL },
	{ "aarch64", "arm64", NULL },
	{ "armhf", "arm", "v6" },
	{ "armv5", "arm", "v5" },
	{ "armv6", "arm", "v6" },
	{ "armv7", "arm", "v7" },
	{ "armv7l", "arm", "v7" },
	{ "armv8", "arm64", NULL },
};

/* How well an image fits: one that says the variant beats one that is silent.
 */
enum fit { FIT_NOT, FIT_SILENT, FIT_EXACT };

struct choosing {
	const struct archive *archive;
	const struct archive_wish *wish;
	struct platform_name platform;
	struct archive_chosen best;
	enum fit fit;
	size_t nbest; /* different images that fit equally well */
};

struct platform_name platform_name_parse(const char *text, struct arena *arena)
{
	struct slice rest = slice_of(text), part;
	struct platform_name name = { 0 };

	if (slice_starts(rest, "linux/"))
		rest = slice_of(text + strlen("linux/"));
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (slice_is(rest, aliases[i].name))
			return (struct platform_name){ aliases[i].architecture,
				aliases[i].variant };
	}
	if (slice_cut(&rest, '/', &part) && part.len)
		name.architecture = arena_slice(arena, part);
	if (slice_cut(&rest, '/', &part) && part.len)
		name.variant = arena_slice(arena, part);
	return name;
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static enum fit fit_platform(
	const struct choosing *c, const struct archive_image *image)
{
	const struct platform_name *want = &c->platform;

	if (image->os && strcmp(image->os, "linux"))
		return FIT_NOT;
	if (!want->architecture)
		return FIT_EXACT;
	if (!image->architecture)
		return FIT_SILENT;
	if (!same(image->architecture, want->architecture))
		return FIT_NOT;
	if (!want->variant || same(image->variant, want->variant))
		return FIT_EXACT;
	return image->variant ? FIT_NOT : FIT_SILENT;
}

/* "alpine:3.18" and "3.18" are both meant by docker.io/library/alpine:3.18. */
static bool is_tag(const char *tag, const char *want)
{
	struct slice whole = slice_of(tag);
	size_t n = strlen(want);

	if (!strcmp(tag, want))
		return true;
	return slice_ends(whole, want) && whole.len > n &&
	       strchr(":/", tag[whole.len - n - 1]);
}

/* *tag stays as it is when none is wanted. */
static bool fits_tag(const struct choosing *c,
	const struct archive_image *image, const char **tag)
{
	const char *want = c->wish->tag;

	if (!want) {
		*tag = image->ntags ? image->tags[0] : NULL;
		return true;
	}
	for (size_t i = 0; i < image->ntags; i++) {
		*tag = image->tags[i];
		if (is_tag(*tag, want))
			return true;
	}
	return false;
}

static bool is_listed_again(
	const struct archive_image *a, const struct archive_image *b)
{
	return a && digest_eq(&a->config_digest, &b->config_digest);
}

static void consider(struct choosing *c, const struct archive_image *image)
{
	enum fit fit = fit_platform(c, image);
	const char *tag;

	if (fit == FIT_NOT || fit < c->fit || !fits_tag(c, image, &tag))
		return;
	if (fit > c->fit)
		c->nbest = 0;
	else if (is_listed_again(c->best.image, image))
		return;
	c->fit = fit;
	c->best = (struct archive_chosen){ image, tag };
	c->nbest++;
}

static void list_image(const struct archive_image *image, struct buf *list)
{
	if (list->len)
		buf_add_str(list, ", ");
	buf_printf(list, "%s/%s%s%s", image->os ? image->os : "?",
		image->architecture ? image->architecture : "?",
		image->variant ? "/" : "",
		image->variant ? image->variant : "");
	if (image->ntags)
		buf_printf(list, " %s", image->tags[0]);
}

static int complain(const struct choosing *c, struct error *err)
{
	const struct archive_wish *wish = c->wish;
	SCOPED_BUF struct buf list = { 0 };

	buf_init(&list, LIST_MAX);
	for (size_t i = 0; i < c->archive->nimages; i++)
		list_image(&c->archive->images[i], &list);
	/* What configs say is foreign text. */
	mask_controls(list.data);
	if (c->nbest)
		return error_set(err, ERROR_USAGE,
			"several images fit: choose one by --arch or --tag; "
			"there are %s",
			list.data);
	return error_set(err, ERROR_NOT_FOUND,
		"no image for %s%s%s: there are %s",
		wish->platform ? wish->platform : "linux",
		wish->tag ? " with the tag " : "", wish->tag ? wish->tag : "",
		list.data);
}

int archive_choose(struct archive *archive, const struct archive_wish *wish,
	struct archive_chosen *chosen, struct error *err)
{
	struct choosing c = { .archive = archive, .wish = wish };

	if (wish->platform) {
		c.platform =
			platform_name_parse(wish->platform, &archive->arena);
		if (!c.platform.architecture)
			return error_set(err, ERROR_USAGE,
				"\"%s\" is no platform such as arm64 or arm/v7",
				wish->platform);
	}
	for (size_t i = 0; i < archive->nimages; i++)
		consider(&c, &archive->images[i]);
	if (c.nbest != 1)
		return complain(&c, err);
	*chosen = c.best;
	return 0;
}
