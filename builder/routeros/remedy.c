/* SPDX-License-Identifier: MIT */
#include "routeros/remedy.h"

#include <string.h>

#include "base/buf.h"
#include "oci/reference.h"

#define COMMANDS_MAX ((size_t)64 << 10) /* bytes of all lines */
#define IMAGES_TOLD 8			/* of one file */
#define PLAIN                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"_./:@%+=,-"

struct writing {
	const struct check *check;
	struct arena *arena;
	struct buf lines;
};

/* A word of a shell's command line. */
static const char *quoted(const char *text, struct arena *arena)
{
	SCOPED_BUF struct buf out = { 0 };

	if (*text && *text != '-' && !text[strspn(text, PLAIN)])
		return text;
	buf_init(&out, COMMANDS_MAX);
	buf_add_str(&out, "'");
	for (; *text; text++) {
		if (*text == '\'')
			buf_add_str(&out, "'\\''");
		else
			buf_add(&out, text, 1);
	}
	buf_add_str(&out, "'");
	return arena_strdup(arena, out.data);
}

static const char *stem(const struct writing *w)
{
	return reference_stem(w->check->path, w->arena);
}

/* A path that no program takes for an option. */
static const char *path_word(const struct writing *w, const char *path)
{
	return arena_printf(w->arena, "%s%s", *path == '-' ? "./" : "", path);
}

/* NAME:TAG that is given to the image. */
static const char *reference(const struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;

	return reference_of(
		image->ntags ? image->tags[0] : NULL, w->check->path, w->arena);
}

/* Which one of those that are for the same platform. */
static size_t nth_of_platform(const struct writing *w, size_t i)
{
	const struct check_image *images = w->check->images;
	size_t n = 1;

	for (size_t k = 0; k < i; k++)
		n += !strcmp(images[k].platform, images[i].platform);
	return n;
}

/* Of several images each has its own. */
static const char *output(const struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;
	const char *variant = image->variant ? image->variant : "";
	const size_t nth = nth_of_platform(w, i);

	if (w->check->nimages == 1 || !image->architecture)
		return arena_printf(w->arena, "%s-routeros.tar", stem(w));
	if (nth == 1)
		return arena_printf(w->arena, "%s-routeros-%s%s.tar", stem(w),
			image->architecture, variant);
	return arena_printf(w->arena, "%s-routeros-%s%s-%zu.tar", stem(w),
		image->architecture, variant, nth);
}

/* As skopeo names what it reads. */
static const char *source(const struct writing *w, size_t i)
{
	const struct check *check = w->check;
	const struct archive_image *image = check->images[i].image;
	const char *tag = image->ntags ? image->tags[0] : NULL;

	if (check->archive.form == ARCHIVE_DOCKER ||
		check->archive.form == ARCHIVE_HYBRID) {
		if (check->nimages > 1)
			return arena_printf(w->arena, "docker-archive:%s:@%zu",
				check->path, i);
		return arena_printf(w->arena, "docker-archive:%s", check->path);
	}
	if (check->archive.form == ARCHIVE_DIR)
		return arena_printf(w->arena, "dir:%s", check->path);
	return arena_printf(w->arena, "%s:%s%s%s",
		check->archive.form == ARCHIVE_OCI_DIR ? "oci" : "oci-archive",
		check->path, tag ? ":" : "", tag ? tag : "");
}

static void put_word(struct writing *w, const char *word)
{
	buf_printf(&w->lines, " %s", quoted(word, w->arena));
}

/* Which of several platforms; skopeo would take the one that it runs on. */
static void put_platform(struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;

	if (image->os) {
		buf_add_str(&w->lines, " --override-os");
		put_word(w, image->os);
	}
	if (image->architecture) {
		buf_add_str(&w->lines, " --override-arch");
		put_word(w, image->architecture);
	}
	if (image->variant) {
		buf_add_str(&w->lines, " --override-variant");
		put_word(w, image->variant);
	}
}

/* skopeo writes no docker-archive of layers in zstd, but a folder. */
static void put_repack(struct writing *w, size_t i)
{
	const char *out = output(w, i);
	struct slice name = slice_of(out);
	const char *folder;

	name.len -= strlen(".tar");
	folder = arena_printf(w->arena, "%.*s.dir", SLICE_ARGS(name));
	buf_add_str(&w->lines, "skopeo");
	put_platform(w, i);
	buf_add_str(&w->lines, " copy --dest-decompress");
	put_word(w, source(w, i));
	put_word(w, arena_printf(w->arena, "dir:%s", folder));
	buf_add_str(&w->lines, " && alpbuild convert --name");
	put_word(w, reference(w, i));
	put_word(w, path_word(w, folder));
	put_word(w, path_word(w, out));
	buf_add_str(&w->lines, "\n");
}

/* What distinguishes one of several images. */
static void put_choice(struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;

	if (w->check->nimages == 1)
		return;
	if (image->architecture) {
		buf_add_str(&w->lines, " --arch");
		put_word(w, w->check->images[i].platform);
	}
	if (image->ntags) {
		buf_add_str(&w->lines, " --tag");
		put_word(w, image->tags[0]);
	}
}

/* What is wrong with the image itself is told by convert, too. */
static bool cannot_run(const struct check *check)
{
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (check->findings.counts[i] &&
			check_rules[i].level == CHECK_ERROR &&
			check_rules[i].effect == EFFECT_RUN)
			return true;
	}
	return false;
}

static void put_convert(struct writing *w, size_t i)
{
	buf_add_str(&w->lines, "alpbuild convert");
	put_choice(w, i);
	if (cannot_run(w->check))
		buf_add_str(&w->lines, " --unchecked");
	put_word(w, path_word(w, w->check->path));
	put_word(w, path_word(w, output(w, i)));
	buf_add_str(&w->lines, "\n");
}

/* What convert would refuse as well. */
static bool is_convertible(const struct check *check)
{
	const size_t *counts = check->findings.counts;

	return !counts[RULE_LAYER_COMPRESSED] && !counts[RULE_LAYER_DAMAGED] &&
	       !counts[RULE_LAYER_DIGEST];
}

static void put_uncompress(struct writing *w)
{
	const char *path = stem(w);

	buf_printf(&w->lines, "%s -dc <%s >%s\n", w->check->compression,
		quoted(w->check->path, w->arena),
		quoted(arena_printf(w->arena, "%s.tar", path), w->arena));
}

/* Whose programs they are it finds out itself. */
static void put_rootfs(struct writing *w)
{
	buf_add_str(&w->lines, "alpbuild convert --rootfs");
	put_word(w, path_word(w, w->check->path));
	put_word(w, path_word(w, arena_printf(w->arena, "%s-routeros.tar",
					 stem(w))));
	buf_add_str(&w->lines, "\n");
}

static void put_each(
	struct writing *w, void (*put)(struct writing *w, size_t i))
{
	for (size_t i = 0; i < w->check->nimages && i < IMAGES_TOLD; i++)
		put(w, i);
}

const char *remedy_commands(
	enum remedy_kind kind, const struct check *check, struct arena *arena)
{
	struct writing w = { .check = check, .arena = arena };
	const char *lines;

	buf_init(&w.lines, COMMANDS_MAX);
	if (kind == REMEDY_CONVERT && is_convertible(check))
		put_each(&w, put_convert);
	else if (kind == REMEDY_REPACK)
		put_each(&w, put_repack);
	else if (kind == REMEDY_UNCOMPRESS && check->compression)
		put_uncompress(&w);
	else if (kind == REMEDY_ROOTFS)
		put_rootfs(&w);
	lines = w.lines.len ? arena_slice(arena, buf_slice(&w.lines)) : NULL;
	buf_release(&w.lines);
	return lines;
}
