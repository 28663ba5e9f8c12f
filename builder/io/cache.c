/* SPDX-License-Identifier: MIT */
#include "io/cache.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/path.h"
#include "io/cache_use.h"

#define TAG_NAME "CACHEDIR.TAG"
#define TAG_TEXT                                                               \
	"Signature: 8a477f597d28d172789f06886806bc55\n"                        \
	"# The cache of alpbuild: see https://bford.info/cachedir/\n"

static const char *const folders[] = { "blobs/sha256", "refs", "partial" };

/* NULL when unset or empty. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static char *choose_root(const char *dir)
{
	const char *value;

	if (dir)
		return memory_strdup(dir);
	value = environment("ALPBUILD_CACHE");
	if (value)
		return memory_strdup(value);
	/* A relative one is to be ignored, says the XDG specification. */
	value = environment("XDG_CACHE_HOME");
	if (value && value[0] == '/')
		return path_join(value, "alpbuild");
	value = environment("HOME");
	return value ? path_join(value, ".cache/alpbuild") : NULL;
}

static bool is_cache_folder(const char *name)
{
	return !strcmp(name, "blobs") || !strcmp(name, "refs") ||
	       !strcmp(name, "partial");
}

/* An empty folder, or one that holds just what an unmarked cache holds. */
static bool can_be_marked(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int known = 0, others = 0;

	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (is_cache_folder(entry->d_name))
			known++;
		else
			others++;
	}
	closedir(dir);
	/* "." and ".."; all three folders, or none. */
	return others <= 2 && (!known || known == ARRAY_SIZE(folders));
}

/* A new cache is marked before anything else is in it. */
static int mark(const char *root, struct error *err)
{
	SCOPED_FREE char *tag = path_join(root, TAG_NAME);
	SCOPED_FD int fd = -1;

	if (file_exists(tag))
		return 0;
	if (can_be_marked(root))
		fd = open(tag, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	else if (!file_exists(tag))
		return error_set(err, ERROR_USAGE,
			"%s is no cache of alpbuild, and not empty: choose "
			"another folder (--cache, ALPBUILD_CACHE)",
			root);
	if (fd < 0)
		return file_exists(tag) ? 0 : error_errno(err, "%s", tag);
	return file_write_all(fd, TAG_TEXT, strlen(TAG_TEXT), err);
}

int cache_open(struct cache *cache, const char *dir, struct error *err)
{
	SCOPED_FREE char *root = choose_root(dir);

	if (!root || !*root)
		return error_set(err, ERROR_USAGE,
			"no cache folder: give --cache DIR or set "
			"ALPBUILD_CACHE or HOME");
	if (file_mkdirs(root, err) || mark(root, err))
		return error_wrap(err, "cache");
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		SCOPED_FREE char *path = path_join(root, folders[i]);
		struct error ignored;

		/* Reading may do without; writing tells what it misses. */
		if (file_mkdirs(path, &ignored))
			log_debug("cache: %s", ignored.text);
	}
	cache->root = scope_take(root);
	return 0;
}

void cache_release(struct cache *cache)
{
	free(cache->root);
	cache->root = NULL;
}

char *cache_blob_path(const struct cache *cache, const struct digest *sha256)
{
	char hex[DIGEST_HEX_SIZE];

	assert(sha256->kind == DIGEST_SHA256);
	return memory_printf(
		"%s/blobs/sha256/%s", cache->root, digest_hex(sha256, hex));
}

bool cache_has_blob(
	const struct cache *cache, const struct digest *sha256, uint64_t size)
{
	SCOPED_FREE char *path = cache_blob_path(cache, sha256);
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == size;
}

/* Removes what was found corrupt, unless it was replaced meanwhile. */
static void remove_corrupt(const char *path, int fd)
{
	struct stat opened, now;

	if (fstat(fd, &opened) || lstat(path, &now) ||
		opened.st_ino != now.st_ino || opened.st_dev != now.st_dev)
		return;
	unlink(path);
}

int cache_check_blob(const struct cache *cache, const struct digest *sha256,
	int fd, uint64_t *size, struct error *err)
{
	SCOPED_FREE char *path = cache_blob_path(cache, sha256);
	char expected_text[DIGEST_TEXT_SIZE], found_text[DIGEST_TEXT_SIZE];
	struct digest found;

	if (digest_fd(DIGEST_SHA256, fd, &found, size, err))
		return error_wrap(err, "cache entry %s", path);
	if (digest_eq(&found, sha256))
		return 1;
	log_warn("cache entry %s is corrupt (expected %s, found %s): "
		 "fetching it again",
		path, digest_text(sha256, expected_text),
		digest_text(&found, found_text));
	remove_corrupt(path, fd);
	return 0;
}

int cache_open_unchecked(const struct cache *cache, const struct digest *sha256,
	int *fd, struct error *err)
{
	SCOPED_FREE char *path = cache_blob_path(cache, sha256);
	SCOPED_FD int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (opened < 0 && errno == ENOENT)
		return 0;
	if (opened < 0)
		return error_errno(err, "cache entry %s", path);
	cache_touch(opened);
	*fd = scope_take_fd(opened);
	return 1;
}

int cache_open_blob(const struct cache *cache, const struct digest *sha256,
	int *fd, uint64_t *size, struct error *err)
{
	SCOPED_FD int opened = -1;
	int found = cache_open_unchecked(cache, sha256, &opened, err);

	if (found == 1)
		found = cache_check_blob(cache, sha256, opened, size, err);
	if (found == 1)
		*fd = scope_take_fd(opened);
	return found;
}

int cache_new_blob(
	const struct cache *cache, struct outfile *out, struct error *err)
{
	SCOPED_FREE char *path =
		memory_printf("%s/blobs/sha256/new", cache->root);

	return outfile_open(out, path, err);
}

int cache_commit_blob(const struct cache *cache, struct outfile *out,
	const struct digest *sha256, struct error *err)
{
	SCOPED_FREE char *path = cache_blob_path(cache, sha256);

	return outfile_commit_as(out, path, err);
}

static char *ref_path(
	const struct cache *cache, const char *kind, const char *key)
{
	struct digest name = digest_of(DIGEST_SHA256, key, strlen(key));
	char hex[DIGEST_HEX_SIZE];

	assert(*kind && !strchr(kind, '/') && kind[0] != '.');
	return memory_printf(
		"%s/refs/%s/%s", cache->root, kind, digest_hex(&name, hex));
}

static void touch_path(const char *path)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		cache_touch(fd);
}

int cache_get_ref(const struct cache *cache, const char *kind, const char *key,
	struct buf *buf, struct error *err)
{
	SCOPED_FREE char *path = ref_path(cache, kind, key);

	buf_init(buf, CACHE_REF_MAX);
	if (!file_read(path, CACHE_REF_MAX, buf, err)) {
		touch_path(path);
		return 1;
	}
	buf_init(buf, CACHE_REF_MAX);
	if (err->kind == ERROR_NOT_FOUND)
		return 0;
	if (err->kind != ERROR_INPUT)
		return error_wrap(err, "cache entry");
	log_warn("cache entry %s is corrupt: not used", err->text);
	unlink(path);
	return 0;
}

int cache_put_ref(const struct cache *cache, const char *kind, const char *key,
	struct slice text, struct error *err)
{
	SCOPED_FREE char *path = ref_path(cache, kind, key);

	assert(text.len <= CACHE_REF_MAX);
	if (file_mkdirs_for(path, err))
		return error_wrap(err, "cache");
	/* A ref that a power cut spoils counts as not there. */
	return outfile_replace(path, text.ptr, text.len, err);
}
