/* SPDX-License-Identifier: MIT */
#include "apk/package_file.h"

#include <inttypes.h>
#include <string.h>

#include "apk/container.h"
#include "apk/shown.h"
#include "apk/signature.h"
#include "io/tar_read.h"

#define WHAT "a package (.apk)"
#define DATA_FACTOR 4
#define DATA_EXTRA (UINT64_C(64) << 20)

/* One reading, and what lives as long as it. */
struct reading {
	struct package_file *file;
	const struct package *record;
	struct arena *arena;
	struct container container;
	struct slice control; /* the control section, inflated, in the arena */
	struct slice pkginfo; /* in it; ptr NULL: not met yet */
};

uint64_t package_data_max(const struct package *record)
{
	if (record->installed_size > (TAR_SIZE_MAX - DATA_EXTRA) / DATA_FACTOR)
		return TAR_SIZE_MAX;
	return DATA_FACTOR * record->installed_size + DATA_EXTRA;
}

/* Which digest of the control section the index speaks of. */
static enum digest_kind raw_kind(const struct package *record)
{
	return record->identity.kind == IDENTITY_SHA256 ? DIGEST_SHA256
							: DIGEST_SHA1;
}

static int next_member(struct reading *r, struct buf *plain,
	struct digest *digest, struct error *err)
{
	struct buf_sink bs;

	buf_truncate(plain, 0);
	buf_sink_init(&bs, plain);
	return container_next(
		&r->container, &bs.sink, PACKAGE_CONTROL_MAX, digest, err);
}

/* Only its form: the index vouches for packages, not this signature. */
static int check_signature(struct slice member, struct error *err)
{
	struct signature_list list;

	return signature_list_parse(&list, member, "signature section", err);
}

/* Passes over the signatures; leaves the control section in plain. */
static int read_control(struct reading *r, struct buf *plain,
	struct digest *digest, struct error *err)
{
	int found = next_member(r, plain, digest, err);

	if (found > 0)
		found = container_is_signature(
			buf_slice(plain), "first section", err);
	if (found < 0)
		return -1;
	if (!found)
		return 0;
	if (check_signature(buf_slice(plain), err))
		return -1;
	found = next_member(r, plain, digest, err);
	if (found)
		return found < 0 ? -1 : 0;
	return error_set(err, ERROR_INPUT,
		"the file ends after the signatures, expected the control "
		"section after them");
}

static int check_identity(
	struct reading *r, const struct digest *digest, struct error *err)
{
	enum identity_kind kind =
		digest->kind == DIGEST_SHA256 ? IDENTITY_SHA256 : IDENTITY_SHA1;
	struct identity found = identity_make(kind, digest->bytes);
	char want_text[IDENTITY_TEXT_SIZE], found_text[IDENTITY_TEXT_SIZE];

	if (!identity_eq(&found, &r->record->identity))
		return error_set(err, ERROR_VERIFY,
			"the control section is not that of the index "
			"(expected identity %s, got %s)",
			identity_text(&r->record->identity, want_text),
			identity_text(&found, found_text));
	return 0;
}

static int add_script(struct reading *r, enum script_kind kind,
	struct slice text, struct error *err)
{
	struct script_list *scripts = &r->file->scripts;
	const struct script script = { .kind = kind, .text = text };

	if (text.len > SCRIPT_MAX)
		return error_set(err, ERROR_INPUT,
			"a script of %zu bytes (at most %zu)", text.len,
			SCRIPT_MAX);
	for (size_t i = 0; i < scripts->n; i++) {
		if (scripts->items[i].kind == kind)
			return error_set(err, ERROR_INPUT, "it is there twice");
	}
	script_list_add(scripts, &script, r->arena);
	return 0;
}

static int take_pkginfo(struct reading *r, struct slice text, struct error *err)
{
	if (r->pkginfo.ptr)
		return error_set(err, ERROR_INPUT, "it is there twice");
	if (text.len > PKGINFO_MAX)
		return error_set(err, ERROR_INPUT,
			"%zu bytes, more than the limit of %zu", text.len,
			PKGINFO_MAX);
	r->pkginfo = text;
	return 0;
}

/* Dot files that nobody knows are metadata of other tools. */
static int read_entry(
	struct reading *r, const struct tar_entry *entry, struct error *err)
{
	struct slice name = slice_of(entry->path);
	struct slice text =
		slice_make(r->control.ptr + entry->offset, (size_t)entry->size);
	enum script_kind kind;

	if (!slice_starts(name, ".") || strchr(entry->path, '/') ||
		slice_starts(name, ".SIGN."))
		return error_set(err, ERROR_INPUT,
			"does not belong there, expected .PKGINFO and "
			"scripts");
	if (entry->kind != TAR_FILE)
		return error_set(err, ERROR_INPUT, "not a regular file");
	if (slice_is(name, ".PKGINFO"))
		return take_pkginfo(r, text, err);
	if (slice_is(name, ".INSTALL"))
		return error_set(err, ERROR_INPUT,
			"a script in a form that apk does not support any "
			"more");
	kind = script_kind_find(slice_make(name.ptr + 1, name.len - 1));
	return kind == SCRIPT_NKINDS ? 0 : add_script(r, kind, text, err);
}

static int read_tar(struct reading *r, struct error *err)
{
	static const char name[] = "control section";
	struct tar_reader *reader = tar_reader_new_bytes(
		r->control, name, TAR_END_ABSENT, NULL, err);
	struct tar_entry entry;
	int found = -1;

	while (reader && (found = tar_reader_next(reader, &entry, err)) > 0) {
		if (!read_entry(r, &entry, err))
			continue;
		error_wrap(err, "%s: entry %s", name, entry.path);
		found = -1;
		break;
	}
	tar_reader_free(reader);
	if (!found && !r->pkginfo.ptr)
		return error_set(
			err, ERROR_INPUT, "%s: no .PKGINFO in it", name);
	return found;
}

static int differs(const char *what, struct slice want, struct slice found,
	struct error *err)
{
	char want_text[SHOWN_SIZE], found_text[SHOWN_SIZE];

	return error_set(err, ERROR_VERIFY,
		".PKGINFO: %s differs from the index's (expected %s, got %s)",
		what, shown(want, want_text), shown(found, found_text));
}

static int check_pkginfo(struct reading *r, struct error *err)
{
	const struct package *found = &r->file->info.package;
	const struct package *want = r->record;

	if (!slice_eq(found->name, want->name))
		return differs("name", want->name, found->name, err);
	if (!slice_eq(found->version, want->version))
		return differs("version", want->version, found->version, err);
	if (r->file->info.datahash.kind != DIGEST_SHA256)
		return error_set(err, ERROR_INPUT,
			".PKGINFO: no datahash, expected the SHA-256 of the "
			"data section");
	return 0;
}

static int parse_pkginfo(struct reading *r, struct error *err)
{
	struct package *pkg = &r->file->info.package;

	if (pkginfo_parse(&r->file->info, r->pkginfo, r->arena, err))
		return -1;
	pkg->identity = r->record->identity;
	pkg->size = r->container.size;
	return check_pkginfo(r, err);
}

/* What scripts do not say themselves. */
static void label_scripts(struct package_file *file)
{
	const struct package *pkg = &file->info.package;

	for (size_t i = 0; i < file->scripts.n; i++) {
		struct script *script = &file->scripts.items[i];

		script->package = pkg->name;
		script->version = pkg->version;
		script->identity = pkg->identity;
		script->mtime = pkg->build_time;
	}
}

static int read_sections(struct reading *r, struct error *err)
{
	struct digest digest = { .kind = raw_kind(r->record) };
	SCOPED_BUF struct buf plain;

	buf_init(&plain, PACKAGE_CONTROL_MAX);
	if (read_control(r, &plain, &digest, err) ||
		check_identity(r, &digest, err))
		return -1;
	r->control = slice_make(
		arena_copy(r->arena, plain.data, plain.len), plain.len);
	if (read_tar(r, err) || parse_pkginfo(r, err))
		return -1;
	label_scripts(r->file);
	r->file->data_offset = gzip_member_offset(r->container.reader);
	if (container_left(&r->container))
		return 0;
	return error_set(err, ERROR_INPUT,
		"the file ends after the control section, expected the data "
		"section after it");
}

static int check_size(struct reading *r, struct error *err)
{
	if (!r->record->size || r->record->size == r->container.size)
		return 0;
	return error_set(err, ERROR_VERIFY,
		"size differs from the index's (expected %" PRIu64
		" bytes, got %" PRIu64 ")",
		r->record->size, r->container.size);
}

static int open_package(struct reading *r, int fd, struct error *err)
{
	memset(r->file, 0, sizeof(*r->file));
	if (container_open(&r->container, fd, PACKAGE_FILE_MAX, err) ||
		check_size(r, err) ||
		container_expect_gzip(&r->container, WHAT, err))
		return -1;
	return read_sections(r, err);
}

static int unpack_data(struct reading *r, struct sink *data, struct error *err)
{
	const struct digest *want = &r->file->info.datahash;
	struct digest found = { .kind = DIGEST_SHA256 };
	char want_text[DIGEST_HEX_SIZE], found_text[DIGEST_HEX_SIZE];

	if (container_next(&r->container, data, package_data_max(r->record),
		    &found, err) < 0)
		return error_wrap(err, "data section");
	if (!digest_eq(want, &found))
		return error_set(err, ERROR_VERIFY,
			"datahash mismatch (expected %s, got %s)",
			digest_hex(want, want_text),
			digest_hex(&found, found_text));
	if (container_left(&r->container))
		return error_set(err, ERROR_INPUT,
			"%" PRIu64 " bytes after the data section, expected "
			"none",
			container_left(&r->container));
	return 0;
}

int package_file_read(struct package_file *file,
	const struct package_file_input *input, struct arena *arena,
	struct error *err)
{
	struct reading r = {
		.file = file, .record = input->record, .arena = arena
	};
	int failed = open_package(&r, input->fd, err);

	container_release(&r.container);
	return failed ? error_wrap(err, "%s", input->name) : 0;
}

int package_file_unpack(struct package_file *file,
	const struct package_file_input *input, struct sink *data,
	struct arena *arena, struct error *err)
{
	struct reading r = {
		.file = file, .record = input->record, .arena = arena
	};
	int failed =
		open_package(&r, input->fd, err) || unpack_data(&r, data, err);

	container_release(&r.container);
	return failed ? error_wrap(err, "%s", input->name) : 0;
}
