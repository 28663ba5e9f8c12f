/* SPDX-License-Identifier: MIT
 *
 * deploy: puts an image on a router over the network and makes it run:
 * looks whether the router can take it (REST), uploads it (SFTP), carries out
 * the steps of routeros/steps (REST), waits until the container runs, and
 * goes back wherever anything fails: what was added is removed, what was
 * stopped is started. A container that is there already runs on until the new
 * one is extracted beside it, and stays, stopped, for deploy_rollback().
 *
 * What is on the router is found by comments, those of routeros/rsc:
 *   "alpbuild: alp"             the container, its interface and its port
 *   "alpbuild: alp (next)"      a new one that is not known to run yet
 *   "alpbuild: alp (previous)"  the one before, stopped
 *   "alpbuild: alp (old)"       the one before that, while a new one comes
 * so that a run that was cut off is recognised, and finished or undone, by
 * the next one. docs/deploy.md tells it all.
 */
#ifndef DEPLOY_DEPLOY_H
#define DEPLOY_DEPLOY_H

#include "io/http_client.h"
#include "io/sftp.h"
#include "routeros/steps.h"

struct deploy_login {
	struct http_client_options rest;
	struct sftp_options sftp;
	long patience_ms; /* a router that does not answer is waited for */
	const volatile int *cancel;
	/* Asks a person for the password; NULL: nobody is there. What it
	 * returns lives as long as `arg`; NULL: none was given. */
	const char *(*ask_password)(void *arg);
	void *arg;
};

/* What a router is, as it says itself. */
struct deploy_router {
	struct routeros_version version;
	const char *version_text; /* "7.20.8 (stable)" */
	const char *architecture; /* "arm64", as RouterOS says it */
	const char *board;	  /* "RB5009UG+S+"; "" when it does not say */
	uint64_t free_flash;	  /* bytes */
};

enum deploy_result {
	DEPLOY_INSTALLED,
	DEPLOY_UPGRADED,
	DEPLOY_UNCHANGED,   /* it runs already, with this tag */
	DEPLOY_ROLLED_BACK, /* the previous container runs */
	DEPLOY_CLEANED,	    /* what a run that was cut off had left is gone */
};

struct deploy_options {
	const char *path;     /* the archive here */
	uint64_t size;	      /* its bytes */
	uint64_t unpacked;    /* bytes of what is in it */
	unsigned settle_s;    /* so long it must run to count as running */
	bool dry_run;	      /* looks, and changes nothing */
	bool keep_image;      /* the uploaded file stays on the router */
	bool forget_previous; /* the container before is removed */
};

/* What was done or would be done, for people and machines. */
struct deploy_event {
	const char *what; /* "added: bridge of containers" */
	const char *menu; /* "/interface/bridge"; NULL: of no menu */
};

struct deploy_outcome {
	enum deploy_result result;
	const char *name;
	const char *root_dir, *interface; /* of what runs now; may be NULL */
	struct deploy_event *events;
	size_t nevents;
};

struct deploy;

/* Connects and asks what the router is. Options are borrowed. */
struct deploy *deploy_open(
	const struct deploy_login *login, struct error *err) MUST_CHECK;
void deploy_close(struct deploy *deploy); /* NULL is allowed */
const struct deploy_router *deploy_router(const struct deploy *deploy);

/*
 * *setup is complete, of the router's version. outcome points into the
 * deploy. ERROR_ROUTER: the router cannot take it, or it does not run there;
 * then the router is as it was, or the text says what is left and what to do.
 */
int deploy_run(struct deploy *deploy, const struct deploy_options *options,
	const struct router_setup *setup, struct deploy_outcome *outcome,
	struct error *err) MUST_CHECK;

/* Back to the container before the one of this name, "alp". */
int deploy_rollback(struct deploy *deploy, const struct deploy_options *options,
	const char *name, struct deploy_outcome *outcome,
	struct error *err) MUST_CHECK;

#endif
