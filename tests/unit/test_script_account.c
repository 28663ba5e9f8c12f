/* SPDX-License-Identifier: MIT */
#include "unit/script_fixture.h"

#define DAYS ":!:19000:0:99999:7:::\n"

/* The genuine case: gid 100 is taken by `users`, uid 100 is free. */
static void users_and_groups_count_on_their_own(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"addgroup -S chrony 2>/dev/null\n"
		"adduser -S -D -h /var/log/chrony -s /sbin/nologin -G chrony "
		"-g chrony chrony 2>/dev/null\nexit 0\n",
		"group chrony is 101; user chrony is 100:101; made "
		"/var/log/chrony");
	assert_string_equal(text_of(&t->f, "etc/passwd"),
		SCRIPT_PASSWD "chrony:x:100:101:chrony:/var/log/chrony:"
			      "/sbin/nologin\n");
	assert_string_equal(text_of(&t->f, "etc/group"),
		SCRIPT_GROUP "chrony:x:101:chrony\n");
	assert_string_equal(
		text_of(&t->f, "etc/shadow"), SCRIPT_SHADOW "chrony" DAYS);
	assert_inode(t, "var/log/chrony", "d 2755 100:101");
}

static void each_file_leaves_a_backup_of_what_it_was(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t, "addgroup -S g\nadduser -SDH -G g -g '' u\n", "");
	assert_string_equal(text_of(&t->f, "etc/passwd-"), SCRIPT_PASSWD);
	assert_string_equal(
		text_of(&t->f, "etc/group-"), SCRIPT_GROUP "g:x:101:\n");
	assert_string_equal(text_of(&t->f, "etc/shadow-"), SCRIPT_SHADOW);
	assert_inode(t, "etc/shadow", "f 0640 0:42");
	assert_inode(t, "etc/shadow-", "f 0640 0:42");
	assert_int_equal(tree_find(&t->f.tree, "etc/passwd")->inode->mtime,
		SCRIPT_MTIME);
	assert_int_equal(tree_find(&t->f.tree, "etc/passwd-")->inode->mtime, 0);
	assert_int_equal(tree_find(&t->f.tree, "etc/passwd-")->inode->nlink, 1);
	assert_string_equal(tree_find(&t->f.tree, "etc/passwd")->origin,
		"script pkg.pre-install");
}

/* What the last lines of passwd and group become. */
struct account_case {
	const char *lines;
	const char *passwd, *group; /* NULL: as it was */
};

static void assert_accounts(void **state, const struct account_case *c)
{
	struct script_test *t = *state;
	const char *passwd = arena_printf(
		&t->f.arena, SCRIPT_PASSWD "%s", c->passwd ? c->passwd : "");
	const char *group = arena_printf(
		&t->f.arena, SCRIPT_GROUP "%s", c->group ? c->group : "");

	assert_emulated(t, c->lines, "");
	if (strcmp(text_of(&t->f, "etc/passwd"), passwd) ||
		strcmp(text_of(&t->f, "etc/group"), group))
		fail_msg("%s: %s: %s%s", c->lines,
			t->ledger.items[t->ledger.n - 1].note,
			text_of(&t->f, "etc/passwd"),
			text_of(&t->f, "etc/group"));
}

static void options_are_those_of_busybox(void **state)
{
	static const struct account_case cases[] = {
		{ "addgroup x", NULL, "x:x:1000:\n" },
		{ "addgroup -S x", NULL, "x:x:101:\n" },
		{ "addgroup -g 7 x", NULL, "x:x:7:\n" },
		{ "addgroup --system --gid 7 x", NULL, "x:x:7:\n" },
		{ "addgroup -Sg7 x", NULL, "x:x:7:\n" },
		{ "addgroup -g 42 x", NULL, NULL },
		{ "addgroup shadow", NULL, NULL },
		{ "adduser -DH x",
			"x:x:1000:1000:Linux User,,,:/home/x:/bin/ash\n",
			"x:x:1000:\n" },
		{ "adduser -DH -u 8 -g '' x", "x:x:8:8::/home/x:/bin/ash\n",
			"x:x:8:\n" },
		{ "adduser -DH -u 42 x", NULL, NULL },
		{ "adduser -DH -u 0 x", NULL, NULL },
		{ "adduser -DH -G nope x", NULL, NULL },
		{ "adduser -DH root", NULL, NULL },
		{ "adduser -DH shadow", NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_accounts(state, &cases[i]);
		script_teardown(state);
		script_setup(state);
	}
}

static void a_user_becomes_a_member_of_its_group(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"/usr/sbin/adduser --system --disabled-password --home /x "
		"--no-create-home --shell /bin/sh --ingroup users --gecos g "
		"--uid 5 x\nadduser -SDH y\naddgroup y shadow\n"
		"adduser x shadow\naddgroup x shadow\naddgroup z users\n"
		"addgroup x nope",
		"user x is 5:100; user y is 100:65533; line 7 fails: unknown "
		"user z; line 8 fails: unknown group nope");
	assert_string_equal(text_of(&t->f, "etc/passwd"),
		SCRIPT_PASSWD "x:x:5:100:g:/x:/bin/sh\n"
			      "y:x:100:65533:Linux User,,,:/home/y:"
			      "/sbin/nologin\n");
	assert_string_equal(text_of(&t->f, "etc/group"),
		"root:x:0:root\nshadow:x:42:y,x\nusers:x:100:games,x\n"
		"nogroup:x:65533:y\n");
}

static void numbers_end_at_999_for_systems(void **state)
{
	struct script_test *t = *state;
	struct buf group;

	buf_init(&group, 1 << 20);
	for (unsigned i = 100; i < 1000; i++)
		buf_printf(&group, "g%u:x:%u:\n", i, i);
	put_file(&t->f, "etc/group", group.data);
	assert_emulated(t, "addgroup -S x\n", "no numbers are left");
	buf_truncate(&group, group.len - strlen("g999:x:999:\n"));
	put_file(&t->f, "etc/group", group.data);
	assert_emulated(t, "addgroup -S x\n", "group x is 999");
	buf_release(&group);
}

static void what_the_image_cannot_hold_is_not_understood(void **state)
{
	static const char *const cases[] = { "addgroup -g 65536 x",
		"addgroup -g x x", "adduser -D -u -1 x", "adduser x",
		"adduser -H x", "addgroup", "addgroup a b c", "addgroup -S a b",
		"addgroup a:b", "addgroup ''", "addgroup -x a", "addgroup a -S",
		"addgroup -- -a", "adduser -D -g a:b x",
		"adduser -D -G shadow x y", "adduser --frob x", "passwd root",
		"passwd -u", "passwd -l root" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_not_run(*state, cases[i], "line 2: `");
}

static void a_home_needs_its_parent_and_may_be_there(void **state)
{
	struct script_test *t = *state;

	put_dir(&t->f, "srv/there");
	put_file(&t->f, "etc/skel/.profile", "hello");
	put_dir(&t->f, "etc/skel/d");
	assert_emulated(t,
		"adduser -D -u 1 -h /srv/a/b a\n"
		"adduser -D -u 2 -h /srv/there b\n"
		"adduser -D -u 3 -h /srv/new c\n"
		"adduser -D -u 4 -h /dev/null d\n"
		"adduser -D -u 5 -h / e\n",
		"/srv/a/b: /srv/a is no directory");
	assert_null(tree_find(&t->f.tree, "srv/a"));
	assert_null(tree_find(&t->f.tree, "dev"));
	assert_inode(t, "srv/there", "d 2755 2:2");
	assert_int_equal(tree_find(&t->f.tree, "srv/there")->nchildren, 0);
	assert_inode(t, "srv/new", "d 2755 3:3");
	assert_inode(t, "srv/new/d", "d 0755 3:3");
	assert_inode(t, "srv/new/.profile", "f 0644 3:3");
	assert_inode(t, "", "d 0755 0:0");
}

static void the_gecos_without_one_is_that_of_the_images_busybox(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "bin/busybox", "a program without that text");
	assert_emulated(t, "adduser -DH x\n", "user x");
	assert_string_equal(text_of(&t->f, "etc/passwd"),
		SCRIPT_PASSWD "x:x:1000:1000::/home/x:/bin/ash\n");
}

static void gshadow_is_kept_where_there_is_one(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "etc/gshadow", "root:!::\n");
	assert_emulated(t, "addgroup x", "");
	assert_string_equal(text_of(&t->f, "etc/gshadow"), "root:!::\nx:!::\n");
	assert_string_equal(text_of(&t->f, "etc/gshadow-"), "root:!::\n");
}

static void files_behind_links_are_changed_where_they_are(void **state)
{
	struct script_test *t = *state;

	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc/group"));
	put_file(&t->f, "var/db/group", "a:x:1:\n");
	put_link(&t->f, "etc/group", "../../../../var/db/group");
	assert_emulated(t, "addgroup -g 2 b", "group b is 2");
	assert_string_equal(text_of(&t->f, "var/db/group"), "a:x:1:\nb:x:2:\n");
	assert_string_equal(text_of(&t->f, "var/db/group-"), "a:x:1:\n");
	assert_inode(t, "etc/group", "l 0777 0:0");
}

static void without_files_nothing_can_be_added(void **state)
{
	struct script_test *t = *state;

	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc"));
	assert_emulated(t, "addgroup x\nadduser -D y\npasswd -u y\n",
		"line 2 fails: there is no file /etc/group");
}

static void a_locked_password_is_unlocked(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "etc/shadow",
		"root:*::0:::::\nnobody:!abc:1:0:99999:7:::\n");
	assert_emulated(t, "passwd -u nobody\npasswd -u root\npasswd -u x\n",
		"nobody is unlocked; line 3 fails: root is unlocked already; "
		"line 4 fails: unknown user x");
	assert_string_equal(text_of(&t->f, "etc/shadow"),
		"root:*::0:::::\nnobody:abc:19000:0:99999:7:::\n");
	assert_string_equal(text_of(&t->f, "etc/passwd-"), SCRIPT_PASSWD);
}

static void getent_guards_what_is_there_already(void **state)
{
	struct script_test *t = *state;

	assert_emulated(t,
		"getent group shadow >/dev/null || addgroup -g 1 shadow\n"
		"getent group 42 >/dev/null || addgroup -g 1 y\n"
		"getent group x >/dev/null || addgroup -g 1 x\n"
		"getent passwd root || adduser -DH -u 9 r\n",
		"group x is 1");
	assert_string_equal(
		text_of(&t->f, "etc/group"), SCRIPT_GROUP "x:x:1:\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT_TEST(users_and_groups_count_on_their_own),
		SCRIPT_TEST(each_file_leaves_a_backup_of_what_it_was),
		SCRIPT_TEST(options_are_those_of_busybox),
		SCRIPT_TEST(a_user_becomes_a_member_of_its_group),
		SCRIPT_TEST(numbers_end_at_999_for_systems),
		SCRIPT_TEST(what_the_image_cannot_hold_is_not_understood),
		SCRIPT_TEST(a_home_needs_its_parent_and_may_be_there),
		SCRIPT_TEST(
			the_gecos_without_one_is_that_of_the_images_busybox),
		SCRIPT_TEST(gshadow_is_kept_where_there_is_one),
		SCRIPT_TEST(files_behind_links_are_changed_where_they_are),
		SCRIPT_TEST(without_files_nothing_can_be_added),
		SCRIPT_TEST(a_locked_password_is_unlocked),
		SCRIPT_TEST(getent_guards_what_is_there_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
