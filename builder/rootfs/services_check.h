/* SPDX-License-Identifier: MIT
 *
 * services_check: whether OpenRC could start what a manifest enables: the
 * init scripts of a tree, who provides which name, and what follows from need
 * and keyword. A part of services.c.
 */
#ifndef ROOTFS_SERVICES_CHECK_H
#define ROOTFS_SERVICES_CHECK_H

#include "rootfs/init_config.h"
#include "spec/manifest.h"

#define SERVICES_INIT_DIR "etc/init.d"
#define SERVICES_RUNLEVEL_DIR "etc/runlevels"

struct init_service {
	const char *name;
	struct init_script script; /* with what its settings add */
	const char *why;	   /* the service that needs it, or NULL */
	bool is_enabled;	   /* in some runlevel of the tree */
	bool is_seen;		   /* checked, or going to be */
};

/* A name that scripts need: a service's own or one that it provides. */
struct init_provider {
	const char *name;
	struct init_service *service;
	bool is_decided; /* the first of a name: what follows is known */
};

struct init_services {
	struct init_config config;
	struct arena *arena;
	struct init_service *items; /* by name */
	size_t n;
	struct init_provider *providers; /* by name */
	size_t nproviders;
};

/* Reads all init scripts; everything is of the arena. */
int init_services_read(struct init_services *services, const struct tree *tree,
	struct content_reader *reader, struct arena *arena,
	struct error *err) MUST_CHECK;
/* NULL: there is no such script, or it is not one of OpenRC. */
struct init_service *init_services_find(
	const struct init_services *services, const char *name);

/* A keyword of the script keeps it from running on this rc_sys. */
enum init_keyword { INIT_RUNS, INIT_MAY_NOT_RUN, INIT_NEVER_RUNS };
enum init_keyword init_service_keyword(
	const struct init_service *service, const char *sys, const char **word);

/* The checks of services.h on one service and what it needs. */
int init_services_check(struct init_services *services,
	struct init_service *service, struct error *err) MUST_CHECK;

#endif
