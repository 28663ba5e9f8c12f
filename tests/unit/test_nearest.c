/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/compiler.h"
#include "base/nearest.h"

static const char *const commands[] = { "build", "plan", "fetch", "inspect",
	"cache" };

static const char *find(const char *word)
{
	return nearest_find(word, commands, ARRAY_SIZE(commands));
}

static void a_slip_of_the_finger_is_understood(void **state)
{
	assert_string_equal(find("biuld"), "build");
	assert_string_equal(find("fetc"), "fetch");
	assert_string_equal(find("plann"), "plan");
	assert_string_equal(find("inspekt"), "inspect");
}

static void a_strange_word_is_not_guessed_at(void **state)
{
	assert_null(find("xyzzy"));
	assert_null(find(""));
	assert_null(nearest_find("build", NULL, 0));
}

static void ties_go_to_the_first(void **state)
{
	static const char *const words[] = { "cat", "bat", "hat" };

	assert_string_equal(nearest_find("xat", words, 3), "cat");
}

/* "d" is as near to any word of one letter as to itself. */
static void short_candidates_are_not_replaced_whole(void **state)
{
	static const char *const words[] = { "a", "b" };

	assert_null(nearest_find("d", words, 2));
}

static void very_long_words_are_never_near(void **state)
{
	char word[200];
	const char *const words[] = { word };

	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest_find(word, commands, ARRAY_SIZE(commands)));
	assert_null(nearest_find("x", words, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_of_the_finger_is_understood),
		cmocka_unit_test(a_strange_word_is_not_guessed_at),
		cmocka_unit_test(ties_go_to_the_first),
		cmocka_unit_test(short_candidates_are_not_replaced_whole),
		cmocka_unit_test(very_long_words_are_never_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
