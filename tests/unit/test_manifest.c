/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/spec_fixture.h"

#include "spec/manifest.h"

#define NEEDED "'version': '1', 'alpine': '3.18', 'architectures': ['arm64']"

static int read_for(struct fixture *f, const char *path, const char *arch,
	struct manifest *m)
{
	return manifest_read(
		m, path, arch_find(&f->archs, arch), &f->arena, &f->err);
}

/* Reads a manifest that has nothing but what is needed and `keys`. */
static int read_keys(struct fixture *f, const char *keys, struct manifest *m)
{
	const char *path = fixture_file(f, "m.json",
		arena_printf(&f->arena, "{'name': 'm', " NEEDED "%s%s}",
			*keys ? ", " : "", keys));

	return read_for(f, path, "armv7", m);
}

static void smallest_manifest_has_defaults(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f, "", &m), 0);
	assert_string_equal(m.name, "m");
	assert_string_equal(m.version, "1");
	assert_string_equal(m.alpine, "3.18");
	assert_string_equal(m.description, "");
	assert_null(m.source);
	assert_null(m.working_dir);
	assert_null(m.user);
	assert_null(m.stop_signal);
	assert_int_equal(m.formats, 0);
	assert_int_equal(m.tar_limit, 0);
	assert_int_equal(m.repositories.n + m.nacknowledged, 0);
	assert_int_equal(m.arch_skew, ARCH_SKEW_WARN);
	assert_int_equal(m.entrypoint.n + m.cmd.n + m.env.n + m.labels.n, 0);
	assert_int_equal(m.nusers + m.ngroups + m.paths.n, 0);
}

static void shipped_manifest_reads_for_each_architecture(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	for (size_t i = 0; i < f->archs.n; i++) {
		assert_int_equal(read_for(f, "manifests/alp_rc.json",
					 f->archs.items[i].name, &m),
			0);
		assert_string_equal(m.name, "alp_rc");
		assert_int_equal(m.architectures.n, 3);
		assert_int_equal(m.formats, FORMAT_ROUTEROS | FORMAT_OCI);
		assert_string_equal(m.entrypoint.items[0], "/sbin/init");
		assert_string_equal(m.stop_signal, "SIGTERM");
		assert_string_equal(m.path, "manifests/alp_rc.json");
	}
}

/* tests/integration/schema.sh holds the same file against the schema. */
static void manifest_with_every_key_is_read(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(
		read_for(f, "tests/good/manifest.json", "armv7", &m), 0);
	assert_int_equal(m.files.n, 2);
	assert_int_equal(m.overlays.n, 2);
	assert_int_equal(m.packages.n, 3);
	assert_int_equal(m.repositories.n, 4);
	assert_int_equal(m.nacknowledged, 1);
	assert_int_equal(m.arch_skew, ARCH_SKEW_ERROR);
	assert_int_equal(m.nusers, 2);
	assert_int_equal(m.ngroups, 1);
	assert_int_equal(m.paths.n, 7);
	assert_int_equal(m.variables.n, 2);
	assert_int_equal(m.formats, FORMAT_ROUTEROS | FORMAT_OCI);
	assert_int_equal(m.cmd.n, 3);
	assert_int_equal(m.env.n, 3);
	assert_int_equal(m.labels.n, 2);
	assert_int_equal(m.tar_limit, (uint64_t)1 << 40);
	assert_int_equal(m.router.nports, 3);
	assert_int_equal(m.router.nvolumes, 1);
	assert_int_equal(m.router.nenvs, 1);
	assert_int_equal(m.router.memory, 64 << 20);
}

static void architectures_are_kept_by_their_own_names(void **state)
{
	struct fixture *f = *state;
	const char *path = fixture_file(f, "m.json",
		"{'name': 'm', 'version': '1', 'alpine': '3.18', "
		"'architectures': ['x86_64', 'arm']}");
	struct manifest m;

	assert_int_equal(read_for(f, path, "arm64", &m), 0);
	assert_string_equal(m.architectures.items[0], "amd64");
	assert_string_equal(m.architectures.items[1], "armv7");
}

static void config_fills_every_field(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(
		read_keys(f,
			"'config': {'entrypoint': ['/sbin/init', '-x'], "
			"'cmd': [''], 'env': ['A=1', 'B=2=3', '_c='], "
			"'working-dir': '/srv', 'user': 'www:100', "
			"'stop-signal': 15, 'labels': {'a.b': 'c', 'd': ''}}",
			&m),
		-1);
	assert_non_null(strstr(f->err.text, "config.cmd"));
	assert_int_equal(
		read_keys(f,
			"'config': {'entrypoint': ['/sbin/init', ''], "
			"'cmd': ['a\\nb'], 'env': ['A=1', 'B=2=3', '_c='], "
			"'working-dir': '/srv', 'user': 'www:100', "
			"'stop-signal': 15, 'labels': {'a.b': 'c', 'd': ''}}",
			&m),
		0);
	assert_int_equal(m.entrypoint.n, 2);
	assert_string_equal(m.entrypoint.items[1], "");
	assert_string_equal(m.cmd.items[0], "a\nb");
	assert_int_equal(m.env.n, 3);
	assert_string_equal(m.env.items[1], "B=2=3");
	assert_string_equal(m.working_dir, "/srv");
	assert_string_equal(m.user, "www:100");
	assert_string_equal(m.stop_signal, "15");
	assert_string_equal(pair_list_get(&m.labels, "a.b"), "c");
	assert_string_equal(pair_list_get(&m.labels, "d"), "");
}

static void users_and_groups_have_defaults(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(
		read_keys(f,
			"'users': [{'name': 'www', 'uid': 100}, "
			"{'name': 'b', 'uid': 0, 'group': '42', "
			"'gecos': 'B b', 'home': '/b', 'shell': '/bin/sh'}],\n"
			"'groups': [{'name': 'g', 'gid': 65535, "
			"'members': ['www', 'b']}]",
			&m),
		0);
	assert_int_equal(m.nusers, 2);
	assert_int_equal(m.users[0].uid, 100);
	assert_null(m.users[0].group);
	assert_string_equal(m.users[0].gecos, "");
	assert_string_equal(m.users[0].home, "/");
	assert_string_equal(m.users[0].shell, "/sbin/nologin");
	assert_string_equal(m.users[1].group, "42");
	assert_int_equal(m.groups[0].gid, 65535);
	assert_int_equal(m.groups[0].members.n, 2);
	assert_true(slice_ends(
		slice_of(m.groups[0].place), "/m.json:2: groups[0]"));
}

static void rules_are_decoded_clean_with_their_origin(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(
		read_keys(f,
			"'paths': [{'path': '/data//x/', 'type': 'directory', "
			"'mode': '0000', 'owner': 'www:42'},\n"
			"{'path': '/l', 'type': 'symlink', 'target': '../a'},\n"
			"{'path': '/h', 'type': 'hardlink', 'target': '/a//b'},"
			"{'path': '/a/**', 'type': 'removal'},"
			"{'path': '/a/*', 'mode': '4755'},"
			"{'path': '/b', 'owner': 'u'},"
			"{'path': '/b', 'owner': ':g'}]",
			&m),
		0);
	assert_int_equal(m.paths.n, 7);
	assert_int_equal(m.paths.items[0].kind, RULE_DIRECTORY);
	assert_string_equal(m.paths.items[0].path, "data/x");
	assert_int_equal(m.paths.items[0].mode, 0);
	assert_string_equal(m.paths.items[0].user, "www");
	assert_string_equal(m.paths.items[0].group, "42");
	assert_int_equal(m.paths.items[1].kind, RULE_SYMLINK);
	assert_string_equal(m.paths.items[1].target, "../a");
	assert_int_equal(m.paths.items[1].mode, RULE_MODE_UNSET);
	assert_true(slice_ends(
		slice_of(m.paths.items[1].place), "/m.json:2: paths[1]"));
	assert_int_equal(m.paths.items[2].kind, RULE_HARDLINK);
	assert_string_equal(m.paths.items[2].target, "a/b");
	assert_int_equal(m.paths.items[3].kind, RULE_REMOVAL);
	assert_int_equal(m.paths.items[4].kind, RULE_CHANGE);
	assert_int_equal(m.paths.items[4].mode, 04755);
	assert_null(m.paths.items[5].group);
	assert_null(m.paths.items[6].user);
	assert_string_equal(m.paths.items[6].group, "g");
}

static void limit_is_bytes_or_has_a_unit(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{ "0", 0 },
		{ "1048576", 1048576 },
		{ "'0B'", 0 },
		{ "'512B'", 512 },
		{ "'1KiB'", 1024 },
		{ "'16MiB'", 16777216 },
		{ "'1024GiB'", (uint64_t)1 << 40 },
	};
	struct fixture *f = *state;
	struct manifest m;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(
			read_keys(f,
				arena_printf(&f->arena, "'limits': {'tar': %s}",
					cases[i].text),
				&m),
			0);
		assert_int_equal(m.tar_limit, cases[i].bytes);
	}
}

static void signals_have_names_or_numbers(void **state)
{
	static const char *const good[] = { "'SIGTERM'", "'SIGPWR'",
		"'SIGRTMIN'", "'SIGRTMIN+3'", "'SIGRTMAX-1'", "1", "64" };
	static const char *const bad[] = { "'TERM'", "'SIGTREM'",
		"'SIGRTMIN-3'", "'SIGRTMAX+1'", "'SIGRTMIN+99'", "0", "65",
		"''", "'15'", "null" };
	struct fixture *f = *state;
	struct manifest m;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(
			read_keys(f,
				arena_printf(&f->arena,
					"'config': {'stop-signal': %s}",
					good[i]),
				&m),
			0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(
			read_keys(f,
				arena_printf(&f->arena,
					"'config': {'stop-signal': %s}",
					bad[i]),
				&m),
			-1);
}

static void packages_are_words_of_the_world(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f,
				 "'packages': ['openssh', 'curl>8', '!vlan', "
				 "{'arch': ['arm64'], 'value': 'x'}], "
				 "'$schema': 'x'",
				 &m),
		0);
	assert_int_equal(m.packages.n, 3);
	assert_string_equal(m.packages.items[1], "curl>8");
}

static void routeros_says_ports_volumes_env_and_memory(void **state)
{
	struct fixture *f = *state;
	const struct router_spec *r;
	struct manifest m;

	assert_int_equal(
		read_keys(f,
			"'routeros': {'ports': [{'port': 22, 'forward': 2222, "
			"'description': 'SSH'}, {'port': 22, "
			"'protocol': 'udp'}], 'volumes': [{'path': '/a/b'}],\n"
			"'env': [{'name': 'A'}, {'name': 'b_1', 'default': ''},"
			" {'arch': ['arm64'], 'name': 'C'}], 'memory': 1024}",
			&m),
		0);
	r = &m.router;
	assert_int_equal(r->nports, 2);
	assert_int_equal(r->ports[0].port, 22);
	assert_string_equal(r->ports[0].protocol, "tcp");
	assert_int_equal(r->ports[0].forward, 2222);
	assert_string_equal(r->ports[0].description, "SSH");
	assert_string_equal(r->ports[1].protocol, "udp");
	assert_int_equal(r->ports[1].forward, 0);
	assert_string_equal(r->ports[1].description, "");
	assert_string_equal(r->volumes[0].path, "/a/b");
	assert_int_equal(r->nenvs, 2);
	assert_null(r->envs[0].value);
	assert_string_equal(r->envs[1].value, "");
	assert_int_equal(r->memory, 1024);
	assert_true(slice_ends(
		slice_of(r->envs[1].place), "/m.json:2: routeros.env[1]"));
}

static void services_know_their_runlevel_and_place(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f,
				 "'services': {'boot': ['routeros'], "
				 "'my_level-2': ['a.b', "
				 "{'arch': ['arm64'], 'value': 'crond'}, "
				 "{'arch': ['arm'], 'value': 'routeros'}], "
				 "'default': []}",
				 &m),
		0);
	assert_int_equal(m.nservices, 3);
	assert_string_equal(m.services[0].runlevel, "boot");
	assert_string_equal(m.services[0].name, "routeros");
	assert_string_equal(m.services[1].runlevel, "my_level-2");
	assert_string_equal(m.services[1].name, "a.b");
	assert_string_equal(m.services[2].runlevel, "my_level-2");
	assert_string_equal(m.services[2].name, "routeros");
	assert_non_null(
		strstr(m.services[1].place, ": services.my_level-2[0]"));
	assert_non_null(
		strstr(m.services[2].place, ": services.my_level-2[2]"));
}

static void packages_are_words_of_apk(void **state)
{
	static const char *const words[] = { "a", "_a.b+c-d", "so:libc.so.6",
		"cmd:sh", "/bin/sh", "py3.12:x", "!a", "!a<2", "a@edge",
		"a@edge=1.0", "a=1", "a<1.2.3", "a<=1a", "a>1_rc1", "a>=1_p",
		"a~1.2", "a=~1", "a~=1", "a>~3", "a<=1.2~0a1b-r3",
		"a=1_git20240101_p2-r0", "a><Q1IJdBnVv5xKPPc8gKPpzcRJ0/aD0=" };
	struct fixture *f = *state;
	struct manifest m;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		assert_int_equal(
			read_keys(f,
				arena_printf(&f->arena, "'packages': ['%s']",
					words[i]),
				&m),
			0);
		assert_string_equal(m.packages.items[0], words[i]);
	}
}

static void repositories_are_kept_in_order_as_written(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f,
				 "'repositories': ['main', '@e  edge/testing', "
				 "'file:///srv/apk', 'main', "
				 "{'arch': ['arm64'], 'value': 'community'}, "
				 "'@x http://[::1]:80/apk/']",
				 &m),
		0);
	assert_int_equal(m.repositories.n, 5);
	assert_string_equal(m.repositories.items[1], "@e  edge/testing");
	assert_string_equal(m.repositories.items[3], "main");
}

static void scripts_are_acknowledged_by_digest(void **state)
{
	static const char hex[] = "dd97529f4c8e11f472488015671f3f09"
				  "8ccc612887483e28e90e3116713f56e2";
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(
		read_keys(f,
			arena_printf(&f->arena,
				"'scripts': {'acknowledge': [{'package': 'a', "
				"'sha256': '%s'},\n{'package': 'b', 'sha256': "
				"'%s', 'arch': ['arm']}, {'arch': ['arm64'], "
				"'value': {'package': 'c', 'sha256': '%s'}}]}",
				hex, hex, hex),
			&m),
		0);
	assert_int_equal(m.nacknowledged, 2);
	assert_string_equal(m.acknowledged[0].package, "a");
	assert_string_equal(m.acknowledged[1].sha256, hex);
	assert_true(slice_ends(slice_of(m.acknowledged[1].place),
		"/m.json:2: scripts.acknowledge[1]"));
}

static void arch_skew_is_one_of_three_words(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f, "'arch-skew': 'allow'", &m), 0);
	assert_int_equal(m.arch_skew, ARCH_SKEW_ALLOW);
	assert_int_equal(read_keys(f, "'arch-skew': 'warn'", &m), 0);
	assert_int_equal(m.arch_skew, ARCH_SKEW_WARN);
	assert_int_equal(read_keys(f, "'arch-skew': 'error'", &m), 0);
	assert_int_equal(m.arch_skew, ARCH_SKEW_ERROR);
}

static void conditions_choose_by_architecture(void **state)
{
	struct fixture *f = *state;
	const char *path = fixture_file(f, "m.json",
		"{'name': 'm', " NEEDED ", "
		"'overlays': ['a', {'arch': ['arm64'], 'value': 'b'}], "
		"'formats': ['oci', {'arch': ['arm'], 'value': 'oci-dir'}], "
		"'users': [{'name': 'u', 'uid': 1, 'arch': ['arm64']}, "
		"{'name': 'u', 'uid': 2, 'arch': ['armv7']}], "
		"'paths': [{'arch': ['arm64'], 'path': '/a', 'mode': '755'}], "
		"'config': {'env': [{'arch': ['arm'], 'value': 'A=1'}], "
		"'cmd': ['/a', {'arch': ['arm64'], 'value': '-x'}]}}");
	struct manifest m;

	assert_int_equal(read_for(f, path, "armv7", &m), 0);
	assert_int_equal(m.overlays.n, 1);
	assert_int_equal(m.formats, FORMAT_OCI | FORMAT_OCI_DIR);
	assert_int_equal(m.nusers, 1);
	assert_int_equal(m.users[0].uid, 2);
	assert_int_equal(m.paths.n, 0);
	assert_int_equal(m.env.n, 1);
	assert_int_equal(m.cmd.n, 1);
	assert_int_equal(read_for(f, path, "arm64", &m), 0);
	assert_int_equal(m.overlays.n, 2);
	assert_int_equal(m.formats, FORMAT_OCI);
	assert_int_equal(m.users[0].uid, 1);
	assert_int_equal(m.paths.n, 1);
	assert_int_equal(m.env.n, 0);
	assert_int_equal(m.cmd.n, 2);
}

static void numbers_of_accounts_are_unique(void **state)
{
	struct fixture *f = *state;
	struct manifest m;

	assert_int_equal(read_keys(f,
				 "'users': [{'name': 'a', 'uid': 1},\n"
				 "{'name': 'b', 'uid': 1}]",
				 &m),
		-1);
	assert_true(slice_ends(slice_of(f->err.text),
		"/m.json:2: users[1]: uid 1 of user \"b\" is that of user "
		"\"a\" already"));
	assert_int_equal(read_keys(f,
				 "'groups': [{'name': 'a', 'gid': 1}, "
				 "{'name': 'b', 'gid': 1}]",
				 &m),
		-1);
	assert_non_null(strstr(f->err.text, "groups[1]: gid 1 of group"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(smallest_manifest_has_defaults),
		FIXTURE_TEST(shipped_manifest_reads_for_each_architecture),
		FIXTURE_TEST(manifest_with_every_key_is_read),
		FIXTURE_TEST(architectures_are_kept_by_their_own_names),
		FIXTURE_TEST(config_fills_every_field),
		FIXTURE_TEST(users_and_groups_have_defaults),
		FIXTURE_TEST(rules_are_decoded_clean_with_their_origin),
		FIXTURE_TEST(limit_is_bytes_or_has_a_unit),
		FIXTURE_TEST(signals_have_names_or_numbers),
		FIXTURE_TEST(packages_are_words_of_the_world),
		FIXTURE_TEST(services_know_their_runlevel_and_place),
		FIXTURE_TEST(routeros_says_ports_volumes_env_and_memory),
		FIXTURE_TEST(packages_are_words_of_apk),
		FIXTURE_TEST(repositories_are_kept_in_order_as_written),
		FIXTURE_TEST(scripts_are_acknowledged_by_digest),
		FIXTURE_TEST(arch_skew_is_one_of_three_words),
		FIXTURE_TEST(conditions_choose_by_architecture),
		FIXTURE_TEST(numbers_of_accounts_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
