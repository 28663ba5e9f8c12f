/* SPDX-License-Identifier: MIT */
#include "cmd/report_check.h"

#include <stdio.h>
#include <string.h>

#include "routeros/remedy.h"
#include "routeros/verdict.h"

#define PLACES_TOLD 5 /* of one rule */

struct printing {
	const struct check *check;
	const struct routeros_version *asked;
	struct arena arena;
};

/* Names come from foreign files: nothing reaches the terminal raw. */
static void put(const char *text)
{
	report_text(stdout, text, NEWLINES_MASKED);
}

const char *check_form_name(const struct check *check)
{
	static const char *const forms[] = {
		[ARCHIVE_DOCKER] = "docker-archive",
		[ARCHIVE_OCI] = "oci",
		[ARCHIVE_OCI_DIR] = "oci-dir",
		[ARCHIVE_HYBRID] = "hybrid",
	};

	return check->nimages ? forms[check->archive.form] : "no image";
}

/* ---- what it is -------------------------------------------------------- */

static void print_image(const struct check_image *one)
{
	const struct archive_image *image = one->image;
	char size[SIZE_TEXT];

	printf("  ");
	put(one->platform);
	printf(", %zu %s", image->nlayers,
		image->nlayers == 1 ? "layer" : "layers");
	if (one->is_read)
		printf(", %zu entries, %s unpacked", one->nfiles,
			report_size(one->unpacked, size));
	for (size_t i = 0; i < image->ntags; i++) {
		printf(i ? " " : ", tag ");
		put(image->tags[i]);
	}
	putchar('\n');
}

static void print_head(const struct check *check)
{
	char size[SIZE_TEXT];

	put(check->path);
	printf(": %s", check_form_name(check));
	if (check->compression)
		printf(", %s", check->compression);
	if (!check->is_folder)
		printf(", %s", report_size(check->size, size));
	putchar('\n');
	for (size_t i = 0; i < check->nimages; i++)
		print_image(&check->images[i]);
}

/* While it is imported, archive and root-dir are on the disk at once. */
static void print_space(const struct check *check)
{
	const struct check_image *one = &check->images[0];
	char size[SIZE_TEXT];

	if (check->nimages == 1 && one->is_read && !check->is_folder)
		printf("  space needed while it is imported: %s\n",
			report_size(check->size + one->unpacked +
					    one->unpacked / 10,
				size));
}

/* ---- verdicts ---------------------------------------------------------- */

static void print_verdict(const struct check_verdict *verdict)
{
	char from[ROUTEROS_VERSION_TEXT], to[ROUTEROS_VERSION_TEXT];
	SCOPED_FREE char *range = memory_printf("%s - %s",
		routeros_version_text(&verdict->from, from),
		routeros_version_text(&verdict->to, to));

	printf("  RouterOS %-15s %s",
		routeros_version_cmp(&verdict->from, &verdict->to) ? range
								   : from,
		check_outcome_text(verdict->outcome));
	for (size_t i = 0; i < verdict->nrules; i++)
		printf("%s%s", i ? ", " : " (",
			check_rules[verdict->rules[i]].id);
	puts(verdict->nrules ? ")" : "");
}

static void print_verdicts(const struct printing *p)
{
	struct check_verdicts verdicts;

	verdicts_make(&verdicts, &p->check->findings, p->asked);
	for (size_t i = 0; i < verdicts.n; i++)
		print_verdict(&verdicts.items[i]);
}

/* ---- findings ---------------------------------------------------------- */

static void print_place(const struct check_finding *finding)
{
	if (!finding->place && !finding->text && !finding->platform)
		return;
	printf("  ");
	if (finding->platform) {
		put(finding->platform);
		printf(finding->place || finding->text ? ": " : "");
	}
	put(finding->place ? finding->place : "");
	printf(finding->place && finding->text ? ": " : "");
	put(finding->text ? finding->text : "");
	putchar('\n');
}

static void print_places(const struct printing *p, enum check_rule_id rule)
{
	const struct check_findings *findings = &p->check->findings;
	size_t told = 0;

	for (size_t i = 0; i < findings->n && told < PLACES_TOLD; i++) {
		if (findings->items[i].rule != rule)
			continue;
		print_place(&findings->items[i]);
		told++;
	}
	if (findings->counts[rule] > told)
		printf("  and %zu more\n", findings->counts[rule] - told);
}

static void print_rule(const struct printing *p, enum check_rule_id id)
{
	const struct check_rule *rule = &check_rules[id];
	char range[ROUTEROS_RANGE_TEXT];

	printf("\n%s %s: %s\n", check_level_name(rule->level), rule->id,
		rule->title);
	print_places(p, id);
	printf("  %s: %s\n", routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
	if (rule->message)
		printf("  the router says: %s\n", rule->message);
	printf("  remedy: %s\n", rule->advice);
}

/* The worst ones last, where they are seen. */
static void print_rules(const struct printing *p)
{
	for (enum check_level level = CHECK_NOTE; level <= CHECK_ERROR;
		level++) {
		for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
			if (check_rules[i].level == level &&
				findings_apply(
					&p->check->findings, i, p->asked))
				print_rule(p, i);
		}
	}
}

/* ---- remedies ---------------------------------------------------------- */

/* The rules that a remedy mends; how many there are. */
static size_t print_mended(const struct printing *p, enum remedy_kind remedy)
{
	size_t n = 0;

	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (check_rules[i].remedy != remedy ||
			!findings_apply(&p->check->findings, i, p->asked))
			continue;
		printf("%s%s", n++ ? ", " : "\nto mend ", check_rules[i].id);
	}
	return n;
}

static void print_remedy(struct printing *p, enum remedy_kind remedy)
{
	struct slice rest = slice_of(
			     remedy_commands(remedy, p->check, &p->arena)),
		     line;

	if (!rest.len || !print_mended(p, remedy))
		return;
	puts(":");
	while (slice_cut(&rest, '\n', &line) && line.len) {
		printf("  ");
		put(arena_slice(&p->arena, line));
		putchar('\n');
	}
}

void check_print(
	const struct check *check, const struct routeros_version *asked)
{
	struct printing p = { check, asked, { 0 } };

	arena_init(&p.arena);
	print_head(check);
	print_space(check);
	print_verdicts(&p);
	print_rules(&p);
	for (enum remedy_kind i = REMEDY_NONE + 1; i < REMEDY_COUNT; i++)
		print_remedy(&p, i);
	arena_release(&p.arena);
}
