/* SPDX-License-Identifier: MIT
 *
 * The record is text: the fingerprint on the first line, then a line per
 * output with the fields of struct record, separated by tabs.
 */
#include "build/fresh.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "build/sums.h"

#define RECORD_KIND "built"
#define RECORD_MAX ((size_t)1 << 16)
#define RECORD_FIELDS 8

/* What tells that files are those that were written: sums over all of them. */
struct file_identity {
	uint64_t files, size, inode, changed, modified;
};

static int add_identity(struct file_identity *identity, const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return -1;
	identity->files++;
	identity->size += (uint64_t)st.st_size;
	identity->inode += (uint64_t)st.st_ino;
	identity->changed += (uint64_t)st.st_ctim.tv_sec * 1000000000 +
			     (uint64_t)st.st_ctim.tv_nsec;
	identity->modified += (uint64_t)st.st_mtim.tv_sec * 1000000000 +
			      (uint64_t)st.st_mtim.tv_nsec;
	return 0;
}

/* All files of a folder; the sums do not depend on their order. */
static int add_folder(struct file_identity *identity, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int failed = 0;

	if (!dir)
		return -1;
	while (!failed && (entry = readdir(dir))) {
		SCOPED_FREE char *file = path_join(path, entry->d_name);

		if (entry->d_name[0] != '.')
			failed = add_identity(identity, file);
	}
	closedir(dir);
	return failed;
}

static int stat_output(const struct build_options *options,
	const struct output *output, char *text, size_t size)
{
	SCOPED_FREE char *path = path_join(options->output, output->file);
	SCOPED_FREE char *blobs = path_join(path, "blobs/sha256");
	struct file_identity id = { 0 };
	int failed;

	if (output->format == FORMAT_OCI_DIR)
		failed = add_folder(&id, path) || add_folder(&id, blobs);
	else
		failed = add_identity(&id, path);
	if (failed)
		return -1;
	snprintf(text, size, "%llu %llu %llu %llu %llu",
		(unsigned long long)id.files, (unsigned long long)id.size,
		(unsigned long long)id.inode, (unsigned long long)id.changed,
		(unsigned long long)id.modified);
	return 0;
}

static int format_record(const struct freshness *freshness,
	const struct build_options *options, const struct image_result *result,
	struct buf *text)
{
	char hex[DIGEST_HEX_SIZE], id[DIGEST_HEX_SIZE], identity[128];

	buf_printf(text, "%s\n", digest_hex(&freshness->fingerprint, hex));
	for (size_t i = 0; i < result->n; i++) {
		const struct output *o = &result->items[i];

		if (stat_output(options, o, identity, sizeof(identity)))
			return -1;
		buf_printf(text, "%u\t%s\t%s\t%s\t%llu\t%s\t%s\t%s\n",
			(unsigned)o->format, o->file, o->arch ? o->arch : "",
			o->tag, (unsigned long long)o->size,
			digest_hex(&o->sha256, hex), digest_hex(&o->id, id),
			identity);
	}
	return text->overflow ? -1 : 0;
}

void freshness_record(const struct freshness *freshness,
	const struct build_options *options, const struct image_result *result)
{
	SCOPED_BUF struct buf text;
	struct error why;

	buf_init(&text, RECORD_MAX);
	if (freshness->racy || format_record(freshness, options, result, &text))
		return;
	/* The image is complete and has its name: nothing failed. */
	if (cache_put_ref(options->fetch.cache, RECORD_KIND, freshness->key,
		    buf_slice(&text), &why))
		log_debug("the build is not remembered: %s", why.text);
}

static int parse_digest(struct slice text, struct digest *digest)
{
	struct error ignored;

	memset(digest, 0, sizeof(*digest));
	return text.len ? digest_parse(text, digest, &ignored) : 0;
}

static int parse_fields(
	const struct slice *fields, struct output *o, struct arena *arena)
{
	uint64_t format;

	if (slice_to_u64(fields[0], 10, FORMAT_REPORT, &format) ||
		slice_to_u64(fields[4], 10, INT64_MAX, &o->size) ||
		parse_digest(fields[5], &o->sha256) ||
		parse_digest(fields[6], &o->id))
		return -1;
	o->format = (enum format)format;
	o->file = arena_slice(arena, fields[1]);
	o->arch = fields[2].len ? arena_slice(arena, fields[2]) : NULL;
	o->tag = arena_slice(arena, fields[3]);
	o->written = false;
	return 0;
}

static bool line_holds(struct slice line, const struct build_options *options,
	struct image_result *result)
{
	struct slice fields[RECORD_FIELDS];
	struct output *o = image_result_add(result);
	char identity[128];

	for (size_t i = 0; i < RECORD_FIELDS; i++) {
		if (!slice_cut(&line, '\t', &fields[i]))
			return false;
	}
	if (parse_fields(fields, o, result->arena))
		return false;
	if (stat_output(options, o, identity, sizeof(identity)))
		return false;
	return slice_is(fields[RECORD_FIELDS - 1], identity);
}

static bool record_holds(const struct freshness *freshness, struct slice text,
	const struct build_options *options, struct image_result *result)
{
	char hex[DIGEST_HEX_SIZE];
	struct slice line;

	if (!slice_cut(&text, '\n', &line) ||
		!slice_is(line, digest_hex(&freshness->fingerprint, hex)))
		return false;
	while (slice_cut(&text, '\n', &line)) {
		if (line.len && !line_holds(line, options, result))
			return false;
	}
	return result->n > 0;
}

int freshness_check(const struct freshness *freshness,
	const struct build_options *options, struct image_result *result)
{
	SCOPED_FREE char *sums = path_join(options->output, SUMS_NAME);
	SCOPED_BUF struct buf text = { .max = 1 };
	struct error ignored;

	if (!file_exists(sums))
		return 0;
	if (cache_get_ref(options->fetch.cache, RECORD_KIND, freshness->key,
		    &text, &ignored) != 1)
		return 0;
	result->fresh =
		record_holds(freshness, buf_slice(&text), options, result);
	if (!result->fresh)
		result->n = 0;
	return result->fresh ? 1 : 0;
}
