/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "io/gzip.h"

#define JOBS_MAX 256

static int add_list(struct string_list *list, const char *value,
	struct request *request, struct error *err)
{
	struct slice rest = slice_of(value), item;

	while (slice_cut(&rest, ',', &item)) {
		SCOPED_FREE char *text = slice_dup(slice_trim(item));

		if (!*text)
			return error_set(err, ERROR_USAGE,
				"empty item in \"%s\"", value);
		string_list_add(list, text, request->arena);
	}
	return 0;
}

static int set_file(struct request *r, const char *value, struct error *err)
{
	r->file = value;
	return 0;
}

static int set_arch(struct request *r, const char *value, struct error *err)
{
	/* All of the manifest's is what an empty list stands for. */
	if (!strcmp(value, "all")) {
		r->archs.n = 0;
		return 0;
	}
	return add_list(&r->archs, value, r, err);
}

static int set_alpine(struct request *r, const char *value, struct error *err)
{
	r->alpine = value;
	return 0;
}

static int set_mirror(struct request *r, const char *value, struct error *err)
{
	struct slice url = slice_of(value);

	if (!slice_starts(url, "https://") && !slice_starts(url, "http://") &&
		!slice_starts(url, "file://"))
		return error_set(err, ERROR_USAGE,
			"\"%s\" is no https:, http: or file: URL%s", value,
			value[0] == '/' ? " (put file:// before it)" : "");
	string_list_add(&r->mirrors, value, r->arena);
	return 0;
}

static int set_keyring(struct request *r, const char *value, struct error *err)
{
	if (!file_is_directory(value))
		return error_set(err, ERROR_NOT_FOUND,
			"\"%s\" is no folder of public keys", value);
	r->keyring = value;
	return 0;
}

static int set_cache(struct request *r, const char *value, struct error *err)
{
	r->cache = value;
	return 0;
}

static int set_offline(struct request *r, const char *value, struct error *err)
{
	r->offline = true;
	return 0;
}

static int set_locked(struct request *r, const char *value, struct error *err)
{
	r->locked = true;
	return 0;
}

static int set_vendor(struct request *r, const char *value, struct error *err)
{
	r->vendor = value;
	return 0;
}

static int set_jobs(struct request *r, const char *value, struct error *err)
{
	uint64_t jobs;

	if (slice_to_u64(slice_of(value), 10, JOBS_MAX, &jobs) || !jobs)
		return error_set(err, ERROR_USAGE,
			"\"%s\" is no number from 1 to %d", value, JOBS_MAX);
	r->jobs = (unsigned)jobs;
	return 0;
}

static int set_output(struct request *r, const char *value, struct error *err)
{
	r->output = value;
	return 0;
}

static int set_format(struct request *r, const char *value, struct error *err)
{
	return formats_parse(value, &r->formats, err);
}

static int set_channel(struct request *r, const char *value, struct error *err)
{
	if (!channel_parse(value, &r->channel))
		return 0;
	return error_set(err, ERROR_USAGE,
		"unknown channel \"%s\", expected release, latest or devel",
		value);
}

static int set_compress(struct request *r, const char *value, struct error *err)
{
	struct slice s = slice_of(value);
	uint64_t level = GZIP_LEVEL_DEFAULT;

	if (slice_starts(s, "gzip:") && s.len == 6 && value[5] >= '1' &&
		value[5] <= '9')
		level = (uint64_t)(value[5] - '0');
	else if (slice_is(s, "none"))
		level = 0;
	else if (!slice_is(s, "gzip"))
		return error_set(err, ERROR_USAGE,
			"\"%s\" is not none, gzip or gzip:LEVEL (1 to 9)",
			value);
	r->gzip_level = (int)level;
	return 0;
}

static int set_force(struct request *r, const char *value, struct error *err)
{
	r->overwrite = OVERWRITE_FORCE;
	return 0;
}

static int set_json(struct request *r, const char *value, struct error *err)
{
	r->json = true;
	return 0;
}

static int set_quiet(struct request *r, const char *value, struct error *err)
{
	log_set_level(LOG_QUIET);
	return 0;
}

static int set_verbose(struct request *r, const char *value, struct error *err)
{
	log_set_level(LOG_VERBOSE);
	return 0;
}

static int set_help(struct request *r, const char *value, struct error *err)
{
	r->help = true;
	return 0;
}

const struct option_row options_input[] = {
	{ "file", 'f', "MANIFEST", "build this manifest, wherever it is",
		set_file },
	{ "arch", 'a', "LIST", "architectures, or all (as the manifest says)",
		set_arch },
	{ "alpine", 0, "VERSION", "3.18.9, or 3.18 for its newest release",
		set_alpine },
	{ "mirror", 0, "URL", "https:, http: or file: mirror; repeatable",
		set_mirror },
	{ "keyring", 0, "DIR", "public keys of packages, besides Alpine's own",
		set_keyring },
	{ "cache", 0, "DIR", "folder of verified downloads", set_cache },
	{ "offline", 0, NULL, "use the cache and file: mirrors only",
		set_offline },
	{ "jobs", 'j', "N", "threads and downloads at once", set_jobs },
	{ NULL },
};

const struct option_row options_locked[] = {
	{ "locked", 0, NULL, "inputs from the lock file, no index is read",
		set_locked },
	{ "vendor", 0, "FILE", "inputs from an archive of `alpbuild vendor`",
		set_vendor },
	{ NULL },
};

const struct option_row options_output[] = {
	{ "output", 'o', "DIR", "where the images go (default dist)",
		set_output },
	{ "format", 0, "LIST", "of routeros, oci, oci-dir", set_format },
	{ "channel", 0, "NAME", "release (default), latest or devel",
		set_channel },
	{ "compress", 0, "HOW", "OCI layers: none or gzip[:LEVEL]",
		set_compress },
	{ "force", 0, NULL, "overwrite a release that has other content",
		set_force },
	{ NULL },
};

const struct option_row options_common[] = {
	{ "json", 0, NULL, "print the result as JSON", set_json },
	{ "quiet", 'q', NULL, "print errors and warnings only", set_quiet },
	{ "verbose", 'v', NULL, "print every step", set_verbose },
	{ "help", 'h', NULL, "print this help", set_help },
	{ NULL },
};

/* ALPBUILD_MIRROR holds one URL or several, separated by blanks or commas. */
static void mirrors_of_environment(struct request *r)
{
	const char *text = getenv("ALPBUILD_MIRROR");
	char *copy = arena_strdup(r->arena, text ? text : "");
	struct slice rest, url;

	for (char *p = copy; *p; p++) {
		if (strchr(" ,\t\n", *p))
			*p = ' ';
	}
	rest = slice_of(copy);
	while (slice_cut(&rest, ' ', &url)) {
		if (url.len)
			string_list_add(&r->mirrors, arena_slice(r->arena, url),
				r->arena);
	}
}

void request_init(struct request *r, struct arena *arena)
{
	memset(r, 0, sizeof(*r));
	r->arena = arena;
	r->output = DEFAULT_OUTPUT;
	r->gzip_level = GZIP_LEVEL_DEFAULT;
	r->keyring = getenv("ALPBUILD_KEYRING");
	if (r->keyring && !*r->keyring)
		r->keyring = NULL;
	r->max_age = CACHE_MAX_AGE;
	r->deploy.settle_s = DEPLOY_SETTLE;
	r->deploy.patience_s = DEPLOY_PATIENCE;
}

/* What was not said on the command line. */
void request_complete(struct request *r)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!r->mirrors.n)
		mirrors_of_environment(r);
	if (!r->mirrors.n)
		string_list_add(&r->mirrors, DEFAULT_MIRROR, r->arena);
	if (!r->jobs)
		r->jobs = processors > 0 && processors < JOBS_MAX
				  ? (unsigned)processors
				  : 1;
}
