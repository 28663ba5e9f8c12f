/* SPDX-License-Identifier: MIT
 *
 * scratch: a fresh folder for one test, removed with all in it. Use it as
 * cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown);
 * *state is then the folder's path.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"

static inline int scratch_remove(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static inline int scratch_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = path_join(tmp ? tmp : "/tmp", "alpbuild-unit.XXXXXX");

	*state = mkdtemp(dir);
	return *state ? 0 : -1;
}

static inline int scratch_teardown(void **state)
{
	int failed = nftw(*state, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return failed;
}

#define SCRATCH_TEST(f)                                                        \
	cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

#endif
