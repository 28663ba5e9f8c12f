/* SPDX-License-Identifier: MIT
 *
 * What a router answers: items within the limits, which are the same when
 * they are sent back; what refusals say is printable.
 */
#include <assert.h>
#include <string.h>

#include "deploy/rest_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *text)
{
	assert(slice_is_utf8(slice_of(text)));
	for (; *text; text++)
		assert((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_item(const struct rest_item *item, struct arena *arena)
{
	struct rest_items again;
	struct error err;
	const char *json =
		rest_request_values(NULL, item->values, item->n, arena, &err);

	assert(item->n <= REST_VALUES_MAX);
	for (size_t i = 0; i < item->n; i++)
		assert(strlen(item->values[i].value) <= REST_TEXT_MAX);
	assert(rest_item_has(item, item->values, item->n));
	if (!json) {
		assert(err.kind == ERROR_USAGE);
		return;
	}
	assert(!rest_parse_items(slice_of(json), &again, arena, &err));
	assert(again.n == 1 && again.items[0].n == item->n);
	for (size_t i = 0; i < item->n; i++)
		assert(!strcmp(
			again.items[0].values[i].value, item->values[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice json = slice_make(data, size);
	struct error err = { 0 };
	struct rest_items items;
	struct arena arena;

	arena_init(&arena);
	if (rest_parse_items(json, &items, &arena, &err)) {
		assert(err.kind == ERROR_INPUT);
		check_printable(err.text);
	} else {
		assert(items.n <= REST_ITEMS_MAX);
		for (size_t i = 0; i < items.n; i++)
			check_item(&items.items[i], &arena);
	}
	check_printable(rest_parse_refusal(json, &arena));
	arena_release(&arena);
	return 0;
}
