/* SPDX-License-Identifier: MIT
 *
 * A mirror's latest-releases.yaml: a sequence of mappings, one a file. It
 * comes from a mirror that need not be trusted: anchors and aliases (bombs),
 * tags, deep nesting, several documents and repeated keys are refused. Every
 * scalar is taken as text: YAML 1.1 would read `time: 11:36:21` as a number.
 */
#include <string.h>
#include <yaml.h>

#include "spec/releases.h"
#include "spec/syntax.h"

#define YAML_MAX ((size_t)1 << 20) /* bytes of a document */
#define YAML_DEPTH_MAX 8
#define FILE_SIZE_MAX ((uint64_t)1 << 32) /* bytes of a minirootfs */
#define FILE_MAX_BYTES 255		  /* of a file's name */
#define FLAVOR "alpine-minirootfs"

enum key {
	KEY_FLAVOR,
	KEY_VERSION,
	KEY_FILE,
	KEY_ARCH,
	KEY_LAST_REQUIRED = KEY_ARCH,
	KEY_SIZE,
	KEY_SHA256,
	KEY_SHA512,
	NKEYS
};

static const char *const key_names[NKEYS] = { "flavor", "version", "file",
	"arch", "size", "sha256", "sha512" };

/* One mapping: the values of the keys above and their lines. */
struct entry {
	const char *values[NKEYS];
	unsigned lines[NKEYS];
	unsigned line;
};

struct reader {
	yaml_parser_t parser;
	const char *name;
	struct arena *arena;
	unsigned depth;
};

static int complain(const struct reader *r, unsigned line, const char *text,
	struct error *err)
{
	return error_set(err, ERROR_INPUT, "%s:%u: %s", r->name, line, text);
}

static unsigned line_of(const yaml_mark_t *mark)
{
	return (unsigned)mark->line + 1;
}

static int syntax_error(const struct reader *r, struct error *err)
{
	const yaml_parser_t *p = &r->parser;

	return error_set(err, ERROR_INPUT, "%s:%u: not valid YAML: %s", r->name,
		line_of(&p->problem_mark),
		p->problem ? p->problem : "unknown problem");
}

/* Why an event is not accepted; NULL: it is. */
static const char *refusal(const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (event->type == YAML_ALIAS_EVENT)
		return "aliases are not accepted";
	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		if (memchr(event->data.scalar.value, 0,
			    event->data.scalar.length))
			return "text with a NUL is not accepted";
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor)
		return "anchors are not accepted";
	return tag ? "tags are not accepted" : NULL;
}

/* An event without its memory; its text (of a scalar, or NULL) is in the arena.
 */
struct step {
	yaml_event_type_t type;
	unsigned line;
	const char *text;
};

static int next(struct reader *r, struct step *step, struct error *err)
{
	yaml_event_t event;
	const char *refused;

	memset(step, 0, sizeof(*step));
	if (!yaml_parser_parse(&r->parser, &event))
		return syntax_error(r, err);
	refused = refusal(&event);
	step->type = event.type;
	step->line = line_of(&event.start_mark);
	if (event.type == YAML_SCALAR_EVENT)
		step->text = arena_slice(
			r->arena, slice_make(event.data.scalar.value,
					  event.data.scalar.length));
	yaml_event_delete(&event);
	if (step->type == YAML_SEQUENCE_START_EVENT ||
		step->type == YAML_MAPPING_START_EVENT)
		r->depth++;
	if (step->type == YAML_SEQUENCE_END_EVENT ||
		step->type == YAML_MAPPING_END_EVENT)
		r->depth--;
	if (r->depth > YAML_DEPTH_MAX)
		refused = "nested too deep";
	return refused ? complain(r, step->line, refused, err) : 0;
}

static int expect(struct reader *r, yaml_event_type_t type, const char *what,
	struct error *err)
{
	struct step step;

	if (next(r, &step, err))
		return -1;
	if (step.type == type)
		return 0;
	return error_set(err, ERROR_INPUT, "%s:%u: expected %s", r->name,
		step.line, what);
}

/* The rest of a value whose first event was `step`. */
static int skip_value(
	struct reader *r, const struct step *first, struct error *err)
{
	struct step step = *first;
	unsigned depth = r->depth;

	if (step.type == YAML_SCALAR_EVENT)
		return 0;
	while (r->depth >= depth) {
		if (next(r, &step, err))
			return -1;
	}
	return 0;
}

static int set_value(struct reader *r, struct entry *entry, enum key key,
	const struct step *step, struct error *err)
{
	if (entry->values[key])
		return error_set(err, ERROR_INPUT, "%s:%u: duplicate key %s",
			r->name, step->line, key_names[key]);
	if (step->type != YAML_SCALAR_EVENT)
		return error_set(err, ERROR_INPUT,
			"%s:%u: %s: expected a single value", r->name,
			step->line, key_names[key]);
	entry->values[key] = step->text;
	entry->lines[key] = step->line;
	return 0;
}

static enum key key_of(const char *text)
{
	enum key key = 0;

	while (key < NKEYS && strcmp(key_names[key], text) != 0)
		key++;
	return key;
}

/* A mapping whose start was read. */
static int read_entry(struct reader *r, struct entry *entry, struct error *err)
{
	struct step key, value;

	for (;;) {
		if (next(r, &key, err))
			return -1;
		if (key.type == YAML_MAPPING_END_EVENT)
			return 0;
		if (key.type != YAML_SCALAR_EVENT)
			return complain(r, key.line, "expected a key", err);
		if (next(r, &value, err))
			return -1;
		if (key_of(key.text) < NKEYS &&
			set_value(r, entry, key_of(key.text), &value, err))
			return -1;
		if (skip_value(r, &value, err))
			return -1;
	}
}

/* Reads the sequence to its end; *found is the minirootfs' entry. */
static int read_entries(
	struct reader *r, struct entry *found, struct error *err)
{
	struct step step;

	for (;;) {
		struct entry entry = { 0 };

		if (next(r, &step, err))
			return -1;
		if (step.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		if (step.type != YAML_MAPPING_START_EVENT)
			return complain(
				r, step.line, "expected a mapping", err);
		entry.line = step.line;
		if (read_entry(r, &entry, err))
			return -1;
		if (!entry.values[KEY_FLAVOR] ||
			strcmp(entry.values[KEY_FLAVOR], FLAVOR) != 0)
			continue;
		if (found->line)
			return complain(r, entry.line,
				"a second entry of flavor " FLAVOR, err);
		*found = entry;
	}
}

static int read_document(
	struct reader *r, struct entry *found, struct error *err)
{
	if (expect(r, YAML_STREAM_START_EVENT, "a YAML stream", err) ||
		expect(r, YAML_DOCUMENT_START_EVENT, "a document", err) ||
		expect(r, YAML_SEQUENCE_START_EVENT, "a list of releases",
			err) ||
		read_entries(r, found, err) ||
		expect(r, YAML_DOCUMENT_END_EVENT, "the document's end", err))
		return -1;
	return expect(r, YAML_STREAM_END_EVENT, "one document only", err);
}

/* It becomes a part of a URL and of a path. */
static bool is_file(const char *text)
{
	return strlen(text) <= FILE_MAX_BYTES &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._+-")] &&
	       slice_starts(slice_of(text), FLAVOR "-") &&
	       slice_ends(slice_of(text), ".tar.gz");
}

static bool is_size(const char *text)
{
	uint64_t size;

	return !slice_to_u64(slice_of(text), 10, FILE_SIZE_MAX, &size);
}

static bool is_sha512(const char *text)
{
	return strlen(text) == 128 && !text[strspn(text, "0123456789abcdef")];
}

static const struct string_rule file_rule = { is_file,
	"a name such as " FLAVOR "-3.18.9-armv7.tar.gz" };
static const struct string_rule size_rule = { is_size,
	"bytes from 0 to 4294967296" };
static const struct string_rule sha512_rule = { is_sha512,
	"128 lower-case hexadecimal digits" };

static int check_value(const struct reader *r, const struct entry *entry,
	enum key key, const struct string_rule *rule, struct error *err)
{
	const char *text = entry->values[key];
	bool is_shown;

	if (!text || rule->accepts(text))
		return 0;
	is_shown = syntax_is_printable(text, "") && strlen(text) < 80;
	return error_set(err, ERROR_INPUT, "%s:%u: %s: expected %s%s%s",
		r->name, entry->lines[key], key_names[key], rule->expected,
		is_shown ? ", found " : "", is_shown ? text : "");
}

static int check_entry(
	const struct reader *r, const struct entry *entry, struct error *err)
{
	static const struct string_rule *const rules[NKEYS] = {
		[KEY_VERSION] = &syntax_release,
		[KEY_FILE] = &file_rule,
		[KEY_ARCH] = &syntax_arch,
		[KEY_SIZE] = &size_rule,
		[KEY_SHA256] = &syntax_sha256,
		[KEY_SHA512] = &sha512_rule,
	};

	for (enum key key = KEY_VERSION; key < NKEYS; key++) {
		if (!entry->values[key] && key <= KEY_LAST_REQUIRED)
			return error_set(err, ERROR_INPUT,
				"%s:%u: missing key %s", r->name, entry->line,
				key_names[key]);
		if (check_value(r, entry, key, rules[key], err))
			return -1;
	}
	return 0;
}

static int read_release(
	struct reader *r, struct latest_release *out, struct error *err)
{
	struct entry entry = { 0 };

	if (read_document(r, &entry, err))
		return -1;
	if (!entry.line)
		return error_set(err, ERROR_INPUT,
			"%s: no entry of flavor " FLAVOR, r->name);
	if (check_entry(r, &entry, err))
		return -1;
	out->version = entry.values[KEY_VERSION];
	out->file = entry.values[KEY_FILE];
	out->arch = entry.values[KEY_ARCH];
	out->sha256 = entry.values[KEY_SHA256];
	out->sha512 = entry.values[KEY_SHA512];
	out->size = 0;
	if (entry.values[KEY_SIZE])
		return slice_to_u64(slice_of(entry.values[KEY_SIZE]), 10,
			FILE_SIZE_MAX, &out->size);
	return 0;
}

int latest_release_parse(struct latest_release *out, const char *name,
	struct slice text, struct arena *arena, struct error *err)
{
	struct reader r = { .name = name, .arena = arena };
	int ret;

	if (text.len > YAML_MAX)
		return error_set(err, ERROR_INPUT,
			"%s: %zu bytes (at most %zu)", name, text.len,
			YAML_MAX);
	if (!yaml_parser_initialize(&r.parser))
		return error_set(
			err, ERROR_MEMORY, "%s: libyaml: out of memory", name);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)text.ptr, text.len);
	ret = read_release(&r, out, err);
	yaml_parser_delete(&r.parser);
	return ret;
}
