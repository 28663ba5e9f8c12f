/* SPDX-License-Identifier: MIT */
#include "spec/rule_decode.h"

#include <string.h>

#include "base/path.h"
#include "spec/syntax.h"

/* In the order of enum rule_kind, without RULE_CHANGE. */
static const char *const kinds[] = { "directory", "symlink", "hardlink",
	"removal", NULL };

static int decode_kind(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct word_list list = { "type", kinds };
	size_t i;

	if (decode_word(d, v, &list, &i, err))
		return -1;
	*(enum rule_kind *)out = (enum rule_kind)(RULE_DIRECTORY + i);
	return 0;
}

/* A clean path that is not the root, in the arena. */
static int decode_path(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	SCOPED_FREE char *clean = NULL;
	const char *text;
	struct error inner;

	if (decode_string(d, v, &text, err))
		return -1;
	if (path_clean(text, PATH_FROM_SPEC, &clean, &inner))
		return decode_complain(d, v, err, "%s", inner.text);
	if (!*clean)
		return decode_complain(
			d, v, err, "the root itself cannot be meant");
	*(const char **)out = arena_strdup(d->arena, clean);
	return 0;
}

static int decode_target(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char **target = out;

	if (decode_string_as(d, v, &syntax_line, target, err))
		return -1;
	if (strlen(*target) >= PATH_TEXT_MAX)
		return decode_complain(d, v, err, "%zu bytes (at most %d)",
			strlen(*target), PATH_TEXT_MAX - 1);
	return 0;
}

static int decode_mode(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char *text;
	uint64_t mode;

	if (decode_string_as(d, v, &syntax_mode, &text, err))
		return -1;
	if (slice_to_u64(slice_of(text), 8, 07777, &mode))
		return decode_complain(d, v, err, "mode out of range");
	*(uint32_t *)out = (uint32_t)mode;
	return 0;
}

/* out: the rule. */
static int decode_owner(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct rule *rule = out;
	struct slice group, user;
	const char *text;

	if (decode_string_as(d, v, &syntax_owner, &text, err))
		return -1;
	group = slice_of(text);
	slice_cut(&group, ':', &user);
	if (user.len)
		rule->user = arena_slice(d->arena, user);
	if (group.len)
		rule->group = arena_slice(d->arena, group);
	return 0;
}

static const struct field rule_fields[] = {
	{ .key = "path",
		.decode = decode_path,
		.offset = offsetof(struct rule, path),
		.required = true },
	{ .key = "type",
		.decode = decode_kind,
		.offset = offsetof(struct rule, kind) },
	{ .key = "mode",
		.decode = decode_mode,
		.offset = offsetof(struct rule, mode) },
	{ .key = "owner", .decode = decode_owner },
	{ .key = "target",
		.decode = decode_target,
		.offset = offsetof(struct rule, target) },
};

const struct table rule_table = { rule_fields, ARRAY_SIZE(rule_fields) };

static bool has_owner(const struct rule *rule)
{
	return rule->user || rule->group;
}

static const char *kind_name(const struct rule *rule)
{
	return rule->kind == RULE_CHANGE ? "rule without \"type\""
					 : kinds[rule->kind - RULE_DIRECTORY];
}

/* Keys that mean nothing for the kind would mislead: they are refused. */
static int refuse_key(const struct decoder *d, const struct value *v,
	const struct rule *rule, const char *key, struct error *err)
{
	json_t *json = json_object_get(v->json, key);
	struct value member = value_member(v, key, json);

	if (!json)
		return 0;
	return decode_complain(d, &member, err,
		"\"%s\" makes no sense for a %s", key, kind_name(rule));
}

static int check_target(const struct decoder *d, const struct value *v,
	struct rule *rule, struct error *err)
{
	struct value member =
		value_member(v, "target", json_object_get(v->json, "target"));

	if (rule->kind != RULE_SYMLINK && rule->kind != RULE_HARDLINK)
		return refuse_key(d, v, rule, "target", err);
	if (!rule->target)
		return decode_complain(d, v, err,
			"missing key \"target\", which a %s needs",
			kind_name(rule));
	if (rule->kind == RULE_HARDLINK)
		return decode_path(d, &member, &rule->target, err);
	return 0;
}

static int check_kind(const struct decoder *d, const struct value *v,
	const struct rule *rule, struct error *err)
{
	struct value path =
		value_member(v, "path", json_object_get(v->json, "path"));

	if (rule->kind == RULE_CHANGE && rule->mode == RULE_MODE_UNSET &&
		!has_owner(rule))
		return decode_complain(d, v, err,
			"nothing to do: expected \"mode\", \"owner\" or "
			"\"type\"");
	if (rule->kind != RULE_CHANGE && rule->kind != RULE_REMOVAL &&
		path_is_pattern(rule->path))
		return decode_complain(d, &path, err,
			"a %s needs a path, found a pattern", kind_name(rule));
	if (rule->kind != RULE_CHANGE && rule->kind != RULE_DIRECTORY &&
		refuse_key(d, v, rule, "mode", err))
		return -1;
	if (rule->kind == RULE_HARDLINK || rule->kind == RULE_REMOVAL)
		return refuse_key(d, v, rule, "owner", err);
	return 0;
}

static int decode_rule(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct rule *rule = out;

	rule->mode = RULE_MODE_UNSET;
	if (decode_object(d, v, &rule_table, rule, err) ||
		check_target(d, v, rule, err) || check_kind(d, v, rule, err))
		return -1;
	rule->place = value_origin(d, v);
	return 0;
}

static int add_rule(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	struct rule_list *rules = list;

	if (rules->n == rules->cap)
		rules->items = list_grow(rules->items, rules->n, &rules->cap,
			sizeof(*rules->items), d->arena);
	rules->items[rules->n++] = *(const struct rule *)item;
	return 0;
}

int decode_rules(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = { .size = sizeof(struct rule),
		.item = decode_rule,
		.add = add_rule,
		.table = &rule_table };

	return decode_list(d, v, &type, out, err);
}

int decode_patterns(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_path,
		.add = decode_add_new };

	return decode_list(d, v, &type, out, err);
}
