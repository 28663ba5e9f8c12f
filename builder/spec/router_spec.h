/* SPDX-License-Identifier: MIT
 *
 * router_spec: what an image wants of the router that runs it, as the key
 * `routeros` of its manifest says it: ports to forward, folders to mount,
 * the environment that it understands, memory. RouterOS reads none of this
 * out of an image: it is for scripts and for people. docs/manifest.md is the
 * reference.
 */
#ifndef SPEC_ROUTER_SPEC_H
#define SPEC_ROUTER_SPEC_H

#include <stddef.h>
#include <stdint.h>

/* A port on which the container listens. */
struct router_port {
	const char *protocol;	 /* "tcp" or "udp" */
	uint16_t port;		 /* of the container, from 1 */
	uint16_t forward;	 /* the router's port for it; 0: none */
	const char *description; /* "" by default */
	const char *place;	 /* in the manifest, for messages */
};

/* A folder of the image that should be mounted from the router's disk. */
struct router_volume {
	const char *path; /* absolute, in the image */
	const char *description;
	const char *place;
};

/* A variable that the image understands. */
struct router_env {
	const char *name;
	const char *value; /* to be set by default; NULL: not set */
	const char *description;
	const char *place;
};

struct router_spec {
	struct router_port *ports; /* one for each protocol and port */
	size_t nports;
	struct router_volume *volumes; /* one for each path */
	size_t nvolumes;
	struct router_env *envs; /* one for each name */
	size_t nenvs;
	uint64_t memory; /* bytes that it should not exceed; 0: not said */
};

#endif
