/* SPDX-License-Identifier: MIT */
#include "oci/document.h"

#include <assert.h>

#include "base/memory.h"

json_t *document_text(const char *text)
{
	json_t *value = json_string(text);

	assert(slice_is_utf8(slice_of(text)));
	if (!value)
		memory_fail();
	return value;
}

void document_put(json_t *object, const char *key, json_t *owned_value)
{
	assert(slice_is_utf8(slice_of(key)));
	if (json_object_set_new(object, key, owned_value))
		memory_fail();
}

void document_append(json_t *array, json_t *owned_value)
{
	if (json_array_append_new(array, owned_value))
		memory_fail();
}

void document_put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		document_put(object, key, document_text(text));
}

json_t *document_labels(const struct oci_label *labels, size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		document_put_text(object, labels[i].key, labels[i].value);
	return object;
}

static char *print(json_t *owned_value, size_t flags)
{
	char *text = json_dumps(owned_value, JSON_COMPACT | flags);

	if (!text)
		memory_fail();
	json_decref(owned_value);
	return text;
}

char *document_print(json_t *owned_value)
{
	return print(owned_value, JSON_SORT_KEYS);
}

char *document_print_in_order(json_t *owned_value)
{
	return print(owned_value, JSON_PRESERVE_ORDER);
}
