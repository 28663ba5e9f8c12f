/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "rootfs/script_files.h"

#define SHELLS "etc/shells"
#define SHELLS_MAX ((size_t)64 << 10) /* bytes */

/* add-shell and remove-shell write the file anew, line by line. */
struct shells {
	struct node *node; /* NULL: there is no file yet */
	struct buf text;
	struct buf changed;
};

static void shells_release(struct shells *shells)
{
	buf_release(&shells->text);
	buf_release(&shells->changed);
}

static int shells_open(
	struct script_work *work, struct shells *shells, struct error *err)
{
	buf_init(&shells->changed, SHELLS_MAX);
	script_find(work, SHELLS, TREE_FOLLOW_ALL, &shells->node);
	if (!shells->node)
		return 0;
	return script_read(work, SHELLS, SHELLS_MAX, &shells->text, err);
}

static int shells_store(
	struct script_work *work, struct shells *shells, struct error *err)
{
	const struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0666 & ~SCRIPT_UMASK };

	if (!shells->node) {
		if (script_parent(work, SHELLS))
			return SCRIPT_FAILED;
		if (script_put(work, SHELLS, &entry, err))
			return -1;
		script_find(work, SHELLS, TREE_FOLLOW_ALL, &shells->node);
	}
	return script_rewrite(work, shells->node, &shells->changed, err);
}

static void add_line(struct buf *text, struct slice line)
{
	buf_add_slice(text, line);
	buf_add(text, "\n", 1);
}

static bool has_line(struct slice text, const char *wanted)
{
	struct slice line;

	while (slice_cut(&text, '\n', &line)) {
		if (slice_is(line, wanted))
			return true;
	}
	return false;
}

static bool is_operand(const struct script_arguments *args, struct slice line)
{
	for (size_t i = 0; i < args->noperands; i++) {
		if (slice_is(line, args->operands[i]))
			return true;
	}
	return false;
}

/* What is there, each line ended. */
static void copy_lines(
	struct shells *shells, const struct script_arguments *without)
{
	struct slice rest = buf_slice(&shells->text), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (!line.len && !rest.ptr)
			break;
		if (!without || !is_operand(without, line))
			add_line(&shells->changed, line);
	}
}

int script_add_shell(struct script_work *work,
	const struct script_arguments *args, struct error *err)
{
	CLEANUP(shells_release) struct shells shells = { .node = NULL };
	int rc = shells_open(work, &shells, err);

	if (rc)
		return rc;
	copy_lines(&shells, NULL);
	for (size_t i = 0; i < args->noperands; i++) {
		const char *shell = args->operands[i];

		if (has_line(buf_slice(&shells.text), shell))
			continue;
		add_line(&shells.changed, slice_of(shell));
		script_note(work, "shell %s", shell);
	}
	return shells_store(work, &shells, err);
}

int script_remove_shell(struct script_work *work,
	const struct script_arguments *args, struct error *err)
{
	CLEANUP(shells_release) struct shells shells = { .node = NULL };
	int rc = shells_open(work, &shells, err);

	if (rc)
		return rc;
	copy_lines(&shells, args);
	script_note(work, "removed from shells");
	return shells_store(work, &shells, err);
}
