/* SPDX-License-Identifier: MIT */
#include "routeros/remedy.h"

#include <string.h>

#include "base/buf.h"

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

/* "dist/x" of "dist/x.oci.tar" and the like. */
static const char *stem(const struct check *check, struct arena *arena)
{
	static const char *const ends[] = { ".gz", ".tgz", ".zst", ".xz",
		".bz2", ".lz4", ".tar", ".oci" };
	struct slice path = slice_of(check->path);

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (slice_ends(path, ends[i]) && path.len > strlen(ends[i]))
			path.len -= strlen(ends[i]);
	}
	return arena_slice(arena, path);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The file's own name as the name of an image: lower case, few others. */
static const char *name_of_file(const struct check *check, struct arena *arena)
{
	const char *path = stem(check, arena), *slash = strrchr(path, '/');
	char *name = arena_strdup(arena, slash ? slash + 1 : path);
	size_t n = 0;

	for (const char *p = name; *p; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

		if (is_letter(c))
			name[n++] = c;
		else if (n && name[n - 1] != '-')
			name[n++] = '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	return n ? name : "image";
}

/* NAME:TAG that is given to the image. */
static const char *reference(const struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;
	const char *tag = image->ntags ? image->tags[0] : NULL;
	const char *colon = tag ? strrchr(tag, ':') : NULL;

	if (w->check->findings.counts[RULE_TAG_INVALID])
		tag = colon = NULL;
	if (colon && colon[1] && !strchr(colon, '/'))
		return tag;
	/* In OCI layouts a tag has no name before it. */
	return arena_printf(w->arena, "%s:%s", name_of_file(w->check, w->arena),
		tag && !strchr(tag, '/') && !colon ? tag : "latest");
}

/* Of several images each has its own. */
static const char *output(const struct writing *w, size_t i)
{
	const struct archive_image *image = w->check->images[i].image;
	const char *path = stem(w->check, w->arena);

	if (w->check->nimages == 1 || !image->architecture)
		return arena_printf(w->arena, "%s-routeros.tar", path);
	return arena_printf(w->arena, "%s-routeros-%s%s.tar", path,
		image->architecture, image->variant ? image->variant : "");
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

static const char *destination(const struct writing *w, size_t i)
{
	return arena_printf(w->arena, "docker-archive:%s:%s", output(w, i),
		reference(w, i));
}

static void put_repack(struct writing *w, size_t i)
{
	buf_add_str(&w->lines, "skopeo");
	put_platform(w, i);
	buf_add_str(&w->lines, " copy");
	put_word(w, source(w, i));
	put_word(w, destination(w, i));
	buf_add_str(&w->lines, "\n");
}

static void put_flatten(struct writing *w, size_t i)
{
	buf_printf(&w->lines,
		"c=$(buildah from %s) && buildah commit --squash \"$c\" %s\n",
		quoted(source(w, i), w->arena),
		quoted(destination(w, i), w->arena));
}

static void put_uncompress(struct writing *w)
{
	const char *path = stem(w->check, w->arena);

	buf_printf(&w->lines, "%s -dc <%s >%s\n", w->check->compression,
		quoted(w->check->path, w->arena),
		quoted(arena_printf(w->arena, "%s.tar", path), w->arena));
}

static void put_import(struct writing *w)
{
	const char *name = arena_printf(
		w->arena, "%s:latest", name_of_file(w->check, w->arena));
	const char *out = arena_printf(
		w->arena, "%s-routeros.tar", stem(w->check, w->arena));

	buf_printf(&w->lines,
		"podman import --change 'ENTRYPOINT [\"/sbin/init\"]' %s %s "
		"&& podman save --format docker-archive -o %s %s\n",
		quoted(w->check->path, w->arena), quoted(name, w->arena),
		quoted(out, w->arena), quoted(name, w->arena));
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
	if (kind == REMEDY_REPACK)
		put_each(&w, put_repack);
	else if (kind == REMEDY_FLATTEN)
		put_each(&w, put_flatten);
	else if (kind == REMEDY_UNCOMPRESS && check->compression)
		put_uncompress(&w);
	else if (kind == REMEDY_IMPORT)
		put_import(&w);
	lines = w.lines.len ? arena_slice(arena, buf_slice(&w.lines)) : NULL;
	buf_release(&w.lines);
	return lines;
}
