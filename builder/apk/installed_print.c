/* SPDX-License-Identifier: MIT */
#include "apk/installed.h"
#include "apk/installed_sort.h"

#define DIR_MODE 0755
#define FILE_MODE 0644

/* Nothing is said of owner and mode that are the usual ones. */
static void print_acl(
	char letter, const struct db_acl *acl, uint32_t usual, struct buf *out)
{
	char text[IDENTITY_TEXT_SIZE];
	bool has_xattrs = acl->xattrs.kind != IDENTITY_NONE;

	if (!acl->uid && !acl->gid && acl->mode == usual && !has_xattrs)
		return;
	buf_printf(out, "%c:%u:%u:%o", letter, acl->uid, acl->gid, acl->mode);
	if (has_xattrs)
		buf_printf(out, ":%s", identity_text(&acl->xattrs, text));
	buf_add_str(out, "\n");
}

static void print_slice(const char *field, struct slice value, struct buf *out)
{
	if (!value.len)
		return;
	buf_add_str(out, field);
	buf_add_slice(out, value);
	buf_add_str(out, "\n");
}

static void print_file(const struct db_file *file, struct buf *out)
{
	char text[IDENTITY_TEXT_SIZE];

	buf_add_str(out, "R:");
	buf_add_slice(out, file->name);
	buf_add_str(out, "\n");
	print_acl('a', &file->acl, FILE_MODE, out);
	print_slice("Z:", slice_of(identity_text(&file->digest, text)), out);
}

static void print_dir(
	const struct db_dir *dir, enum apk_flavor flavor, struct buf *out)
{
	SCOPED_FREE struct db_file **files = NULL;

	buf_add_str(out, "F:");
	buf_add_slice(out, dir->path);
	buf_add_str(out, "\n");
	print_acl('M', &dir->acl, DIR_MODE, out);
	if (flavor == APK_3)
		files = installed_sorted_files(dir);
	for (size_t i = 0; i < dir->n; i++)
		print_file(files ? files[i] : dir->files[i], out);
}

/* apk itself writes r: to f: with the first directory, and so loses them or
 * gives them to the next package when there is none. */
static void print_package(
	const struct db_package *pkg, enum apk_flavor flavor, struct buf *out)
{
	package_print_fields(&pkg->package, out);
	if (flavor == APK_3)
		print_slice("g:", pkg->tags, out);
	if (pkg->package.replaces.n) {
		buf_add_str(out, "r:");
		dependency_list_print(&pkg->package.replaces, out);
		buf_add_str(out, "\n");
	}
	if (pkg->package.replaces_priority)
		buf_printf(out, "q:%u\n", pkg->package.replaces_priority);
	print_slice("s:", pkg->tag, out);
	print_slice("f:", pkg->flags, out);
	for (size_t i = 0; i < pkg->n; i++)
		print_dir(pkg->dirs[i], flavor, out);
	buf_add_str(out, "\n");
}

void installed_print(
	const struct installed *db, enum apk_flavor flavor, struct buf *out)
{
	SCOPED_FREE struct db_package **sorted = installed_sorted(db);

	for (size_t i = 0; i < db->n; i++)
		print_package(sorted[i], flavor, out);
}
