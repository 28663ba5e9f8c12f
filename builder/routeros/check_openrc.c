/* SPDX-License-Identifier: MIT
 *
 * OpenRC under busybox' init, as it has to be set up for a container of a
 * router: inittab(5) of busybox, and etc/rc.conf.
 */
#include <string.h>

#include "base/path.h"
#include "routeros/check_subject.h"

#define INITTAB "etc/inittab"
#define RC_CONF "etc/rc.conf"
#define INTERFACES "etc/network/interfaces"

struct inittab {
	bool sysinit, boot, normal, shutdown, colour;
};

/* A program of PID 1 that reads etc/inittab. */
static bool is_init(const struct check_subject *subject)
{
	const char *word = check_command_word(subject);

	return word && (!strcmp(path_base(word), "init") ||
			       !strcmp(path_base(word), "linuxrc"));
}

static struct slice last_word(struct slice text)
{
	struct slice rest = slice_trim(text), word = rest;

	while (slice_cut(&rest, ' ', &word))
		;
	return word;
}

/* "/sbin/openrc" as one of the words. */
static bool has_openrc(struct slice text)
{
	struct slice word;

	while (slice_cut(&text, ' ', &word)) {
		if (slice_is(word, "openrc") || slice_ends(word, "/openrc"))
			return true;
	}
	return false;
}

static bool has_text(struct slice text, const char *part)
{
	return text.len && memmem(text.ptr, text.len, part, strlen(part));
}

static void take_openrc(
	struct inittab *tab, struct slice action, struct slice process)
{
	struct slice level = last_word(process);

	if (slice_is(action, "shutdown") && slice_is(level, "shutdown"))
		tab->shutdown = true;
	tab->sysinit = tab->sysinit || slice_is(level, "sysinit");
	tab->boot = tab->boot || slice_is(level, "boot");
	tab->normal = tab->normal || slice_is(level, "default");
	if (!has_text(process, "-nocolor") && !has_text(process, " -C"))
		tab->colour = true;
}

/* "id:runlevels:action:process" */
static void take_line(
	struct check_subject *subject, struct inittab *tab, struct slice line)
{
	struct slice rest = slice_trim(line), id, levels, action;

	if (!rest.len || rest.ptr[0] == '#' || !slice_cut(&rest, ':', &id) ||
		!slice_cut(&rest, ':', &levels) ||
		!slice_cut(&rest, ':', &action))
		return;
	rest = slice_trim(rest);
	if (has_openrc(rest))
		take_openrc(tab, slice_trim(action), rest);
	if (has_text(rest, "getty") || slice_is(action, "askfirst"))
		findings_add(subject->findings, RULE_OPENRC_GETTY, INITTAB,
			"%.*s", SLICE_ARGS(slice_trim(line)));
}

static void judge(struct check_subject *subject, const struct inittab *tab)
{
	if (!tab->sysinit || !tab->boot || !tab->normal)
		findings_add(subject->findings, RULE_OPENRC_START, INITTAB,
			"no line starts %s",
			!tab->sysinit ? "sysinit"
			: !tab->boot  ? "boot"
				      : "default");
	if (!tab->shutdown)
		findings_add_place(
			subject->findings, RULE_OPENRC_SHUTDOWN, INITTAB);
}

static int check_inittab(
	struct check_subject *subject, struct inittab *tab, struct error *err)
{
	SCOPED_BUF struct buf text = { 0 };
	struct slice rest, line;

	if (check_read_file(subject, INITTAB, &text, err) < 0)
		return -1;
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line))
		take_line(subject, tab, line);
	judge(subject, tab);
	return 0;
}

/* A word as the shell takes it: quotes go, and what is behind it. */
static struct slice first_word(struct slice text)
{
	const char quote = text.len ? text.ptr[0] : '\0';
	const bool is_quoted = quote == '"' || quote == '\'';
	struct slice word = slice_make(text.ptr + is_quoted, 0);

	for (; word.len + is_quoted < text.len; word.len++) {
		const char c = word.ptr[word.len];

		if (is_quoted ? c == quote : c && strchr(" \t;#", c) != NULL)
			break;
	}
	return word;
}

/* The last assignment counts. False: there is none. */
static bool setting(struct slice text, const char *name, struct slice *value)
{
	struct slice line, key;
	bool found = false;

	while (slice_cut(&text, '\n', &line)) {
		line = slice_trim(line);
		if (!slice_cut(&line, '=', &key) || !slice_is(key, name))
			continue;
		*value = first_word(line);
		found = true;
	}
	return found;
}

static bool is_yes(struct slice text, const char *name)
{
	struct slice value;

	return setting(text, name, &value) &&
	       (slice_is(value, "YES") || slice_is(value, "yes"));
}

static int check_settings(struct check_subject *subject,
	const struct inittab *tab, struct error *err)
{
	SCOPED_BUF struct buf buf = { 0 };
	struct slice text, value = { 0 };

	if (check_read_file(subject, RC_CONF, &buf, err) < 0)
		return -1;
	text = buf_slice(&buf);
	if (!setting(text, "rc_sys", &value) || !value.len)
		findings_add(subject->findings, RULE_OPENRC_SYS, RC_CONF,
			"rc_sys is not set");
	if (is_yes(text, "rc_logger"))
		findings_add(subject->findings, RULE_OPENRC_LOG, RC_CONF,
			"rc_logger is YES");
	if (tab->colour && !is_yes(text, "rc_nocolor"))
		findings_add(subject->findings, RULE_OPENRC_LOG, INITTAB,
			"openrc without --nocolor");
	return 0;
}

static void check_services(struct check_subject *subject)
{
	static const char *const unwanted[] = { "cgroups", "hwclock", "modules",
		"networking" };
	const struct node *levels = tree_find(subject->tree, "etc/runlevels");

	for (size_t i = 0; levels && i < levels->nchildren; i++) {
		const struct node *level = levels->children[i];

		for (size_t k = 0; k < ARRAY_SIZE(unwanted); k++) {
			SCOPED_FREE char *path =
				memory_printf("etc/runlevels/%s/%s",
					level->name, unwanted[k]);

			if (node_child(level, slice_of(unwanted[k])))
				findings_add_place(subject->findings,
					RULE_OPENRC_SERVICE, path);
		}
	}
}

/* A line of it that is no comment: "iface eth0 inet dhcp". */
static int check_interfaces(struct check_subject *subject, struct error *err)
{
	SCOPED_BUF struct buf text = { 0 };
	struct slice rest, line;

	if (check_read_file(subject, INTERFACES, &text, err) < 0)
		return -1;
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line)) {
		line = slice_trim(line);
		if (!line.len || line.ptr[0] == '#' || !has_text(line, "eth0"))
			continue;
		findings_add(subject->findings, RULE_OPENRC_INTERFACES,
			INTERFACES, "%.*s", SLICE_ARGS(line));
		return 0;
	}
	return 0;
}

int check_openrc(struct check_subject *subject, struct error *err)
{
	struct inittab tab = { 0 };
	struct node *openrc = NULL;

	if (!is_init(subject) || tree_resolve(subject->tree, "sbin/openrc",
					 TREE_FOLLOW_ALL, &openrc, err))
		return 0;
	if (!openrc)
		return 0;
	if (check_inittab(subject, &tab, err) ||
		check_settings(subject, &tab, err))
		return -1;
	check_services(subject);
	return check_interfaces(subject, err);
}
