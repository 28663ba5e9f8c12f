/* SPDX-License-Identifier: MIT */
/*
 * recipe ARCHIVE DATA-TAR OVERLAY DIR
 *
 * DATA-TAR may be several tars, one after the other: the minirootfs' and
 * those of packages. Finds out from which files the bytes of alpbuild's archive
 * can be had, and writes that as a recipe (see recipe.h) to DIR.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/recipe.h"
#include "bench/support.h"

#define BLOCK ((size_t)512)
#define NAME_SIZE 257 /* prefix, slash, name */
#define LAYER_NAME "/layer.tar"
#define HEX_SIZE 64

/* The part of a ustar header that matters here. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char chksum[8], typeflag, linkname[100], magic[8];
	char uname[32], gname[32], devmajor[8], devminor[8], prefix[155];
};

struct member {
	char name[NAME_SIZE];
	char type;
	size_t offset, size; /* of its content */
};

struct index {
	struct member *items;
	size_t n;
};

struct recipe {
	FILE *literals, *steps;
	size_t nliteral;   /* bytes in literals */
	size_t pending;	   /* of them, not yet in steps */
	struct index data; /* of the data tar, by name */
	struct view data_tar;
	const char *overlay;
};

static size_t padded(size_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

/* 0: no more members. */
static int read_member(const struct view *tar, size_t at, struct member *member)
{
	const struct header *h;
	char size[13] = "";

	if (at + BLOCK > tar->size || !tar->data[at])
		return 0;
	h = (const void *)(tar->data + at);
	memcpy(size, h->size, sizeof(h->size));
	snprintf(member->name, sizeof(member->name), "%.155s%s%.100s",
		h->prefix, h->prefix[0] ? "/" : "", h->name);
	member->type = h->typeflag ? h->typeflag : '0';
	member->offset = at + BLOCK;
	member->size = strtoul(size, NULL, 8);
	if (member->size > tar->size - member->offset)
		die("%s: truncated", member->name);
	return 1;
}

/* "./bin/x" and "bin/x" are the same. */
static const char *plain(const char *name)
{
	return strncmp(name, "./", 2) ? name : name + 2;
}

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(plain(x->name), plain(y->name));
}

static void index_data(struct recipe *r)
{
	size_t room = 1024, at = 0;
	struct member member;

	r->data.items = must_alloc(room * sizeof(member));
	while (at + BLOCK <= r->data_tar.size) {
		if (!read_member(&r->data_tar, at, &member)) {
			at += BLOCK; /* between two tars */
			continue;
		}
		at = member.offset + padded(member.size);
		if (member.type != '0' || !member.size)
			continue;
		if (r->data.n == room) {
			room *= 2;
			r->data.items =
				realloc(r->data.items, room * sizeof(member));
			if (!r->data.items)
				die("out of memory");
		}
		r->data.items[r->data.n++] = member;
	}
	qsort(r->data.items, r->data.n, sizeof(member), by_name);
}

static void flush_literal(struct recipe *r)
{
	if (r->pending)
		fprintf(r->steps, "%c %zu %zu\n", STEP_LITERAL,
			r->nliteral - r->pending, r->pending);
	r->pending = 0;
}

static void add_literal(struct recipe *r, const void *p, size_t n)
{
	if (fwrite(p, 1, n, r->literals) != n)
		die_errno("write literals");
	r->nliteral += n;
	r->pending += n;
}

static int add_file(
	struct recipe *r, const struct member *member, const void *content)
{
	char path[BENCH_PATH_SIZE];
	struct view file;
	struct stat st;
	int same;

	join_path(path, r->overlay, member->name);
	if (lstat(path, &st) || !S_ISREG(st.st_mode) ||
		(size_t)st.st_size != member->size)
		return 0;
	file = view_file(path);
	same = file.size == member->size &&
	       !memcmp(file.data, content, member->size);
	view_release(&file);
	if (!same)
		return 0;
	flush_literal(r);
	fprintf(r->steps, "%c %zu %s\n", STEP_FILE, member->size, path);
	return 1;
}

static int add_data(
	struct recipe *r, const struct member *member, const void *content)
{
	const struct member *found = bsearch(
		member, r->data.items, r->data.n, sizeof(*member), by_name);

	if (!found || found->size != member->size ||
		memcmp(r->data_tar.data + found->offset, content, found->size))
		return 0;
	flush_literal(r);
	fprintf(r->steps, "%c %zu %zu\n", STEP_DATA, found->offset,
		found->size);
	return 1;
}

static void add_layer(struct recipe *r, const struct view *layer)
{
	struct member member;
	size_t at = 0;

	while (read_member(layer, at, &member)) {
		const unsigned char *content = layer->data + member.offset;
		size_t padding = padded(member.size) - member.size;

		add_literal(r, layer->data + at, BLOCK);
		if (member.size &&
			(member.type != '0' ||
				(!add_file(r, &member, content) &&
					!add_data(r, &member, content))))
			add_literal(r, content, member.size);
		add_literal(r, content + member.size, padding);
		at = member.offset + padded(member.size);
	}
	add_literal(r, layer->data + at, layer->size - at);
}

/* Where the layer lies in the archive; its name begins with its digest. */
static struct member find_layer(const struct view *archive, const char *path)
{
	struct member member;
	size_t at = 0;

	while (read_member(archive, at, &member)) {
		const char *slash = strchr(member.name, '/');

		if (slash == member.name + HEX_SIZE &&
			!strcmp(slash, LAYER_NAME))
			return member;
		at = member.offset + padded(member.size);
	}
	die("%s: no layer in it", path);
}

static FILE *create(const char *dir, const char *name)
{
	char path[BENCH_PATH_SIZE];
	FILE *file;

	join_path(path, dir, name);
	file = fopen(path, "we");
	if (!file)
		die_errno("%s", path);
	return file;
}

int main(int argc, char **argv)
{
	struct recipe r = { .nliteral = 0 };
	struct view archive, layer;
	struct member member;
	size_t end;

	if (argc != 5) {
		fputs("usage: recipe ARCHIVE DATA-TAR OVERLAY DIR\n", stderr);
		return 2;
	}
	archive = view_file(argv[1]);
	r.data_tar = view_file(argv[2]);
	r.overlay = argv[3];
	r.literals = create(argv[4], RECIPE_LITERALS);
	r.steps = create(argv[4], RECIPE_STEPS);
	index_data(&r);
	member = find_layer(&archive, argv[1]);
	layer.data = archive.data + member.offset;
	layer.size = member.size;
	end = member.offset + member.size;
	add_literal(&r, archive.data, member.offset);
	flush_literal(&r);
	fprintf(r.steps, "%c %.*s\n", STEP_LAYER, HEX_SIZE, member.name);
	add_layer(&r, &layer);
	flush_literal(&r);
	fprintf(r.steps, "%c\n", STEP_TAIL);
	add_literal(&r, archive.data + end, archive.size - end);
	flush_literal(&r);
	if (fclose(r.literals) || fclose(r.steps))
		die_errno("write %s", argv[4]);
	free(r.data.items);
	return 0;
}
