/* SPDX-License-Identifier: MIT
 *
 * check_fixture: images that a router would run, and what is done to them, so
 * that each rule of builder/routeros can be broken alone.
 */
#ifndef UNIT_CHECK_FIXTURE_H
#define UNIT_CHECK_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>

#include "routeros/check.h"
#include "routeros/check_subject.h"
#include "routeros/verdict.h"
#include "unit/oci_maker.h"

/* A static program: header only, which is all that is looked at. */
static inline struct buf check_program(unsigned machine)
{
	const bool is64 = machine != EM_ARM && machine != EM_386;
	struct buf bytes;
	Elf64_Ehdr big = { .e_type = ET_EXEC,
		.e_machine = (Elf64_Half)machine,
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB } };
	Elf32_Ehdr small = { .e_type = ET_EXEC,
		.e_machine = (Elf32_Half)machine,
		.e_flags = 0x05000400,
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB } };

	buf_init(&bytes, MAKER_MAX);
	if (is64)
		buf_add(&bytes, &big, sizeof(big));
	else
		buf_add(&bytes, &small, sizeof(small));
	return bytes;
}

/* An entry of a layer with everything that matters here. */
static inline void check_entry(
	struct maker *m, const struct tar_header *header, const void *content)
{
	tar_write_header(&m->to.sink, header);
	sink_write(&m->to.sink, content, header->size);
	tar_write_padding(&m->to.sink, header->size);
}

static inline void check_dir(struct maker *m, const char *path)
{
	maker_other(m, path, TAR_TYPE_DIRECTORY, NULL);
}

static inline void check_exec(
	struct maker *m, const char *path, unsigned machine)
{
	SCOPED_BUF struct buf program = check_program(machine);
	const struct tar_header header = { .path = path,
		.type = TAR_TYPE_FILE,
		.mode = 0755,
		.size = program.len };

	check_entry(m, &header, program.data);
}

/* The layer of an image without fault, for amd64; more may follow. */
static inline void check_layer(struct maker *m)
{
	static const char *const dirs[] = { "bin", "dev", "etc", "proc", "run",
		"sbin", "sys", "tmp" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		check_dir(m, dirs[i]);
	check_exec(m, "bin/sh", EM_X86_64);
	check_exec(m, "sbin/init", EM_X86_64);
}

#define CHECK_CONFIG                                                           \
	"\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":"              \
	"{\"Entrypoint\":[\"/sbin/init\"]}"

/* The config of layers, whose plain bytes are these. */
static inline const char *check_config_of(
	struct maker *m, const char *config, const struct buf *layers, size_t n)
{
	SCOPED_BUF struct buf ids;

	buf_init(&ids, MAKER_MAX);
	for (size_t i = 0; i < n; i++)
		buf_printf(&ids, "%s\"%s\"", i ? "," : "",
			maker_digest(m, &layers[i]));
	return arena_printf(&m->arena,
		"{%s,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}",
		config, ids.data);
}

/* manifest.json, config.json and 0.tar, 1.tar, ... */
static inline void check_archive_of(
	struct maker *m, const char *config, const struct buf *layers, size_t n)
{
	SCOPED_BUF struct buf names;

	buf_init(&names, MAKER_MAX);
	for (size_t i = 0; i < n; i++)
		buf_printf(&names, "%s\"%zu.tar\"", i ? "," : "", i);
	maker_text(m, "manifest.json",
		arena_printf(&m->arena,
			"[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],"
			"\"Layers\":[%s]}]",
			names.data));
	maker_text(m, "config.json", check_config_of(m, config, layers, n));
	for (size_t i = 0; i < n; i++)
		maker_bytes(m, arena_printf(&m->arena, "%zu.tar", i),
			layers[i].data, layers[i].len);
}

/* A layer that `fill` makes, with the blocks at its end. */
typedef void check_fill_fn(struct maker *m);
static inline struct buf check_layer_of(check_fill_fn *fill)
{
	struct maker m;
	struct buf bytes;

	maker_init(&m);
	fill(&m);
	maker_end(&m);
	bytes = m.bytes;
	arena_release(&m.arena);
	return bytes;
}

/* A whole file of one layer that `fill` makes. */
static inline void check_one_layer(
	struct maker *m, const char *config, check_fill_fn *fill)
{
	struct buf layer = check_layer_of(fill);

	check_archive_of(m, config, &layer, 1);
	maker_end(m);
	buf_release(&layer);
}

/* ---- what is found ----------------------------------------------------- */

/* "archive-gzip layer-digest"; the caller frees. */
static inline char *check_broken(const struct check_findings *findings)
{
	SCOPED_BUF struct buf ids;

	buf_init(&ids, MAKER_MAX);
	buf_add_str(&ids, "");
	for (enum check_rule_id i = 0; i < RULE_COUNT; i++) {
		if (findings->counts[i])
			buf_printf(&ids, "%s%s", ids.len ? " " : "",
				check_rules[i].id);
	}
	return memory_strdup(ids.len ? ids.data : "");
}

struct check_case {
	const char *rules; /* all that must be found, in the table's order */
	void (*make)(struct maker *m); /* the bytes of the file */
	const char *name;
};
/* The function's name tells the case. */
#define CHECK_CASE(rules, make)                                                \
	{                                                                      \
		rules, make, #make                                             \
	}

static inline void check_case(void **state)
{
	const struct check_case *c = *state;
	char *folder = fixture_folder();
	SCOPED_FREE char *path = path_join(folder, "image.tar");
	struct check check = { .path = path };
	SCOPED_FREE char *got = NULL;
	struct error err = { 0 };
	struct maker m;

	maker_init(&m);
	c->make(&m);
	maker_save(&m, path);
	maker_release(&m);
	fixture_must(check_file(&check, &err), &err);
	got = check_broken(&check.findings);
	check_release(&check);
	fixture_remove(folder);
	assert_string_equal(got, c->rules);
}

static inline int check_cases(const struct check_case *cases, size_t n)
{
	struct CMUnitTest *tests = memory_zero(n, sizeof(*tests));
	int failed;

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	failed = _cmocka_run_group_tests("check", tests, n, NULL, NULL);
	free(tests);
	return failed;
}

#endif
