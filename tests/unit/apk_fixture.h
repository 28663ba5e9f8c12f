/* SPDX-License-Identifier: MIT
 *
 * apk_fixture: packages and indexes of apk v2 for tests, made in memory.
 *
 *	struct apk_fixture apk;
 *
 *	apk_fixture_init(&apk, "hello", "1.0-r0");
 *	apk.pkginfo = "depend = musl\n";	more lines of .PKGINFO
 *	apk.scripts = (const char *const[]){ ".post-install", "#!/bin/sh\n",
 *		NULL };
 *	apk_fixture_dir(&apk, "usr");
 *	apk_fixture_file(&apk, "usr/hello", "content");
 *	apk_fixture_build(&apk);
 *	... apk.file are the bytes of the .apk, apk.record what the index
 *	says of it ...
 *	apk_fixture_release(&apk);
 *
 * For what is wrong on purpose: change apk.data before building, or the
 * control tar by apk_fixture_set_control(), or the members themselves and
 * apk_fixture_join() them again. Signatures: unit/apk_key_fixture.h.
 */
#ifndef TESTS_UNIT_APK_FIXTURE_H
#define TESTS_UNIT_APK_FIXTURE_H

#include "apk/package.h"
#include "io/digest.h"
#include "io/gzip.h"
#include "tar_fixture.h" /* fuzz targets have no -Itests */

#define APK_FIXTURE_MAX ((size_t)256 << 20)
#define APK_FIXTURE_TIME "1700000000" /* builddate */

enum { APK_SIGNATURE, APK_CONTROL, APK_DATA, APK_NMEMBERS };

struct apk_fixture {
	const char *name, *version; /* borrowed, as all strings here */
	const char *pkginfo;	    /* lines to add to .PKGINFO; NULL: none */
	const char *const *scripts; /* names and texts, then NULL; or NULL */
	struct buf data;	    /* the data tar; build adds its end */
	/* what building makes */
	struct buf control;		  /* the control tar */
	struct buf members[APK_NMEMBERS]; /* compressed; empty: absent */
	struct buf file;		  /* the members in a row */
	struct package record;		  /* P V C S I A and builddate */
};

static inline void apk_fixture_init(
	struct apk_fixture *apk, const char *name, const char *version)
{
	memset(apk, 0, sizeof(*apk));
	apk->name = name;
	apk->version = version;
	buf_init(&apk->data, APK_FIXTURE_MAX);
	buf_init(&apk->control, APK_FIXTURE_MAX);
	buf_init(&apk->file, APK_FIXTURE_MAX);
	for (int i = 0; i < APK_NMEMBERS; i++)
		buf_init(&apk->members[i], APK_FIXTURE_MAX);
}

static inline void apk_fixture_release(struct apk_fixture *apk)
{
	buf_release(&apk->data);
	buf_release(&apk->control);
	buf_release(&apk->file);
	for (int i = 0; i < APK_NMEMBERS; i++)
		buf_release(&apk->members[i]);
}

/* Appends one gzip member. */
static inline void apk_fixture_gzip(struct buf *out, struct slice plain)
{
	const struct gzip_options options = { GZIP_LEVEL_DEFAULT, 1 };
	struct gzip_writer *writer;
	struct buf_sink bs;
	struct error err;

	buf_sink_init(&bs, out);
	writer = gzip_writer_new(&bs.sink, &options);
	sink_write(gzip_writer_sink(writer), plain.ptr, plain.len);
	if (sink_close(gzip_writer_sink(writer), &err))
		abort();
	gzip_writer_free(writer);
}

/* An entry of a data tar, after a pax header with a checksum, as abuild makes
 * it: of a file's content, of a symlink's target. */
static inline void apk_fixture_entry(struct buf *tar, struct fixture f)
{
	const char *text = f.type == '2' ? f.link : f.content;
	size_t n = text ? f.size && f.type != '2' ? f.size : strlen(text) : 0;
	struct digest digest = digest_of(DIGEST_SHA1, text, n);
	char hex[DIGEST_HEX_SIZE];

	if (!f.type || f.type == '0' || f.type == '2')
		fixture_pax(tar, "APK-TOOLS.checksum.SHA1",
			slice_of(digest_hex(&digest, hex)));
	if (!f.uname)
		f.uname = "root";
	if (!f.gname)
		f.gname = "root";
	fixture_add(tar, f);
}

static inline void apk_fixture_dir(struct apk_fixture *apk, const char *path)
{
	SCOPED_FREE char *name = memory_printf("%s/", path);

	apk_fixture_entry(&apk->data,
		(struct fixture){ .name = name, .type = '5', .mode = 0755 });
}

static inline void apk_fixture_file(
	struct apk_fixture *apk, const char *path, const char *content)
{
	apk_fixture_entry(&apk->data,
		(struct fixture){ .name = path, .content = content });
}

static inline void apk_fixture_link(
	struct apk_fixture *apk, const char *path, const char *target)
{
	apk_fixture_entry(&apk->data, (struct fixture){ .name = path,
					      .type = '2',
					      .link = target,
					      .mode = 0777 });
}

/* Puts the members in a row and tells the record how they are. */
static inline void apk_fixture_join(struct apk_fixture *apk)
{
	const struct buf *control = &apk->members[APK_CONTROL];
	struct digest id = digest_of(DIGEST_SHA1, control->data, control->len);

	buf_truncate(&apk->file, 0);
	for (int i = 0; i < APK_NMEMBERS; i++)
		buf_add_slice(&apk->file, buf_slice(&apk->members[i]));
	apk->record.name = slice_of(apk->name);
	apk->record.version = slice_of(apk->version);
	apk->record.arch = slice_of("x86_64");
	apk->record.build_time = strtol(APK_FIXTURE_TIME, NULL, 10);
	apk->record.size = apk->file.len;
	apk->record.installed_size = 4096;
	apk->record.identity = identity_make(IDENTITY_SHA1, id.bytes);
}

/* Another control tar, with its own identity in the record. */
static inline void apk_fixture_set_control(
	struct apk_fixture *apk, const struct buf *tar)
{
	buf_truncate(&apk->members[APK_CONTROL], 0);
	apk_fixture_gzip(&apk->members[APK_CONTROL], buf_slice(tar));
	apk_fixture_join(apk);
}

/* .PKGINFO; without datahash when the data section is absent. */
static inline void apk_fixture_pkginfo(
	const struct apk_fixture *apk, struct buf *text)
{
	const struct buf *data = &apk->members[APK_DATA];
	struct digest hash = digest_of(DIGEST_SHA256, data->data, data->len);
	char hex[DIGEST_HEX_SIZE];

	buf_printf(text,
		"# Generated by a test\npkgname = %s\npkgver = %s\n"
		"pkgdesc = a fixture\nurl = https://example.org\n"
		"builddate = " APK_FIXTURE_TIME "\nsize = 4096\n"
		"arch = x86_64\norigin = %s\nlicense = MIT\n%s",
		apk->name, apk->version, apk->name,
		apk->pkginfo ? apk->pkginfo : "");
	if (data->len)
		buf_printf(text, "datahash = %s\n", digest_hex(&hash, hex));
}

static inline void apk_fixture_build(struct apk_fixture *apk)
{
	SCOPED_BUF struct buf text;

	fixture_end(&apk->data);
	apk_fixture_gzip(&apk->members[APK_DATA], buf_slice(&apk->data));
	buf_init(&text, APK_FIXTURE_MAX);
	apk_fixture_pkginfo(apk, &text);
	fixture_file(&apk->control, ".PKGINFO", text.data);
	for (const char *const *s = apk->scripts; s && s[0]; s += 2)
		fixture_file(&apk->control, s[0], s[1]);
	apk_fixture_set_control(apk, &apk->control);
}

/* Appends the package's record as an index has it. */
static inline void apk_fixture_record(
	const struct apk_fixture *apk, struct buf *text)
{
	char id[IDENTITY_TEXT_SIZE];

	buf_printf(text,
		"C:%s\nP:%s\nV:%s\nA:x86_64\nS:%llu\nI:%llu\nT:a fixture\n"
		"U:https://example.org\nL:MIT\no:%s\nt:" APK_FIXTURE_TIME
		"\n\n",
		identity_text(&apk->record.identity, id), apk->name,
		apk->version, (unsigned long long)apk->record.size,
		(unsigned long long)apk->record.installed_size, apk->name);
}

/* Appends the member of an index that holds its text. */
static inline void apk_fixture_index(struct buf *out, const char *text)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, APK_FIXTURE_MAX);
	fixture_file(&tar, "DESCRIPTION", "a fixture");
	fixture_file(&tar, "APKINDEX", text);
	fixture_end(&tar);
	apk_fixture_gzip(out, buf_slice(&tar));
}

#endif
