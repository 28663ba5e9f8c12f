/* SPDX-License-Identifier: MIT
 *
 * What the router starts in the tree, and what users start there later.
 */
#include <string.h>

#include "base/path.h"
#include "routeros/check_subject.h"
#include "tree/check_command.h"

#define PATH_DEFAULT                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define PASSWD_MAX ((size_t)1 << 20)

static const char *search_path(const struct image_config *config)
{
	for (size_t i = 0; i < config->nenv; i++) {
		if (!strncmp(config->env[i], "PATH=", 5))
			return config->env[i] + 5;
	}
	return PATH_DEFAULT;
}

/* As execvp(3) finds it; NULL: in no folder. The caller frees. */
static char *find_program(const struct check_subject *subject, const char *word)
{
	struct slice rest = slice_of(search_path(subject->config)), dir;

	while (slice_cut(&rest, ':', &dir)) {
		SCOPED_FREE char *folder = slice_dup(dir);
		SCOPED_FREE char *path = path_join(folder, word);
		struct node *node = NULL;
		struct error ignored;

		if (folder[0] == '/' &&
			!tree_resolve(subject->tree, path, TREE_FOLLOW_ALL,
				&node, &ignored) &&
			node)
			return scope_take(path);
	}
	return NULL;
}

static void check_program(struct check_subject *subject)
{
	const char *word = check_command_word(subject);
	SCOPED_FREE char *path = NULL;
	struct error why;

	if (!word || !*word)
		return;
	path = *word == '/' ? memory_strdup(word) : find_program(subject, word);
	if (!path)
		findings_add(subject->findings, RULE_COMMAND_PROGRAM, word,
			"it is in no folder of PATH");
	else if (check_command(
			 subject->tree, &subject->reader, path, path, &why))
		findings_add(subject->findings, RULE_COMMAND_PROGRAM, word,
			"%s", why.text + strlen(path) + 2);
}

static void check_shell(struct check_subject *subject)
{
	struct error why;

	if (check_command(
		    subject->tree, &subject->reader, "shell", "/bin/sh", &why))
		findings_add(subject->findings, RULE_SHELL_MISSING, "bin/sh",
			"%s", why.text);
}

/* Whether a line of passwd begins with the name. */
static bool has_user(struct slice text, struct slice name)
{
	struct slice line, first;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_cut(&line, ':', &first) && slice_eq(first, name))
			return true;
	}
	return false;
}

static void check_user(struct check_subject *subject)
{
	struct slice rest = slice_of(subject->config->user), name;
	SCOPED_BUF struct buf text = { 0 };
	struct error ignored;
	uint64_t number;

	if (!slice_cut(&rest, ':', &name) || !name.len ||
		!slice_to_u64(name, 10, UINT32_MAX, &number))
		return;
	if (check_read_file(subject, "etc/passwd", &text, &ignored) > 0 &&
		has_user(buf_slice(&text), name))
		return;
	findings_add(subject->findings, RULE_USER_UNKNOWN, "config",
		"User is %.100s", subject->config->user);
}

static void check_working_dir(struct check_subject *subject)
{
	const char *dir = subject->config->working_dir;
	struct node *node = NULL;
	struct error ignored;

	if (!dir || !*dir)
		return;
	if (*dir == '/' &&
		!tree_resolve(
			subject->tree, dir, TREE_FOLLOW_ALL, &node, &ignored) &&
		node && node->inode->kind == INODE_DIRECTORY)
		return;
	findings_add(subject->findings, RULE_WORKDIR_MISSING, "config",
		"WorkingDir is %.200s", dir);
}

void check_start(struct check_subject *subject)
{
	check_program(subject);
	check_shell(subject);
	check_user(subject);
	check_working_dir(subject);
}
