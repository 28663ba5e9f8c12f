/* SPDX-License-Identifier: MIT
 *
 * router_login: who logs in where: USER@ROUTER of the command line, the
 * password from the environment or from a person. A password never stands on
 * the command line, where everybody on the host can read it, and no message
 * repeats one.
 */
#ifndef CMD_ROUTER_LOGIN_H
#define CMD_ROUTER_LOGIN_H

#include "base/error.h"
#include "base/memory.h"

#define LOGIN_PASSWORD_SIZE 256 /* bytes, with the NUL */
#define LOGIN_PASSWORD_ENV "ALPBUILD_ROUTER_PASSWORD"

struct router_login {
	const char *target; /* "admin@[fe80::1]", as it was said */
	const char *user;
	const char *host; /* name or address; IPv6 without brackets */
	char password[LOGIN_PASSWORD_SIZE]; /* that a person typed */
	const volatile int *cancel;	    /* ends the question; may be NULL */
};

/* Splits USER@ROUTER; ERROR_USAGE. Strings are in the arena. */
int router_login_parse(struct router_login *login, const char *target,
	struct arena *arena, struct error *err) MUST_CHECK;

/* Of the environment; NULL: it has none, or an empty one. */
const char *router_login_environment(void);

/*
 * Asks on the terminal, whose echo is off meanwhile; NULL: there is none, or
 * nothing was typed. `arg` is a struct router_login, where the answer stays.
 */
const char *router_login_ask(void *arg);

/* Wipes the password. */
void router_login_release(struct router_login *login);

#endif
