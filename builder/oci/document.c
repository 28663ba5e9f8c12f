/* SPDX-License-Identifier: MIT */
#include "oci/document.h"

#include <assert.h>

void document_put(json_t *object, const char *key, json_t *owned_value)
{
	int failed = json_object_set_new(object, key, owned_value);

	assert(!failed);
	(void)failed;
}

void document_append(json_t *array, json_t *owned_value)
{
	int failed = json_array_append_new(array, owned_value);

	assert(!failed);
	(void)failed;
}

void document_put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		document_put(object, key, json_string(text));
}

json_t *document_labels(const struct oci_label *labels, size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		document_put_text(object, labels[i].key, labels[i].value);
	return object;
}

char *document_print(json_t *owned_value)
{
	char *text = json_dumps(owned_value, JSON_COMPACT | JSON_SORT_KEYS);

	assert(text);
	json_decref(owned_value);
	return text;
}
