/* SPDX-License-Identifier: MIT */
#include "build/base_tar.h"

#include <string.h>

static void *check(void *arg)
{
	struct base_tar *tar = arg;
	uint64_t size;

	tar->outcome = cache_check_blob(tar->cache, &tar->input->tar_digest,
		tar->fd, &size, &tar->error);
	return NULL;
}

int base_tar_open(struct base_tar *tar, const struct input *input,
	const struct fetch_options *options, struct error *err)
{
	memset(tar, 0, sizeof(*tar));
	tar->fd = -1;
	tar->input = input;
	tar->cache = options->cache;
	if (fetch_open_tar(input, options, &tar->fd, &tar->path, err))
		return -1;
	tar->outcome = 1;
	if (!input->from_cache)
		return 0;
	tar->is_running = !pthread_create(&tar->thread, NULL, check, tar);
	if (!tar->is_running)
		check(tar);
	return 0;
}

int base_tar_check(struct base_tar *tar, struct error *err)
{
	if (tar->is_running)
		pthread_join(tar->thread, NULL);
	tar->is_running = false;
	if (tar->outcome < 0)
		*err = tar->error;
	return tar->outcome;
}

void base_tar_release(struct base_tar *tar)
{
	if (tar->is_running)
		pthread_join(tar->thread, NULL);
	tar->is_running = false;
	if (tar->fd >= 0)
		close(tar->fd);
	free(tar->path);
	tar->fd = -1;
	tar->path = NULL;
}
