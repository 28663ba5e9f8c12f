/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rootfs/account_lines.h"
#include "rootfs/accounts.h"
#include "unit/tree_fixture.h"

#define PASSWD                                                                 \
	"root:x:0:0:root:/root:/bin/ash\n"                                     \
	"nobody:x:65534:65534:nobody:/:/sbin/nologin\n"
#define GROUP "root:x:0:root\nwheel:x:10:root\nwww-data:x:82:\n"
#define SHADOW "root:*::0:::::\nnobody:!::0:::::\n"
#define MTIME (77 * 86400)
#define LOCKED ":!:77:0:99999:7:::\n"

struct accounts_test {
	struct fixture f;
	struct manifest manifest;
	struct user_spec users[4];
	struct group_spec groups[4];
};

static int setup(void **state)
{
	struct accounts_test *t = calloc(1, sizeof(*t));

	fixture_init(&t->f);
	put_file(&t->f, "etc/passwd", PASSWD);
	put_file(&t->f, "etc/group", GROUP);
	put_mode(&t->f, "etc/shadow", SHADOW, 0640)->inode->gid = 42;
	t->manifest.users = t->users;
	t->manifest.groups = t->groups;
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct accounts_test *t = *state;

	fixture_release(&t->f);
	free(t);
	return 0;
}

static struct user_spec *add_user(
	struct accounts_test *t, const char *name, uint32_t uid)
{
	struct user_spec *user = &t->users[t->manifest.nusers++];

	*user = (struct user_spec){ .name = name,
		.uid = uid,
		.gecos = "",
		.home = "/",
		.shell = "/sbin/nologin",
		.place = "x.json:1: users[0]" };
	return user;
}

static struct group_spec *add_group(
	struct accounts_test *t, const char *name, uint32_t gid)
{
	struct group_spec *group = &t->groups[t->manifest.ngroups++];

	*group = (struct group_spec){
		.name = name, .gid = gid, .place = "x.json:2: groups[0]"
	};
	return group;
}

static void assert_applied(struct accounts_test *t, const char *passwd,
	const char *group, const char *shadow)
{
	if (accounts_apply(&t->f.tree, &t->manifest, MTIME, &t->f.err))
		fail_msg("%s", t->f.err.text);
	assert_string_equal(text_of(&t->f, "etc/passwd"), passwd);
	assert_string_equal(text_of(&t->f, "etc/group"), group);
	assert_string_equal(text_of(&t->f, "etc/shadow"), shadow);
}

static void assert_refused(
	struct accounts_test *t, enum error_kind kind, const char *part)
{
	assert_int_equal(
		accounts_apply(&t->f.tree, &t->manifest, MTIME, &t->f.err), -1);
	assert_error(&t->f, kind, part);
	assert_string_equal(text_of(&t->f, "etc/passwd"), PASSWD);
}

/* adduser -D -u 1000 app */
static void a_user_gets_a_group_of_its_own(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "app", 1000);
	assert_applied(t, PASSWD "app:x:1000:1000::/:/sbin/nologin\n",
		GROUP "app:x:1000:\n", SHADOW "app" LOCKED);
}

/* adduser -D -u 82 -G www-data -g "web server" -h /var/www -s /bin/sh www */
static void a_user_of_an_existing_group_is_named_in_it(void **state)
{
	struct accounts_test *t = *state;
	struct user_spec *user = add_user(t, "www", 82);

	user->group = "www-data";
	user->gecos = "web server";
	user->home = "/var/www";
	user->shell = "/bin/sh";
	assert_applied(t, PASSWD "www:x:82:82:web server:/var/www:/bin/sh\n",
		"root:x:0:root\nwheel:x:10:root\nwww-data:x:82:www\n",
		SHADOW "www" LOCKED);
}

static void a_group_of_the_users_name_is_taken_as_its_own(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "www-data", 33);
	assert_applied(t, PASSWD "www-data:x:33:82::/:/sbin/nologin\n",
		"root:x:0:root\nwheel:x:10:root\nwww-data:x:82:www-data\n",
		SHADOW "www-data" LOCKED);
}

static void a_group_may_be_given_by_number(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "a", 1000)->group = "10";
	add_user(t, "b", 1001)->group = "4321";
	assert_applied(t,
		PASSWD "a:x:1000:10::/:/sbin/nologin\n"
		       "b:x:1001:4321::/:/sbin/nologin\n",
		"root:x:0:root\nwheel:x:10:root,a\nwww-data:x:82:\n",
		SHADOW "a" LOCKED "b" LOCKED);
}

static void groups_come_before_users_and_members_last(void **state)
{
	struct accounts_test *t = *state;
	struct group_spec *admins = add_group(t, "admins", 500);

	add_user(t, "app", 1000)->group = "admins";
	string_list_add(&admins->members, "root", &t->f.arena);
	string_list_add(&admins->members, "app", &t->f.arena);
	assert_applied(t, PASSWD "app:x:1000:500::/:/sbin/nologin\n",
		GROUP "admins:x:500:app,root\n", SHADOW "app" LOCKED);
}

static void members_join_existing_groups_once(void **state)
{
	struct accounts_test *t = *state;
	struct group_spec *wheel = add_group(t, "wheel", 10);

	string_list_add(&wheel->members, "root", &t->f.arena);
	string_list_add(&wheel->members, "nobody", &t->f.arena);
	string_list_add(&wheel->members, "nobody", &t->f.arena);
	assert_applied(t, PASSWD,
		"root:x:0:root\nwheel:x:10:root,nobody\nwww-data:x:82:\n",
		SHADOW);
}

static void what_is_there_already_and_agrees_stays(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "nobody", 65534)->group = "65534";
	add_user(t, "root", 0);
	add_group(t, "www-data", 82);
	assert_applied(t, PASSWD, GROUP, SHADOW);
	assert_int_equal(tree_find(&t->f.tree, "etc/passwd")->inode->mtime, 0);
}

static void what_is_there_already_must_agree_in_its_numbers(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "nobody", 99);
	assert_refused(t, ERROR_SPEC,
		"x.json:1: users[0]: nobody has number 65534 in the image's "
		"etc/passwd, the manifest says 99");
	t->users[0].uid = 65534;
	t->users[0].group = "wheel";
	assert_refused(t, ERROR_SPEC, "group of nobody: wheel has number");
	t->manifest.nusers = 0;
	add_group(t, "wheel", 11);
	assert_refused(t, ERROR_SPEC,
		"x.json:2: groups[0]: wheel has number 10 in the image's "
		"etc/group, the manifest says 11");
}

static void a_number_belongs_to_one_name(void **state)
{
	struct accounts_test *t = *state;

	add_user(t, "app", 65534)->group = "wheel";
	assert_refused(t, ERROR_SPEC,
		"uid 65534 for app belongs to nobody in etc/passwd already");
	t->users[0].uid = 82;
	t->users[0].group = NULL;
	assert_refused(t, ERROR_SPEC,
		"gid 82 for app belongs to www-data in etc/group already");
	t->manifest.nusers = 0;
	add_group(t, "new", 10);
	assert_refused(t, ERROR_SPEC, "gid 10 for new belongs to wheel");
}

static void unknown_groups_and_members_are_told_with_the_nearest(void **state)
{
	struct accounts_test *t = *state;
	struct group_spec *group;

	add_user(t, "app", 1000)->group = "whel";
	assert_refused(t, ERROR_SPEC,
		"\"whel\" is not in the image's etc/group, did you mean wheel");
	t->manifest.nusers = 0;
	group = add_group(t, "wheel", 10);
	string_list_add(&group->members, "nobdy", &t->f.arena);
	assert_refused(t, ERROR_SPEC, "etc/passwd, did you mean nobody");
}

static void a_last_line_without_newline_is_completed(void **state)
{
	struct accounts_test *t = *state;

	put_file(&t->f, "etc/passwd", "root:x:0:0:::");
	put_file(&t->f, "etc/group", "root:x:0");
	put_file(&t->f, "etc/shadow", "");
	add_user(t, "app", 1000)->group = "root";
	add_group(t, "g", 7);
	assert_applied(t, "root:x:0:0:::\napp:x:1000:0::/:/sbin/nologin\n",
		"root:x:0:app\ng:x:7:\n", "app" LOCKED);
}

static void a_shadow_line_that_is_there_stays(void **state)
{
	struct accounts_test *t = *state;

	put_file(&t->f, "etc/shadow", "app:*:1::::::\n");
	add_user(t, "app", 1000);
	assert_applied(t, PASSWD "app:x:1000:1000::/:/sbin/nologin\n",
		GROUP "app:x:1000:\n", "app:*:1::::::\n");
}

static void mode_and_owner_of_the_files_stay(void **state)
{
	struct accounts_test *t = *state;
	const struct inode *shadow;

	add_user(t, "app", 1000);
	assert_int_equal(
		accounts_apply(&t->f.tree, &t->manifest, MTIME, &t->f.err), 0);
	shadow = tree_find(&t->f.tree, "etc/shadow")->inode;
	assert_int_equal(shadow->mode, 0640);
	assert_int_equal(shadow->gid, 42);
	assert_int_equal(shadow->mtime, MTIME);
	assert_string_equal(
		tree_find(&t->f.tree, "etc/shadow")->origin, ACCOUNTS_ORIGIN);
}

static void nothing_to_add_needs_no_files(void **state)
{
	struct accounts_test *t = *state;

	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc"));
	assert_int_equal(
		accounts_apply(&t->f.tree, &t->manifest, MTIME, &t->f.err), 0);
	add_group(t, "g", 7);
	assert_int_equal(
		accounts_apply(&t->f.tree, &t->manifest, MTIME, &t->f.err), -1);
	assert_error(&t->f, ERROR_TREE, "no file etc/passwd");
}

static void names_are_what_busybox_takes(void **state)
{
	static const char *const good[] = { "a", "_x", "www-data", "machine$",
		"abcdefghijklmnopqrstuvwxyz012345" };
	static const char *const bad[] = { "", "$", "A", "1a", "-a", "a b",
		"a:b", "a\nb", "a$b", "\xc3\xa9",
		"abcdefghijklmnopqrstuvwxyz0123456" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(account_name_is_valid(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(account_name_is_valid(bad[i]));
}

static void no_field_can_smuggle_in_another(void **state)
{
	struct accounts_test *t = *state;
	struct user_spec *user = add_user(t, "app", 1000);

	user->gecos = "x\nevil::0:0:::";
	assert_refused(t, ERROR_SPEC, "holds a colon, a control character");
	user->gecos = "a:b";
	assert_refused(t, ERROR_SPEC, "holds a colon, a control character");
	user->gecos = "";
	user->home = "data";
	assert_refused(t, ERROR_SPEC, "home \"data\" and shell");
	user->home = "/";
	user->name = "App";
	assert_refused(t, ERROR_SPEC, "\"App\" is no name");
	user->name = "app";
	user->uid = 65536;
	assert_refused(t, ERROR_SPEC, "number 65536 of app");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_user_gets_a_group_of_its_own),
		TEST(a_user_of_an_existing_group_is_named_in_it),
		TEST(a_group_of_the_users_name_is_taken_as_its_own),
		TEST(a_group_may_be_given_by_number),
		TEST(groups_come_before_users_and_members_last),
		TEST(members_join_existing_groups_once),
		TEST(what_is_there_already_and_agrees_stays),
		TEST(what_is_there_already_must_agree_in_its_numbers),
		TEST(a_number_belongs_to_one_name),
		TEST(unknown_groups_and_members_are_told_with_the_nearest),
		TEST(a_last_line_without_newline_is_completed),
		TEST(a_shadow_line_that_is_there_stays),
		TEST(mode_and_owner_of_the_files_stay),
		TEST(nothing_to_add_needs_no_files),
		TEST(names_are_what_busybox_takes),
		TEST(no_field_can_smuggle_in_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
