/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

/* Runs fn in a child without stderr; its exit status. */
static int status_of(void (*fn)(void))
{
	pid_t pid = fork();
	int status;

	assert_int_not_equal(pid, -1);
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDERR_FILENO);
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void overflow(void)
{
	free(memory_realloc(NULL, SIZE_MAX / 2, 3));
}

static void out_of_memory_ends_the_program_with_its_status(void **state)
{
	int want = error_kind_status(ERROR_MEMORY);

	assert_int_equal(status_of(memory_fail), want);
	assert_int_equal(status_of(overflow), want);
}

static void nothing_is_something_that_can_be_freed(void **state)
{
	void *p = memory_alloc(0), *q = memory_zero(0, 8);

	assert_non_null(p);
	assert_non_null(q);
	free(p);
	free(q);
}

static void printf_and_strdup_give_new_texts(void **state)
{
	char *a = memory_printf("%s-%d", "x", 3), *b = memory_strdup(a);

	assert_string_equal(a, "x-3");
	assert_string_equal(b, a);
	assert_ptr_not_equal(a, b);
	free(a);
	free(b);
}

static void grow_keeps_the_items(void **state)
{
	int *items = NULL;
	size_t cap = 0;

	for (size_t n = 0; n < 1000; n++) {
		items = memory_grow(items, n, &cap, sizeof(*items));
		assert_true(cap > n);
		items[n] = (int)n;
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(items[n], n);
	free(items);
}

static void grow_in_an_arena_keeps_the_items(void **state)
{
	struct arena arena;
	size_t n = 0, cap = 0;
	int *items = NULL;

	arena_init(&arena);
	for (int i = 0; i < 1000; i++) {
		items = arena_grow(&arena, items, n, &cap, sizeof(*items));
		items[n++] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	arena_release(&arena);
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
	static const size_t sizes[] = { 1, 3, 17, 70000, 5, 65536, 0, 9 };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *p = arena_alloc(&arena, sizes[i]);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], 0);
		memset(p, 0xff, sizes[i]);
	}
	assert_true(arena.used >= 70000 + 65536);
	arena_release(&arena);
	assert_int_equal(arena.used, 0);
	arena_release(&arena);
}

static void arena_texts_live_until_release(void **state)
{
	struct arena arena;
	char *a, *b, *c, *d;

	arena_init(&arena);
	a = arena_strdup(&arena, "alpha");
	b = arena_slice(&arena, slice_make("beta!", 4));
	c = arena_printf(&arena, "%s/%s", a, b);
	d = arena_copy(&arena, "xyz", 4);
	for (int i = 0; i < 10000; i++)
		arena_alloc(&arena, 64);
	assert_string_equal(a, "alpha");
	assert_string_equal(b, "beta");
	assert_string_equal(c, "alpha/beta");
	assert_string_equal(d, "xyz");
	assert_string_equal(arena_slice(&arena, slice_of(NULL)), "");
	arena_release(&arena);
}

static void scope_take_gives_the_value_away(void **state)
{
	char *kept;

	{
		SCOPED_FREE char *p = memory_strdup("kept");
		SCOPED_FREE char *dropped = memory_strdup("dropped");

		assert_string_equal(dropped, "dropped");
		kept = scope_take(p);
		assert_null(p);
	}
	assert_string_equal(kept, "kept");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			out_of_memory_ends_the_program_with_its_status),
		cmocka_unit_test(nothing_is_something_that_can_be_freed),
		cmocka_unit_test(printf_and_strdup_give_new_texts),
		cmocka_unit_test(grow_keeps_the_items),
		cmocka_unit_test(grow_in_an_arena_keeps_the_items),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_texts_live_until_release),
		cmocka_unit_test(scope_take_gives_the_value_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
