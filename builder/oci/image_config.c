/* SPDX-License-Identifier: MIT */
#include "oci/image_config.h"

#include "base/memory.h"
#include "base/stamp.h"
#include "oci/document.h"

static json_t *string_array(const char *const *items, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		document_append(array, document_text(items[i]));
	return array;
}

/* A list that is empty is left out. */
static void put_array(
	json_t *object, const char *key, const char *const *items, size_t n)
{
	if (n)
		document_put(object, key, string_array(items, n));
}

/* As it came; members that say nothing say it by not being there. */
static json_t *foreign_execution(const char *text)
{
	json_t *object = json_loads(text, 0, NULL), *value;
	const char *key;
	void *next;

	if (!object)
		memory_fail();
	json_object_foreach_safe(object, next, key, value) {
		if (json_is_null(value))
			json_object_del(object, key);
	}
	return object;
}

/* "config": what a container of the image is started with. */
static json_t *execution(const struct image_config *config)
{
	json_t *object;

	if (config->run_json)
		return foreign_execution(config->run_json);
	object = json_object();
	put_array(
		object, "Entrypoint", config->entrypoint, config->nentrypoint);
	put_array(object, "Cmd", config->cmd, config->ncmd);
	put_array(object, "Env", config->env, config->nenv);
	document_put_text(object, "WorkingDir", config->working_dir);
	document_put_text(object, "User", config->user);
	document_put_text(object, "StopSignal", config->stop_signal);
	if (config->nlabels)
		document_put(object, "Labels",
			document_labels(config->labels, config->nlabels));
	return object;
}

static json_t *history(const struct image_config *config, const char *created)
{
	json_t *entry = json_object(), *array = json_array();

	document_put_text(entry, "created", created);
	document_put_text(entry, "created_by", "alpbuild");
	document_put_text(entry, "comment", config->comment);
	document_append(array, entry);
	return array;
}

static json_t *rootfs(const struct digest *diff_id)
{
	char text[DIGEST_TEXT_SIZE];
	json_t *object = json_object(), *diff_ids = json_array();

	document_append(diff_ids, document_text(digest_text(diff_id, text)));
	document_put_text(object, "type", "layers");
	document_put(object, "diff_ids", diff_ids);
	return object;
}

char *image_config_json(
	const struct image_config *config, const struct digest *diff_id)
{
	char created[STAMP_TEXT_SIZE];
	json_t *object = json_object();

	stamp_format(config->created, created);
	document_put_text(object, "architecture", config->architecture);
	document_put_text(object, "variant", config->variant);
	document_put_text(object, "os", "linux");
	document_put_text(object, "created", created);
	document_put(object, "config", execution(config));
	document_put(object, "history", history(config, created));
	document_put(object, "rootfs", rootfs(diff_id));
	return document_print(object);
}
