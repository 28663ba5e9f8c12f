/* SPDX-License-Identifier: MIT */
#include "cmd/report_check.h"

#include <stdio.h>
#include <string.h>

#include "routeros/remedy.h"
#include "routeros/verdict.h"

#define PLACES_TOLD 5 /* of one rule */

struct printing {
	FILE *out;
	const struct check *check;
	const struct routeros_version *asked;
	struct arena arena;
};

/* Names come from foreign files: nothing reaches the terminal raw. */
static void put(const struct printing *p, const char *text)
{
	report_text(p->out, text, NEWLINES_MASKED);
}

const char *check_form_name(const struct check *check)
{
	static const char *const forms[] = {
		[ARCHIVE_DOCKER] = "docker-archive",
		[ARCHIVE_OCI] = "oci",
		[ARCHIVE_OCI_DIR] = "oci-dir",
		[ARCHIVE_HYBRID] = "hybrid",
		[ARCHIVE_DIR] = "dir",
	};

	return check->nimages ? forms[check->archive.form] : "no image";
}

/* ---- what it is -------------------------------------------------------- */

static void print_image(const struct printing *p, const struct check_image *one)
{
	const struct archive_image *image = one->image;
	char size[SIZE_TEXT];

	fprintf(p->out, "  ");
	put(p, one->platform);
	fprintf(p->out, ", %zu %s", image->nlayers,
		image->nlayers == 1 ? "layer" : "layers");
	if (one->is_read)
		fprintf(p->out, ", %zu entries, %s unpacked", one->nfiles,
			report_size(one->unpacked, size));
	for (size_t i = 0; i < image->ntags; i++) {
		fprintf(p->out, i ? " " : ", tag ");
		put(p, image->tags[i]);
	}
	fputc('\n', p->out);
}

static void print_head(const struct printing *p)
{
	const struct check *check = p->check;
	char size[SIZE_TEXT];

	put(p, check->path);
	fprintf(p->out, ": %s", check_form_name(check));
	if (check->compression)
		fprintf(p->out, ", %s", check->compression);
	if (!check->is_folder)
		fprintf(p->out, ", %s", report_size(check->size, size));
	fputc('\n', p->out);
	for (size_t i = 0; i < check->nimages; i++)
		print_image(p, &check->images[i]);
}

/* While it is imported, archive and root-dir are on the disk at once. */
static void print_space(const struct printing *p)
{
	const struct check *check = p->check;
	const struct check_image *one = &check->images[0];
	char size[SIZE_TEXT];

	if (check->nimages == 1 && one->is_read && !check->is_folder)
		fprintf(p->out, "  space needed while it is imported: %s\n",
			report_size(check->size + one->unpacked +
					    one->unpacked / 10,
				size));
}

/* ---- verdicts ---------------------------------------------------------- */

static void print_verdict(
	const struct printing *p, const struct check_verdict *verdict)
{
	char from[ROUTEROS_VERSION_TEXT], to[ROUTEROS_VERSION_TEXT];
	SCOPED_FREE char *range = memory_printf("%s - %s",
		routeros_version_text(&verdict->from, from),
		routeros_version_text(&verdict->to, to));

	fprintf(p->out, "  RouterOS %-15s %s",
		routeros_version_cmp(&verdict->from, &verdict->to) ? range
								   : from,
		check_outcome_text(verdict->outcome));
	for (size_t i = 0; i < verdict->nrules; i++)
		fprintf(p->out, "%s%s", i ? ", " : " (",
			check_rules[verdict->rules[i]].id);
	fprintf(p->out, "%s\n", verdict->nrules ? ")" : "");
}

static void print_verdicts(const struct printing *p)
{
	struct check_verdicts verdicts;

	verdicts_make(&verdicts, &p->check->findings, p->asked);
	for (size_t i = 0; i < verdicts.n; i++)
		print_verdict(p, &verdicts.items[i]);
}

/* ---- findings ---------------------------------------------------------- */

static void print_place(
	const struct printing *p, const struct check_finding *finding)
{
	if (!finding->place && !finding->text && !finding->platform)
		return;
	fprintf(p->out, "  ");
	if (finding->platform) {
		put(p, finding->platform);
		fprintf(p->out, finding->place || finding->text ? ": " : "");
	}
	put(p, finding->place ? finding->place : "");
	fprintf(p->out, finding->place && finding->text ? ": " : "");
	put(p, finding->text ? finding->text : "");
	fputc('\n', p->out);
}

static void print_places(const struct printing *p, enum check_rule_id rule)
{
	const struct check_findings *findings = &p->check->findings;
	size_t told = 0;

	for (size_t i = 0; i < findings->n && told < PLACES_TOLD; i++) {
		if (findings->items[i].rule != rule)
			continue;
		print_place(p, &findings->items[i]);
		told++;
	}
	if (findings->counts[rule] > told)
		fprintf(p->out, "  and %zu more\n",
			findings->counts[rule] - told);
}

static void print_rule(const struct printing *p, enum check_rule_id id)
{
	const struct check_rule *rule = &check_rules[id];
	char range[ROUTEROS_RANGE_TEXT];

	fprintf(p->out, "\n%s %s: %s\n", check_level_name(rule->level),
		rule->id, rule->title);
	print_places(p, id);
	fprintf(p->out, "  %s: %s\n", routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
	if (rule->message)
		fprintf(p->out, "  the router says: %s\n", rule->message);
	fprintf(p->out, "  remedy: %s\n", rule->advice);
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
		fprintf(p->out, "%s%s", n++ ? ", " : "\nto mend ",
			check_rules[i].id);
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
	fprintf(p->out, "%s\n", ":");
	while (slice_cut(&rest, '\n', &line) && line.len) {
		fprintf(p->out, "  ");
		put(p, arena_slice(&p->arena, line));
		fputc('\n', p->out);
	}
}

void check_print(FILE *out, const struct check *check,
	const struct routeros_version *asked)
{
	struct printing p = { out, check, asked, { 0 } };

	arena_init(&p.arena);
	print_head(&p);
	print_space(&p);
	print_verdicts(&p);
	print_rules(&p);
	for (enum remedy_kind i = REMEDY_NONE + 1; i < REMEDY_COUNT; i++)
		print_remedy(&p, i);
	arena_release(&p.arena);
}
