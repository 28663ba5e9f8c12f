/* SPDX-License-Identifier: MIT */
#include "rootfs/script_known.h"
#include "rootfs/script_shape.h"
#include "unit/script_fixture.h"

#define BUSYBOX_TRIGGER                                                        \
	SH "links=\nfor d in \"$@\"; do\n\tcase \"$d\" in\n"                   \
	   "\t/lib/modules/*)\n\t\t[ -d \"$d\" ] && /bin/busybox depmod "      \
	   "${i#/lib/modules/};;\n\t*) links=yes;;\n\tesac\ndone\n"            \
	   "if [ -n \"$links\" ]; then\n"                                      \
	   "\t[ -e /bin/bbsuid ] && /bin/bbsuid --install\n"                   \
	   "\t[ -e /bin/busybox-extras ] && /bin/busybox-extras --install "    \
	   "-s\n"                                                              \
	   "\t/bin/busybox --install -s\nfi\n"

static void put_busybox(struct script_test *t)
{
	put_file(&t->f, "bin/busybox", "ELF");
	put_dir(&t->f, "sbin");
	put_file(&t->f, "sbin/ip", "a real program");
	put_link(&t->f, "bin/ls", "/bin/coreutils");
	put_file(&t->f, "etc/busybox-paths.d/busybox",
		"bin/ls\nbin/sh\nsbin/ip\nsbin/x\nusr/bin/missing\n");
}

static const char *target_of(struct script_test *t, const char *path)
{
	struct node *node = tree_find(&t->f.tree, path);

	return node && node->inode->kind == INODE_SYMLINK ? node->inode->target
							  : "";
}

static const struct ledger_entry *run_trigger(
	struct script_test *t, const char *dir)
{
	t->arguments[0] = dir;
	t->narguments = 1;
	return run_as(t, "busybox", SCRIPT_TRIGGER, BUSYBOX_TRIGGER);
}

static void the_trigger_of_busybox_links_what_is_missing(void **state)
{
	struct script_test *t = *state;

	put_busybox(t);
	assert_outcome(run_trigger(t, "/lib/modules/6.1"), SCRIPT_EMULATED,
		"depmod is not needed");
	assert_null(tree_find(&t->f.tree, "bin/sh"));
	assert_outcome(run_trigger(t, "/bin"), SCRIPT_EMULATED,
		"2 links to /bin/busybox");
	assert_string_equal(target_of(t, "bin/sh"), "/bin/busybox");
	assert_string_equal(target_of(t, "sbin/x"), "/bin/busybox");
	assert_string_equal(target_of(t, "bin/ls"), "/bin/coreutils");
	assert_inode(t, "sbin/ip", "f 0644 0:0");
	assert_null(tree_find(&t->f.tree, "usr/bin"));
	assert_outcome(run_trigger(t, "/bin"), SCRIPT_EMULATED,
		"0 links to /bin/busybox");
}

static void the_trigger_of_busybox_installs_bbsuid_first(void **state)
{
	static const char program[] = "x\0/bin/su\0/usr/bin/passwd\0y";
	struct script_test *t = *state;
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 04111,
		.content = content_bytes(program, sizeof(program)) };

	put_busybox(t);
	put_link(&t->f, "bin/su", "/bin/busybox");
	put_file(&t->f, "usr/bin/passwd", "of shadow");
	put_file(&t->f, "bin/busybox-extras", "ELF");
	put_file(&t->f, "etc/busybox-paths.d/busybox-extras", "bin/ftpd\n");
	assert_non_null(tree_put(
		&t->f.tree, "bin/bbsuid", &entry, &overlay_source, &t->f.err));
	assert_outcome(run_trigger(t, "/bin"), SCRIPT_EMULATED, "/bin/bbsuid");
	assert_string_equal(target_of(t, "bin/su"), "/bin/bbsuid");
	assert_string_equal(target_of(t, "bin/ftpd"), "/bin/busybox-extras");
	assert_inode(t, "usr/bin/passwd", "f 0644 0:0");
	assert_null(tree_find(&t->f.tree, "bin/mount"));
}

static void without_a_list_of_links_busybox_is_not_run(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "bin/busybox", "ELF");
	assert_outcome(run_trigger(t, "/bin"), SCRIPT_NOT_RUN,
		"there is no /etc/busybox-paths.d/busybox");
	assert_not_run(t, "/bin/busybox --install -s\n",
		"there is no /etc/busybox-paths.d/busybox");
}

static void busybox_post_install_is_a_list_of_commands(void **state)
{
	struct script_test *t = *state;

	put_busybox(t);
	assert_emulated(t,
		"/bin/busybox mkdir -p \"/bin\" \"/usr/bin\"\n"
		"/bin/busybox --install -s || exit 1\n"
		"addgroup -S klogd 2>/dev/null\n"
		"adduser -SDH -h /dev/null -G klogd -g klogd klogd\nexit 0\n",
		"made /usr/bin; 3 links to /bin/busybox; group klogd is 101");
	assert_string_equal(target_of(t, "usr/bin/missing"), "/bin/busybox");
}

static void an_upgrade_of_busybox_removes_links_it_lost(void **state)
{
	struct script_test *t = *state;

	put_busybox(t);
	put_link(&t->f, "bin/gone", "/bin/busybox");
	put_link(&t->f, "bin/kept", "/bin/other");
	put_link(&t->f, "bin/ping", "/bin/bbsuid");
	assert_outcome(
		run_as(t, "busybox", SCRIPT_POST_UPGRADE,
			SH "cd /\n( find bin sbin usr/bin usr/sbin -maxdepth 1 "
			   "-type l; busybox --list-all) \\\n| sort | uniq -u "
			   "\\\n| xargs -r stat -c \"%N\" 2>/dev/null \\\n| "
			   "xargs -r rm\nfor link in /bin/ping; do\n"
			   "rm \"$link\"\ndone\nexec /bin/busybox --install "
			   "-s\n"),
		SCRIPT_EMULATED,
		"removed 2 links; 2 links to /bin/busybox; 1 have no folder");
	assert_null(tree_find(&t->f.tree, "bin/gone"));
	assert_null(tree_find(&t->f.tree, "bin/ping"));
	assert_string_equal(target_of(t, "bin/kept"), "/bin/other");
}

#define RCS                                                                    \
	SH "add() {\n\tmkdir -p /etc/runlevels/$level\n\tln -sf "              \
	   "/etc/init.d/$svc /etc/runlevels/$level\n}\nif [ ! -d etc/rcS.d ] " \
	   "&& [ ! -d etc/rcL.d ]; then\n\texit 0\nfi\nadd x\nrm $i\n"

static void openrc_has_nothing_to_migrate_in_a_new_image(void **state)
{
	struct script_test *t = *state;

	assert_outcome(run_as(t, "openrc", SCRIPT_POST_INSTALL, RCS),
		SCRIPT_EMULATED, "nothing to migrate");
	put_dir(&t->f, "etc/rcS.d");
	assert_outcome(run_as(t, "openrc", SCRIPT_POST_INSTALL, RCS),
		SCRIPT_NOT_RUN,
		"line 2: `(` is not understood; not the script that is known: "
		"it has something to do, since there is /etc/rcS.d");
}

static void a_changed_script_is_not_taken_for_the_known_one(void **state)
{
	struct script_test *t = *state;

	assert_outcome(run_as(t, "openrc", SCRIPT_POST_INSTALL,
			       RCS "rm -rf /etc/runlevels\n"),
		SCRIPT_NOT_RUN,
		"not the script that is known: line 11: `rm -rf "
		"/etc/runlevels` is new in it");
	assert_outcome(run_as(t, "other", SCRIPT_POST_INSTALL, RCS),
		SCRIPT_NOT_RUN, "line 2: `(` is not understood");
	assert_outcome(run_as(t, "openrc", SCRIPT_POST_DEINSTALL, RCS),
		SCRIPT_NOT_RUN, "line 2: `(` is not understood");
}

static void baselayout_gives_shadow_its_group(void **state)
{
	struct script_test *t = *state;
	struct inode *shadow = tree_find(&t->f.tree, "etc/shadow")->inode;

	shadow->gid = 0;
	shadow->mode = 0644;
	assert_outcome(run_as(t, "alpine-baselayout", SCRIPT_POST_INSTALL,
			       SH "if [ -x /sbin/rc ] && [ \"$( /sbin/rc --sys "
				  ")\" = \"V\" ]; then\n\tln -s rcL "
				  "/etc/init.d/rcK\nfi\nchown root:shadow "
				  "/etc/shadow\nchmod 640 /etc/shadow\n"),
		SCRIPT_EMULATED, "owner of /etc/shadow; mode of /etc/shadow");
	assert_inode(t, "etc/shadow", "f 0640 0:42");
}

static void secrets_and_caches_are_not_made_in_an_image(void **state)
{
	static const struct {
		const char *package;
		enum script_kind kind;
		const char *lines, *part;
	} cases[] = {
		{ "dbus", SCRIPT_POST_INSTALL,
			"exec dbus-uuidgen --ensure=/etc/machine-id\n",
			"identity" },
		{ "bind", SCRIPT_POST_INSTALL,
			"if ! [ -f etc/bind/rndc.key ]; then\n\trndc-confgen "
			"-a -c etc/bind/rndc.key\n\tchown named:named "
			"etc/bind/rndc.key\nfi\n",
			"secret" },
		{ "glib", SCRIPT_TRIGGER,
			"for i in \"$@\"; do\n\tcase \"$i\" in\n\t*/modules) "
			"/usr/bin/gio-querymodules \"$i\";;\n\tesac\ndone\n",
			"caches" },
		{ "eudev", SCRIPT_TRIGGER,
			"if [ -S /run/x ]; then\nudevadm control --reload\nfi",
			"udev" },
	};
	struct script_test *t = *state;
	const char *before = listing_of(&t->f);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_outcome(run_as(t, cases[i].package, cases[i].kind,
				       arena_printf(&t->f.arena, SH "%s",
					       cases[i].lines)),
			SCRIPT_NOT_NEEDED, cases[i].part);
	assert_string_equal(listing_of(&t->f), before);
}

static void migrations_depend_on_the_version_before(void **state)
{
	static const char text[] =
		SH "if [ \"$(apk version -t \"$2\" '1-r0')\" = '<' ]; then\n"
		   "\trm /etc/doas.conf\nfi\n";
	struct script_test *t = *state;

	t->arguments[0] = "6.8.2-r9";
	t->arguments[1] = "6.8.2-r6";
	t->narguments = 2;
	assert_outcome(run_as(t, "doas", SCRIPT_POST_UPGRADE, text),
		SCRIPT_EMULATED, "nothing to migrate");
	t->arguments[1] = "6.8.1-r1";
	assert_outcome(run_as(t, "doas", SCRIPT_POST_UPGRADE, text),
		SCRIPT_NOT_RUN, "versions before 6.8.2-r5");
	t->narguments = 0;
	assert_outcome(run_as(t, "doas", SCRIPT_POST_UPGRADE, text),
		SCRIPT_NOT_RUN, "versions before 6.8.2-r5");
}

static void tiny_cloud_writes_its_configuration(void **state)
{
	static const char text[] =
		SH "sed -Ee 's/^#?CLOUD=.*/CLOUD=nocloud/' \\\n\t-Ee "
		   "'s/^HOTPLUG_MODULES=.*/#HOTPLUG_MODULES=/' \\\n\t"
		   "/lib/tiny-cloud/tiny-cloud.conf > /etc/tiny-cloud.conf\n";
	struct script_test *t = *state;
	const char *package = "tiny-cloud-nocloud";

	assert_outcome(run_as(t, package, SCRIPT_POST_INSTALL, text),
		SCRIPT_NOT_RUN, "there is no file lib/tiny-cloud");
	put_file(&t->f, "lib/tiny-cloud/tiny-cloud.conf",
		"#CLOUD=\n# CLOUD=x\nHOTPLUG_MODULES=\"a\"\nX=1");
	assert_outcome(run_as(t, package, SCRIPT_POST_INSTALL, text),
		SCRIPT_EMULATED, "wrote /etc/tiny-cloud.conf");
	assert_string_equal(text_of(&t->f, "etc/tiny-cloud.conf"),
		"CLOUD=nocloud\n# CLOUD=x\n#HOTPLUG_MODULES=\nX=1");
	assert_inode(t, "etc/tiny-cloud.conf", "f 0644 0:0");
	assert_outcome(
		run_as(t, "tiny-cloud-alpine", SCRIPT_POST_INSTALL, text),
		SCRIPT_NOT_RUN, "is new in it");
}

static void removed_certificates_leave_no_broken_links(void **state)
{
	static const char text[] =
		SH "find -L /etc/ssl/certs -maxdepth 1 -type l -delete\n"
		   "rmdir /etc/ssl/certs 2>/dev/null || true\n";
	struct script_test *t = *state;

	put_link(&t->f, "etc/ssl/certs/a", "/gone");
	put_link(&t->f, "etc/ssl/certs/b", "a");
	put_link(&t->f, "etc/ssl/certs/c", "../../passwd");
	assert_outcome(
		run_as(t, "ca-certificates", SCRIPT_POST_DEINSTALL, text),
		SCRIPT_EMULATED, "removed 2 links");
	assert_null(tree_find(&t->f.tree, "etc/ssl/certs/a"));
	assert_non_null(tree_find(&t->f.tree, "etc/ssl/certs/c"));
	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc/ssl/certs/c"));
	assert_outcome(
		run_as(t, "ca-certificates", SCRIPT_POST_DEINSTALL, text),
		SCRIPT_EMULATED, "removed 0 links");
	assert_null(tree_find(&t->f.tree, "etc/ssl/certs"));
}

/* The commands of a script's shape, each in brackets; or why not. */
static const char *shape_of(struct script_test *t, const char *text)
{
	struct script_shape shape;
	const char *why = NULL, *found = "";

	if (!script_shape_read(&shape, slice_of(text), &t->f.arena, &why))
		return why;
	for (size_t i = 0; i < shape.n; i++)
		found = arena_printf(
			&t->f.arena, "%s[%s]", found, shape.items[i].text);
	return found;
}

static void a_shape_is_every_command_on_any_branch(void **state)
{
	static const char *const cases[][2] = {
		{ "a b; c | d && e || f & g\n", "[a b][c][d][e][f][g]" },
		{ "if a; then b; elif ! c; then d; else e; fi",
			"[a][b][c][d][e]" },
		{ "for i in x $(a b); do c; done", "[a b][c]" },
		{ "while a; do b; done\nuntil c; do d; done", "[a][b][c][d]" },
		{ "case x in\na|b) c;;\n(*) d\n;;\n\"$(e)\") f;; esac; g",
			"[c][d][e][f][g]" },
		{ "case x in a) case y in b) c;; esac;; esac", "[c]" },
		{ "case x in a) b\nesac\nc", "[b][c]" },
		{ "echo case in\na\n: esac", "[echo case in][a][: esac]" },
		{ "f() {\n\ta\n}\nf x", "[a][f x]" },
		{ "(a; b)", "[a][b]" },
		{ "x=\"$(a \"$(b 'c)')\")\" y=1", "[b 'c)'][a \"$()\"]" },
		{ "x=1 a", "[a]" },
		{ "PATH=/x a", "[PATH=/x a]" },
		{ "a 'b; c' \"d | $e\" f\\;g # h\n",
			"[a 'b; c' \"d | $e\" f\\;g]" },
		{ "a >/dev/null 2>&1 >&2 </x\nb >> y 2>z c",
			"[a][b > y > z c]" },
		{ "a >1", "[a > 1]" },
		{ "cat <<-E; b\n\tx $(\\$y\n\tE\nc", "" },
		{ "cat <<E >x; b\ny \\$(z)\nE\nc", "[cat > x][b][c]" },
		{ "cat <<'E'\ny $(z)\nE\nc", "[cat][c]" },
		{ "a \\\n b\n", "[a b]" },
		{ "$a b", "[$a b]" },
		{ "a ${b#*/}${c}", "[a ${b#*/}${c}]" },
	};
	struct script_test *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (*cases[i][1])
			assert_string_equal(
				shape_of(t, cases[i][0]), cases[i][1]);
	}
}

static void what_cannot_be_scanned_has_no_shape(void **state)
{
	static const char *const cases[] = { "a `b`", "a \"`b`\"", "a $((1))",
		"a \"b", "a 'b", "a $(b", "a ${b", "a ${b$(c)}", "case x in a",
		"(a", "cat <<E\nx", "cat <<E\n$(x)\nE", "cat <<E\n`x`\nE",
		"cat <<$E\nx\n$E", "a <(b)", "a >", "a;;", "a b()",
		"a $($($($($($($($($(b)))))))))", "a <<" };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *found = shape_of(*state, cases[i]);

		if (!strstr(found, "understood") && !strstr(found, "end"))
			fail_msg("%s: %s", cases[i], found);
	}
}

static void writing_needs_a_pattern_that_says_so(void **state)
{
	static const char *const plain[] = { "a **", NULL };
	static const char *const writing[] = { "a * > /x", "echo > y", NULL };
	struct script_test *t = *state;
	struct script_shape shape;
	const char *why = NULL;

	assert_true(script_shape_read(
		&shape, slice_of("a b > /x\necho > y\n"), &t->f.arena, &why));
	assert_false(script_shape_fits(&shape, plain, &t->f.arena, &why));
	assert_string_equal(why, "line 1: `a b > /x` is new in it");
	assert_true(script_shape_fits(&shape, writing, &t->f.arena, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT_TEST(the_trigger_of_busybox_links_what_is_missing),
		SCRIPT_TEST(the_trigger_of_busybox_installs_bbsuid_first),
		SCRIPT_TEST(without_a_list_of_links_busybox_is_not_run),
		SCRIPT_TEST(busybox_post_install_is_a_list_of_commands),
		SCRIPT_TEST(an_upgrade_of_busybox_removes_links_it_lost),
		SCRIPT_TEST(openrc_has_nothing_to_migrate_in_a_new_image),
		SCRIPT_TEST(a_changed_script_is_not_taken_for_the_known_one),
		SCRIPT_TEST(baselayout_gives_shadow_its_group),
		SCRIPT_TEST(secrets_and_caches_are_not_made_in_an_image),
		SCRIPT_TEST(migrations_depend_on_the_version_before),
		SCRIPT_TEST(tiny_cloud_writes_its_configuration),
		SCRIPT_TEST(removed_certificates_leave_no_broken_links),
		SCRIPT_TEST(a_shape_is_every_command_on_any_branch),
		SCRIPT_TEST(what_cannot_be_scanned_has_no_shape),
		SCRIPT_TEST(writing_needs_a_pattern_that_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
