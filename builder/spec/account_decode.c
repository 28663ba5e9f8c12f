/* SPDX-License-Identifier: MIT */
#include "spec/account_decode.h"

#include <string.h>

#include "spec/syntax.h"

static int decode_account(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_account, out, err);
}

static int decode_account_ref(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_account_ref, out, err);
}

static int decode_gecos(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_gecos, out, err);
}

static int decode_home(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_home, out, err);
}

static int decode_id(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	uint64_t id;

	if (decode_number(d, v, SYNTAX_ID_MAX, &id, err))
		return -1;
	*(uint32_t *)out = (uint32_t)id;
	return 0;
}

static int decode_members_list(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_account,
		.add = decode_add_new };

	return decode_list(d, v, &type, out, err);
}

static const struct field user_fields[] = {
	{ .key = "name",
		.decode = decode_account,
		.offset = offsetof(struct user_spec, name),
		.required = true },
	{ .key = "uid",
		.decode = decode_id,
		.offset = offsetof(struct user_spec, uid),
		.required = true },
	{ .key = "group",
		.decode = decode_account_ref,
		.offset = offsetof(struct user_spec, group) },
	{ .key = "gecos",
		.decode = decode_gecos,
		.offset = offsetof(struct user_spec, gecos) },
	{ .key = "home",
		.decode = decode_home,
		.offset = offsetof(struct user_spec, home) },
	{ .key = "shell",
		.decode = decode_home,
		.offset = offsetof(struct user_spec, shell) },
};

const struct table user_table = { user_fields, ARRAY_SIZE(user_fields) };

static const struct field group_fields[] = {
	{ .key = "name",
		.decode = decode_account,
		.offset = offsetof(struct group_spec, name),
		.required = true },
	{ .key = "gid",
		.decode = decode_id,
		.offset = offsetof(struct group_spec, gid),
		.required = true },
	{ .key = "members",
		.decode = decode_members_list,
		.offset = offsetof(struct group_spec, members) },
};

const struct table group_table = { group_fields, ARRAY_SIZE(group_fields) };

struct user_list {
	struct user_spec *items;
	size_t n, cap;
};

struct group_list {
	struct group_spec *items;
	size_t n, cap;
};

static struct user_spec *user_find(
	const struct user_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i].name, name))
			return &list->items[i];
	}
	return NULL;
}

static struct group_spec *group_find(
	const struct group_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->items[i].name, name))
			return &list->items[i];
	}
	return NULL;
}

static void user_set(struct user_list *list, const struct user_spec *user,
	struct arena *arena)
{
	struct user_spec *found = user_find(list, user->name);

	if (found) {
		*found = *user;
		return;
	}
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	list->items[list->n++] = *user;
}

static void group_set(struct group_list *list, const struct group_spec *group,
	struct arena *arena)
{
	struct group_spec *found = group_find(list, group->name);

	if (found) {
		*found = *group;
		return;
	}
	if (list->n == list->cap)
		list->items = list_grow(list->items, list->n, &list->cap,
			sizeof(*list->items), arena);
	list->items[list->n++] = *group;
}

static int decode_user(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct user_spec *user = out;

	user->gecos = "";
	user->home = "/";
	user->shell = "/sbin/nologin";
	if (decode_object(d, v, &user_table, user, err))
		return -1;
	user->place = value_origin(d, v);
	return 0;
}

static int decode_group(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct group_spec *group = out;

	if (decode_object(d, v, &group_table, group, err))
		return -1;
	group->place = value_origin(d, v);
	return 0;
}

static int add_user(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	const struct user_spec *user = item;

	if (user_find(list, user->name))
		return decode_complain(
			d, v, err, "user \"%s\" is listed twice", user->name);
	user_set(list, user, d->arena);
	return 0;
}

static int add_group(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	const struct group_spec *group = item;

	if (group_find(list, group->name))
		return decode_complain(
			d, v, err, "group \"%s\" is listed twice", group->name);
	group_set(list, group, d->arena);
	return 0;
}

int decode_users(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = { .size = sizeof(struct user_spec),
		.item = decode_user,
		.add = add_user,
		.table = &user_table };
	struct manifest *m = out;
	struct user_list all = { m->users, m->nusers, m->nusers };
	struct user_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	for (size_t i = 0; i < own.n; i++)
		user_set(&all, &own.items[i], d->arena);
	m->users = all.items;
	m->nusers = all.n;
	return 0;
}

int decode_groups(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = { .size = sizeof(
						       struct group_spec),
		.item = decode_group,
		.add = add_group,
		.table = &group_table };
	struct manifest *m = out;
	struct group_list all = { m->groups, m->ngroups, m->ngroups };
	struct group_list own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	for (size_t i = 0; i < own.n; i++)
		group_set(&all, &own.items[i], d->arena);
	m->groups = all.items;
	m->ngroups = all.n;
	return 0;
}

static int check_uid(const struct manifest *m, size_t at, struct error *err)
{
	const struct user_spec *user = &m->users[at];

	for (size_t i = 0; i < at; i++) {
		if (m->users[i].uid == user->uid)
			return error_set(err, ERROR_SPEC,
				"%s: uid %u of user \"%s\" is that of user "
				"\"%s\" already",
				user->place, (unsigned)user->uid, user->name,
				m->users[i].name);
	}
	return 0;
}

static int check_gid(const struct manifest *m, size_t at, struct error *err)
{
	const struct group_spec *group = &m->groups[at];

	for (size_t i = 0; i < at; i++) {
		if (m->groups[i].gid == group->gid)
			return error_set(err, ERROR_SPEC,
				"%s: gid %u of group \"%s\" is that of group "
				"\"%s\" already",
				group->place, (unsigned)group->gid, group->name,
				m->groups[i].name);
	}
	return 0;
}

int account_check(const struct manifest *manifest, struct error *err)
{
	for (size_t i = 0; i < manifest->nusers; i++) {
		if (check_uid(manifest, i, err))
			return -1;
	}
	for (size_t i = 0; i < manifest->ngroups; i++) {
		if (check_gid(manifest, i, err))
			return -1;
	}
	return 0;
}
