/* SPDX-License-Identifier: MIT
 *
 * report: how results look: text for people, JSON for machines.
 */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "build/image.h"
#include "cmd/request.h"

#define SIZE_TEXT 16

/* "7.6 MiB" */
const char *report_size(uint64_t bytes, char text[SIZE_TEXT]);

/*
 * Prints text that comes from outside to a stream: control characters, which
 * a terminal would obey, become "?". A newline passes only when kept.
 */
enum report_newlines { NEWLINES_MASKED, NEWLINES_KEPT };
void report_text(FILE *stream, const char *text, enum report_newlines newlines);

/* Text from outside as JSON: "?" for each byte that is no UTF-8; NULL: null. */
json_t *report_text_json(const char *text);
/* A list of its lines, up to the first empty one; NULL: an empty list. */
json_t *report_lines_json(const char *lines);

/* Prints a document, indented, with a newline; takes it over. */
void report_json(json_t *owned_document);
/* The error on stderr; with --json also {"error": {...}} on stdout. */
void report_error(const struct request *request, const struct error *err);

/* Warns where a version is newer than what is known; how: "judged as that". */
void report_future(const struct routeros_version *version, const char *how);
/* One image that was built, or that is up to date. */
void report_image(const struct request *request, const struct image_plan *image,
	const struct image_result *result);
json_t *report_image_json(
	const struct image_plan *image, const struct image_result *result);

/* What would be done, as text or as JSON. */
void report_plan(const struct request *request, const struct build_plan *plan);

/* "routeros", "oci", "oci-dir" */
const char *report_format(enum format format);

#endif
