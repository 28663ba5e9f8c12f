/* SPDX-License-Identifier: MIT */
#include "rootfs/ledger.h"

#include <string.h>

#include "apk/shown.h"
#include "base/log.h"
#include "base/memory.h"

/* What an error's text has room for; the rest comes up next time. */
#define LISTED_MAX 6

const char *const script_outcomes[SCRIPT_NOT_RUN + 1] = {
	[SCRIPT_EMULATED] = "emulated",
	[SCRIPT_NOT_NEEDED] = "not needed",
	[SCRIPT_NOT_RUN] = "not run",
};

void ledger_init(struct ledger *ledger, struct arena *arena)
{
	*ledger = (struct ledger){ .arena = arena };
}

static void grow(struct ledger *ledger)
{
	size_t cap = ledger->cap ? 2 * ledger->cap : 16;
	struct ledger_entry *items =
		arena_alloc(ledger->arena, cap * sizeof(*items));

	if (ledger->n)
		memcpy(items, ledger->items, ledger->n * sizeof(*items));
	ledger->items = items;
	ledger->cap = cap;
}

void ledger_add(struct ledger *ledger, const struct script *script,
	enum script_outcome outcome, const char *note)
{
	if (ledger->n == ledger->cap)
		grow(ledger);
	ledger->items[ledger->n++] = (struct ledger_entry){
		.package = arena_slice(ledger->arena, script->package),
		.version = arena_slice(ledger->arena, script->version),
		.kind = script->kind,
		.sha256 = digest_of(
			DIGEST_SHA256, script->text.ptr, script->text.len),
		.outcome = outcome,
		.note = arena_strdup(ledger->arena, note ? note : ""),
	};
}

static bool is_of(const struct ledger_entry *entry, const char *package,
	const char *sha256)
{
	char hex[DIGEST_HEX_SIZE];

	return entry->outcome == SCRIPT_NOT_RUN &&
	       !strcmp(entry->package, package) &&
	       !strcmp(digest_hex(&entry->sha256, hex), sha256);
}

static void acknowledge(
	struct ledger *ledger, const struct acknowledged_script *ack)
{
	bool found = false;

	for (size_t i = 0; i < ledger->n; i++) {
		struct ledger_entry *entry = &ledger->items[i];

		if (!is_of(entry, ack->package, ack->sha256))
			continue;
		entry->acknowledged = true;
		found = true;
	}
	if (!found)
		log_warn("%s: no script of package %s with SHA-256 %.12s... "
			 "is left out: this acknowledgement may go",
			ack->place, ack->package, ack->sha256);
}

static bool is_missing(const struct ledger_entry *entry)
{
	return entry->outcome == SCRIPT_NOT_RUN && !entry->acknowledged;
}

/* Whether the same bytes of the same package are missing further up. */
static bool is_repeated(const struct ledger *ledger, size_t i)
{
	const struct ledger_entry *entry = &ledger->items[i];

	for (size_t j = 0; j < i; j++) {
		const struct ledger_entry *other = &ledger->items[j];

		if (is_missing(other) &&
			digest_eq(&other->sha256, &entry->sha256) &&
			!strcmp(other->package, entry->package))
			return true;
	}
	return false;
}

/* Indexes of what is to be shown; how many there are in all. */
static size_t list_missing(const struct ledger *ledger, size_t listed[])
{
	size_t n = 0;

	for (size_t i = 0; i < ledger->n; i++) {
		if (!is_missing(&ledger->items[i]) || is_repeated(ledger, i))
			continue;
		if (n < LISTED_MAX)
			listed[n] = i;
		n++;
	}
	return n;
}

static void print_json(const struct ledger *ledger, const size_t listed[],
	size_t n, struct buf *out)
{
	char hex[DIGEST_HEX_SIZE];

	buf_add_str(out, "\"scripts\": { \"acknowledge\": [");
	for (size_t i = 0; i < n; i++) {
		const struct ledger_entry *entry = &ledger->items[listed[i]];

		buf_printf(out,
			"%s\n  { \"package\": \"%s\", \"sha256\": \"%s\" }",
			i ? "," : "", entry->package,
			digest_hex(&entry->sha256, hex));
	}
	buf_add_str(out, "\n] }");
}

static int fail(const struct ledger *ledger, const size_t listed[],
	size_t nmissing, struct error *err)
{
	size_t n = nmissing < LISTED_MAX ? nmissing : LISTED_MAX;
	SCOPED_BUF struct buf text;

	buf_init(&text, ERROR_TEXT_SIZE);
	for (size_t i = 0; i < n; i++) {
		const struct ledger_entry *entry = &ledger->items[listed[i]];
		char note[SHOWN_SIZE];

		buf_printf(&text, "\n  %s-%s.%s: %s", entry->package,
			entry->version, script_names[entry->kind],
			shown(slice_of(entry->note), note));
	}
	if (nmissing > n)
		buf_printf(&text, "\n  and %zu more, not listed here",
			nmissing - n);
	buf_add_str(&text, "\nif the image can do without them, put into the "
			   "manifest:\n");
	print_json(ledger, listed, n, &text);
	return error_set(err, ERROR_SCRIPTS,
		"package scripts that alpbuild cannot carry out:%s", text.data);
}

int ledger_check(struct ledger *ledger, const struct acknowledged_script *list,
	size_t n, struct error *err)
{
	size_t listed[LISTED_MAX], nmissing;

	for (size_t i = 0; i < n; i++)
		acknowledge(ledger, &list[i]);
	nmissing = list_missing(ledger, listed);
	return nmissing ? fail(ledger, listed, nmissing, err) : 0;
}
