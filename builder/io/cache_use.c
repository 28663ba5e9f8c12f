/* SPDX-License-Identifier: MIT */
#include "io/cache_use.h"

#include <sys/stat.h>
#include <time.h>

#define TOUCH_AGE_S 3600

void cache_touch(int fd)
{
	struct stat st;
	time_t now = time(NULL);

	if (fstat(fd, &st) ||
		(st.st_mtime <= now && now - st.st_mtime < TOUCH_AGE_S))
		return;
	/* A cache that cannot be written need not be: it is not pruned. */
	if (futimens(fd, NULL))
		return;
}
