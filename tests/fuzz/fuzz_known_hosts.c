/* SPDX-License-Identifier: MIT
 *
 * Any text as known_hosts: what is found are plain words of it, and a key that
 * was found is never unknown.
 */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "io/known_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_word(struct slice word, struct slice text)
{
	assert(word.len && word.ptr >= text.ptr);
	assert(word.ptr + word.len <= text.ptr + text.len);
	for (size_t i = 0; i < word.len; i++)
		assert(isgraph((unsigned char)word.ptr[i]));
}

static void check(struct slice text, const char *host, unsigned port)
{
	struct known_hosts found;
	struct arena arena;

	arena_init(&arena);
	known_hosts_find(&found, text, host, port, &arena);
	assert(found.n <= KNOWN_HOSTS_MAX);
	for (size_t i = 0; i < found.n; i++) {
		enum known_hosts_verdict verdict =
			known_hosts_judge(&found, found.items[i].key);

		check_word(found.items[i].type, text);
		check_word(found.items[i].key, text);
		assert(verdict == KNOWN_HOSTS_REVOKED ||
			(verdict == KNOWN_HOSTS_SAME &&
				!found.items[i].is_revoked));
	}
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(slice_make(data, size), "router", 22);
	check(slice_make(data, size), "router.example.org", 2222);
	return 0;
}
