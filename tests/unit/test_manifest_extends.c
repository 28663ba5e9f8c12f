/* SPDX-License-Identifier: MIT
 *
 * manifest_extends: what a manifest inherits from the one that it extends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/manifest.h"

#define NEEDED "'version': '1', 'alpine': '3.18', 'architectures': ['arm64']"
#define HEX32 "dd97529f4c8e11f472488015671f3f09"
#define SCRIPT(name) "{'package': '" name "', 'sha256': '" HEX32 HEX32 "'}"

static int read_for(struct fixture *f, const char *path, const char *arch,
	struct manifest *m)
{
	return manifest_read(
		m, path, arch_find(&f->archs, arch), &f->arena, &f->err);
}

static void scalars_and_programs_are_replaced(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{'name': 'base', 'description': 'b', 'source': 's', "
		"'licenses': 'MIT', 'formats': ['oci'], " NEEDED ", "
		"'config': {'entrypoint': ['/a', '/b'], 'cmd': ['/c'], "
		"'user': 'x', 'stop-signal': 'SIGINT'}, "
		"'limits': {'tar': 5}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'version': '2', 'description': '', "
				"'architectures': ['amd64'], "
				"'formats': ['oci-dir'], "
				"'config': {'entrypoint': ['/d'], "
				"'stop-signal': 'SIGTERM'}}"),
			"arm64", &m),
		0);
	assert_string_equal(m.name, "x");
	assert_string_equal(m.version, "2");
	assert_string_equal(m.alpine, "3.18");
	assert_string_equal(m.description, "");
	assert_string_equal(m.source, "s");
	assert_int_equal(m.architectures.n, 1);
	assert_string_equal(m.architectures.items[0], "amd64");
	assert_int_equal(m.formats, FORMAT_OCI_DIR);
	assert_int_equal(m.entrypoint.n, 1);
	assert_string_equal(m.cmd.items[0], "/c");
	assert_string_equal(m.user, "x");
	assert_string_equal(m.stop_signal, "SIGTERM");
	assert_int_equal(m.tar_limit, 5);
}

static void empty_list_and_zero_undo_what_was_inherited(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'config': {'cmd': ['/c']}, "
		"'limits': {'tar': 5}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'config': {'cmd': []}, 'limits': {'tar': 0}}"),
			"arm64", &m),
		0);
	assert_int_equal(m.cmd.n, 0);
	assert_int_equal(m.tar_limit, 0);
}

static void lists_are_appended_without_repeating(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'overlays': ['a', 'b'], 'packages': ['p'], "
		"'paths': [{'path': '/a', 'mode': '0700'}], "
		"'users': [{'name': 'u', 'uid': 1}, {'name': 'v', 'uid': 2}],"
		"'groups': [{'name': 'g', 'gid': 1}]}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'overlays': ['c', 'a'], "
				"'packages': ['q', 'p'], "
				"'paths': [{'path': '/a', 'mode': '0755'}], "
				"'users': [{'name': 'w', 'uid': 1}, "
				"{'name': 'u', 'uid': 9, 'home': '/u'}],"
				"'groups': [{'name': 'g', 'gid': 2}]}"),
			"arm64", &m),
		0);
	assert_int_equal(m.overlays.n, 3);
	assert_string_equal(m.overlays.items[0], "a");
	assert_string_equal(m.overlays.items[2], "c");
	assert_int_equal(m.packages.n, 2);
	assert_int_equal(m.paths.n, 2);
	assert_int_equal(m.paths.items[1].mode, 0755);
	assert_int_equal(m.nusers, 3);
	assert_string_equal(m.users[0].name, "u");
	assert_int_equal(m.users[0].uid, 9);
	assert_string_equal(m.users[2].name, "w");
	assert_int_equal(m.ngroups, 1);
	assert_int_equal(m.groups[0].gid, 2);
}

static void services_are_appended_and_stay_once_in_a_runlevel(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'services': {'boot': ['a'], "
		"'default': ['b', 'c']}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'services': {'default': ['d', 'b'], "
				"'boot': ['b'], 'sysinit': []}}"),
			"arm64", &m),
		0);
	assert_int_equal(m.nservices, 5);
	assert_string_equal(m.services[0].name, "a");
	assert_string_equal(m.services[1].name, "b");
	assert_non_null(strstr(m.services[1].place, "base.json"));
	assert_string_equal(m.services[2].name, "c");
	assert_string_equal(m.services[3].name, "d");
	assert_string_equal(m.services[3].runlevel, "default");
	assert_string_equal(m.services[4].name, "b");
	assert_string_equal(m.services[4].runlevel, "boot");
}

static void what_routeros_says_is_replaced_by_key(void **state)
{
	struct fixture *f = *state;
	const struct router_spec *r;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'routeros': {'ports': [{'port': 1, 'forward': 5},"
		" {'port': 2}], 'volumes': [{'path': '/a', "
		"'description': 'x'}], 'env': [{'name': 'A', 'default': '1'}], "
		"'memory': 7}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'routeros': {'ports': [{'port': 3}, "
				"{'port': 1}, {'port': 2, 'protocol': 'udp'}], "
				"'volumes': [{'path': '/b'}, {'path': '/a'}], "
				"'env': [{'name': 'B'}, {'name': 'A'}]}}"),
			"arm64", &m),
		0);
	r = &m.router;
	assert_int_equal(r->nports, 4);
	assert_int_equal(r->ports[0].port, 1);
	assert_int_equal(r->ports[0].forward, 0);
	assert_int_equal(r->ports[2].port, 3);
	assert_string_equal(r->ports[3].protocol, "udp");
	assert_int_equal(r->nvolumes, 2);
	assert_string_equal(r->volumes[0].description, "");
	assert_int_equal(r->nenvs, 2);
	assert_null(r->envs[0].value);
	assert_int_equal(r->memory, 7);
}

static void repositories_are_appended_and_may_repeat(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'repositories': ['main', 'community'], "
		"'arch-skew': 'error'}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'repositories': ['@e edge/main', 'main'], "
				"'arch-skew': 'warn'}"),
			"arm64", &m),
		0);
	assert_int_equal(m.repositories.n, 4);
	assert_string_equal(m.repositories.items[0], "main");
	assert_string_equal(m.repositories.items[2], "@e edge/main");
	assert_string_equal(m.repositories.items[3], "main");
	assert_int_equal(m.arch_skew, ARCH_SKEW_WARN);
}

static void acknowledged_scripts_are_appended(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'scripts': {'acknowledge': [" SCRIPT(
			"a") ", " SCRIPT("both") "]}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'scripts': {'acknowledge': [" SCRIPT(
					"b") ", " SCRIPT("both") "]}}"),
			"arm64", &m),
		0);
	assert_int_equal(m.nacknowledged, 3);
	assert_string_equal(m.acknowledged[0].package, "a");
	assert_string_equal(m.acknowledged[2].package, "b");
}

static void env_labels_and_variables_are_merged_by_key(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json",
		"{" NEEDED ", 'variables': {'a': '1', 'b': '2'}, 'config': "
		"{'env': ['A=1', 'AB=2'], 'labels': {'x': '1', 'y': '2'}}}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'extends': 'base.json', 'name': 'x', "
				"'variables': {'b': '3', 'c': 'd\\n'}, "
				"'config': {'env': ['C=3', 'A=4'], "
				"'labels': {'x': '5'}}}"),
			"arm64", &m),
		0);
	assert_int_equal(m.env.n, 3);
	assert_string_equal(m.env.items[0], "A=4");
	assert_string_equal(m.env.items[1], "AB=2");
	assert_string_equal(m.env.items[2], "C=3");
	assert_int_equal(m.labels.n, 2);
	assert_string_equal(pair_list_get(&m.labels, "x"), "5");
	assert_string_equal(pair_list_get(&m.variables, "a"), "1");
	assert_string_equal(pair_list_get(&m.variables, "b"), "3");
	assert_string_equal(pair_list_get(&m.variables, "c"), "d\n");
}

static void extends_is_relative_to_its_own_folder(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "a/base.json", "{'extends': '../b/root.json'}");
	fixture_file(f, "b/root.json", "{" NEEDED ", 'overlays': ['r']}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'name': 'x', 'extends': 'a/base.json'}"),
			"arm64", &m),
		0);
	assert_string_equal(m.overlays.items[0], "r");
	assert_int_equal(m.files.n, 3);
}

static void extends_without_end_is_refused(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "a.json", "{'name': 'a',\n'extends': 'b.json'}");
	fixture_file(f, "b.json", "{\n\n'extends': 'a.json'}");
	assert_int_equal(
		read_for(f, arena_printf(&f->arena, "%s/a.json", f->dir),
			"arm64", &m),
		-1);
	assert_non_null(strstr(f->err.text, "b.json:3: extends: "));
	assert_non_null(strstr(f->err.text, "a.json extends itself"));
	fixture_file(f, "b.json", "{'extends': './b.json'}");
	assert_int_equal(
		read_for(f, arena_printf(&f->arena, "%s/a.json", f->dir),
			"arm64", &m),
		-1);
	assert_non_null(strstr(f->err.text, "more than 8 manifests deep"));
}

static void what_is_extended_must_exist_and_be_right(void **state)
{
	struct fixture *f = *state;
	struct manifest m;
	const char *path = fixture_file(
		f, "a.json", "{'name': 'a',\n'extends': 'none.json'}");

	assert_int_equal(read_for(f, path, "arm64", &m), -1);
	assert_int_equal(f->err.kind, ERROR_SPEC);
	assert_non_null(strstr(f->err.text, "a.json:2: extends: "));
	assert_non_null(strstr(f->err.text, "none.json"));
	fixture_file(f, "none.json", "{\n'alpine': 'x'}");
	assert_int_equal(read_for(f, path, "arm64", &m), -1);
	assert_non_null(strstr(f->err.text, "/none.json:2: alpine: expected"));
}

static void name_is_never_inherited(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	fixture_file(f, "base.json", "{'name': 'base', " NEEDED "}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json", "{'extends': 'base.json'}"),
			"arm64", &m),
		-1);
	assert_non_null(strstr(f->err.text,
		"x.json:1: missing key \"name\" (it is never inherited)"));
}

static void missing_keys_are_named_after_extends(void **state)
{
	static const char *const keys[] = { "version", "alpine",
		"architectures" };
	static const char *const texts[] = {
		"{'name': 'x', 'alpine': '3.18', 'architectures': ['arm64']}",
		"{'name': 'x', 'version': '1', 'architectures': ['arm64']}",
		"{'name': 'x', 'version': '1', 'alpine': '3.18'}",
	};
	struct fixture *f = *state;
	struct manifest m;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		assert_int_equal(
			read_for(f, fixture_file(f, "x.json", texts[i]),
				"arm64", &m),
			-1);
		assert_true(slice_ends(slice_of(f->err.text),
			arena_printf(
				&f->arena, "missing key \"%s\"", keys[i])));
	}
	fixture_file(f, "base.json", "{'version': '1'}");
	assert_int_equal(
		read_for(f,
			fixture_file(f, "x.json",
				"{'name': 'x', 'extends': 'base.json'}"),
			"arm64", &m),
		-1);
	assert_non_null(strstr(
		f->err.text, "missing key \"alpine\", which what it extends"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(scalars_and_programs_are_replaced),
		FIXTURE_TEST(empty_list_and_zero_undo_what_was_inherited),
		FIXTURE_TEST(lists_are_appended_without_repeating),
		FIXTURE_TEST(services_are_appended_and_stay_once_in_a_runlevel),
		FIXTURE_TEST(what_routeros_says_is_replaced_by_key),
		FIXTURE_TEST(repositories_are_appended_and_may_repeat),
		FIXTURE_TEST(acknowledged_scripts_are_appended),
		FIXTURE_TEST(env_labels_and_variables_are_merged_by_key),
		FIXTURE_TEST(extends_is_relative_to_its_own_folder),
		FIXTURE_TEST(extends_without_end_is_refused),
		FIXTURE_TEST(what_is_extended_must_exist_and_be_right),
		FIXTURE_TEST(name_is_never_inherited),
		FIXTURE_TEST(missing_keys_are_named_after_extends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
