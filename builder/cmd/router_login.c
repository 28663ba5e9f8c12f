/* SPDX-License-Identifier: MIT */
#include "cmd/router_login.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/prompt.h"

#define USER_MAX 64
#define HOST_MAX 253

static int complain(struct error *err, const char *why)
{
	return error_set(err, ERROR_USAGE,
		"USER@ROUTER %s: expected a user name and the router's name or "
		"address, such as admin@192.168.88.1 or admin@[fd00::1]",
		why);
}

/* ---- the user ---------------------------------------------------------- */

static int check_user(const char *user, struct error *err)
{
	if (!*user)
		return complain(err, "has no user name");
	if (strlen(user) > USER_MAX)
		return complain(err, "has a user name that is too long");
	for (const char *p = user; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return complain(err,
				"has a user name with blanks or control "
				"characters");
	}
	return 0;
}

/* ---- the router -------------------------------------------------------- */

/* The zone of a link-local address is an interface of this host. */
static int check_ipv6(const char *host, struct error *err)
{
	const char *zone = strchr(host, '%');
	const size_t len = zone ? (size_t)(zone - host) : strlen(host);
	SCOPED_FREE char *text = slice_dup(slice_make(host, len));
	struct in6_addr address;
	bool fine = inet_pton(AF_INET6, text, &address) == 1;

	if (zone && !zone[1])
		fine = false;
	for (const char *p = zone ? zone + 1 : ""; *p; p++)
		fine = fine &&
		       (isalnum((unsigned char)*p) || strchr("-_.", *p));
	return fine ? 0 : complain(err, "has no IPv6 address in its brackets");
}

static int check_name(const char *host, struct error *err)
{
	struct in_addr address;
	bool number = true;

	if (!isalnum((unsigned char)*host) || strlen(host) > HOST_MAX)
		return complain(err, "names no router");
	for (const char *p = host; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
			return complain(err, "names no router");
		number = number && (isdigit((unsigned char)*p) || *p == '.');
	}
	if (number && inet_pton(AF_INET, host, &address) != 1)
		return complain(err, "has no IPv4 address");
	return 0;
}

static int complain_colon(const char *host, struct error *err)
{
	if (strchr(host, ':') != strrchr(host, ':'))
		return complain(err, "has an IPv6 address without brackets");
	return complain(err,
		"has a port (see --https-port and --ssh-port) or something "
		"else after a colon");
}

static int take_host(struct router_login *login, const char *text,
	struct arena *arena, struct error *err)
{
	size_t len = strlen(text);

	if (*text != '[') {
		login->host = text;
		return strchr(text, ':') ? complain_colon(text, err)
					 : check_name(text, err);
	}
	if (text[len - 1] != ']')
		return complain(err,
			"goes on after the brackets (see --https-port and "
			"--ssh-port), or they are not closed");
	login->host = arena_slice(arena, slice_make(text + 1, len - 2));
	return check_ipv6(login->host, err);
}

/* ---- the whole --------------------------------------------------------- */

static int refuse_password(struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"USER@ROUTER has a colon in the user name: if that is a "
		"password, change it, for every process of this host could "
		"read it; passwords come from " LOGIN_PASSWORD_ENV
		", .netrc or the terminal");
}

int router_login_parse(struct router_login *login, const char *target,
	struct arena *arena, struct error *err)
{
	const char *at = strrchr(target, '@');

	*login = (struct router_login){ .target = target };
	if (strstr(target, "://"))
		return complain(err, "is a URL");
	if (!at)
		return complain(err, "has no \"@\"");
	if (memchr(target, ':', (size_t)(at - target)))
		return refuse_password(err);
	login->user =
		arena_slice(arena, slice_make(target, (size_t)(at - target)));
	if (check_user(login->user, err))
		return -1;
	return take_host(login, at + 1, arena, err);
}

const char *router_login_environment(void)
{
	const char *password = getenv(LOGIN_PASSWORD_ENV);

	return password && *password ? password : NULL;
}

const char *router_login_ask(void *arg)
{
	struct router_login *login = arg;
	SCOPED_FREE char *question =
		memory_printf("password of %s: ", login->target);
	const struct prompt prompt = {
		.question = question,
		.cancel = login->cancel,
	};

	if (prompt_secret(&prompt, login->password, sizeof(login->password)))
		return NULL;
	return login->password;
}

void router_login_release(struct router_login *login)
{
	explicit_bzero(login->password, sizeof(login->password));
}
