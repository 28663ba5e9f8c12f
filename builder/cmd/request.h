/* SPDX-License-Identifier: MIT
 *
 * request: what the command line and the environment ask for, for every
 * command. Filled in once by the option rows of the command, then passed
 * down by const pointer. Strings are borrowed from argv or the environment.
 */
#ifndef CMD_REQUEST_H
#define CMD_REQUEST_H

#include "base/memory.h"
#include "build/image.h"
#include "routeros/board.h"
#include "routeros/rsc.h"
#include "routeros/version.h"

#define DEFAULT_IMAGE "alp_rc"
#define DEFAULT_MIRROR "https://dl-cdn.alpinelinux.org/alpine"
#define DEFAULT_OUTPUT "dist"
#define CACHE_MAX_AGE (UINT64_C(30) * 86400) /* seconds */

/* How `check` tells what it found; not asked: text, or JSON for --json. */
enum check_format {
	CHECK_UNASKED,
	CHECK_TEXT,
	CHECK_JSON,
	CHECK_SARIF,
	CHECK_CODECLIMATE,
};

#define DEPLOY_SETTLE 10    /* seconds */
#define DEPLOY_PATIENCE 180 /* seconds */

/* How `deploy` reaches a router, and what is special about it. */
struct deploy_request {
	uint16_t https_port, ssh_port;	    /* 0: 443 and 22 */
	const char *fingerprint, *host_key; /* NULL: not pinned */
	const char *identity, *known_hosts; /* files; NULL: ssh's own */
	unsigned settle_s, patience_s;
	bool rollback, keep_image, forget_previous;
};

struct request {
	struct arena *arena;
	struct string_list operands; /* images, files, actions */
	/* build, plan, fetch */
	const char *file, *alpine, *keyring, *cache, *output;
	struct string_list archs, mirrors;
	unsigned formats; /* 0: the manifest's */
	enum channel channel;
	int gzip_level; /* 0: none */
	unsigned jobs;	/* 0: as many as there are processors */
	enum overwrite overwrite;
	bool offline, dry_run;
	bool locked;	    /* inputs from the lock beside the manifest */
	const char *vendor; /* inputs from this archive */
	bool update;	    /* lock */
	/* resolve */
	const char *installed;		 /* a lib/apk/db/installed; or NULL */
	struct string_list repositories; /* places, see build/repository.h */
	bool allow_untrusted;
	/* inspect */
	bool list_files;
	/* audit */
	const char *report; /* of the build; NULL: beside the image */
	/* check */
	struct routeros_version routeros; /* not set: all */
	const struct board *board;	  /* NULL: any */
	enum check_format check_format;
	const char *check_file; /* NULL: standard output */
	/* convert */
	const char *platform, *tag, *name; /* NULL: not asked */
	bool unchecked, rootfs;
	struct string_list entrypoint, cmd; /* words */
	/* rsc */
	struct router_setup router; /* what was said; the rest is 0 */
	enum rsc_kind script;
	const char *script_file; /* NULL: standard output */
	struct deploy_request deploy;
	/* cache */
	uint64_t max_age; /* seconds */
	/* all */
	bool json, help;
};

void request_init(struct request *request, struct arena *arena);
/* Fills in what was not asked for: environment first, then defaults. */
void request_complete(struct request *request);

#endif
