/* SPDX-License-Identifier: MIT
 *
 * fetch: gets the inputs of a build into the cache, verified. First
 * fetch_resolve() settles what is wanted (the exact version, the digest and
 * who vouches for it), then fetch_inputs() downloads what the cache lacks and
 * turns each minirootfs into an uncompressed data tar, once.
 *
 * On a mirror (any of `mirrors`, e.g. https://dl-cdn.alpinelinux.org/alpine):
 *	<mirror>/v3.18/releases/<arch>/latest-releases.yaml
 *	<mirror>/v3.18/releases/<arch>/alpine-minirootfs-3.18.9-<arch>.tar.gz
 *	the same with .sha512 or .sha256 behind it
 *
 * Mirrors need not be trusted for what is pinned in manifests/releases.json.
 * What is not pinned is checked against the mirror's own .sha512, else
 * .sha256, and that it is not pinned is said (log_warn). Where the yaml has
 * them too, they must agree with these files.
 *
 * Refs in the cache: "url" (small documents by URL path, for --offline),
 * "tar" (SHA-256 of a .tar.gz -> "sha256:hex size" of its data tar),
 * "sha512" (SHA-512 of a .tar.gz -> "sha256:hex" of the same). The .tar.gz is
 * kept, so that a data tar that got lost is made again without network.
 */
#ifndef BUILD_FETCH_H
#define BUILD_FETCH_H

#include "base/memory.h"
#include "io/cache.h"
#include "io/http.h"
#include "spec/list.h"
#include "spec/releases.h"

#define FETCH_DOCUMENT_MAX ((uint64_t)1 << 20) /* yaml, checksum files */
#define FETCH_ROOTFS_MAX ((uint64_t)256 << 20) /* compressed minirootfs */
#define FETCH_TAR_MAX ((uint64_t)2 << 30)      /* uncompressed */

enum trust {
	TRUST_PINNED, /* by manifests/releases.json */
	TRUST_SHA512, /* by the mirror's .sha512 */
	TRUST_SHA256, /* by the mirror's .sha256 */
};

/* One minirootfs. Strings live in the arena of fetch_resolve(). */
struct input {
	const char *arch;    /* Alpine's name; set by the caller */
	const char *alpine;  /* "3.18.9" or "3.18"; set by the caller */
	const char *version; /* exact; set by fetch_resolve(), as the rest */
	const char *file;
	const char *url_path; /* "v3.18/releases/armv7/alpine-..." */
	enum trust trust;
	struct digest want; /* sha256 or sha512 of the .tar.gz */
	uint64_t size;	    /* of the .tar.gz; 0: not known */
	/* set by fetch_inputs() */
	struct digest sha256;	  /* of the .tar.gz */
	struct digest tar_digest; /* SHA-256 of the data tar */
	uint64_t tar_size;
	bool from_cache; /* nothing was downloaded for it */
};

struct fetch_options {
	const struct string_list *mirrors; /* base URLs, in order */
	const struct cache *cache;
	const struct release_pins *pins;
	bool offline;  /* cache and file: mirrors only */
	bool archives; /* the .tar.gz is wanted, too, not just what is in it */
	unsigned jobs; /* downloads and unpackings at once */
	struct progress *progress;
	const volatile int *cancel;
};

/*
 * Settles version, file, digest and size of each input. An exact version that
 * is pinned needs no network. Inputs of one branch may settle on different
 * versions where a mirror is being updated: the caller decides about that.
 * Documents come from a mirror, or offline from the cache. Errors:
 * ERROR_NOT_FOUND (no such release; with the newest ones that are known),
 * ERROR_NETWORK / ERROR_OFFLINE with the URLs tried and the remedies (--mirror,
 * ALPBUILD_MIRROR, `alpbuild fetch` beforehand).
 */
int fetch_resolve(struct input *inputs, size_t n,
	const struct fetch_options *options, struct arena *arena,
	struct error *err) MUST_CHECK;

/* Makes sure that the data tar of each input is in the cache. */
int fetch_inputs(struct input *inputs, size_t n,
	const struct fetch_options *options, struct error *err) MUST_CHECK;

/*
 * Opens the data tar of an input, unchecked: build/base_tar.h checks it while
 * it is used. One that vanished from the cache is fetched again, once. *path
 * is malloc'd.
 */
int fetch_open_tar(const struct input *input,
	const struct fetch_options *options, int *fd, char **path,
	struct error *err) MUST_CHECK;

#endif
