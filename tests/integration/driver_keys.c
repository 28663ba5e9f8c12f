/* SPDX-License-Identifier: MIT
 *
 * driver_keys: prints the keys that a format's decoder knows, one a line with
 * the keys above it: "config.env". For schema.sh, which compares them with
 * the schema and the manual.
 */
#include <stdio.h>
#include <string.h>

#include "spec/arch_decode.h"
#include "spec/lock_decode.h"
#include "spec/manifest_decode.h"
#include "spec/overlay_decode.h"
#include "spec/release_decode.h"
#include "spec/report_decode.h"

static void print_table(const struct table *table, const char *prefix)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct field *field = &table->fields[i];
		SCOPED_FREE char *path =
			memory_printf("%s%s", prefix, field->key);
		SCOPED_FREE char *below = memory_printf("%s.", path);

		puts(path);
		if (field->table)
			print_table(field->table, below);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		const struct table *table;
	} formats[] = {
		{ "manifest", &manifest_table },
		{ "overlay", &overlay_table },
		{ "arch", &arch_file_table },
		{ "releases", &release_table },
		{ "lock", &lock_table },
		{ "report", &report_table },
	};

	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(argv[1], formats[i].name)) {
			print_table(formats[i].table, "");
			return 0;
		}
	}
	fputs("usage: driver_keys manifest|overlay|arch|releases|lock|report\n",
		stderr);
	return 2;
}
