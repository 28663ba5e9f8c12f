/* SPDX-License-Identifier: MIT */
#include "rootfs/account_lines.h"

#include <string.h>

void account_append(struct buf *text, const char *line)
{
	if (text->len && text->data[text->len - 1] != '\n')
		buf_add(text, "\n", 1);
	buf_add_str(text, line);
	buf_add(text, "\n", 1);
}

static bool has_member(struct slice members, const char *name)
{
	struct slice member;

	while (slice_cut(&members, ',', &member)) {
		if (slice_is(member, name))
			return true;
	}
	return false;
}

bool account_add_member(
	struct buf *text, const struct account *group, const char *member)
{
	const char *end = group->line.ptr + group->line.len;
	size_t before = (size_t)(end - text->data);
	struct buf changed;

	if (has_member(group->rest, member))
		return false;
	buf_init(&changed, text->max);
	buf_add(&changed, text->data, before);
	if (!group->rest.ptr)
		buf_add(&changed, ":", 1);
	else if (group->rest.len)
		buf_add(&changed, ",", 1);
	buf_add_str(&changed, member);
	buf_add(&changed, end, text->len - before);
	buf_release(text);
	*text = changed;
	return true;
}

bool account_name_is_valid(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz_";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz_0123456789-";
	size_t len = strlen(name);

	if (!len || len > ACCOUNT_NAME_MAX || !strchr(first, name[0]))
		return false;
	if (len > 1 && name[len - 1] == '$')
		len--;
	return strspn(name, more) == len;
}

bool account_field_is_valid(const char *field)
{
	struct slice s = slice_of(field);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c < 0x20 || c == 0x7f || c == ':')
			return false;
	}
	return !s.len || slice_is_utf8(s);
}
