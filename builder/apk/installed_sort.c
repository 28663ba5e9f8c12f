/* SPDX-License-Identifier: MIT */
#include "apk/installed_sort.h"

#include <string.h>

static void *copy_pointers(const void *items, size_t n)
{
	void *copy = memory_zero(n ? n : 1, sizeof(void *));

	if (n)
		memcpy(copy, items, n * sizeof(void *));
	return copy;
}

/* As strcasecmp() in the C locale, whatever the locale is. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int compare_names(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return lower(a.ptr[i]) - lower(b.ptr[i]);
	}
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return slice_cmp(a, b);
}

static int compare_packages(const void *a, const void *b)
{
	const struct db_package *const *x = a, *const *y = b;
	int order = compare_names((*x)->package.name, (*y)->package.name);

	if (order)
		return order;
	return slice_cmp((*x)->package.version, (*y)->package.version);
}

struct db_package **installed_sorted(const struct installed *db)
{
	struct db_package **sorted = copy_pointers(db->packages, db->n);

	qsort(sorted, db->n, sizeof(struct db_package *), compare_packages);
	return sorted;
}

struct db_package **installed_in_order(
	const struct installed *db, enum apk_flavor flavor)
{
	return flavor == APK_3 ? installed_sorted(db)
			       : copy_pointers(db->packages, db->n);
}

static int compare_files(const void *a, const void *b)
{
	const struct db_file *const *x = a, *const *y = b;

	return slice_cmp((*x)->name, (*y)->name);
}

struct db_file **installed_sorted_files(const struct db_dir *dir)
{
	struct db_file **sorted = copy_pointers(dir->files, dir->n);

	qsort(sorted, dir->n, sizeof(struct db_file *), compare_files);
	return sorted;
}
