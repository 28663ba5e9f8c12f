/* SPDX-License-Identifier: MIT */
#include "build/project.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/path.h"

#ifndef ALPBUILD_DATADIR
#define ALPBUILD_DATADIR "/usr/local/share/alpbuild"
#endif

#define PROJECT_LEVELS_MAX 64 /* folders looked at on the way up */

static bool is_project(const char *dir)
{
	SCOPED_FREE char *manifests = path_join(dir, "manifests");
	SCOPED_FREE char *arch = path_join(dir, "arch");

	return file_is_directory(manifests) && file_is_directory(arch);
}

/* The folder itself, "..", "../..": relative, so that messages stay short. */
static const char *search_upwards(const char *from, struct arena *arena)
{
	const char *dir = from;

	for (int level = 0; level < PROJECT_LEVELS_MAX; level++) {
		if (is_project(dir))
			return dir;
		dir = level || strcmp(from, ".") != 0
			      ? arena_printf(arena, "%s/..", dir)
			      : "..";
	}
	return NULL;
}

static const char *find_root(const char *manifest, struct arena *arena)
{
	const char *root = search_upwards(".", arena);

	if (!root && manifest && path_parent(manifest).len)
		root = search_upwards(
			arena_slice(arena, path_parent(manifest)), arena);
	if (!root && is_project(ALPBUILD_DATADIR))
		root = ALPBUILD_DATADIR;
	return root;
}

static const char *in_root(
	const struct project *project, const char *name, struct arena *arena)
{
	if (!strcmp(project->root, "."))
		return arena_strdup(arena, name);
	return arena_printf(arena, "%s/%s", project->root, name);
}

int project_open(struct project *project, const char *manifest,
	struct arena *arena, struct error *err)
{
	const char *arch_dir, *pins;

	memset(project, 0, sizeof(*project));
	project->root = find_root(manifest, arena);
	if (!project->root)
		return error_set(err, ERROR_NOT_FOUND,
			"no project: neither this folder nor one above it has "
			"manifests/ and arch/, and %s is not installed",
			ALPBUILD_DATADIR);
	arch_dir = in_root(project, "arch", arena);
	if (arch_table_read(&project->archs, arch_dir, arena, err))
		return -1;
	pins = in_root(project, "manifests/releases.json", arena);
	if (!file_exists(pins))
		return 0;
	return release_pins_read(&project->pins, pins, arena, err);
}

static bool is_manifest_name(const char *name)
{
	struct slice s = slice_of(name);

	return s.len > 5 && name[0] != '.' && slice_ends(s, ".json") &&
	       !slice_ends(s, ".lock.json") && !slice_is(s, "releases.json");
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int project_images(const struct project *project, struct string_list *names,
	struct arena *arena, struct error *err)
{
	const char *dir = in_root(project, "manifests", arena);
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d)
		return error_errno(err, "%s", dir);
	while ((entry = readdir(d))) {
		struct slice name = slice_of(entry->d_name);
		SCOPED_FREE char *image = NULL;

		if (!is_manifest_name(entry->d_name))
			continue;
		name.len -= strlen(".json");
		image = slice_dup(name);
		string_list_add(names, image, arena);
	}
	closedir(d);
	if (names->n)
		qsort(names->items, names->n, sizeof(*names->items),
			compare_names);
	return 0;
}

static int complain_image(const struct project *project, const char *image,
	struct arena *arena, struct error *err)
{
	struct string_list names = { 0 };
	const char *near, *list = "";

	if (project_images(project, &names, arena, err))
		return -1;
	for (size_t i = 0; i < names.n; i++)
		list = arena_printf(
			arena, "%s%s%s", list, i ? ", " : "", names.items[i]);
	near = nearest_find(image, names.items, names.n);
	if (near)
		return error_set(err, ERROR_NOT_FOUND,
			"no image \"%s\" in %s (did you mean \"%s\"?)", image,
			in_root(project, "manifests", arena), near);
	return error_set(err, ERROR_NOT_FOUND,
		"no image \"%s\" in %s; there are: %s (or name a file with "
		"--file)",
		image, in_root(project, "manifests", arena), list);
}

const char *project_manifest(const struct project *project, const char *image,
	struct arena *arena, struct error *err)
{
	const char *path;

	path = in_root(project, arena_printf(arena, "manifests/%s.json", image),
		arena);
	if (!strchr(image, '/') && is_manifest_name(path_base(path)) &&
		file_exists(path))
		return path;
	complain_image(project, image, arena, err);
	return NULL;
}

/* Two names of one folder: the shorter one is the better message. */
static bool same_folder(const char *a, const char *b)
{
	struct stat sa, sb;

	return !stat(a, &sa) && !stat(b, &sb) && sa.st_dev == sb.st_dev &&
	       sa.st_ino == sb.st_ino;
}

const char *project_overlay(const struct project *project,
	const char *manifest_path, const char *overlay, struct arena *arena,
	struct error *err)
{
	struct slice dir = path_parent(manifest_path);
	const char *beside, *own;

	if (!dir.len)
		dir = manifest_path[0] == '/' ? slice_of("/") : slice_of(".");
	beside = arena_printf(
		arena, "%.*s/../rootfs-overlays/%s", SLICE_ARGS(dir), overlay);
	own = in_root(project,
		arena_printf(arena, "rootfs-overlays/%s", overlay), arena);
	if (file_is_directory(beside) && !same_folder(beside, own))
		return beside;
	if (file_is_directory(own))
		return own;
	error_set(err, ERROR_NOT_FOUND,
		"%s: overlay \"%s\" is neither %s nor %s", manifest_path,
		overlay, own, beside);
	return NULL;
}
