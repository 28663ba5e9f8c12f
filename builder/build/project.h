/* SPDX-License-Identifier: MIT
 *
 * project: where manifests, overlays and arch files are found: the nearest
 * folder, from the current one upwards, that holds both manifests/ and arch/;
 * else from the folder of the manifest upwards; else the folder that
 * `make install` filled (ALPBUILD_DATADIR).
 */
#ifndef BUILD_PROJECT_H
#define BUILD_PROJECT_H

#include "base/error.h"
#include "base/memory.h"
#include "spec/arch.h"
#include "spec/list.h"
#include "spec/releases.h"

struct project {
	const char *root; /* the folder; "." when it is the current one */
	struct arch_table archs;
	struct release_pins pins;
};

/*
 * Finds the project and reads arch files and pins. manifest: the --file, NULL
 * when there is none. Everything lives in the arena.
 */
int project_open(struct project *project, const char *manifest,
	struct arena *arena, struct error *err) MUST_CHECK;

/*
 * The manifest of an image by its name: <root>/manifests/<name>.json.
 * ERROR_NOT_FOUND with the nearest name and the ones there are.
 */
const char *project_manifest(const struct project *project, const char *image,
	struct arena *arena, struct error *err) MUST_CHECK;

/* The names of all images, sorted bytewise. */
int project_images(const struct project *project, struct string_list *names,
	struct arena *arena, struct error *err) MUST_CHECK;

/*
 * The folder of an overlay: beside the manifest's folder first
 * (<manifest>/../../rootfs-overlays), then in the project.
 */
const char *project_overlay(const struct project *project,
	const char *manifest_path, const char *overlay, struct arena *arena,
	struct error *err) MUST_CHECK;

#endif
