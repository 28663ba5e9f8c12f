/* SPDX-License-Identifier: MIT
 *
 * setup: what a router should have so that a container runs on it: names,
 * addresses, ports, volumes, environment, limits. Filled in from what is
 * known of the image and from what was asked for, then made complete.
 */
#ifndef ROUTEROS_SETUP_H
#define ROUTEROS_SETUP_H

#include <stdint.h>

#include "base/memory.h"
#include "routeros/version.h"

#define SETUP_NAME_MAX 32   /* bytes of a container's name */
#define SETUP_ITEMS_MAX 256 /* ports, volumes or variables */

struct setup_port {
	const char *protocol;	 /* "tcp" or "udp" */
	uint16_t port;		 /* of the container */
	uint16_t forward;	 /* of the router; 0: none */
	const char *description; /* NULL: none */
};

struct setup_volume {
	const char *path;	 /* in the image */
	const char *source;	 /* on the router; NULL: beside root_dir */
	const char *description; /* NULL: none */
};

struct setup_env {
	const char *name;
	const char *value;	 /* NULL: not set, only told */
	const char *description; /* NULL: none */
};

/* All strings are borrowed or in the arena. NULL and 0: the default. */
struct router_setup {
	struct routeros_version version;
	const char *image;	  /* its name, "alp_rc" */
	const char *name;	  /* of the container and what belongs to it */
	const char *architecture; /* as OCI says: "arm64" */
	const char *tag;	  /* "alp_rc:v3.18.9-0.0.1"; NULL: not known */
	const char *disk;	  /* "usb1"; "": the router's own flash */
	const char *file;	  /* the image on the router */
	const char *root_dir, *veth, *bridge, *hostname, *dns;
	const char *address; /* of the container: "172.17.0.2/24" */
	const char *gateway; /* the bridge's: "172.17.0.1" */
	const char *from;    /* interface list that may use the ports, or all */
	bool no_nat;	     /* neither masquerade nor forwarded ports */
	bool force;	     /* upgrade to the tag that runs already, too */
	uint64_t memory;     /* bytes; 0: no limit */
	const char *entrypoint, *cmd; /* one line each; NULL: the image's */
	struct setup_port *ports;
	size_t nports;
	struct setup_volume *volumes;
	size_t nvolumes;
	struct setup_env *envs;
	size_t nenvs;
	/* made by setup_complete() */
	const char *owner;   /* the comment on what is ours: "alpbuild: alp" */
	const char *network; /* "172.17.0.0/24" */
	const char *router_address; /* "172.17.0.1/24" */
	const char *container_ip;   /* "172.17.0.2" */
};

/* Room for one more item of ports, volumes or envs. */
struct setup_port *setup_add_port(
	struct router_setup *setup, struct arena *arena);
struct setup_volume *setup_add_volume(
	struct router_setup *setup, struct arena *arena);
struct setup_env *setup_add_env(
	struct router_setup *setup, struct arena *arena);

/*
 * Fills in what was not said and checks all of it: file is then the name
 * alone and gets the disk in front. ERROR_USAGE says which option is wrong.
 */
int setup_complete(struct router_setup *setup, struct arena *arena,
	struct error *err) MUST_CHECK;
/* The name alone, of what is there already: said, or of the image. */
int setup_complete_name(struct router_setup *setup, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
