/* SPDX-License-Identifier: MIT
 *
 * A lock: no bytes may crash the reader, what it complains of is printable,
 * and what it accepts is printed as something that reads and prints the same.
 */
#include <stdlib.h>

#include "spec/lock.h"
#include "spec/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_print(const struct lock *lock, struct arena *arena)
{
	struct buf first, second;
	struct error err;
	struct lock again;

	buf_init(&first, 8 * LOCK_MAX);
	buf_init(&second, 8 * LOCK_MAX);
	lock_print(lock, &first);
	if (lock_parse(&again, "print", buf_slice(&first), arena, &err))
		abort();
	lock_print(&again, &second);
	if (!slice_eq(buf_slice(&first), buf_slice(&second)))
		abort();
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct arena arena;
	struct lock lock;

	arena_init(&arena);
	if (!lock_parse(&lock, "fuzz", slice_make(data, size), &arena, &err))
		check_print(&lock, &arena);
	else if (err.kind != ERROR_SPEC || !err.text[0] ||
		 !syntax_is_printable(err.text, ""))
		abort();
	arena_release(&arena);
	return 0;
}
