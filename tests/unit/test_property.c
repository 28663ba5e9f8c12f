/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "routeros/property.h"
#include "routeros/steps.h"

static const char *const eras[][3] = {
	/* of, since, until */
	{ "7.5", "7.5", "7.6" },
	{ "7.10.2", "7.6", "7.19" },
	{ "7.19", "7.19", "7.20" },
	{ "7.20.8", "7.20", "7.21" },
	{ "7.21rc3", "7.21", "7.23" },
	{ "7.22.2", "7.21", "7.23" },
	{ "7.23.1", "7.23", "7.23.2" },
	{ "7.23.2", "7.23.2", "" },
	{ "7.24.4", "7.23.2", "" },
};

static struct routeros_version parsed(const char *text)
{
	struct routeros_version version;
	struct error err = { 0 };

	if (routeros_version_parse(&version, text, &err))
		fail_msg("%s", err.text);
	return version;
}

static void menus_look_the_same_in_an_era(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(eras); i++) {
		const struct routeros_version of = parsed(eras[i][0]);
		const struct routeros_range era = property_era(&of);
		char text[ROUTEROS_VERSION_TEXT];

		assert_string_equal(
			routeros_version_text(&era.since, text), eras[i][1]);
		if (!*eras[i][2])
			assert_false(routeros_version_is_set(&era.until));
		else
			assert_string_equal(
				routeros_version_text(&era.until, text),
				eras[i][2]);
	}
}

static void names_change_where_the_trees_do(void **state)
{
	static const struct {
		const char *menu, *name, *first, *last;
	} rows[] = {
		{ "/container", "start-on-boot", "7.6", "7.24" },
		{ "/container", "name", "7.19", "7.24" },
		{ "/container", "envlist", "7.5", "7.19.6" },
		{ "/container", "envlists", "7.20", "7.24" },
		{ "/container", "mounts", "7.5", "7.20.8" },
		{ "/container", "mountlists", "7.21", "7.24" },
		{ "/container/envs", "name", "7.5", "7.19.6" },
		{ "/container/envs", "list", "7.20beta1", "7.24" },
		{ "/container/mounts", "list", "7.21", "7.24" },
		{ "/container", "auto-restart-interval", "7.20", "7.22.3" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct routeros_version first = parsed(rows[i].first);
		const struct routeros_version last = parsed(rows[i].last);

		assert_true(property_has(rows[i].menu, rows[i].name, &first));
		assert_true(property_has(rows[i].menu, rows[i].name, &last));
	}
}

static void what_a_version_lacks_is_not_there(void **state)
{
	const struct routeros_version old = parsed("7.5"), new = parsed("7.24");

	assert_false(property_has("/container", "start-on-boot", &old));
	assert_false(property_has("/container", "envlist", &new));
	assert_false(property_has("/container", "no-such", &new));
	assert_false(property_has("/no/such", "name", &new));
}

static void every_property_has_a_source(void **state)
{
	for (const struct router_property *p = router_properties; p->menu; p++)
		assert_true(p->name && p->source && *p->source);
}

static struct router_setup full_setup(const char *version, struct arena *arena)
{
	struct router_setup setup = { .image = "web",
		.architecture = "arm64",
		.file = "web.tar",
		.memory = 1 << 26,
		.entrypoint = "/sbin/init",
		.cmd = "-x" };
	struct error err = { 0 };

	setup.version = parsed(version);
	*setup_add_port(&setup, arena) = (struct setup_port){ "tcp", 80, 8080 };
	*setup_add_volume(&setup, arena) = (struct setup_volume){ "/data" };
	*setup_add_env(&setup, arena) = (struct setup_env){ "TZ", "UTC" };
	assert_int_equal(setup_complete(&setup, arena, &err), 0);
	return setup;
}

/* Also an assertion of the program: here for all versions that differ. */
static void steps_use_what_the_version_has(void **state)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(eras); i++) {
		struct router_setup setup = full_setup(eras[i][0], &arena);
		struct router_steps steps;

		router_steps_make(&steps, &setup, &arena);
		assert_int_equal(steps.n, 9);
		for (size_t k = 0; k < steps.n; k++) {
			const struct router_step *step = &steps.items[k];

			assert_true(step->nkeys > 0 && step->advice);
			for (size_t p = 0; p < step->nproperties; p++)
				assert_true(property_has(step->menu,
					step->properties[p].name,
					&setup.version));
		}
		assert_int_equal(
			steps.items[steps.n - 1].kind, RSTEP_CONTAINER);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(menus_look_the_same_in_an_era),
		cmocka_unit_test(names_change_where_the_trees_do),
		cmocka_unit_test(what_a_version_lacks_is_not_there),
		cmocka_unit_test(every_property_has_a_source),
		cmocka_unit_test(steps_use_what_the_version_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
