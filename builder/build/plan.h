/* SPDX-License-Identifier: MIT
 *
 * plan: what will be built, from which inputs, into which files: pure data
 * that can be printed, nothing open. An image_plan is one manifest; each of
 * its arch_plans is one architecture of it.
 *
 * Tags: channel release gives v<alpine>-<version>; latest gives that one and
 * v<alpine>-latest and latest; devel gives v<alpine>-devel-<version>. Each tag
 * has files of its own: <image>-<tag>-<arch>.tar, and <image>-<tag>.oci.tar
 * (with -<arch> before .oci.tar when only one architecture is built), or the
 * folder <image>-<tag>.oci (-<arch> likewise). Beside them stands a report for
 * each architecture: <image>-<tag>-<arch>.report.json.
 */
#ifndef BUILD_PLAN_H
#define BUILD_PLAN_H

#include "build/fetch.h"
#include "build/package_set.h"
#include "build/project.h"
#include "build/provenance.h"
#include "spec/manifest.h"
#include "spec/overlay_spec.h"

enum channel { CHANNEL_RELEASE, CHANNEL_LATEST, CHANNEL_DEVEL };

#define PLAN_TAGS_MAX 3

struct tag {
	const char *text;
	bool immutable; /* a release: never overwritten without --force */
};

struct overlay_plan {
	const char *name, *dir;
	struct overlay_spec spec;
};

struct arch_plan {
	const struct arch *arch;
	struct manifest manifest; /* as it is for this architecture */
	struct overlay_plan *overlays;
	size_t noverlays;
	struct input *input; /* shared by plans that want the same one */
	struct package_set *packages; /* NULL: the manifest wants none */
	struct pair_list variables;   /* for templates, built-in ones too */
};

struct image_plan {
	const char *manifest_path;
	const char *name, *version;
	struct arch_plan *archs;
	size_t narchs;
	unsigned formats;   /* of enum format */
	const char *alpine; /* exact version, the same for all */
	struct tag tags[PLAN_TAGS_MAX];
	size_t ntags;
	struct provenance provenance;
};

struct build_plan {
	struct image_plan *images;
	size_t nimages;
	struct input *inputs; /* without duplicates */
	size_t ninputs;
};

/* What the command line asks for; everything is borrowed. */
struct plan_request {
	struct string_list images; /* names in manifests/ */
	const char *file;	   /* --file, NULL: none */
	struct string_list archs;  /* names or aliases; empty: all of it */
	const char *alpine;	   /* --alpine, NULL: the manifest's */
	unsigned formats;	   /* 0: the manifest's */
	enum channel channel;
};

/*
 * Reads manifests and overlays and decides what to build. Inputs are listed,
 * not resolved: plan_settle() does the rest after fetch_resolve(), and
 * build/packages.h with the packages; packages_release() is due in any case.
 */
int plan_make(struct build_plan *plan, const struct project *project,
	const struct plan_request *request, struct arena *arena,
	struct error *err) MUST_CHECK;

/* Versions are known now: tags and template variables follow. */
int plan_settle(struct build_plan *plan, enum channel channel,
	struct arena *arena, struct error *err) MUST_CHECK;

/* Names of files, relative to the output folder; in the arena. */
const char *plan_routeros_file(const struct image_plan *image,
	const struct arch_plan *arch, const struct tag *tag,
	struct arena *arena);
const char *plan_report_file(const struct image_plan *image,
	const struct arch_plan *arch, const struct tag *tag,
	struct arena *arena);
const char *plan_layout_name(const struct image_plan *image,
	const struct tag *tag, enum format format, struct arena *arena);

/* -1: unknown name. */
int channel_parse(const char *name, enum channel *channel) MUST_CHECK;
/* "routeros,oci" to a set of formats; ERROR_USAGE. */
int formats_parse(
	const char *list, unsigned *formats, struct error *err) MUST_CHECK;

#endif
