/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "apk/why.h"
#include "unit/solve_case.h"

#define TEXT_MAX ((size_t)65536)

struct scene {
	struct solve_case c;
	struct solution solution;
	struct buf text;
};

static void scene_init(struct scene *s, const char *text)
{
	struct error err;

	assert_int_equal(solve_case_read(&s->c, slice_of(text), &err), 0);
	assert_int_equal(solve_case_solve(&s->c, &s->solution, &err), 0);
	buf_init(&s->text, TEXT_MAX);
}

static void scene_release(struct scene *s)
{
	buf_release(&s->text);
	solve_case_release(&s->c);
}

static const struct package *scene_package(struct scene *s, const char *name)
{
	for (size_t i = 0; i < s->solution.npackages; i++) {
		if (slice_is(s->solution.packages[i]->name, name))
			return s->solution.packages[i];
	}
	fail_msg("no package %s", name);
	return NULL;
}

/* "world a; a b>1; b (if) x" */
static void print(struct scene *s, const struct requirement_list *list)
{
	buf_truncate(&s->text, 0);
	buf_add_str(&s->text, "");
	for (size_t i = 0; i < list->n; i++) {
		const struct requirement *r = &list->items[i];

		if (i)
			buf_add_str(&s->text, "; ");
		if (r->by)
			buf_add_slice(&s->text, r->by->name);
		else
			buf_add_str(&s->text, "world");
		buf_add_str(&s->text, r->is_install_if ? " (if) " : " ");
		dependency_print(r->word, &s->text);
	}
}

static void assert_direct(struct scene *s, const char *name, const char *want)
{
	struct requirement_list list;

	why_direct(scene_package(s, name), &s->solution, &s->c.world,
		&s->c.arena, &list);
	print(s, &list);
	assert_string_equal(s->text.data, want);
}

static void assert_chain(struct scene *s, const char *name, const char *want)
{
	struct requirement_list list;

	why_chain(scene_package(s, name), &s->solution, &s->c.world,
		&s->c.arena, &list);
	print(s, &list);
	assert_string_equal(s->text.data, want);
}

#define SCENE                                                                  \
	"@repository main\n"                                                   \
	"a 1 D:b>0 so:c\n"                                                     \
	"b 1 D:c !d so:c=1\n"                                                  \
	"c 1 p:so:c=1\n"                                                       \
	"d 1\n"                                                                \
	"x 1 D:a\n"                                                            \
	"b-doc 1 i:b docs D:man\n"                                             \
	"docs 1\n"                                                             \
	"man 1\n"                                                              \
	"@installed\n"                                                         \
	"old 1\n"                                                              \
	"@world\n"                                                             \
	"x docs c old\n"                                                       \
	"@result\n"

static void every_reason_is_told_world_first_then_by_name(void **state)
{
	struct scene s;

	scene_init(&s, SCENE);
	assert_direct(&s, "c", "world c; a so:c; b c; b so:c=1");
	assert_direct(&s, "b", "a b>0");
	assert_direct(&s, "x", "world x");
	scene_release(&s);
}

static void a_rule_names_the_packages_that_made_it_fire(void **state)
{
	struct scene s;

	scene_init(&s, SCENE);
	assert_direct(&s, "b-doc", "b (if) b; docs (if) docs");
	scene_release(&s);
}

static void a_rule_that_does_not_hold_is_no_reason(void **state)
{
	struct scene s;

	scene_init(&s, "@repository main\na 1\nb 1 i:a !c\nc 1\n@world\na b c\n"
		       "@result\n");
	assert_direct(&s, "b", "world b");
	assert_chain(&s, "b", "world b");
	scene_release(&s);
}

static void the_shortest_chain_comes_from_the_world(void **state)
{
	struct scene s;

	scene_init(&s, SCENE);
	assert_chain(&s, "c", "world c");
	assert_chain(&s, "b", "world x; x a; a b>0");
	assert_chain(&s, "a", "world x; x a");
	scene_release(&s);
}

static void a_chain_goes_through_rules(void **state)
{
	struct scene s;

	scene_init(&s, SCENE);
	assert_chain(&s, "man", "world docs; docs (if) docs; b-doc man");
	scene_release(&s);
}

static void what_only_a_cycle_requires_has_no_chain(void **state)
{
	struct scene s;
	struct requirement_list list;
	struct dependency_list nothing = { 0 };

	scene_init(&s, SCENE);
	why_chain(scene_package(&s, "c"), &s.solution, &nothing, &s.c.arena,
		&list);
	assert_int_equal(list.n, 0);
	scene_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason_is_told_world_first_then_by_name),
		cmocka_unit_test(a_rule_names_the_packages_that_made_it_fire),
		cmocka_unit_test(a_rule_that_does_not_hold_is_no_reason),
		cmocka_unit_test(the_shortest_chain_comes_from_the_world),
		cmocka_unit_test(a_chain_goes_through_rules),
		cmocka_unit_test(what_only_a_cycle_requires_has_no_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
