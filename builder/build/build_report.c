/* SPDX-License-Identifier: MIT */
#include "build/build_report.h"

#include <string.h>

#include "build/lock.h"
#include "rootfs/audit.h"

static void fill_scripts(
	struct report *report, const struct ledger *ledger, struct arena *arena)
{
	report->nscripts = ledger->n;
	report->scripts =
		arena_alloc(arena, (ledger->n + 1) * sizeof(*report->scripts));
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_entry *from = &ledger->items[i];
		char hex[DIGEST_HEX_SIZE];

		report->scripts[i] = (struct report_script){
			.package = from->package,
			.version = from->version,
			.script = script_names[from->kind],
			.sha256 = arena_strdup(
				arena, digest_hex(&from->sha256, hex)),
			.outcome = script_outcomes[from->outcome],
			.note = from->note ? from->note : "",
			.acknowledged = from->acknowledged,
		};
	}
}

static void fill_packages(struct report *report, const struct package_set *set,
	struct arena *arena)
{
	struct lock_arch arch = { .npackages = 0 };

	if (!set)
		return;
	lock_arch_from_set(&arch, set, arena);
	report->packages = arch.packages;
	report->npackages = arch.npackages;
}

int build_report_make(struct arch_build *b, struct error *err)
{
	struct arena *arena = &b->assembly.arena;
	struct report *report = &b->report;
	const struct input *input = b->plan->input;
	const struct audit_options options = { .depth = AUDIT_CONTENTS,
		.digest = base_digests_find,
		.ctx = &b->digests };
	char hex[DIGEST_HEX_SIZE], text[DIGEST_TEXT_SIZE];

	/* What a first try left is in an arena that is no more. */
	memset(report, 0, sizeof(*report));
	report->image = b->image->name;
	report->arch = b->plan->arch->name;
	report->alpine = b->image->alpine;
	report->epoch = b->assembly.epoch;
	report->diff_id =
		arena_strdup(arena, digest_text(&b->layer.diff_id, text));
	report->minirootfs = (struct lock_minirootfs){
		.version = input->version,
		.path = input->url_path,
		.sha256 = arena_strdup(arena, digest_hex(&input->sha256, hex)),
	};
	report->router = b->plan->manifest.router;
	fill_packages(report, b->plan->packages, arena);
	fill_scripts(report, &b->assembly.ledger, arena);
	return audit_origins(report, &b->assembly.tree, &options, arena, err);
}

void build_report_print(
	const struct arch_build *b, const struct tag *tag, struct buf *text)
{
	struct report report = b->report;

	report.tag = tag->text;
	report_print(&report, text);
}
