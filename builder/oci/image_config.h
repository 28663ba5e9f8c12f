/* SPDX-License-Identifier: MIT
 *
 * image_config: the image's configuration (OCI image spec v1.1, "Image
 * Configuration"), which docker-archive shares. The JSON is compact with
 * sorted keys, so equal settings give equal bytes.
 */
#ifndef OCI_IMAGE_CONFIG_H
#define OCI_IMAGE_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "io/digest.h"

struct oci_label {
	const char *key, *value;
};

/* Everything is borrowed; NULL and 0 mean that the field is left out. */
struct image_config {
	const char *architecture; /* "arm" */
	const char *variant;	  /* "v7" */
	int64_t created;	  /* seconds UTC; always written */
	const char *const *entrypoint;
	size_t nentrypoint;
	const char *const *cmd;
	size_t ncmd;
	const char *const *env; /* "KEY=value" */
	size_t nenv;
	const char *working_dir, *user, *stop_signal;
	const struct oci_label *labels;
	size_t nlabels;
	const char *comment; /* of the one history entry: what built it */
	/* The whole "config" object of a foreign image, which says more than
	 * the fields above (Healthcheck, Shell, ...) and takes their place
	 * where the config is written; NULL: made of them. */
	const char *run_json;
};

/*
 * The JSON bytes, malloc'd (the caller frees), without a newline at the end.
 * Their length does not depend on the value of diff_id.
 */
char *image_config_json(
	const struct image_config *config, const struct digest *diff_id);

#endif
