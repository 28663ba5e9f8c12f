/* SPDX-License-Identifier: MIT
 *
 * ledger: what became of every script and trigger of the packages that were
 * installed. Nothing is ever run: a script is emulated on the tree, or not
 * needed in an image, or not run, which the manifest must acknowledge.
 */
#ifndef ROOTFS_LEDGER_H
#define ROOTFS_LEDGER_H

#include "apk/scripts_archive.h"
#include "io/digest.h"
#include "spec/manifest.h"

enum script_outcome { SCRIPT_EMULATED, SCRIPT_NOT_NEEDED, SCRIPT_NOT_RUN };
extern const char *const script_outcomes[SCRIPT_NOT_RUN + 1];

struct ledger_entry {
	const char *package, *version;
	enum script_kind kind;
	struct digest sha256; /* of the script */
	enum script_outcome outcome;
	const char *note;  /* what was done, why not needed, what it has that
			      is not understood ("line 7: if ...") */
	bool acknowledged; /* by the manifest; set by ledger_check() */
};

struct ledger {
	struct ledger_entry *items; /* in the order of the transaction */
	size_t n, cap;
	struct arena *arena; /* borrowed; owns everything here */
};

void ledger_init(struct ledger *ledger, struct arena *arena);
/* Strings are copied. */
void ledger_add(struct ledger *ledger, const struct script *script,
	enum script_outcome outcome, const char *note);

/*
 * ERROR_SCRIPTS when one that was not run is not acknowledged: names each
 * with its hash, and the JSON to put into the manifest. An acknowledgement
 * that matches no script is a warning (log_warn): it may go.
 */
int ledger_check(struct ledger *ledger, const struct acknowledged_script *list,
	size_t n, struct error *err) MUST_CHECK;

#endif
