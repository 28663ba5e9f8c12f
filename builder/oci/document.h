/* SPDX-License-Identifier: MIT
 *
 * document: the JSON documents of an image, built with jansson and printed
 * compact with sorted keys, so that equal settings give equal bytes. Strings
 * must be valid UTF-8 (asserted: what comes from outside was checked where it
 * was read).
 */
#ifndef OCI_DOCUMENT_H
#define OCI_DOCUMENT_H

#include <jansson.h>
#include <stddef.h>

#include "oci/image_config.h"

/* Never NULL, as memory that runs out ends the program. */
json_t *document_text(const char *text);
/* Both take the value over. */
void document_put(json_t *object, const char *key, json_t *owned_value);
void document_append(json_t *array, json_t *owned_value);
/* A string member; left out when text is NULL. */
void document_put_text(json_t *object, const char *key, const char *text);
/* An object of strings. */
json_t *document_labels(const struct oci_label *labels, size_t n);

/* The bytes, without a newline at the end; malloc'd, the caller frees. */
char *document_print(json_t *owned_value);
/* The same with the keys in the order in which they were put. */
char *document_print_in_order(json_t *owned_value);

#endif
