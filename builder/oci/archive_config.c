/* SPDX-License-Identifier: MIT */
#include "oci/archive_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Entrypoint, Cmd, Env: a megabyte of document holds no more anyway. */
#define LIST_MAX 65536
/* Of the keys that are told. */
#define OTHER_KEYS_MAX 16
#define OTHER_KEY_MAX 64

static int decode_labels(const json_t *run, struct arena *arena,
	struct image_config *config, struct error *err)
{
	struct oci_label *labels;
	json_t *object, *value;
	const char *key;
	size_t n = 0;

	if (archive_json_object(run, "Labels", &object, err))
		return -1;
	labels = arena_alloc(arena, json_object_size(object) * sizeof(*labels));
	json_object_foreach(object, key, value) {
		if (!json_is_string(value))
			return error_set(err, ERROR_INPUT,
				"Labels.%.100s: expected a string", key);
		labels[n].key = arena_strdup(arena, key);
		labels[n++].value =
			arena_strdup(arena, json_string_value(value));
	}
	config->labels = labels;
	config->nlabels = n;
	return 0;
}

struct list_row {
	const char *key;
	const char *const **items;
	size_t *n;
};

static int decode_lists(const json_t *run, struct arena *arena,
	struct image_config *config, struct error *err)
{
	const struct list_row rows[] = {
		{ "Entrypoint", &config->entrypoint, &config->nentrypoint },
		{ "Cmd", &config->cmd, &config->ncmd },
		{ "Env", &config->env, &config->nenv },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct archive_list list = { run, rows[i].key, LIST_MAX };
		struct archive_texts texts;

		if (archive_json_texts(&list, arena, &texts, err))
			return -1;
		*rows[i].items = texts.items;
		*rows[i].n = texts.n;
	}
	return 0;
}

struct text_row {
	const char *key;
	const char **text;
};

static int decode_texts(const json_t *object, const struct text_row *rows,
	size_t n, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		const char *text;

		if (archive_json_text(object, rows[i].key, &text, err))
			return -1;
		*rows[i].text = text ? arena_strdup(arena, text) : NULL;
	}
	return 0;
}

static const char *compact(const json_t *value, struct arena *arena)
{
	char *text = json_dumps(value, JSON_COMPACT);
	const char *copy;

	if (!text)
		memory_fail();
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

/* The "config" object; images that cannot be run have none. */
static int decode_run(const json_t *root, struct arena *arena,
	struct image_config *config, struct error *err)
{
	const struct text_row rows[] = {
		{ "WorkingDir", &config->working_dir },
		{ "User", &config->user },
		{ "StopSignal", &config->stop_signal },
	};
	json_t *run;

	if (archive_json_object(root, "config", &run, err))
		return -1;
	if (!run)
		return 0;
	config->run_json = compact(run, arena);
	if (decode_texts(run, rows, ARRAY_SIZE(rows), arena, err) ||
		decode_lists(run, arena, config, err) ||
		decode_labels(run, arena, config, err))
		return error_wrap(err, "config");
	return 0;
}

/* What the newest history entry says about itself. */
static int decode_history(const json_t *root, struct arena *arena,
	struct image_config *config, struct error *err)
{
	const struct text_row row = { "comment", &config->comment };
	json_t *history;
	size_t n;

	if (archive_json_array(root, "history", &history, err))
		return -1;
	n = json_array_size(history);
	if (!n)
		return 0;
	if (decode_texts(json_array_get(history, n - 1), &row, 1, arena, err))
		return error_wrap(err, "history[%zu]", n - 1);
	return 0;
}

static int decode_diff_ids(const json_t *root, struct arena *arena,
	struct archive_image *image, struct error *err)
{
	struct archive_list list = { .key = "diff_ids",
		.max = ARCHIVE_LAYERS_MAX };
	struct archive_texts texts;
	json_t *rootfs;

	if (archive_json_object(root, "rootfs", &rootfs, err))
		return -1;
	if (!rootfs)
		return error_set(err, ERROR_INPUT, "rootfs is missing");
	list.object = rootfs;
	if (archive_json_texts(&list, arena, &texts, err))
		return error_wrap(err, "rootfs");
	if (texts.n != image->nlayers)
		return error_set(err, ERROR_INPUT,
			"rootfs has %zu diff_ids, but the manifest names %zu "
			"layers",
			texts.n, image->nlayers);
	for (size_t i = 0; i < texts.n; i++) {
		if (archive_json_digest(
			    texts.items[i], &image->layers[i].diff_id, err))
			return error_wrap(err, "rootfs: diff_ids[%zu]", i);
	}
	return 0;
}

static bool is_known(const char *key)
{
	static const char *const known[] = { "architecture", "variant", "os",
		"created", "config", "history", "rootfs" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(known[i], key))
			return true;
	}
	return false;
}

/* Names are foreign text for people; only usual ones are told. */
static bool is_plain(const char *key)
{
	return *key && strlen(key) <= OTHER_KEY_MAX &&
	       !key[strspn(key, "abcdefghijklmnopqrstuvwxyz_."
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")];
}

static const char *list_other_keys(json_t *root, struct arena *arena)
{
	SCOPED_BUF struct buf list = { 0 };
	const char *key;
	json_t *value;
	size_t n = 0;

	buf_init(&list, ARCHIVE_DOCUMENT_MAX);
	json_object_foreach(root, key, value) {
		if (json_is_null(value) || is_known(key) || n == OTHER_KEYS_MAX)
			continue;
		if (n++)
			buf_add_str(&list, ", ");
		buf_add_str(&list, is_plain(key) ? key : "?");
	}
	return arena_slice(arena, buf_slice(&list));
}

static int decode(const json_t *root, struct arena *arena,
	struct archive_image *image, struct error *err)
{
	const struct text_row rows[] = {
		{ "os", &image->os },
		{ "architecture", &image->architecture },
		{ "variant", &image->variant },
		{ "created", &image->created },
	};

	if (decode_texts(root, rows, ARRAY_SIZE(rows), arena, err) ||
		decode_run(root, arena, &image->config, err) ||
		decode_history(root, arena, &image->config, err) ||
		decode_diff_ids(root, arena, image, err))
		return -1;
	image->config.architecture = image->architecture;
	image->config.variant = image->variant;
	return 0;
}

static void keep(json_t *root, struct arena *arena, struct archive_image *image)
{
	image->config_json = compact(root, arena);
	image->other_keys = list_other_keys(root, arena);
}

int archive_load_config(struct archive *archive, struct archive_image *image,
	const struct digest *want, struct error *err)
{
	json_t *root;
	int failed;

	image->config_digest.kind = want->kind;
	root = archive_load(
		archive, image->config_name, &image->config_digest, err);
	if (!root)
		return -1;
	failed = want->kind != DIGEST_NONE &&
		 archive_check_digest(
			 image->config_name, want, &image->config_digest, err);
	if (!failed && decode(root, &archive->arena, image, err))
		failed = error_wrap(err, "%s", image->config_name);
	if (!failed)
		keep(root, &archive->arena, image);
	json_decref(root);
	return failed ? -1 : 0;
}
