/* SPDX-License-Identifier: MIT
 *
 * Requests of a size that no repository has: chains that would overflow a
 * stack, names with very many providers. None may take more than moments.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "unit/solve_case.h"

#define MANY 100000u
#define TEXT_MAX ((size_t)256 << 20)

struct large {
	struct arena arena;
	struct buf text;
	struct index index;
	struct dependency_list world;
	struct installed installed;
	struct solution solution;
	struct error err;
};

static void large_init(struct large *l)
{
	memset(l, 0, sizeof(*l));
	arena_init(&l->arena);
	buf_init(&l->text, TEXT_MAX);
	installed_init(&l->installed, &l->arena);
}

static void large_release(struct large *l)
{
	buf_release(&l->text);
	arena_release(&l->arena);
}

/* fields: more lines of the record, each with its newline. */
static void large_add(
	struct large *l, const char *name, unsigned i, const char *fields)
{
	uint8_t bytes[IDENTITY_BYTES_MAX] = { 0 };
	char text[IDENTITY_TEXT_SIZE];
	struct identity identity;

	memcpy(bytes, &i, sizeof(i));
	bytes[5] = (uint8_t)name[0];
	identity = identity_make(IDENTITY_SHA1, bytes);
	buf_printf(&l->text, "C:%s\nP:%s%u\nV:1\nA:noarch\nI:1\n%s\n",
		identity_text(&identity, text), name, i, fields);
}

static int large_solve(struct large *l, const char *world)
{
	const struct solve_repository repository = { "main", NULL, &l->index };
	const struct solve_request request = {
		.installed = &l->installed,
		.repositories = &repository,
		.nrepositories = 1,
		.world = &l->world,
		.arch = "x86_64",
	};

	assert_int_equal(dependency_list_parse(slice_of(world),
				 DEPENDENCY_OF_WORLD, &l->arena, &l->world),
		0);
	assert_int_equal(index_parse(&l->index, buf_slice(&l->text), "main",
				 &l->arena, &l->err),
		0);
	return solve(&l->solution, &request, &l->arena, &l->err);
}

static void a_long_chain_needs_no_deep_stack(void **state)
{
	struct large l;

	large_init(&l);
	for (unsigned i = 0; i < MANY; i++) {
		SCOPED_FREE char *fields = memory_printf("D:c%u\n", i + 1);

		large_add(&l, "c", i, i + 1 < MANY ? fields : "");
	}
	assert_int_equal(large_solve(&l, "c0"), 0);
	assert_int_equal(l.solution.n, MANY);
	assert_true(slice_is(l.solution.steps[0].new->name, "c99999"));
	assert_true(slice_is(l.solution.steps[MANY - 1].new->name, "c0"));
	large_release(&l);
}

static void a_ring_is_installed_once(void **state)
{
	struct large l;

	large_init(&l);
	for (unsigned i = 0; i < MANY; i++) {
		SCOPED_FREE char *fields =
			memory_printf("D:c%u\n", (i + 1) % MANY);

		large_add(&l, "c", i, fields);
	}
	assert_int_equal(large_solve(&l, "c5"), 0);
	assert_int_equal(l.solution.n, MANY);
	large_release(&l);
}

static void rules_may_follow_each_other_for_long(void **state)
{
	struct large l;

	large_init(&l);
	large_add(&l, "c", 0, "");
	for (unsigned i = 1; i < MANY; i++) {
		SCOPED_FREE char *fields = memory_printf("i:c%u\n", i - 1);

		large_add(&l, "c", i, fields);
	}
	assert_int_equal(large_solve(&l, "c0"), 0);
	assert_int_equal(l.solution.n, MANY);
	large_release(&l);
}

static void one_name_may_have_many_providers(void **state)
{
	struct large l;

	large_init(&l);
	for (unsigned i = 0; i < MANY; i++)
		large_add(&l, "c", i, "p:x=1 y=1\n");
	large_add(&l, "a", 0, "D:x y\n");
	assert_int_equal(large_solve(&l, "a0"), 0);
	assert_int_equal(l.solution.n, 2);
	assert_true(slice_is(l.solution.steps[0].new->name, "c0"));
	large_release(&l);
}

static void many_providers_may_need_one_another(void **state)
{
	struct large l;

	large_init(&l);
	for (unsigned i = 0; i < MANY / 10; i++)
		large_add(&l, "c", i, "p:x=1\nD:x\n");
	large_add(&l, "a", 0, "D:x c77\n");
	assert_int_equal(large_solve(&l, "a0"), 0);
	assert_int_equal(l.solution.n, 2);
	large_release(&l);
}

/* Every provider of x0 needs x1 and so on, none has what is asked for. */
static void too_much_work_is_refused(void **state)
{
	struct large l;
	SCOPED_BUF struct buf words;

	large_init(&l);
	buf_init(&words, TEXT_MAX);
	buf_add_str(&words, "p:");
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&words, "x%u=1 ", i);
	buf_add_str(&words, "\nD:");
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&words, "y%u ", i);
	buf_add_str(&words, "\n");
	for (unsigned i = 0; i < 20; i++)
		large_add(&l, "c", i, words.data);
	assert_int_equal(large_solve(&l, "c1"), -1);
	assert_int_equal(l.err.kind, ERROR_LIMIT);
	large_release(&l);
}

static void the_error_of_a_long_chain_is_short(void **state)
{
	struct large l;

	large_init(&l);
	for (unsigned i = 0; i < MANY; i++) {
		SCOPED_FREE char *fields = memory_printf("D:c%u\n", i + 1);

		large_add(&l, "c", i, fields);
	}
	assert_int_equal(large_solve(&l, "c0"), -1);
	assert_int_equal(l.err.kind, ERROR_SOLVE);
	assert_non_null(strstr(l.err.text,
		"... > c99994-1 > c99995-1 > c99996-1 > c99997-1 > c99998-1 > "
		"c99999-1 requires c100000, which nothing provides"));
	large_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_chain_needs_no_deep_stack),
		cmocka_unit_test(a_ring_is_installed_once),
		cmocka_unit_test(rules_may_follow_each_other_for_long),
		cmocka_unit_test(one_name_may_have_many_providers),
		cmocka_unit_test(many_providers_may_need_one_another),
		cmocka_unit_test(too_much_work_is_refused),
		cmocka_unit_test(the_error_of_a_long_chain_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
