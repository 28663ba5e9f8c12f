/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/report.h"

#define DAY UINT64_C(86400)
#define PRUNE_DAYS_MAX 36500

static void print_usage(const struct request *request,
	const struct cache *cache, const struct cache_usage *u)
{
	char size[SIZE_TEXT], removed[SIZE_TEXT];

	if (request->json) {
		report_json(json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "folder",
			cache->root, "blobs", (json_int_t)u->blobs, "refs",
			(json_int_t)u->refs, "partials",
			(json_int_t)u->partials, "bytes", (json_int_t)u->bytes,
			"removed", (json_int_t)u->removed, "removedBytes",
			(json_int_t)u->removed_bytes));
		return;
	}
	printf("%s\n  %s in %llu blobs, %llu refs, %llu unfinished "
	       "downloads\n",
		cache->root, report_size(u->bytes, size),
		(unsigned long long)u->blobs, (unsigned long long)u->refs,
		(unsigned long long)u->partials);
	if (u->removed)
		printf("  removed %llu files, %s\n",
			(unsigned long long)u->removed,
			report_size(u->removed_bytes, removed));
}

static int run_action(const struct request *request, const struct cache *cache,
	struct error *err)
{
	const char *action =
		request->operands.n == 1 ? request->operands.items[0] : "";
	struct cache_usage usage;
	int status;

	memset(&usage, 0, sizeof(usage));
	if (!strcmp(action, "size"))
		status = cache_measure(cache, &usage, err);
	else if (!strcmp(action, "prune"))
		status = cache_prune(
			cache, (int64_t)request->max_age, &usage, err);
	else
		return error_set(err, ERROR_USAGE,
			"cache: expected one of the actions size and prune");
	if (!status)
		print_usage(request, cache, &usage);
	return status;
}

static int run_cache(const struct request *request, struct error *err)
{
	struct cache cache;
	int status;

	if (cache_open(&cache, request->cache, err))
		return -1;
	status = run_action(request, &cache, err);
	cache_release(&cache);
	return status;
}

static int set_cache(struct request *r, const char *value, struct error *err)
{
	r->cache = value;
	return 0;
}

static int set_days(struct request *r, const char *value, struct error *err)
{
	uint64_t days;

	if (slice_to_u64(slice_of(value), 10, PRUNE_DAYS_MAX, &days))
		return error_set(err, ERROR_USAGE,
			"\"%s\" is no number of days from 0 to %d", value,
			PRUNE_DAYS_MAX);
	r->max_age = days * DAY;
	return 0;
}

static const struct option_row options_cache[] = {
	{ "cache", 0, "DIR", "the folder, if not the usual one", set_cache },
	{ "older-than", 0, "DAYS", "prune what was not used for so long (30)",
		set_days },
	{ NULL },
};

const struct command command_cache = {
	.name = "cache",
	.summary = "measure or prune the cache",
	.arguments = "size|prune",
	.text = "\"size\" tells what the cache holds, \"prune\" removes what "
		"was not used for\n30 days (--older-than 0: everything). The "
		"folder is --cache, ALPBUILD_CACHE,\nXDG_CACHE_HOME/alpbuild "
		"or ~/.cache/alpbuild.\n",
	.examples = "  alpbuild cache size\n"
		    "  alpbuild cache prune --older-than 7\n",
	.groups = { options_cache, options_common },
	.run = run_cache,
};
