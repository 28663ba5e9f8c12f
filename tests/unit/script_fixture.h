/* SPDX-License-Identifier: MIT
 *
 * script_fixture: what the tests of rootfs/script share: a small image with
 * accounts and busybox, and short ways to run a script on it.
 */
#ifndef UNIT_SCRIPT_FIXTURE_H
#define UNIT_SCRIPT_FIXTURE_H

#include "rootfs/script.h"
#include "unit/tree_fixture.h"

#define SCRIPT_DAY 19000
#define SCRIPT_MTIME ((int64_t)SCRIPT_DAY * 86400 + 5)
#define SCRIPT_PASSWD                                                          \
	"root:x:0:0:root:/root:/bin/ash\n"                                     \
	"nobody:x:65534:65534:nobody:/:/sbin/nologin\n"
#define SCRIPT_GROUP                                                           \
	"root:x:0:root\nshadow:x:42:\nusers:x:100:games\nnogroup:x:65533:\n"
#define SCRIPT_SHADOW "root:*::0:::::\nnobody:!::0:::::\n"
#define SH "#!/bin/sh\n"

struct script_test {
	struct fixture f;
	struct ledger ledger;
	const char *arguments[2];
	size_t narguments;
};

static inline int script_setup(void **state)
{
	struct script_test *t = calloc(1, sizeof(*t));

	fixture_init(&t->f);
	ledger_init(&t->ledger, &t->f.arena);
	put_file(&t->f, "etc/passwd", SCRIPT_PASSWD);
	put_file(&t->f, "etc/group", SCRIPT_GROUP);
	put_mode(&t->f, "etc/shadow", SCRIPT_SHADOW, 0640)->inode->gid = 42;
	put_file(&t->f, "etc/shells", "# valid\n/bin/sh\n");
	put_dir(&t->f, "var/log");
	put_dir(&t->f, "bin");
	*state = t;
	return 0;
}

static inline int script_teardown(void **state)
{
	struct script_test *t = *state;

	fixture_release(&t->f);
	free(t);
	return 0;
}

/* Runs a text as that script; its entry in the ledger. */
static inline const struct ledger_entry *run_bytes(struct script_test *t,
	const char *package, enum script_kind kind, struct slice text)
{
	const struct script script = { .kind = kind,
		.package = slice_of(package),
		.version = slice_of("1-r0"),
		.text = text };
	const struct script_run run = { .tree = &t->f.tree,
		.ledger = &t->ledger,
		.mtime = SCRIPT_MTIME,
		.arguments = t->arguments,
		.narguments = t->narguments };
	size_t n = t->ledger.n;

	if (script_emulate(&run, &script, &t->f.err))
		fail_msg("%s", t->f.err.text);
	assert_int_equal(t->ledger.n, n + 1);
	return &t->ledger.items[n];
}

static inline const struct ledger_entry *run_as(struct script_test *t,
	const char *package, enum script_kind kind, const char *text)
{
	return run_bytes(t, package, kind, slice_of(text));
}

static inline void assert_outcome(const struct ledger_entry *entry,
	enum script_outcome outcome, const char *part)
{
	if (entry->outcome != outcome || !strstr(entry->note, part))
		fail_msg("%s: \"%s\", expected \"%s\"",
			script_outcomes[entry->outcome], entry->note, part);
}

/* Runs lines behind "#!/bin/sh" and expects this in the note. */
static inline void assert_emulated(
	struct script_test *t, const char *lines, const char *part)
{
	const char *text = arena_printf(&t->f.arena, SH "%s", lines);

	assert_outcome(run_as(t, "pkg", SCRIPT_PRE_INSTALL, text),
		SCRIPT_EMULATED, part);
}

/* The same for one that is not understood, which leaves the tree alone. */
static inline void assert_not_run(
	struct script_test *t, const char *lines, const char *part)
{
	const char *text = arena_printf(&t->f.arena, SH "%s", lines);
	const char *before = listing_of(&t->f);

	assert_outcome(run_as(t, "pkg", SCRIPT_PRE_INSTALL, text),
		SCRIPT_NOT_RUN, part);
	assert_string_equal(listing_of(&t->f), before);
}

/* "d 2755 100:101" of a path, no link followed. */
static inline void assert_inode(
	struct script_test *t, const char *path, const char *expected)
{
	static const char kinds[] = "fdl";
	const struct node *node = tree_find(&t->f.tree, path);
	const struct inode *inode;
	char text[64];

	assert_non_null(node);
	inode = node->inode;
	snprintf(text, sizeof(text), "%c %04o %u:%u", kinds[inode->kind],
		inode->mode, inode->uid, inode->gid);
	assert_string_equal(text, expected);
}

#define SCRIPT_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, script_setup, script_teardown)

#endif
