/* SPDX-License-Identifier: MIT
 *
 * Which scripts are carried out when, and with which arguments. The emulation
 * itself is replaced by one that writes down what it was asked for.
 */
#include "base/log.h"
#include "rootfs/script.h"
#include "unit/install_fixture.h"

#define USR "d usr 0755 root:root\n"
#define BIN "d bin 0755 root:root\n"
#define SCRIPT "#!/bin/sh\n"
#define NOTES "notes" /* where they are, in the tree */

int script_emulate(const struct script_run *run, const struct script *script,
	struct error *err)
{
	const struct tree_source source = { "notes", TREE_OVERLAY };
	struct tree_entry entry = { .kind = INODE_FILE, .mode = 0644 };
	struct node *notes = tree_find(run->tree, NOTES);
	struct slice old = slice_make("", 0);
	char *text;

	if (notes)
		old = slice_make(notes->inode->content.bytes,
			(size_t)notes->inode->content.size);
	text = arena_printf(run->tree->arena, "%.*s%.*s.%s", SLICE_ARGS(old),
		SLICE_ARGS(script->package), script_names[script->kind]);
	for (size_t i = 0; i < run->narguments; i++)
		text = arena_printf(
			run->tree->arena, "%s %s", text, run->arguments[i]);
	text = arena_printf(run->tree->arena, "%s%s;", text,
		tree_find(run->tree, "usr/x") ? " +x" : "");
	entry.content = content_bytes(text, strlen(text));
	return tree_put(run->tree, NOTES, &entry, &source, err) ? 0 : -1;
}

/* What was noted since the last time. */
static void assert_notes(struct scene *s, const char *want)
{
	struct node *notes = tree_find(&s->tree, NOTES);

	assert_string_equal(
		notes ? (const char *)notes->inode->content.bytes : "", want);
	if (notes)
		tree_remove(&s->tree, notes);
}

static void an_install_runs_its_scripts_around_the_files(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "f usr/x 0644 root:root x\n",
		.scripts = { [SCRIPT_PRE_INSTALL] = SCRIPT,
			[SCRIPT_POST_INSTALL] = SCRIPT,
			[SCRIPT_PRE_UPGRADE] = SCRIPT,
			[SCRIPT_PRE_DEINSTALL] = SCRIPT });
	assert_notes(s, "a.pre-install 1-r0;a.post-install 1-r0 +x;");
}

static void an_upgrade_runs_the_new_versions_scripts(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "f usr/x 0644 root:root x\n",
		.scripts = { [SCRIPT_PRE_DEINSTALL] = SCRIPT,
			[SCRIPT_POST_UPGRADE] = SCRIPT });
	scene_add(s, .name = "a", .version = "2-r0", .data = USR,
		.scripts = { [SCRIPT_PRE_UPGRADE] = SCRIPT,
			[SCRIPT_POST_UPGRADE] = SCRIPT,
			[SCRIPT_POST_INSTALL] = SCRIPT });
	assert_notes(s, "a.pre-upgrade 2-r0 1-r0 +x;"
			"a.post-upgrade 2-r0 1-r0;");
}

static void a_purge_runs_the_deinstall_scripts(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "f usr/x 0644 root:root x\n",
		.scripts = { [SCRIPT_PRE_DEINSTALL] = SCRIPT,
			[SCRIPT_POST_DEINSTALL] = SCRIPT });
	scene_purge(s, "a");
	assert_notes(s, "a.pre-deinstall 1-r0 +x;a.post-deinstall 1-r0;");
}

static void add_watcher(struct scene *s, const char *triggers)
{
	scene_add(s, .name = "watch", .triggers = triggers, .data = BIN USR,
		.scripts = { [SCRIPT_TRIGGER] = SCRIPT });
}

static void a_trigger_fires_once_at_the_end_with_what_changed(void **state)
{
	struct scene *s = *state;

	add_watcher(s, "/bin /usr /usr/*");
	scene_again(s);
	tree_remove(&s->tree, tree_find(&s->tree, NOTES));
	scene_add(s, .name = "a", .data = USR "d usr/a 0755 root:root\n");
	scene_add(s, .name = "b", .data = USR "d usr/b 0755 root:root\n");
	assert_notes(s, "");
	scene_finish(s);
	assert_notes(s, "watch.trigger /usr /usr/a /usr/b;");
}

static void the_trigger_of_a_new_package_gets_all_that_match(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "d usr/a 0755 root:root\n");
	scene_again(s);
	scene_add(s, .name = "watch", .triggers = "/usr/* /sbin", .data = BIN,
		.scripts = { [SCRIPT_TRIGGER] = SCRIPT });
	scene_finish(s);
	assert_notes(s, "watch.trigger /usr/a;");
}

static void a_plus_wants_changes_even_then(void **state)
{
	struct scene *s = *state;

	scene_add(s, .name = "a", .data = USR "d usr/a 0755 root:root\n");
	scene_again(s);
	scene_add(s, .name = "watch", .triggers = "+/usr/a +/bin", .data = BIN,
		.scripts = { [SCRIPT_TRIGGER] = SCRIPT });
	scene_finish(s);
	assert_notes(s, "watch.trigger /bin;");
}

static void a_trigger_without_change_does_not_fire(void **state)
{
	struct scene *s = *state;

	add_watcher(s, "/usr");
	scene_again(s);
	tree_remove(&s->tree, tree_find(&s->tree, NOTES));
	scene_add(s, .name = "a", .data = BIN "f bin/a 0644 root:root a\n");
	scene_finish(s);
	assert_notes(s, "");
}

/* "*" is one component, and directories of no package do not count. */
static void globs_match_whole_paths_of_the_database(void **state)
{
	struct scene *s = *state;

	scene_dir(s, "usr/mine", 0755, 0);
	add_watcher(s, "/usr/* usr /b");
	scene_add(s, .name = "a",
		.data = USR "d usr/a 0755 root:root\n"
			    "d usr/a/b 0755 root:root\n");
	scene_finish(s);
	assert_notes(s, "watch.trigger /usr/a;");
}

static void what_was_purged_counts_as_changed(void **state)
{
	struct scene *s = *state;

	add_watcher(s, "/usr /usr/*");
	scene_add(s, .name = "a", .data = USR "d usr/a 0755 root:root\n");
	scene_again(s);
	tree_remove(&s->tree, tree_find(&s->tree, NOTES));
	scene_purge(s, "a");
	scene_finish(s);
	assert_notes(s, "watch.trigger /usr;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(an_install_runs_its_scripts_around_the_files),
		SCENE_TEST(an_upgrade_runs_the_new_versions_scripts),
		SCENE_TEST(a_purge_runs_the_deinstall_scripts),
		SCENE_TEST(a_trigger_fires_once_at_the_end_with_what_changed),
		SCENE_TEST(the_trigger_of_a_new_package_gets_all_that_match),
		SCENE_TEST(a_plus_wants_changes_even_then),
		SCENE_TEST(a_trigger_without_change_does_not_fire),
		SCENE_TEST(globs_match_whole_paths_of_the_database),
		SCENE_TEST(what_was_purged_counts_as_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
