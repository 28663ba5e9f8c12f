/* SPDX-License-Identifier: MIT
 *
 * check_result: what was found in a file, each place of it by itself, with the
 * words and the identity that SARIF and Code Quality have in common.
 *
 * A fingerprint is made of file, rule, platform and place, not of words, sizes
 * or digests: the same finding has the same one in the next run, whatever was
 * built meanwhile. In one document none is there twice.
 */
#ifndef CMD_CHECK_RESULT_H
#define CMD_CHECK_RESULT_H

#include "cmd/report.h"
#include "io/digest.h"
#include "routeros/check.h"

struct check_result {
	enum check_rule_id rule;
	const struct check_finding *finding; /* borrowed from the check */
	const char *text;     /* one line of UTF-8: what, where, when, remedy */
	const char *commands; /* lines that mend; NULL: none, or too long */
	char fingerprint[DIGEST_HEX_SIZE];
};

struct check_results {
	struct check_result *items; /* of one file, by rule */
	size_t n, cap;
	struct arena arena; /* owns what items point at */
	json_t *seen;	    /* fingerprints of all files so far; owned */
};

void check_results_init(struct check_results *results);
void check_results_release(struct check_results *results);
/* What matters of the next file, for a version (NULL: for any); takes the
 * place of the file before. */
void check_results_make(struct check_results *results,
	const struct check *check, const struct routeros_version *asked);

/* "The file is damaged" of "the file is damaged"; names stay as they are. */
void check_result_sentence(struct buf *out, const char *text);

#endif
