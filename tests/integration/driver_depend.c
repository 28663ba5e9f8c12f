/* SPDX-License-Identifier: MIT
 *
 * driver_depend: prints what rootfs/init_script reads in a file, a line for
 * each word of depend() with its arguments: "need net localmount", uncertain
 * ones with a question mark. For init_scripts.sh.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "rootfs/init_script.h"

static void print(const struct init_script *script)
{
	for (size_t k = 0; k < INIT_NKINDS; k++) {
		const struct init_words *words = &script->words[k];

		for (size_t i = 0; i < words->n; i++)
			printf("%s %s%s\n", init_word_names[k],
				words->items[i].text,
				words->items[i].is_certain ? "" : "?");
	}
}

int main(int argc, char **argv)
{
	char *text = memory_alloc(INIT_SCRIPT_MAX);
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? -1 : read(fd, text, INIT_SCRIPT_MAX);
	struct init_script script;
	struct arena arena;

	if (n < 0) {
		fprintf(stderr, "usage: %s INIT_SCRIPT\n", argv[0]);
		return 2;
	}
	arena_init(&arena);
	init_script_read(&script, slice_make(text, (size_t)n), &arena);
	print(&script);
	if (script.note)
		fprintf(stderr, "%s\n", script.note);
	arena_release(&arena);
	free(text);
	close(fd);
	return 0;
}
