/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "apk/installed.h"
#include "apk/shown.h"
#include "base/path.h"

#define PACKAGE_FIELDS "CPVASITULD"    /* those in upper case */
#define OWNER_MAX UINT64_C(4294967294) /* (uid_t)-1 means "leave it" */

struct reader {
	struct installed *db;
	bool in_record;
	struct db_package head;	   /* what was read of the package's fields */
	struct db_package *record; /* NULL until the first F: */
	struct db_dir *dir;	   /* the last F: */
	struct db_file *file;	   /* the last R: in it */
};

/* The package's own fields are complete. */
static int add_record(struct reader *r, struct error *err)
{
	if (package_check(&r->head.package, err))
		return -1;
	if (installed_find(r->db, r->head.package.name))
		return error_set(err, ERROR_INPUT, "the package a second time");
	r->record = installed_add(r->db, &r->head.package);
	r->record->tag = r->head.tag;
	r->record->flags = r->head.flags;
	r->record->tags = r->head.tags;
	return 0;
}

static int end_record(struct reader *r, struct error *err)
{
	if (r->in_record && !r->record && add_record(r, err))
		return -1;
	*r = (struct reader){ .db = r->db };
	return 0;
}

/* A clean path, and for files a single component of one. */
static int check_path(struct slice path, struct error *err)
{
	SCOPED_FREE char *text = slice_dup(path);
	SCOPED_FREE char *clean = NULL;

	if (path_clean(text, PATH_FROM_ARCHIVE, &clean, err))
		return -1;
	if (!slice_is(path, clean))
		return error_set(err, ERROR_INPUT,
			"expected a path in its shortest form, without \"/\" "
			"at "
			"its ends");
	return 0;
}

static int read_dir(struct reader *r, struct slice value, struct error *err)
{
	static const struct db_acl usual = { .mode = 0755 };

	if (!r->record && add_record(r, err))
		return -1;
	if (value.len && check_path(value, err))
		return -1;
	if (db_package_find_dir(r->record, value))
		return error_set(
			err, ERROR_INPUT, "the directory a second time");
	r->dir = db_package_add_dir(r->db, r->record, value, &usual);
	r->file = NULL;
	return 0;
}

static int read_file(struct reader *r, struct slice value, struct error *err)
{
	struct db_file file = { .name = value, .acl = { .mode = 0644 } };

	if (!r->dir)
		return error_set(
			err, ERROR_INPUT, "a file without a directory (F:)");
	if (!value.len || memchr(value.ptr, '/', value.len))
		return error_set(
			err, ERROR_INPUT, "expected a name without \"/\"");
	if (check_path(value, err))
		return -1;
	if (db_dir_find_file(r->dir, value))
		return error_set(err, ERROR_INPUT, "the file a second time");
	r->file = db_dir_add_file(r->db, r->dir, &file);
	return 0;
}

static int parse_acl(struct slice value, struct db_acl *out)
{
	struct slice uid, gid, mode;
	uint64_t numbers[3];

	if (!slice_cut(&value, ':', &uid) || !slice_cut(&value, ':', &gid) ||
		!slice_cut(&value, ':', &mode) ||
		slice_to_u64(uid, 10, OWNER_MAX, &numbers[0]) ||
		slice_to_u64(gid, 10, OWNER_MAX, &numbers[1]) ||
		slice_to_u64(mode, 8, 07777, &numbers[2]))
		return -1;
	*out = (struct db_acl){ (uint32_t)numbers[0], (uint32_t)numbers[1],
		(uint32_t)numbers[2], { 0 } };
	return value.ptr ? identity_parse(value, &out->xattrs) : 0;
}

static int read_acl(struct db_acl *acl, struct slice value, struct error *err)
{
	if (!acl)
		return error_set(err, ERROR_INPUT,
			"owner and mode of nothing: a: belongs after R:, M: "
			"after F:");
	if (parse_acl(value, acl))
		return error_set(err, ERROR_INPUT,
			"expected UID:GID:MODE or UID:GID:MODE:DIGEST");
	return 0;
}

static int read_digest(struct reader *r, struct slice value, struct error *err)
{
	if (!r->file)
		return error_set(
			err, ERROR_INPUT, "a digest without a file (R:)");
	if (identity_parse(value, &r->file->digest))
		return error_set(
			err, ERROR_INPUT, "expected a digest as \"Q1...\"");
	return 0;
}

/* A field of the package itself: package_set_field() names it in errors. */
static int read_field(
	struct reader *r, char letter, struct slice value, struct error *err)
{
	if (r->record)
		return error_set(err, ERROR_INPUT,
			"%c: out of place: expected it before the first F:",
			letter);
	if (letter == 'g')
		r->head.tags = value;
	else if (letter == 's')
		r->head.tag = value;
	else if (letter == 'f')
		r->head.flags = value;
	else if (letter >= 'A' && letter <= 'Z' &&
		 !strchr(PACKAGE_FIELDS, letter))
		return error_set(err, ERROR_INPUT,
			"%c: unknown field: expected the database of an "
			"apk-tools that alpbuild knows",
			letter);
	else if (package_set_field(&r->head.package, letter, value,
			 r->db->arena, err) < 0)
		return -1;
	return 0;
}

static int read_entry(
	struct reader *r, char letter, struct slice value, struct error *err)
{
	switch (letter) {
	case 'F':
		return read_dir(r, value, err);
	case 'R':
		return read_file(r, value, err);
	case 'M':
		return read_acl(
			r->dir && !r->file ? &r->dir->acl : NULL, value, err);
	case 'a':
		return read_acl(r->file ? &r->file->acl : NULL, value, err);
	default:
		return read_digest(r, value, err);
	}
}

static int read_value(
	struct reader *r, char letter, struct slice value, struct error *err)
{
	char text[SHOWN_SIZE];

	if (!strchr("FRMaZ", letter) || !letter)
		return read_field(r, letter, value, err);
	if (!read_entry(r, letter, value, err))
		return 0;
	return error_wrap(err, "%c:%s", letter, shown(value, text));
}

static int read_line(struct reader *r, struct slice line, struct error *err)
{
	if (line.len < 2)
		return end_record(r, err);
	if (line.len > PACKAGE_LINE_MAX)
		return error_set(err, ERROR_INPUT,
			"a line of %zu bytes (at most %zu)", line.len,
			PACKAGE_LINE_MAX);
	if (line.ptr[1] != ':')
		return error_set(err, ERROR_INPUT,
			"expected \":\" after the field's letter");
	r->in_record = true;
	return read_value(
		r, line.ptr[0], slice_make(line.ptr + 2, line.len - 2), err);
}

static int wrap(const struct reader *r, const char *name, size_t line,
	struct error *err)
{
	char text[SHOWN_SIZE];

	if (r->head.package.name.len)
		error_wrap(
			err, "package %s", shown(r->head.package.name, text));
	return error_wrap(err, "%s:%zu", name, line);
}

static int check_text(struct slice text, struct error *err)
{
	if (text.len > INSTALLED_MAX)
		return error_set(err, ERROR_INPUT, "%zu bytes (at most %zu)",
			text.len, INSTALLED_MAX);
	if (text.len && text.ptr[text.len - 1] != '\n')
		return error_set(err, ERROR_INPUT,
			"truncated: the last line has no end");
	return 0;
}

int installed_parse(struct installed *db, struct slice text, const char *name,
	struct error *err)
{
	struct reader reader = { .db = db };
	struct slice line;
	size_t number = 0;

	if (check_text(text, err))
		return error_wrap(err, "%s", name);
	while (slice_cut(&text, '\n', &line)) {
		number++;
		if (read_line(&reader, line, err))
			return wrap(&reader, name, number, err);
	}
	if (end_record(&reader, err))
		return wrap(&reader, name, number, err);
	return 0;
}
