/* SPDX-License-Identifier: MIT */
#include "tree/check_command.h"

#include <string.h>

#include "base/memory.h"
#include "tree/elf.h"
#include "tree/nearby.h"

/* The kernel looks at so many bytes of a script (BINPRM_BUF_SIZE). */
#define SCRIPT_PEEK_SIZE 256

struct command {
	const struct tree *tree;
	struct content_reader *reader;
	unsigned nesting;
};

static int complain_missing(
	const struct command *c, const char *path, struct error *err)
{
	SCOPED_FREE char *hint = nearby_hint(c->tree, path);

	return error_set(
		err, ERROR_TREE, "%s is not in the image%s", path, hint);
}

static int find_program(const struct command *c, const char *path,
	struct node **node, struct error *err)
{
	if (path[0] != '/')
		return error_set(err, ERROR_SPEC,
			"\"%s\" is not absolute, write \"/...\"", path);
	if (tree_resolve(c->tree, path, TREE_FOLLOW_ALL, node, err))
		return error_wrap(err, "%s", path);
	if (!*node)
		return complain_missing(c, path, err);
	if ((*node)->inode->kind != INODE_FILE)
		return error_set(err, ERROR_TREE,
			"%s (%s) is a directory, expected a program", path,
			(*node)->origin);
	if (!((*node)->inode->mode & 0111))
		return error_set(err, ERROR_TREE,
			"%s (%s) is not executable (mode %04o), give it mode "
			"0755 by a rule or git's executable bit",
			path, (*node)->origin, (*node)->inode->mode);
	return 0;
}

static int check_text(const char *name, struct error *err)
{
	for (; *name; name++) {
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return error_set(err, ERROR_TREE,
				"the name of its interpreter has a control "
				"character (byte 0x%02x)%s",
				(unsigned char)*name,
				*name == '\r' ? ", use LF line ends" : "");
	}
	return 0;
}

static int check_program(
	struct command *c, const char *path, struct error *err);

/* "#! interpreter argument": blanks are allowed before the interpreter. */
static int check_script(struct command *c, struct slice text, struct error *err)
{
	SCOPED_FREE char *interpreter = NULL;
	struct slice line, word;

	text = slice_make(text.ptr + 2, text.len - 2);
	if (!slice_cut(&text, '\n', &line))
		line = text;
	while (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		line = slice_make(line.ptr + 1, line.len - 1);
	word = slice_make(line.ptr, 0);
	while (word.len < line.len && line.ptr[word.len] != ' ' &&
		line.ptr[word.len] != '\t')
		word.len++;
	interpreter = slice_dup(word);
	if (check_text(interpreter, err))
		return -1;
	if (++c->nesting > CHECK_COMMAND_NESTING_MAX)
		return error_set(err, ERROR_TREE,
			"interpreters are nested more than %d deep",
			CHECK_COMMAND_NESTING_MAX);
	if (check_program(c, interpreter, err))
		return error_wrap(err, "its interpreter");
	return 0;
}

static int check_loader(struct command *c, const struct elf_header *elf,
	const struct content *content, struct error *err)
{
	char loader[ELF_INTERPRETER_SIZE];
	struct node *node;

	if (elf_interpreter(elf, c->reader, content, loader, err))
		return -1;
	if (!loader[0])
		return 0;
	if (check_text(loader, err) || find_program(c, loader, &node, err))
		return error_wrap(err,
			"its loader (Alpine's programs are built for musl)");
	return 0;
}

static int check_program(struct command *c, const char *path, struct error *err)
{
	char text[SCRIPT_PEEK_SIZE];
	struct elf_header elf;
	struct node *node;
	ssize_t n;
	int rc = 0;

	if (find_program(c, path, &node, err))
		return -1;
	n = content_peek(
		c->reader, &node->inode->content, text, sizeof(text), err);
	if (n < 0)
		return -1;
	if (n >= 2 && text[0] == '#' && text[1] == '!')
		rc = check_script(c, slice_make(text, (size_t)n), err);
	else if (elf_parse((const uint8_t *)text, (size_t)n, &elf))
		rc = check_loader(c, &elf, &node->inode->content, err);
	else
		return error_set(err, ERROR_TREE,
			"%s (%s) is neither an ELF file nor a script that "
			"begins with #!",
			path, node->origin);
	return rc ? error_wrap(err, "%s (%s)", path, node->origin) : 0;
}

int check_command(const struct tree *tree, struct content_reader *reader,
	const char *what, const char *command, struct error *err)
{
	struct command c = { .tree = tree, .reader = reader };

	if (check_program(&c, command, err))
		return error_wrap(err, "%s", what);
	return 0;
}
