/* SPDX-License-Identifier: MIT
 *
 * audit_fixture: short ways to make a tree with a package database, and to
 * tell what an audit of it says.
 */
#ifndef UNIT_AUDIT_FIXTURE_H
#define UNIT_AUDIT_FIXTURE_H

#include "unit/tree_fixture.h"

#include "apk/identity.h"
#include "rootfs/audit.h"
#include "rootfs/install.h"

/* The fields of two packages. */
#define A "C:Q1nVGhdJjyoZ2qRzZTqpXGmzp0CBk=\nP:a\nV:1\n"
#define B "\nC:Q1mVGhdJjyoZ2qRzZTqpXGmzp0CBk=\nP:b\nV:1\n"

/* The line of a digest. */
static inline char *z(struct fixture *f, const char *text)
{
	struct digest digest = digest_of(DIGEST_SHA1, text, strlen(text));
	struct identity id = identity_make(IDENTITY_SHA1, digest.bytes);
	char buf[IDENTITY_TEXT_SIZE];

	return arena_printf(&f->arena, "Z:%s\n", identity_text(&id, buf));
}

static inline void put(struct fixture *f, const char *origin, const char *path,
	const struct tree_entry *entry)
{
	const struct tree_source source = { origin, TREE_OVERLAY };

	assert_non_null(tree_put(&f->tree, path, entry, &source, &f->err));
}

static inline void file(struct fixture *f, const char *origin, const char *path,
	uint32_t mode, const char *text)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = mode,
		.content = content_bytes(text, strlen(text)) };

	put(f, origin, path, &entry);
}

static inline void dir(
	struct fixture *f, const char *origin, const char *path, uint32_t mode)
{
	const struct tree_entry entry = { .kind = INODE_DIRECTORY,
		.mode = mode };

	put(f, origin, path, &entry);
}

static inline void link_to(struct fixture *f, const char *origin,
	const char *path, const char *target)
{
	const struct tree_entry entry = {
		.kind = INODE_SYMLINK, .mode = 0777, .target = target
	};

	put(f, origin, path, &entry);
}

static inline void database(struct fixture *f, const char *text)
{
	file(f, "apk", INSTALL_DB "/installed", 0644,
		arena_strdup(&f->arena, text));
}

/* "mode etc/x 0644 0:0 0600 0:0 a; ..." */
static inline const char *findings_of(
	struct fixture *f, const struct audit *audit)
{
	char *text = arena_strdup(&f->arena, "");

	for (size_t i = 0; i < audit->n; i++) {
		const struct audit_finding *finding = &audit->items[i];

		text = arena_printf(&f->arena, "%s%s%s %s|%s|%s|%s", text,
			i ? "; " : "", audit_kinds[finding->kind],
			finding->path,
			finding->expected ? finding->expected : "",
			finding->found ? finding->found : "",
			finding->package ? finding->package : "");
	}
	return text;
}

static inline const char *audit_with(
	struct fixture *f, const struct audit_options *options)
{
	struct audit audit = { .arena = &f->arena };

	assert_int_equal(audit_tree(&audit, &f->tree, options, &f->err), 0);
	return findings_of(f, &audit);
}

static inline const char *headers(struct fixture *f)
{
	const struct audit_options options = { .depth = AUDIT_HEADERS };

	return audit_with(f, &options);
}

static inline const char *contents(struct fixture *f)
{
	const struct audit_options options = { .depth = AUDIT_CONTENTS };

	return audit_with(f, &options);
}

static inline const char *reported(
	struct fixture *f, const struct report *report)
{
	const struct audit_options options = { .depth = AUDIT_CONTENTS,
		.report = report };

	return audit_with(f, &options);
}

/* What a report of the tree would attribute: "origin: path path; ..." */
static inline const char *origins(struct fixture *f, struct report *report)
{
	const struct audit_options options = { .depth = AUDIT_CONTENTS };
	char *text = arena_strdup(&f->arena, "");

	memset(report, 0, sizeof(*report));
	assert_int_equal(
		audit_origins(report, &f->tree, &options, &f->arena, &f->err),
		0);
	for (size_t i = 0; i < report->norigins; i++) {
		text = arena_printf(&f->arena, "%s%s%s:", text, i ? "; " : "",
			report->origins[i].origin);
		for (size_t k = 0; k < report->origins[i].paths.n; k++)
			text = arena_printf(&f->arena, "%s %s", text,
				report->origins[i].paths.items[k]);
	}
	for (size_t i = 0; i < report->removed.n; i++)
		text = arena_printf(
			&f->arena, "%s -%s", text, report->removed.items[i]);
	return text;
}

static inline int up(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static inline int down(void **state)
{
	fixture_release(*state);
	free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

#endif
