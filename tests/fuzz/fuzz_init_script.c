/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rootfs/init_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Never crashes; words are of the text, within the limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_make(data, size);
	struct init_script script;
	struct arena arena;

	arena_init(&arena);
	(void)init_script_is_openrc(text);
	init_script_read(&script, text, &arena);
	init_script_add(&script, INIT_NEED, text, &arena);
	for (size_t k = 0; k < INIT_NKINDS; k++) {
		if (script.words[k].n > INIT_SCRIPT_WORDS_MAX)
			abort();
		for (size_t i = 0; i < script.words[k].n; i++) {
			if (strlen(script.words[k].items[i].text) > size)
				abort();
		}
	}
	arena_release(&arena);
	return 0;
}
