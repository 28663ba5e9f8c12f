/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct error_kind_info error_kinds[ERROR_NKINDS] = {
	[ERROR_NONE] = { "ok", 0, "success" },
	[ERROR_INTERNAL] = { "internal", 1,
		"an unexpected failure: please report it" },
	[ERROR_USAGE] = { "usage", 2,
		"the command line: unknown option, command or value" },
	[ERROR_SPEC] = { "spec", 3,
		"a manifest, arch file, overlay.json or template is wrong" },
	[ERROR_NOT_FOUND] = { "not-found", 4,
		"an image, file, overlay or Alpine release does not exist" },
	[ERROR_NETWORK] = { "network", 5, "no mirror could deliver a file" },
	[ERROR_OFFLINE] = { "offline", 6,
		"--offline was given and the cache lacks a file" },
	[ERROR_VERIFY] = { "verify", 7,
		"a file's digest or size differs from what was expected" },
	[ERROR_INPUT] = { "input", 8,
		"an archive or document is malformed or hostile" },
	[ERROR_TREE] = { "tree", 9,
		"the inputs contradict each other in the image's tree" },
	[ERROR_LIMIT] = { "limit", 10, "a limit of the manifest is exceeded" },
	[ERROR_EXISTS] = { "exists", 11,
		"the release exists with other content (see --force)" },
	[ERROR_IO] = { "io", 12,
		"reading or writing failed: disk full, permission, device" },
	[ERROR_MEMORY] = { "memory", 13, "out of memory" },
	[ERROR_SOLVE] = { "solve", 14,
		"no set of packages satisfies what is wanted" },
	[ERROR_SCRIPTS] = { "scripts", 15,
		"a package has a script that is not run and not acknowledged" },
	[ERROR_LOCK] = { "lock", 16,
		"the lock file is missing, out of date or does not fit" },
	[ERROR_AUDIT] = { "audit", 17,
		"an audit found what does not belong together" },
	[ERROR_CHECK] = { "check", 18,
		"a check for RouterOS found what a router would not take" },
	[ERROR_ROUTER] = { "router", 19,
		"a router refused a step, or the image does not run there" },
	[ERROR_LOGIN] = { "login", 20,
		"a router refused the user name, the password or the key" },
	[ERROR_INTERRUPTED] = { "interrupted", 130,
		"stopped by SIGINT, SIGTERM or SIGHUP" },
};

static void set_text(struct error *err, const char *fmt, va_list args)
{
	vsnprintf(err->text, sizeof(err->text), fmt, args);
}

int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list args;

	err->kind = kind;
	va_start(args, fmt);
	set_text(err, fmt, args);
	va_end(args);
	return -1;
}

int error_errno(struct error *err, const char *fmt, ...)
{
	int saved = errno;
	va_list args;
	size_t len;

	err->kind = saved == ENOENT ? ERROR_NOT_FOUND : ERROR_IO;
	va_start(args, fmt);
	set_text(err, fmt, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s",
		strerror(saved));
	errno = saved;
	return -1;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	struct error inner = *err;
	va_list args;
	size_t len;

	va_start(args, fmt);
	set_text(err, fmt, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", inner.text);
	return -1;
}

int error_kind_status(enum error_kind kind)
{
	return error_kinds[kind].status;
}
