/* SPDX-License-Identifier: MIT
 *
 * A package as lines of the installed database, as apk writes them: the order
 * and what is left out when empty are apk_pkg_write_index_header's.
 */
#include <inttypes.h>

#include "apk/package.h"

static void print_text(char letter, struct slice value, struct buf *out)
{
	const char prefix[] = { letter, ':' };

	buf_add(out, prefix, sizeof(prefix));
	buf_add_slice(out, value);
	buf_add_str(out, "\n");
}

static void print_unless_empty(char letter, struct slice value, struct buf *out)
{
	if (value.len)
		print_text(letter, value, out);
}

static void print_words(
	char letter, const struct dependency_list *words, struct buf *out)
{
	if (!words->n)
		return;
	buf_printf(out, "%c:", letter);
	dependency_list_print(words, out);
	buf_add_str(out, "\n");
}

void package_print_fields(const struct package *pkg, struct buf *out)
{
	char identity[IDENTITY_TEXT_SIZE];

	print_text('C', slice_of(identity_text(&pkg->identity, identity)), out);
	print_text('P', pkg->name, out);
	print_text('V', pkg->version, out);
	print_unless_empty('A', pkg->arch, out);
	buf_printf(out, "S:%" PRIu64 "\nI:%" PRIu64 "\n", pkg->size,
		pkg->installed_size);
	print_text('T', pkg->description, out);
	print_text('U', pkg->url, out);
	print_text('L', pkg->license, out);
	print_unless_empty('o', pkg->origin, out);
	print_unless_empty('m', pkg->maintainer, out);
	if (pkg->build_time)
		buf_printf(out, "t:%" PRId64 "\n", pkg->build_time);
	print_unless_empty('c', pkg->commit, out);
	if (pkg->priority)
		buf_printf(out, "k:%u\n", pkg->priority);
	print_words('D', &pkg->depends, out);
	print_words('p', &pkg->provides, out);
	print_words('i', &pkg->install_if, out);
}
