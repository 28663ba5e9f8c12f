/* SPDX-License-Identifier: MIT */
#include "unit/script_fixture.h"

static void assert_text(
	struct script_test *t, const char *path, const char *expected)
{
	assert_string_equal(text_of(&t->f, path), expected);
}

static void a_script_is_entered_with_what_it_did(void **state)
{
	struct script_test *t = *state;
	const struct ledger_entry *entry;

	entry = run_as(t, "openrc", SCRIPT_POST_INSTALL,
		SH "# nothing but this\nexit 0\n");
	assert_outcome(entry, SCRIPT_EMULATED, "nothing to do");
	assert_string_equal(entry->package, "openrc");
	assert_int_equal(entry->kind, SCRIPT_POST_INSTALL);
	entry = run_as(t, "a", SCRIPT_PRE_UPGRADE, SH "mkdir /x\n");
	assert_outcome(entry, SCRIPT_EMULATED, "made /x");
	assert_string_equal(
		tree_find(&t->f.tree, "x")->origin, "script a.pre-upgrade");
	assert_int_equal(
		tree_find(&t->f.tree, "x")->inode->mtime, SCRIPT_MTIME);
}

static void nothing_happens_unless_all_of_it_is_understood(void **state)
{
	struct script_test *t = *state;

	assert_not_run(t, "mkdir /x\naddgroup -S g\nrm -rf /etc\n",
		"line 4: `rm` is not understood: an option of it");
	assert_not_run(t, "mkdir /x\nif true; then rm /etc/passwd; fi\n",
		"line 3: `if` is not understood");
	assert_not_run(t, "exit 0\napk add x\n", "line 3: `apk`");
	assert_not_run(t, "set -e\ngetent passwd x\n", "line 3: `getent`");
	assert_string_equal(text_of(&t->f, "etc/group"), SCRIPT_GROUP);
}

static void other_commands_and_options_are_not_understood(void **state)
{
	static const char *const cases[] = { "apk add x", "sh -c x",
		"/opt/bin/mkdir x", "./mkdir x", "mkdir", "mkdir -x y",
		"mkdir y -p", "mkdir -m", "mkdir -m 9 y", "install x y",
		"install -D x y", "touch -d x y", "chown root", "chown a.b c",
		"chown -L a b", "chmod 99999 x", "chmod u x", "chmod u+q x",
		"chmod 644", "ln a b", "ln -s a", "ln -s a b c", "ln -s '' b",
		"rm", "rm -r x", "cp a b", "mv a b", "cat x", "add-shell",
		"busybox", "busybox frob", "/bin/busybox --list",
		"busybox --install -s", "rc-update add x", "chgrp x",
		"ssh-keygen -A", "dbus-uuidgen --ensure" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_not_run(*state, cases[i], "line 2: `");
}

static void paths_stay_inside_and_away_from_the_kernel(void **state)
{
	static const char *const cases[] = { "mkdir ../x", "mkdir /a/../../x",
		"mkdir ''", "mkdir /dev/x", "touch dev", "rm -f /proc/1",
		"chmod 644 /sys/x", "chown root //dev//x", "ln -s a ..",
		"install -d /dev/shm", "rm -f \"a\tb\"", "touch '\xc2\x85'" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_not_run(*state, cases[i], "line 2: `");
}

static void links_are_followed_inside_the_tree_only(void **state)
{
	struct script_test *t = *state;

	put_link(&t->f, "out", "../../../../var/log");
	put_link(&t->f, "loop", "loop");
	assert_emulated(t,
		"mkdir /out/x\ntouch out/y\nchown 5:6 out\nchmod 700 loop\n"
		"touch loop\nmkdir -p loop/z\n",
		"line 5 fails: /loop is not there; line 6 fails: /loop leads "
		"nowhere; line 7 fails: /loop is there already");
	assert_inode(t, "var/log/x", "d 0755 0:0");
	assert_inode(t, "var/log/y", "f 0644 0:0");
	assert_inode(t, "var/log", "d 0755 5:6");
	assert_inode(t, "out", "l 0777 0:0");
}

static void mkdir_makes_folders(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"mkdir a a/b /c/d\nmkdir -p a/b e/f/g\nmkdir -m 2750 h\n"
		"mkdir -pm 1777 i/j\nmkdir a\nmkdir -m u=rwx,go= k\n",
		"line 2 fails: /c/d: /c is no directory");
	assert_inode(t, "a/b", "d 0755 0:0");
	assert_inode(t, "e/f/g", "d 0755 0:0");
	assert_inode(t, "h", "d 2750 0:0");
	assert_inode(t, "i", "d 0755 0:0");
	assert_inode(t, "i/j", "d 1777 0:0");
	assert_inode(t, "k", "d 0700 0:0");
	assert_null(tree_find(&t->f.tree, "c"));
}

static void what_is_made_below_a_setgid_folder_takes_its_group(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"mkdir -m 2755 s\nchown 7:8 s\nmkdir -p s/a/b\ntouch s/f\n"
		"install -d s/i\n",
		"");
	assert_inode(t, "s", "d 2755 7:8");
	assert_inode(t, "s/a/b", "d 2755 0:8");
	assert_inode(t, "s/f", "f 0644 0:8");
	assert_inode(t, "s/i", "d 0755 0:8");
}

static void install_d_sets_mode_and_owner_of_the_last_one(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"install -d -m 0750 -o nobody -g shadow a/b /c\n"
		"install -dm700 var/log\ninstall -d -o nope d\n"
		"install -d -o nobody e\n",
		"line 4 fails: unknown user \"nope\"");
	assert_inode(t, "a", "d 0755 0:0");
	assert_inode(t, "a/b", "d 0750 65534:42");
	assert_inode(t, "c", "d 0750 65534:42");
	assert_inode(t, "var/log", "d 0700 0:0");
	assert_inode(t, "e", "d 0755 65534:0");
	assert_null(tree_find(&t->f.tree, "d"));
}

static void chown_takes_names_of_the_image(void **state)
{
	struct script_test *t = *state;

	put_mode(&t->f, "d/suid", "x", 06755);
	put_link(&t->f, "d/link", "../etc/passwd");
	assert_emulated(t,
		"chown nobody:shadow d\nchown -R 7:8 d\nchown nobody: var\n"
		"chown :users var/log\nchgrp shadow bin\nchown nope d\n"
		"chown -h 1 d/link\nchown 5 nope d/suid\n",
		"line 7 fails: unknown user \"nope\"");
	assert_inode(t, "d", "d 0755 7:8");
	assert_inode(t, "d/suid", "f 0755 5:8");
	assert_inode(t, "d/link", "l 0777 1:8");
	assert_inode(t, "etc/passwd", "f 0644 0:0");
	assert_inode(t, "var", "d 0755 65534:65534");
	assert_inode(t, "var/log", "d 0755 0:100");
	assert_inode(t, "bin", "d 0755 0:42");
}

/* So that a report can name who did it. */
static void what_a_script_changes_is_its_own(void **state)
{
	struct script_test *t = *state;
	const struct node *dir = put_dir(&t->f, "d");
	const struct node *same = put_mode(&t->f, "d/same", "x", 0644);
	const struct node *file = put_mode(&t->f, "d/file", "x", 0644);

	assert_emulated(t, "chown 7 d\nchown -R 0:0 d/same\nchmod 600 d/file\n",
		"mode of /d/file");
	assert_true(slice_starts(slice_of(dir->origin), "script "));
	assert_true(slice_starts(slice_of(file->origin), "script "));
	assert_string_equal(same->origin, "test");
}

static void chmod_takes_numbers_and_letters(void **state)
{
	static const struct {
		const char *mode;
		unsigned from, to;
	} cases[] = {
		{ "0640", 0777, 0640 },
		{ "4755", 0, 04755 },
		{ "+x", 0644, 0755 },
		{ "+w", 0444, 0644 },
		{ "u+s", 0755, 04755 },
		{ "g+s,o-rx", 0755, 02750 },
		{ "a=r", 07777, 0444 },
		{ "go=", 0777, 0700 },
		{ "+t", 0777, 01777 },
		{ "ug+rw", 0, 0660 },
		{ "o+t", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script_test *t = *state;
		const char *lines = arena_printf(
			&t->f.arena, "chmod -R %s d\n", cases[i].mode);

		put_mode(&t->f, "d/f", "x", cases[i].from);
		assert_emulated(t, lines, "mode of /d");
		assert_int_equal(
			tree_find(&t->f.tree, "d/f")->inode->mode, cases[i].to);
	}
}

static void ln_links_files_and_into_folders(void **state)
{
	struct script_test *t = *state;

	put_link(&t->f, "tolog", "var/log");
	assert_emulated(t,
		"ln -s /etc/x a\nln -s b a\nln -sf b a\nln -s ../y/ var/log\n"
		"ln -sfn c tolog\nln -s x /nope/y\nln -sf x /var\n",
		"line 3 fails: /a is there already");
	assert_string_equal(tree_find(&t->f.tree, "a")->inode->target, "b");
	assert_string_equal(
		tree_find(&t->f.tree, "var/log/y")->inode->target, "../y/");
	assert_string_equal(tree_find(&t->f.tree, "tolog")->inode->target, "c");
	assert_string_equal(tree_find(&t->f.tree, "var/x")->inode->target, "x");
}

static void rm_removes_files_and_links_themselves(void **state)
{
	struct script_test *t = *state;

	put_link(&t->f, "a", "var/log");
	assert_emulated(t, "rm a\nrm -f b c\nrm b\nrm -f /var /\n",
		"removed /a; line 4 fails: /b is not there; line 5 fails: /var "
		"is a directory; line 5 fails: / is a directory");
	assert_non_null(tree_find(&t->f.tree, "var/log"));
	assert_null(tree_find(&t->f.tree, "a"));
}

static void shells_are_named_once(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t, "add-shell /bin/bash /bin/sh\nadd-shell '/bin/bash'",
		"shell /bin/bash");
	assert_text(t, "etc/shells", "# valid\n/bin/sh\n/bin/bash\n");
	assert_emulated(t, "remove-shell /bin/sh\n", "removed");
	assert_text(t, "etc/shells", "# valid\n/bin/bash\n");
	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc/shells"));
	assert_emulated(t, "add-shell /bin/x\n", "");
	assert_text(t, "etc/shells", "/bin/x\n");
	assert_inode(t, "etc/shells", "f 0644 0:0");
}

static void a_failure_ends_the_script_only_where_it_says_so(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t, "mkdir /var\nmkdir a\n", "line 2 fails");
	assert_emulated(t, "set -e\nmkdir /var || true\nmkdir b\n", "made /b");
	assert_emulated(t, "set -e\nmkdir /var\nmkdir c\n",
		"line 3 fails: /var is there already; which ends the script");
	assert_emulated(
		t, "mkdir /var || exit 1\nmkdir d\n", "ends the script");
	assert_emulated(t, "mkdir e\nexit 0\nmkdir f\n", "made /e");
	assert_non_null(tree_find(&t->f.tree, "a"));
	assert_non_null(tree_find(&t->f.tree, "b"));
	assert_null(tree_find(&t->f.tree, "c"));
	assert_null(tree_find(&t->f.tree, "d"));
	assert_null(tree_find(&t->f.tree, "f"));
}

static void messages_do_nothing_to_files(void **state)
{
	struct script_test *t = *state;
	const char *before = listing_of(&t->f);

	assert_emulated(t,
		"tell() {\n\tprintf '%s\\n' \"$1\" >&2\n}\n"
		"if [ -d /etc ] && ! [ \"$(readlink /x)\" = y ]; then\n"
		"\ttell \"hello\"\nfi\ncat >&2 <<-EOF\n\t* rm -rf /\n\tEOF\n",
		"does nothing to files");
	assert_string_equal(listing_of(&t->f), before);
	assert_not_run(t, "if :; then echo x > /etc/y; fi", "line 2: `if`");
	assert_not_run(t, "echo() { rm /etc/passwd; }\necho", "line 2: `(`");
	assert_not_run(t, "echo \"$(rm /etc/passwd)\"", "line 2: `$(`");
	assert_not_run(t, "alias echo=rm\necho x | :", "line 2: `alias`");
	assert_outcome(
		run_as(t, "a", SCRIPT_TRIGGER, "#!/usr/bin/lua\necho x\n"),
		SCRIPT_NOT_RUN, "this interpreter");
}

static void hostile_scripts_are_refused_whole(void **state)
{
	struct script_test *t = *state;
	struct slice nul = { SH "mkdir x\0y\n", sizeof(SH "mkdir x\0y\n") - 1 };
	SCOPED_FREE char *big = memory_zero(1, SCRIPT_MAX + 2);

	assert_not_run(t, "mkdir $(x)", "line 2: `$(`");
	assert_not_run(t, "mkdir `x`", "line 2: ``");
	assert_not_run(t, "mkdir x | y", "line 2: `|`");
	assert_not_run(t, "rm -f /etc/*", "line 2: `*`");
	assert_not_run(t, "cat <<E >/etc/x\ny\nE\n", "line 2: `<`");
	assert_not_run(t, "mkdir x\r\n", "control character");
	assert_not_run(t, "mkdir 'x", "line 2: `'`");
	assert_outcome(run_bytes(t, "a", SCRIPT_TRIGGER, nul), SCRIPT_NOT_RUN,
		"control character (0x00)");
	memset(big, '#', SCRIPT_MAX + 1);
	assert_outcome(run_as(t, "a", SCRIPT_TRIGGER, big), SCRIPT_NOT_RUN,
		"more than 262144 bytes");
	assert_outcome(run_as(t, "a", SCRIPT_TRIGGER, ""), SCRIPT_NOT_RUN,
		"line 1: `a script without");
	assert_null(tree_find(&t->f.tree, "x"));
}

static void a_long_note_is_cut_between_characters(void **state)
{
	struct script_test *t = *state;
	const struct ledger_entry *entry;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_add_str(&text, SH);
	for (int i = 0; i < 200; i++)
		buf_printf(&text, "mkdir \xe2\x82\xac%d\n", i);
	entry = run_as(t, "a", SCRIPT_PRE_INSTALL, text.data);
	buf_release(&text);
	assert_outcome(entry, SCRIPT_EMULATED,
		"made /\xe2\x82\xac"
		"0; ");
	assert_true(strlen(entry->note) <= 1024);
	assert_true(slice_is_utf8(slice_of(entry->note)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT_TEST(a_script_is_entered_with_what_it_did),
		SCRIPT_TEST(nothing_happens_unless_all_of_it_is_understood),
		SCRIPT_TEST(other_commands_and_options_are_not_understood),
		SCRIPT_TEST(paths_stay_inside_and_away_from_the_kernel),
		SCRIPT_TEST(links_are_followed_inside_the_tree_only),
		SCRIPT_TEST(mkdir_makes_folders),
		SCRIPT_TEST(what_is_made_below_a_setgid_folder_takes_its_group),
		SCRIPT_TEST(install_d_sets_mode_and_owner_of_the_last_one),
		SCRIPT_TEST(chown_takes_names_of_the_image),
		SCRIPT_TEST(what_a_script_changes_is_its_own),
		SCRIPT_TEST(chmod_takes_numbers_and_letters),
		SCRIPT_TEST(ln_links_files_and_into_folders),
		SCRIPT_TEST(rm_removes_files_and_links_themselves),
		SCRIPT_TEST(shells_are_named_once),
		SCRIPT_TEST(a_failure_ends_the_script_only_where_it_says_so),
		SCRIPT_TEST(messages_do_nothing_to_files),
		SCRIPT_TEST(hostile_scripts_are_refused_whole),
		SCRIPT_TEST(a_long_note_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
