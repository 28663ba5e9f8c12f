/* SPDX-License-Identifier: MIT
 *
 * manifest: an image as manifests/<image>.json describes it, for one
 * architecture: `extends` followed and conditions on list items decided.
 * docs/manifest.md is the reference, docs/manifest.schema.json the schema.
 *
 * extends: the named manifest (relative to this one's folder) is read first,
 * at most MANIFEST_EXTENDS_MAX deep and without loops. Scalars, `entrypoint`,
 * `cmd`, `architectures` and `formats` of the extending one replace; overlays,
 * packages, services, users, groups, paths are appended (an overlay, package
 * or service of a runlevel that is there already stays where it is; users and
 * groups replace by name); env,
 * labels, variables, limits and the lists of routeros are merged by key. `name`
 * is never inherited.
 *
 * Conditions: any list item may be {"arch": ["arm64"], "value": item}; where
 * items are objects, "arch" may stand among their own keys. An item whose
 * list does not hold the architecture (or an alias of it) is left out, after
 * it was checked like the others.
 */
#ifndef SPEC_MANIFEST_H
#define SPEC_MANIFEST_H

#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "spec/arch.h"
#include "spec/list.h"
#include "spec/router_spec.h"
#include "spec/rule.h"

#define MANIFEST_EXTENDS_MAX 8

/* A user of the image; always locked ("!"): no password is ever built in. */
struct user_spec {
	const char *name;
	uint32_t uid;
	const char *group; /* primary group, name or number; NULL: name's own */
	const char *gecos; /* "" by default */
	const char *home;  /* "/" by default */
	const char *shell; /* "/sbin/nologin" by default */
	const char *place;
};

struct group_spec {
	const char *name;
	uint32_t gid;
	struct string_list members;
	const char *place;
};

/* A service that OpenRC starts in a runlevel. */
struct service_spec {
	const char *runlevel; /* "sysinit", "boot", "default", ... */
	const char *name;     /* of its init script */
	const char *place;    /* in the manifest, for messages */
};

/* A script that is not run and may be missing: scripts.acknowledge. */
struct acknowledged_script {
	const char *package; /* name */
	const char *sha256;  /* hex of the script's bytes */
	const char *place;   /* in the manifest, for messages */
};

/* What to do when architectures get different versions of a package. */
enum arch_skew { ARCH_SKEW_WARN, ARCH_SKEW_ALLOW, ARCH_SKEW_ERROR };

enum format {
	FORMAT_ROUTEROS = 1, /* docker-archive per architecture */
	FORMAT_OCI = 2,	     /* OCI image layout in a tar */
	FORMAT_OCI_DIR = 4,  /* the same as a folder */
	FORMAT_REPORT = 8,   /* what a build tells of each architecture; not
				to be asked for, always there */
};

struct manifest {
	const char *path;	  /* of the file that was asked for */
	struct string_list files; /* it and those it extends, as read */
	const char *name;	  /* [a-z0-9][a-z0-9._-]*: a repository name */
	const char *version;	  /* of the image: "0.0.1" */
	const char *description;  /* "" by default */
	const char *source;   /* URL of the sources, for the label; or NULL */
	const char *licenses; /* SPDX expression for the label; or NULL */
	const char *alpine;   /* "3.18.9" exactly, or "3.18": newest of it */
	struct string_list architectures; /* names as in arch/ */
	struct string_list overlays;	  /* names, in order */
	struct string_list packages;	  /* words for apk's world */
	/* "[@tag ]main", "[@tag ]edge/testing" or "[@tag ]URL"; empty: main
	   and community of the branch */
	struct string_list repositories;
	struct acknowledged_script *acknowledged;
	size_t nacknowledged;
	enum arch_skew arch_skew;
	struct service_spec *services;
	size_t nservices;
	struct user_spec *users;
	size_t nusers;
	struct group_spec *groups;
	size_t ngroups;
	struct rule_list paths;
	struct pair_list variables; /* for templates, see rootfs/template.h */
	unsigned formats;	    /* of enum format; 0: not said */
	/* config */
	struct string_list entrypoint, cmd;
	struct string_list env;	 /* "KEY=value"; a later KEY replaced */
	const char *working_dir; /* absolute; NULL: not set */
	const char *user;	 /* NULL: not set (root) */
	const char *stop_signal; /* "SIGTERM"; NULL: not set */
	struct pair_list labels;
	struct router_spec router; /* "routeros" */
	/* limits */
	uint64_t tar_limit; /* bytes of the RouterOS archive; 0: none */
};

/*
 * Reads and checks a manifest for one architecture, whose table says which
 * others there are. Everything
 * is allocated from the arena.
 */
int manifest_read(struct manifest *m, const char *path, const struct arch *arch,
	struct arena *arena, struct error *err) MUST_CHECK;

#endif
