/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "apk/installed_sort.h"
#include "apk/scripts_archive.h"

#define BLOCK 512
#define NAME_MAX_SHORT 99 /* bytes of a name that needs no "L" entry */
#define LONG_NAME "././@LongLink"
#define MTIME_MAX INT64_C(0777777777777) /* twelve digits */

/* POSIX.1-1988, 10.1.1, as apk fills it: old GNU magic, and sizes and times
 * without a NUL at their end. */
struct header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char chksum[8];
	char typeflag;
	char linkname[100];
	char magic[8];
	char uname[32];
	char gname[32];
	char rest[183];
};
_Static_assert(sizeof(struct header) == BLOCK, "one block");

static void put_octal(char *field, size_t digits, uint64_t value)
{
	while (digits--) {
		field[digits] = (char)('0' + (value & 7));
		value >>= 3;
	}
	assert(!value);
}

static void write_header(struct sink *out, char typeflag, struct slice name,
	uint64_t size, int64_t mtime)
{
	struct header h = { .typeflag = typeflag };
	unsigned char bytes[BLOCK];
	uint32_t sum = 0;

	memcpy(h.name, name.ptr,
		name.len < NAME_MAX_SHORT ? name.len : NAME_MAX_SHORT);
	put_octal(h.mode, 7, 0755);
	put_octal(h.uid, 7, 0);
	put_octal(h.gid, 7, 0);
	put_octal(h.size, 12, size);
	mtime = mtime < 0 ? 0 : mtime > MTIME_MAX ? MTIME_MAX : mtime;
	put_octal(h.mtime, 12, (uint64_t)mtime);
	memset(h.chksum, ' ', sizeof(h.chksum));
	memcpy(h.magic, "ustar  ", 8);
	memcpy(h.uname, "root", 4);
	memcpy(h.gname, "root", 4);
	memcpy(bytes, &h, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		sum += bytes[i];
	put_octal(h.chksum, 6, sum);
	h.chksum[6] = '\0';
	sink_write(out, &h, sizeof(h));
}

static void write_padded(struct sink *out, struct slice bytes)
{
	sink_write(out, bytes.ptr, bytes.len);
	sink_write_zeros(out, (BLOCK - bytes.len % BLOCK) % BLOCK);
}

/* What is not counted in an "L" entry's size is the NUL behind the name. */
static void write_long_name(struct sink *out, struct slice name, int64_t mtime)
{
	write_header(out, 'L', slice_of(LONG_NAME), name.len, mtime);
	sink_write(out, name.ptr, name.len);
	sink_write_zeros(out, BLOCK - name.len % BLOCK);
}

static void write_script(struct sink *out, const struct script *script,
	const struct package *pkg, enum apk_flavor flavor)
{
	char identity[IDENTITY_TEXT_SIZE];
	SCOPED_BUF struct buf name;

	buf_init(&name, PACKAGE_LINE_MAX);
	buf_add_slice(&name, pkg->name);
	buf_add_str(&name, "-");
	buf_add_slice(&name, pkg->version);
	buf_printf(&name, ".%s.%s",
		flavor == APK_3 ? identity_hex(&pkg->identity, identity)
				: identity_text(&pkg->identity, identity),
		script_names[script->kind]);
	if (name.len > NAME_MAX_SHORT)
		write_long_name(out, buf_slice(&name), pkg->build_time);
	write_header(
		out, '0', buf_slice(&name), script->text.len, pkg->build_time);
	write_padded(out, script->text);
}

static int compare_identities(
	const struct identity *a, const struct identity *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* By package, then as apk orders its scripts, then as they were added. */
static int compare_scripts(const void *a, const void *b)
{
	const struct script *const *x = a, *const *y = b;
	int order = compare_identities(&(*x)->identity, &(*y)->identity);

	if (order)
		return order;
	if ((*x)->kind != (*y)->kind)
		return (*x)->kind < (*y)->kind ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

static const struct script **sort_scripts(const struct script_list *list)
{
	const struct script **sorted =
		memory_zero(list->n + 1, sizeof(*sorted));

	for (size_t i = 0; i < list->n; i++)
		sorted[i] = &list->items[i];
	qsort(sorted, list->n, sizeof(struct script *), compare_scripts);
	return sorted;
}

static size_t first_of(
	const struct script **sorted, size_t n, const struct identity *identity)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_identities(&sorted[middle]->identity, identity) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool same(const struct script *a, const struct script *b)
{
	return b && a->kind == b->kind &&
	       identity_eq(&a->identity, &b->identity);
}

void scripts_archive_write(const struct script_list *list,
	const struct installed *db, enum apk_flavor flavor, struct sink *out)
{
	SCOPED_FREE struct db_package **packages =
		installed_in_order(db, flavor);
	SCOPED_FREE const struct script **sorted = sort_scripts(list);

	for (size_t i = 0; i < db->n; i++) {
		const struct package *pkg = &packages[i]->package;
		size_t j = first_of(sorted, list->n, &pkg->identity);

		for (; j < list->n &&
			identity_eq(&sorted[j]->identity, &pkg->identity);
			j++) {
			/* The last one of a kind is the package's. */
			if (!same(sorted[j], sorted[j + 1]))
				write_script(out, sorted[j], pkg, flavor);
		}
	}
	sink_write_zeros(out, 2 * BLOCK);
}
