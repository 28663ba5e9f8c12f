/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "apk/world.h"
#include "base/file.h"
#include "build/project.h"
#include "build/repository.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "cmd/resolve_report.h"
#include "cmd/signals.h"
#include "spec/syntax.h"

/* Alpine's name of an architecture that may be one of the project's. */
static int find_arch(
	const struct request *r, const char **alpine, struct error *err)
{
	const struct arch *arch = NULL;
	struct project project;
	struct error ignored;
	const char *name;

	if (!r->archs.n)
		return error_set(err, ERROR_USAGE,
			"resolve: name the architecture: --arch x86_64");
	name = r->archs.items[0];
	/* Without a project there are Alpine's own names. */
	if (!project_open(&project, NULL, r->arena, &ignored))
		arch = arch_find(&project.archs, name);
	else if (ignored.kind != ERROR_NOT_FOUND)
		return error_set(err, ignored.kind, "%s", ignored.text);
	*alpine = arch ? arch->alpine : name;
	if (syntax_arch.accepts(*alpine))
		return 0;
	return error_set(err, ERROR_USAGE,
		"resolve: --arch: expected an architecture such as x86_64, "
		"found \"%s\"",
		name);
}

static int read_world(const struct request *r, struct dependency_list *world,
	struct error *err)
{
	if (!r->operands.n && !r->installed)
		return error_set(err, ERROR_USAGE,
			"resolve: name what is wanted, such as openssh "
			"(nothing at all is for --installed)");
	for (size_t i = 0; i < r->operands.n; i++) {
		if (world_add(world, r->operands.items[i], r->arena, err)) {
			err->kind = ERROR_USAGE;
			return error_wrap(err, "resolve");
		}
	}
	world_sort(world);
	return 0;
}

static int read_installed(
	const struct request *r, struct installed *db, struct error *err)
{
	struct slice text;
	struct buf buf;

	installed_init(db, r->arena);
	if (!r->installed)
		return 0;
	if (file_read(r->installed, INSTALLED_MAX, &buf, err))
		return -1;
	text = slice_make(arena_slice(r->arena, buf_slice(&buf)), buf.len);
	buf_release(&buf);
	return installed_parse(db, text, r->installed, err);
}

static int read_keys(
	const struct request *r, struct keyring *ring, struct error *err)
{
	if (r->allow_untrusted)
		return 0;
	if (!r->keyring)
		return error_set(err, ERROR_USAGE,
			"resolve: whose signatures are good? --keyring DIR "
			"names a folder of keys, --allow-untrusted does "
			"without");
	return keyring_add_folder(ring, r->keyring, err);
}

static bool has_remote(const struct request *r)
{
	for (size_t i = 0; i < r->repositories.n; i++) {
		if (repository_is_remote(r->repositories.items[i]))
			return true;
	}
	return false;
}

static int load_remote(const struct request *r,
	const struct repository_options *options, struct solve_repository *list,
	struct error *err)
{
	static const struct string_list no_mirrors;
	struct repository_options with_fetch = *options;
	struct cache cache;
	struct fetch_options fetch = {
		.mirrors = &no_mirrors,
		.cache = &cache,
		.offline = r->offline,
		.jobs = r->jobs,
		.cancel = signals_flag(),
	};
	int status;

	if (cache_open(&cache, r->cache, err))
		return -1;
	fetch.progress = progress_new();
	with_fetch.fetch = &fetch;
	status = repository_load(
		list, &r->repositories, &with_fetch, r->arena, err);
	progress_free(fetch.progress);
	cache_release(&cache);
	return status;
}

static int load_repositories(
	const struct request *r, struct solve_request *asked, struct error *err)
{
	struct solve_repository *list =
		arena_alloc(r->arena, (r->repositories.n + 1) * sizeof(*list));
	struct repository_options options = { .arch = asked->arch };
	struct keyring ring = { 0 };
	int status;

	asked->repositories = list;
	asked->nrepositories = r->repositories.n;
	if (r->repositories.n > SOLVE_REPOSITORIES_MAX)
		return error_set(err, ERROR_USAGE,
			"resolve: %zu repositories (at most %d)",
			r->repositories.n, SOLVE_REPOSITORIES_MAX);
	if (!r->allow_untrusted)
		options.ring = &ring;
	status = read_keys(r, &ring, err);
	if (!status)
		status = has_remote(r) ? load_remote(r, &options, list, err)
				       : repository_load(list, &r->repositories,
						 &options, r->arena, err);
	keyring_release(&ring);
	return status;
}

static int run_resolve(const struct request *r, struct error *err)
{
	struct dependency_list world = { 0 };
	struct solution solution;
	struct installed db;
	struct solve_request asked = { .installed = &db, .world = &world };

	if (find_arch(r, &asked.arch, err) || read_world(r, &world, err) ||
		read_installed(r, &db, err) ||
		load_repositories(r, &asked, err) ||
		solve(&solution, &asked, r->arena, err))
		return -1;
	resolve_report(r, &asked, &solution);
	return 0;
}

static int set_arch(struct request *r, const char *value, struct error *err)
{
	r->archs.n = 0;
	string_list_add(&r->archs, value, r->arena);
	return 0;
}

static int set_repository(
	struct request *r, const char *value, struct error *err)
{
	if (repository_check(value, err))
		return -1;
	string_list_add(&r->repositories, value, r->arena);
	return 0;
}

static int set_installed(
	struct request *r, const char *value, struct error *err)
{
	r->installed = value;
	return 0;
}

static int set_untrusted(
	struct request *r, const char *value, struct error *err)
{
	r->allow_untrusted = true;
	return 0;
}

static int set_keyring(struct request *r, const char *value, struct error *err)
{
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

static const struct option_row options_resolve[] = {
	{ "arch", 'a', "NAME", "architecture, ours or Alpine's name",
		set_arch },
	{ "repository", 0, "PLACE", "[@TAG=] and URL, folder or index file",
		set_repository },
	{ "installed", 0, "FILE", "what is there: a lib/apk/db/installed",
		set_installed },
	{ "keyring", 0, "DIR", "public keys that indexes are signed with",
		set_keyring },
	{ "allow-untrusted", 0, NULL, "take indexes without looking who signed",
		set_untrusted },
	{ "cache", 0, "DIR", "folder of verified downloads", set_cache },
	{ "offline", 0, NULL, "use the cache and local files only",
		set_offline },
	{ NULL },
};

const struct command command_resolve = {
	.name = "resolve",
	.summary = "print which packages apk would choose",
	.arguments = "WORLD...",
	.text = "Prints the transaction that makes WORLD (words such as "
		"openssh, curl>8, !vlan,\nhtop@edge) true, in apk's order, a "
		"line a step: install NAME VERSION, upgrade,\ndowngrade or "
		"replace NAME OLD NEW, purge NAME VERSION. WORLD is all that "
		"is\nwanted: what is installed and not needed for it is "
		"purged. Nothing is installed.\n"
		"A repository is a URL or a folder with a folder for each "
		"architecture, or such a\nfolder itself, or an index; of "
		"equal versions the first one's is taken. With\n"
		"--allow-untrusted an index may be plain text. --json tells "
		"the reasons, too.\n",
	.examples = "  alpbuild resolve --arch x86_64 --keyring /etc/apk/keys "
		    "\\\n"
		    "    --repository "
		    "https://dl-cdn.alpinelinux.org/alpine/v3.21/main openssh\n"
		    "  alpbuild resolve -a armv7 --allow-untrusted \\\n"
		    "    --repository ./main --repository @edge=./edge "
		    "htop@edge\n",
	.groups = { options_resolve, options_common },
	.run = run_resolve,
};
