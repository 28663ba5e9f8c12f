/* SPDX-License-Identifier: MIT */
#include "cmd/check_result.h"

#include <string.h>

#include "base/mask.h"
#include "cmd/file_uri.h"
#include "routeros/remedy.h"

#define TEXT_MAX ((size_t)64 << 10)
#define PLACE_SHOWN 256 /* bytes of a path */
#define WORDS_SHOWN 1024
/* A hostile image may have the longest tags, and hundreds of findings. */
#define COMMANDS_SHOWN 2048

/* What the results of one rule in one file share. */
struct making {
	struct check_results *results;
	const struct check *check;
	const struct check_rule *rule;
	const char *path, *commands;
};

/* ---- words ------------------------------------------------------------- */

/* Foreign text on one line: nothing that steers a terminal or a page. */
static void add_foreign(struct buf *out, const char *text, size_t max)
{
	const size_t start = out->len;

	while (*text) {
		size_t n = slice_character(
			slice_make(text, strnlen(text, UTF8_MAX)));

		if (out->len - start + n > max) {
			buf_add_str(out, "...");
			return;
		}
		if (n && !mask_length(text))
			buf_add(out, text, n);
		else
			buf_add_str(out, "?");
		text += n ? n : 1;
	}
}

void check_result_sentence(struct buf *out, const char *text)
{
	const char first = *text;
	const size_t word = strcspn(text, " ");

	/* manifest.json and etc/inittab are names. */
	if (first >= 'a' && first <= 'z' && strcspn(text, "./") >= word) {
		buf_printf(out, "%c", first - 'a' + 'A');
		text++;
	}
	buf_add_str(out, text);
}

static void add_place(struct buf *out, const struct check_finding *finding)
{
	const char *const parts[] = { finding->platform, finding->place,
		finding->text };
	const char *sep = " (";

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!parts[i] || !*parts[i])
			continue;
		buf_add_str(out, sep);
		add_foreign(out, parts[i],
			parts[i] == finding->place ? PLACE_SHOWN : WORDS_SHOWN);
		sep = ": ";
	}
	buf_add_str(out, *sep == ':' ? ")." : ".");
}

static void add_commands(struct buf *out, const char *commands)
{
	struct slice rest = slice_of(commands), line;
	const char *sep = " To mend it: ";

	while (slice_cut(&rest, '\n', &line) && line.len) {
		SCOPED_FREE char *text = slice_dup(line);

		buf_add_str(out, sep);
		add_foreign(out, text, COMMANDS_SHOWN);
		sep = "; ";
	}
}

static const char *text_of(const struct making *m,
	const struct check_finding *finding, size_t untold)
{
	const struct check_rule *rule = m->rule;
	char range[ROUTEROS_RANGE_TEXT];
	SCOPED_BUF struct buf out;

	buf_init(&out, TEXT_MAX);
	check_result_sentence(&out, rule->title);
	add_place(&out, finding);
	if (untold)
		buf_printf(&out, " And %zu more that are not listed.", untold);
	buf_printf(&out, " RouterOS, %s: %s.",
		routeros_range_text(&rule->range, range),
		check_effect_name(rule->effect));
	if (rule->message)
		buf_printf(&out, " The router says: %s.", rule->message);
	buf_printf(&out, " Remedy: %s.", rule->advice);
	if (m->commands)
		add_commands(&out, m->commands);
	return arena_slice(&m->results->arena, buf_slice(&out));
}

/* ---- identity ---------------------------------------------------------- */

static void hash_text(struct digester *digester, const char *text)
{
	/* With its NUL: no text runs into the next one. */
	digester_add(digester, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* nth: of those that have all else in common, from 0. */
static void fingerprint(const struct making *m,
	const struct check_finding *finding, size_t nth,
	char hex[DIGEST_HEX_SIZE])
{
	struct digester *digester = digester_new(DIGEST_SHA256);
	struct digest digest;
	char number[24];

	snprintf(number, sizeof(number), "%zu", nth);
	hash_text(digester, "alpbuild check, 1");
	hash_text(digester, m->path);
	hash_text(digester, m->rule->id);
	hash_text(digester, finding->platform);
	hash_text(digester, finding->place);
	hash_text(digester, number);
	digest = digester_finish(digester);
	digester_free(digester);
	digest_hex(&digest, hex);
}

/* How often the first one of its kind was there so far; counts it. */
static size_t count_seen(json_t *seen, const char *first)
{
	const json_int_t n = json_integer_value(json_object_get(seen, first));

	json_object_set_new(seen, first, json_integer(n + 1));
	return (size_t)n;
}

static void identify(const struct making *m,
	const struct check_finding *finding, char hex[DIGEST_HEX_SIZE])
{
	size_t nth;

	fingerprint(m, finding, 0, hex);
	nth = count_seen(m->results->seen, hex);
	if (nth)
		fingerprint(m, finding, nth, hex);
}

/* ---- results ----------------------------------------------------------- */

static void add_result(const struct making *m,
	const struct check_finding *finding, size_t untold)
{
	struct check_results *all = m->results;
	struct check_result *result;

	all->items = arena_grow(&all->arena, all->items, all->n, &all->cap,
		sizeof(*all->items));
	result = &all->items[all->n++];
	*result = (struct check_result){ .rule = finding->rule,
		.finding = finding,
		.text = text_of(m, finding, untold),
		.commands = m->commands };
	identify(m, finding, result->fingerprint);
}

/* The last one tells how many were not kept. */
static void add_rule(struct making *m, enum check_rule_id id)
{
	const struct check_findings *findings = &m->check->findings;
	const char *commands;
	size_t left = findings->counts[id];

	m->rule = &check_rules[id];
	commands =
		remedy_commands(m->rule->remedy, m->check, &m->results->arena);
	m->commands = commands && strlen(commands) <= COMMANDS_SHOWN ? commands
								     : NULL;
	for (size_t i = 0, told = 0; i < findings->n; i++) {
		if (findings->items[i].rule != id)
			continue;
		told++;
		left--;
		add_result(m, &findings->items[i],
			told == FINDINGS_KEPT ? left : 0);
	}
}

void check_results_init(struct check_results *results)
{
	memset(results, 0, sizeof(*results));
	arena_init(&results->arena);
	results->seen = json_object();
}

void check_results_release(struct check_results *results)
{
	arena_release(&results->arena);
	json_decref(results->seen);
}

void check_results_make(struct check_results *results,
	const struct check *check, const struct routeros_version *asked)
{
	struct making m = { .results = results, .check = check };

	arena_release(&results->arena);
	arena_init(&results->arena);
	results->items = NULL;
	results->n = results->cap = 0;
	m.path = file_uri_path(check->path, &results->arena);
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (findings_apply(&check->findings, i, asked))
			add_rule(&m, i);
	}
}
