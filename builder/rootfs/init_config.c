/* SPDX-License-Identifier: MIT */
#include "rootfs/init_config.h"

#include <string.h>

#include "base/memory.h"
#include "base/path.h"

#define CONFIG_FILES_MAX 64 /* of etc/rc.conf.d */

static bool parse_value(struct slice text, struct slice *value)
{
	size_t n = 0;

	if (text.len && (text.ptr[0] == '"' || text.ptr[0] == '\'')) {
		const char *end =
			memchr(text.ptr + 1, text.ptr[0], text.len - 1);

		if (!end)
			return false;
		*value = slice_make(text.ptr + 1, (size_t)(end - text.ptr - 1));
		return true;
	}
	while (n < text.len && !memchr(" \t\r\n;#", text.ptr[n], 6))
		n++;
	*value = slice_make(text.ptr, n);
	return true;
}

bool init_config_find(struct slice text, const char *key, struct slice *value)
{
	struct slice line, name;
	bool found = false;

	for (; slice_cut(&text, '\n', &line);) {
		if (!memchr(line.ptr, '=', line.len))
			continue;
		slice_cut(&line, '=', &name);
		name = slice_trim(name);
		/* the value may go on in the next lines, inside its quotes */
		if (slice_is(name, key) &&
			parse_value(slice_make(line.ptr,
					    line.len + (text.ptr ? text.len + 1
								 : 0)),
				value))
			found = true;
	}
	return found;
}

/* The text of a file, in the arena; empty when it is not there. */
static int read_text(const struct init_config *config, const char *path,
	struct slice *text, struct error *err)
{
	SCOPED_BUF struct buf buf = { .max = 0 };
	struct node *node;

	*text = slice_of("");
	if (tree_resolve(config->tree, path, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (!node || node->inode->kind != INODE_FILE)
		return 0;
	if (content_read(config->reader, &node->inode->content, INIT_CONFIG_MAX,
		    &buf, err))
		return error_wrap(err, "/%s (%s)", path, node->origin);
	*text = slice_make(
		arena_slice(config->arena, buf_slice(&buf)), buf.len);
	return 0;
}

static int read_dir(struct init_config *config, struct error *err)
{
	const struct node *dir = tree_find(config->tree, "etc/rc.conf.d");

	for (size_t i = 0; dir && i < dir->nchildren; i++) {
		const char *name = dir->children[i]->name;
		SCOPED_FREE char *path = path_join("etc/rc.conf.d", name);

		if (!slice_ends(slice_of(name), ".conf"))
			continue;
		if (config->ntexts == CONFIG_FILES_MAX)
			return error_set(err, ERROR_TREE,
				"/etc/rc.conf.d has more than %d files",
				CONFIG_FILES_MAX - 1);
		if (read_text(
			    config, path, &config->texts[config->ntexts], err))
			return -1;
		config->ntexts++;
	}
	return 0;
}

static const char *lower_case(struct slice text, struct arena *arena)
{
	char *copy = arena_slice(arena, slice_trim(text));

	for (char *p = copy; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	return copy;
}

/* The last file that has the key decides, as when all are sourced. */
static bool find_setting(
	const struct init_config *config, const char *key, struct slice *value)
{
	bool found = false;

	for (size_t i = 0; i < config->ntexts; i++)
		found |= init_config_find(config->texts[i], key, value);
	return found;
}

int init_config_read(struct init_config *config, const struct tree *tree,
	struct content_reader *reader, struct arena *arena, struct error *err)
{
	struct slice sys;

	*config = (struct init_config){
		.tree = tree, .reader = reader, .arena = arena, .sys = ""
	};
	config->texts =
		arena_alloc(arena, CONFIG_FILES_MAX * sizeof(*config->texts));
	if (read_text(config, "etc/rc.conf", &config->texts[0], err))
		return -1;
	config->ntexts = 1;
	if (read_dir(config, err))
		return -1;
	if (find_setting(config, "rc_sys", &sys))
		config->sys = lower_case(sys, arena);
	return 0;
}

/* Names of shell variables have no "-" and ".". */
static char *variable_name(const char *service, const char *word)
{
	char *name =
		memory_printf("rc_%s%s%s", service, *service ? "_" : "", word);

	for (char *p = name; *p; p++) {
		if (*p == '-' || *p == '.' || *p == '+')
			*p = '_';
	}
	return name;
}

/* own: the text of the service's conf.d file. */
static bool find_word(const struct init_config *config, struct slice own,
	const char *key, struct slice *value)
{
	return (find_setting(config, key, value) ||
		       init_config_find(own, key, value)) &&
	       value->len;
}

int init_config_apply(const struct init_config *config, const char *service,
	struct init_script *script, struct error *err)
{
	SCOPED_FREE char *path = path_join("etc/conf.d", service);
	struct slice own, value;

	if (read_text(config, path, &own, err))
		return -1;
	for (size_t k = 0; k < INIT_NKINDS; k++) {
		const char *word = init_word_names[k];
		SCOPED_FREE char *special = variable_name(service, word);
		SCOPED_FREE char *general = variable_name("", word);

		if (find_word(config, own, special, &value) ||
			find_word(config, own, general, &value))
			init_script_add(script, (enum init_word_kind)k, value,
				config->arena);
	}
	return 0;
}
