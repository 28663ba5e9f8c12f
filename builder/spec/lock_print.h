/* SPDX-License-Identifier: MIT
 *
 * lock_print: the parts of locks that reports have, too, as JSON. What is no
 * UTF-8 was refused where it was read (asserted).
 */
#ifndef SPEC_LOCK_PRINT_H
#define SPEC_LOCK_PRINT_H

#include "spec/json.h"
#include "spec/lock.h"

/* Both take the value over. */
void lock_put(json_t *object, const char *key, json_t *owned_value);
void lock_append(json_t *array, json_t *owned_value);
/* Left out when it is NULL. */
void lock_put_text(json_t *object, const char *key, const char *text);
void lock_put_strings(
	json_t *object, const char *key, const struct string_list *list);

json_t *lock_package_json(const struct lock_package *pkg);
json_t *lock_minirootfs_json(const struct lock_minirootfs *minirootfs);

/* The document with sorted keys and a newline at the end. */
void lock_dump(json_t *owned_object, struct buf *out);

#endif
