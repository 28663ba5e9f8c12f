/* SPDX-License-Identifier: MIT
 *
 * spec_fixture: what the tests of spec/ share: the project's architectures,
 * an arena, an error, and documents given as text.
 */
#ifndef UNIT_SPEC_FIXTURE_H
#define UNIT_SPEC_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "spec/arch.h"
#include "spec/decode.h"

struct fixture {
	struct arena arena;
	struct arch_table archs;
	struct json_doc doc;
	struct decoder d; /* for armv7 */
	struct error err;
	char *dir; /* for files; removed at the end */
};

static int fixture_up(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));
	char dir[] = "/tmp/alpbuild-spec-XXXXXX";

	arena_init(&f->arena);
	if (!mkdtemp(dir) ||
		arch_table_read(&f->archs, "arch", &f->arena, &f->err))
		return -1;
	f->dir = memory_strdup(dir);
	f->d.doc = &f->doc;
	f->d.archs = &f->archs;
	f->d.arch = arch_find(&f->archs, "armv7");
	f->d.arena = &f->arena;
	*state = f;
	return 0;
}

static int fixture_down(void **state)
{
	struct fixture *f = *state;
	char *command[] = { "rm", "-rf", f->dir, NULL };
	pid_t child = fork();
	int status = -1;

	if (!child) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(child, &status, 0);
	json_doc_release(&f->doc);
	arena_release(&f->arena);
	free(f->dir);
	free(f);
	return status;
}

/* The document that the decoder works on; "'" stands for a quote. */
static UNUSED const char *fixture_text(struct fixture *f, const char *text)
{
	char *copy = arena_strdup(&f->arena, text);

	for (char *p = copy; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	return copy;
}

static UNUSED int fixture_parse(struct fixture *f, const char *text)
{
	json_doc_release(&f->doc);
	return json_doc_parse(&f->doc, "input", slice_of(fixture_text(f, text)),
		&f->arena, &f->err);
}

/* A file in the fixture's folder; its path, in the arena. */
static UNUSED const char *fixture_file(
	struct fixture *f, const char *name, const char *text)
{
	const char *path = arena_printf(&f->arena, "%s/%s", f->dir, name);
	FILE *file;

	if (file_mkdirs_for(path, &f->err))
		abort();
	file = fopen(path, "w");
	if (!file || fputs(fixture_text(f, text), file) < 0 || fclose(file))
		abort();
	return path;
}

/* A cmocka test with the fixture. */
#define FIXTURE_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, fixture_up, fixture_down)

#endif
