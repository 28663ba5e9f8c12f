/* SPDX-License-Identifier: MIT */
#include "build/repository.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/index_fetch.h"
#include "io/http_url.h"

#define INDEX_NAME "APKINDEX.tar.gz"
/* As apk has it for tags and for names of packages. */
#define TAG_BYTES                                                              \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+._-"

/* A place, taken apart. */
struct place {
	const char *tag;      /* NULL: none */
	const char *where;    /* as it was given, without the tag */
	const char *location; /* URL of the index, or its path on this host */
	bool is_remote;
	size_t source; /* of a remote one, among the downloads */
};

/* Cuts "@TAG=" off, if it is there; without "=", the rest is empty. */
static struct slice cut_tag(const char *text, struct slice *where)
{
	struct slice tag = slice_of("");

	*where = slice_of(text);
	if (!slice_starts(*where, "@"))
		return tag;
	slice_cut(where, '=', &tag);
	return slice_make(tag.ptr + 1, tag.len - 1);
}

static bool is_url(const char *where)
{
	return strstr(where, "://") != NULL;
}

bool repository_is_remote(const char *place)
{
	struct slice where;
	SCOPED_FREE char *text = NULL;

	cut_tag(place, &where);
	text = slice_dup(where);
	return is_url(text) && http_url_scheme(text) != HTTP_SCHEME_FILE;
}

int repository_check(const char *place, struct error *err)
{
	struct slice where, tag = cut_tag(place, &where);
	SCOPED_FREE char *text = slice_dup(where);
	SCOPED_FREE char *name = slice_dup(tag);

	if (place[0] == '@' && (!*name || name[strspn(name, TAG_BYTES)]))
		return error_set(err, ERROR_USAGE,
			"\"%s\": expected @TAG=WHERE with a tag of letters, "
			"digits, \"+\", \".\", \"_\" and \"-\"",
			place);
	if (!*text)
		return error_set(err, ERROR_USAGE,
			"\"%s\": expected a URL, a folder or an index file",
			place);
	if (strpbrk(text, "?#") && is_url(text))
		return error_set(err, ERROR_USAGE,
			"\"%s\": a repository's URL has no query", place);
	return is_url(text) ? http_url_check(text, err) : 0;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

/* Where the index is, below what was given. */
static const char *find_index(
	struct slice where, const char *arch, struct arena *arena)
{
	struct slice rest, last = { 0 };

	while (where.len > 1 && where.ptr[where.len - 1] == '/')
		where.len--;
	if (slice_ends(where, "/" INDEX_NAME) || slice_is(where, INDEX_NAME))
		return arena_slice(arena, where);
	rest = where;
	while (slice_cut(&rest, '/', &last))
		;
	if (slice_is(last, arch))
		return arena_printf(
			arena, "%.*s/" INDEX_NAME, SLICE_ARGS(where));
	return arena_printf(
		arena, "%.*s/%s/" INDEX_NAME, SLICE_ARGS(where), arch);
}

static int locate(struct place *place, const char *arch, struct arena *arena,
	struct error *err)
{
	const char *path = place->where;
	SCOPED_FREE char *of_url = NULL;

	if (place->is_remote) {
		place->location = find_index(slice_of(path), arch, arena);
		return 0;
	}
	if (is_url(path)) {
		of_url = http_url_file_path(path, err);
		if (!of_url)
			return -1;
		path = of_url;
	}
	place->location = is_file(path)
				  ? arena_strdup(arena, path)
				  : find_index(slice_of(path), arch, arena);
	return 0;
}

static int take_apart(struct place *place, const char *text, const char *arch,
	struct arena *arena, struct error *err)
{
	struct slice where, tag = cut_tag(text, &where);

	if (repository_check(text, err))
		return -1;
	place->tag = tag.len ? arena_slice(arena, tag) : NULL;
	place->where = arena_slice(arena, where);
	place->is_remote = repository_is_remote(text);
	return locate(place, arch, arena, err);
}

/* What is under way. */
struct loading {
	const struct repository_options *options;
	struct arena *arena;
	struct place *places;
	struct index_sources sources;
	struct solve_repository *list;
};

static int read_open(struct loading *l, size_t i, int fd, struct error *err)
{
	SCOPED_FREE char *shown = http_url_show(l->places[i].location);
	const struct index_file_input input = {
		.fd = fd, .name = shown, .ring = l->options->ring
	};
	struct index_file *file = arena_alloc(l->arena, sizeof(*file));

	if (index_file_read(file, &input, l->arena, err))
		return error_wrap(err, "repository %s", l->places[i].where);
	l->list[i].index = &file->index;
	return 0;
}

static int read_index(struct loading *l, size_t i, struct error *err)
{
	const struct place *place = &l->places[i];
	SCOPED_FD int fd = -1;

	if (place->is_remote)
		return read_open(l, i, l->sources.items[place->source].fd, err);
	fd = open(place->location, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		error_errno(err, "open %s", place->location);
		return error_wrap(err, "repository %s", place->where);
	}
	return read_open(l, i, fd, err);
}

/* NULL: none of those before it is the same. */
static const struct index *read_before(const struct loading *l, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (!strcmp(l->places[i].location, l->places[at].location))
			return l->list[i].index;
	}
	return NULL;
}

static int read_all(struct loading *l, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		l->list[i].name = l->places[i].where;
		l->list[i].tag = l->places[i].tag;
		l->list[i].index = read_before(l, i);
		if (!l->list[i].index && read_index(l, i, err))
			return -1;
	}
	/* What nobody vouched for is not to stand in offline. */
	if (!l->options->ring || !l->sources.n)
		return 0;
	return index_sources_keep(&l->sources, l->options->fetch->cache, err);
}

int repository_load(struct solve_repository *list,
	const struct string_list *places,
	const struct repository_options *options, struct arena *arena,
	struct error *err)
{
	struct loading l = { .options = options, .arena = arena };
	int ret;

	l.list = list;
	l.places = arena_alloc(arena, (places->n + 1) * sizeof(*l.places));
	for (size_t i = 0; i < places->n; i++) {
		struct place *place = &l.places[i];

		if (take_apart(place, places->items[i], options->arch, arena,
			    err)) {
			index_sources_release(&l.sources);
			return -1;
		}
		if (place->is_remote)
			place->source = index_sources_add(
				&l.sources, place->location, FETCH_REQUIRED);
	}
	ret = index_sources_fetch(&l.sources, options->fetch, err);
	if (!ret)
		ret = read_all(&l, places->n, err);
	index_sources_release(&l.sources);
	return ret;
}
