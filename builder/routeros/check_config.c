/* SPDX-License-Identifier: MIT
 *
 * The image's config: platform, what is started, by whom.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "routeros/check_subject.h"
#include "routeros/platform.h"

#define PORT_FREE 1024 /* the first that everybody may open */

const char *check_command_word(const struct check_subject *subject)
{
	const struct image_config *config = subject->config;

	if (config->nentrypoint)
		return config->entrypoint[0];
	return config->ncmd ? config->cmd[0] : NULL;
}

static void check_platform(struct check_subject *subject)
{
	const char *os = subject->os, *architecture = subject->architecture;
	const char *variant = subject->variant;

	if (!os || strcmp(os, "linux"))
		findings_add(subject->findings, RULE_CONFIG_OS, "config",
			"os is %s", os ? os : "missing");
	if (!platform_find(architecture))
		findings_add(subject->findings, RULE_CONFIG_ARCHITECTURE,
			"config", "architecture is %s",
			architecture ? architecture : "missing");
	else if (!strcmp(architecture, "arm") && !variant)
		findings_add_place(
			subject->findings, RULE_CONFIG_VARIANT, "config");
}

static void check_board(struct check_subject *subject)
{
	const struct board *board = subject->board;
	const char *architecture = subject->architecture;

	if (!board)
		return;
	if (architecture && strcmp(board->architecture, architecture))
		findings_add(subject->findings, RULE_BOARD_ARCHITECTURE,
			"config", "the image is for %s, %s is %s", architecture,
			board->name, board->architecture);
	if (board->little_flash)
		findings_add(subject->findings, RULE_BOARD_FLASH, NULL, "%s",
			board->name);
}

static void check_word(struct check_subject *subject)
{
	const char *word = check_command_word(subject);

	if (!word || !*word) {
		findings_add_place(
			subject->findings, RULE_COMMAND_MISSING, "config");
		return;
	}
	if (*word != '/')
		findings_add(subject->findings, RULE_COMMAND_RELATIVE, "config",
			"%.200s", word);
	if (!subject->config->nentrypoint)
		findings_add_place(
			subject->findings, RULE_COMMAND_ONLY_CMD, "config");
}

static bool is_root(const char *user)
{
	struct slice rest = slice_of(user), name;

	if (!slice_cut(&rest, ':', &name))
		return true;
	return !name.len || slice_is(name, "0") || slice_is(name, "root");
}

/* "80/tcp" */
static void check_port(struct check_subject *subject, const char *port)
{
	struct slice rest = slice_of(port), number;
	uint64_t value;

	if (slice_cut(&rest, '/', &number) &&
		!slice_to_u64(number, 10, UINT16_MAX, &value) && value &&
		value < PORT_FREE)
		findings_add(subject->findings, RULE_USER_PORTS, "config",
			"User is %.100s, port %.20s", subject->config->user,
			port);
}

static void check_ports(struct check_subject *subject, const json_t *run)
{
	json_t *ports = json_object_get(run, "ExposedPorts"), *unused;
	const char *port;

	json_object_foreach(ports, port, unused) {
		check_port(subject, port);
	}
}

/* Users mount there, and routers make no folder for it. */
static void check_volume(struct check_subject *subject, const char *path)
{
	struct node *node = NULL;
	struct error ignored;

	if (!subject->tree)
		return;
	if (*path == '/' &&
		!tree_resolve(subject->tree, path, TREE_FOLLOW_ALL, &node,
			&ignored) &&
		node && node->inode->kind == INODE_DIRECTORY)
		return;
	findings_add(subject->findings, RULE_VOLUME_MISSING, path,
		node ? "it is a file" : "it is not there");
}

static void check_volumes(struct check_subject *subject, const json_t *run)
{
	json_t *volumes = json_object_get(run, "Volumes"), *unused;
	const char *user = subject->config->user;
	const char *path;

	json_object_foreach(volumes, path, unused) {
		check_volume(subject, path);
		if (user && !is_root(user))
			findings_add(subject->findings, RULE_USER_VOLUMES, path,
				"User is %.100s", user);
	}
}

/* What the decoded config has no place for; builds know it otherwise. */
static void check_document(struct check_subject *subject)
{
	const char *user = subject->config->user;
	json_t *root, *run;

	if (!subject->config_json)
		return;
	root = json_loads(subject->config_json, 0, NULL);
	run = json_object_get(root, "config");
	if (user && !is_root(user))
		check_ports(subject, run);
	check_volumes(subject, run);
	json_decref(root);
}

void check_config(struct check_subject *subject)
{
	check_platform(subject);
	check_board(subject);
	check_word(subject);
	check_document(subject);
}
