/* SPDX-License-Identifier: MIT
 *
 * check_scene: an image without fault for amd64 as config and tree, to which
 * a test does something, and the rules that are broken then.
 */
#ifndef UNIT_CHECK_SCENE_H
#define UNIT_CHECK_SCENE_H

#include "unit/check_fixture.h"

#define SCENE_SHADOW "root:*::0:::::\nguest:!::0:::::\n"

struct scene {
	struct arena arena;
	struct tree tree;
	struct image_config config;
	struct check_subject subject;
	struct check_findings findings;
};

struct subject_case {
	const char *rules; /* in the table's order */
	void (*change)(struct scene *s);
	const char *name;
};
#define SUBJECT_CASE(rules, change)                                            \
	{                                                                      \
		rules, change, #change                                         \
	}

static const char *const scene_init[] = { "/sbin/init" };

/* A file, whatever was there. */
static inline void scene_put(
	struct scene *s, const char *path, const char *text)
{
	const struct tree_source source = { "test", TREE_OVERLAY };
	const struct tree_entry entry = {
		.kind = INODE_FILE, .mode = 0644, .content = fixture_text(text)
	};
	struct error err = { 0 };

	fixture_must(!tree_put(&s->tree, path, &entry, &source, &err), &err);
}

static inline void scene_elf(
	struct scene *s, const char *path, unsigned machine)
{
	SCOPED_BUF struct buf program = check_program(machine);
	struct node *node;

	scene_put(s, path, "");
	node = tree_find(&s->tree, path);
	node->inode->mode = 0755;
	node->inode->content = content_bytes(
		arena_copy(&s->arena, program.data, program.len), program.len);
}

static inline void scene_drop(struct scene *s, const char *path)
{
	tree_remove(&s->tree, tree_find(&s->tree, path));
}

static inline void scene_make(struct scene *s)
{
	static const char *const dirs[] = { "bin", "dev", "etc", "proc", "run",
		"sbin", "sys", "tmp" };

	memset(s, 0, sizeof(*s));
	arena_init(&s->arena);
	tree_init(&s->tree, &s->arena);
	findings_init(&s->findings, &s->arena);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		fixture_folder_at(&s->tree, dirs[i], 0755, 0, 0);
	scene_elf(s, "bin/sh", EM_X86_64);
	scene_elf(s, "sbin/init", EM_X86_64);
	scene_put(s, "etc/shadow", SCENE_SHADOW);
	scene_put(s, "etc/passwd", "root:x:0:0:::\nweb:x:80:80:::\n");
	s->config = (struct image_config){ .entrypoint = scene_init,
		.nentrypoint = 1 };
	s->subject = (struct check_subject){ .os = "linux",
		.architecture = "amd64",
		.config = &s->config,
		.tree = &s->tree,
		.findings = &s->findings };
}

static inline void scene_run(void **state)
{
	const struct subject_case *c = *state;
	SCOPED_FREE char *got = NULL;
	struct error err = { 0 };
	struct scene s;

	scene_make(&s);
	c->change(&s);
	fixture_must(check_subject(&s.subject, &err), &err);
	got = check_broken(&s.findings);
	arena_release(&s.arena);
	assert_string_equal(got, c->rules);
}

static inline int scene_cases(const struct subject_case *cases, size_t n)
{
	struct CMUnitTest *tests = memory_zero(n, sizeof(*tests));
	int failed;

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = scene_run,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	failed = _cmocka_run_group_tests("check", tests, n, NULL, NULL);
	free(tests);
	return failed;
}

#endif
