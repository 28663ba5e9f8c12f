/* SPDX-License-Identifier: MIT
 *
 * install_fixture: a tree, and packages made of a few lines that are installed
 * into it. A line of a package's data is one of
 *	d PATH MODE OWNER:GROUP
 *	f PATH MODE OWNER:GROUP CONTENT
 *	c PATH			a file with a capability, as an attribute
 *	l PATH TARGET
 *	h PATH TARGET
 */
#ifndef TESTS_UNIT_INSTALL_FIXTURE_H
#define TESTS_UNIT_INSTALL_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>

#include "base/path.h"
#include "rootfs/install.h"
#include "unit/tar_fixture.h"

#define SCENE_MAX ((size_t)1 << 20)
#define SCENE_EPOCH 1600000000
#define SCENE_FILES 64 /* data tars of one scene */

struct scene {
	struct arena arena;
	struct tree tree;
	struct apk_state state;
	struct ledger ledger;
	struct install *install; /* NULL: not begun */
	struct error err;
	int fds[SCENE_FILES];
	size_t nfds;
};

/* What differs between packages; NULL or 0: usual. */
struct recipe {
	const char *name, *version; /* version: "1-r0" */
	const char *origin, *replaces, *triggers;
	unsigned priority; /* replaces_priority */
	const char *data;
	const char *scripts[SCRIPT_NKINDS];
	uint64_t installed_size; /* 1; UINT64_MAX: 0 */
};

static inline int scene_setup(void **state)
{
	struct scene *s = memory_zero(1, sizeof(*s));

	arena_init(&s->arena);
	tree_init(&s->tree, &s->arena);
	ledger_init(&s->ledger, &s->arena);
	installed_init(&s->state.db, &s->arena);
	s->state.arch = "x86_64";
	*state = s;
	return 0;
}

static inline int scene_teardown(void **state)
{
	struct scene *s = *state;

	install_free(s->install);
	arena_release(&s->arena);
	while (s->nfds)
		close(s->fds[--s->nfds]);
	free(s);
	return 0;
}

static inline void scene_must(struct scene *s, int failed)
{
	if (failed)
		fail_msg("%s", s->err.text);
}

/* What is in the tree before packages come. */
static inline void scene_put(
	struct scene *s, const char *path, struct tree_entry entry)
{
	static const struct tree_source source = { "base", TREE_OVERLAY };

	if (!entry.mode)
		entry.mode = entry.kind == INODE_DIRECTORY ? 0755 : 0644;
	scene_must(s, !tree_put(&s->tree, path, &entry, &source, &s->err));
}

static inline void scene_file(
	struct scene *s, const char *path, const char *text)
{
	scene_put(s, path,
		(struct tree_entry){
			.content = content_bytes(text, strlen(text)) });
}

static inline void scene_link(
	struct scene *s, const char *path, const char *target)
{
	scene_put(s, path,
		(struct tree_entry){ .kind = INODE_SYMLINK,
			.mode = 0777,
			.target = target });
}

static inline void scene_dir(
	struct scene *s, const char *path, uint32_t mode, uint32_t uid)
{
	scene_put(s, path,
		(struct tree_entry){
			.kind = INODE_DIRECTORY, .mode = mode, .uid = uid });
}

/* Cuts the next word and makes it a string. */
static inline const char *scene_word(struct scene *s, struct slice *rest)
{
	struct slice word = slice_make("", 0);

	slice_cut(rest, ' ', &word);
	return arena_slice(&s->arena, word);
}

static inline void scene_checksum(struct buf *tar, const char *text)
{
	const struct digest digest = digest_of(DIGEST_SHA1, text, strlen(text));
	char hex[DIGEST_HEX_SIZE];

	fixture_pax(tar, "APK-TOOLS.checksum.SHA1",
		slice_of(digest_hex(&digest, hex)));
}

static inline void scene_owners(
	struct scene *s, struct fixture *f, struct slice *rest)
{
	struct slice owners = slice_of(scene_word(s, rest)), user;

	slice_cut(&owners, ':', &user);
	f->uname = arena_slice(&s->arena, user);
	f->gname = arena_slice(&s->arena, owners);
	f->uid = f->gid = 77; /* of who built it */
}

static inline void scene_capability(struct buf *tar, const char *name)
{
	static const char value[20] = { 1, 0, 0, 2, 0, 4 };
	const struct digest digest = digest_of(DIGEST_SHA1, "", 0);
	char hex[DIGEST_HEX_SIZE];
	SCOPED_BUF struct buf body;

	buf_init(&body, SCENE_MAX);
	fixture_record(&body, "APK-TOOLS.checksum.SHA1",
		slice_of(digest_hex(&digest, hex)));
	fixture_record(&body, "SCHILY.xattr.security.capability",
		slice_make(value, sizeof(value)));
	fixture_special(tar, 'x', body.data, body.len);
	fixture_file(tar, name, "");
}

static inline void scene_entry(
	struct scene *s, struct buf *tar, struct slice line)
{
	char type = line.ptr[0];
	struct fixture f = { .mode = 0777 };

	line = slice_make(line.ptr + 2, line.len - 2);
	f.name = scene_word(s, &line);
	if (type == 'c') {
		scene_capability(tar, f.name);
		return;
	}
	if (type == 'l' || type == 'h') {
		f.link = scene_word(s, &line);
		f.type = type == 'l' ? '2' : '1';
		if (type == 'l')
			scene_checksum(tar, f.link);
		fixture_add(tar, f);
		return;
	}
	f.type = type == 'd' ? '5' : '0';
	f.mode = (unsigned)strtoul(scene_word(s, &line), NULL, 8);
	scene_owners(s, &f, &line);
	if (type == 'f') {
		f.content = arena_slice(&s->arena, line);
		scene_checksum(tar, f.content);
	}
	fixture_add(tar, f);
}

static inline void scene_data(
	struct scene *s, const char *data, struct install_payload *payload)
{
	struct content_file *file = arena_alloc(&s->arena, sizeof(*file));
	struct slice rest = slice_of(data ? data : ""), line;
	SCOPED_BUF struct buf tar;

	buf_init(&tar, SCENE_MAX);
	while (slice_cut(&rest, '\n', &line)) {
		if (line.len)
			scene_entry(s, &tar, line);
	}
	fixture_end(&tar);
	payload->fd = fixture_fd(tar.data, tar.len);
	assert_true(s->nfds < SCENE_FILES);
	s->fds[s->nfds++] = payload->fd;
	scene_must(s, content_file_init(file, "data", payload->fd, &s->err));
	file->fd = payload->fd;
	payload->data = file;
}

static inline struct package *scene_package(
	struct scene *s, const struct recipe *r)
{
	struct package *pkg = arena_alloc(&s->arena, sizeof(*pkg));
	const char *version = r->version ? r->version : "1-r0";
	const char *text = arena_printf(&s->arena, "%s-%s", r->name, version);
	const struct digest digest = digest_of(DIGEST_SHA1, text, strlen(text));

	pkg->identity = identity_make(IDENTITY_SHA1, digest.bytes);
	pkg->name = slice_of(r->name);
	pkg->version = slice_of(version);
	pkg->arch = slice_of("x86_64");
	pkg->origin = slice_of(r->origin);
	pkg->installed_size = r->installed_size ? r->installed_size : 1;
	if (r->installed_size == UINT64_MAX)
		pkg->installed_size = 0;
	return pkg;
}

static inline struct package_file *scene_control(
	struct scene *s, const struct recipe *r)
{
	struct package_file *file = arena_alloc(&s->arena, sizeof(*file));
	struct package *info = &file->info.package;

	assert_int_equal(
		dependency_list_parse(slice_of(r->replaces ? r->replaces : ""),
			DEPENDENCY_OF_PACKAGE, &s->arena, &info->replaces),
		0);
	info->replaces_priority = r->priority;
	info->triggers = slice_of(r->triggers);
	for (int i = 0; i < SCRIPT_NKINDS; i++) {
		const struct script script = { .kind = (enum script_kind)i,
			.text = slice_of(r->scripts[i]) };

		if (r->scripts[i])
			script_list_add(&file->scripts, &script, &s->arena);
	}
	return file;
}

static inline struct install *scene_install(struct scene *s)
{
	const struct install_options options = { .epoch = SCENE_EPOCH,
		.ledger = &s->ledger };

	if (!s->install)
		s->install = install_new(&s->tree, &s->state, &options);
	return s->install;
}

/* Installs or upgrades; what the database has of that name is the old one. */
static inline int scene_try(struct scene *s, struct recipe recipe)
{
	const struct db_package *old =
		installed_find(&s->state.db, slice_of(recipe.name));
	struct package *before = NULL;
	struct install_payload payload;
	struct solution_step step = { .kind = STEP_INSTALL,
		.new = scene_package(s, &recipe) };

	if (old) {
		before = arena_copy(
			&s->arena, &old->package, sizeof(old->package));
		step.kind = STEP_UPGRADE;
		step.old = before;
	}
	payload.file = scene_control(s, &recipe);
	scene_data(s, recipe.data, &payload);
	return install_step(scene_install(s), &step, &payload, &s->err);
}

#define scene_add(s, ...)                                                      \
	scene_must(s, scene_try(s, (struct recipe){ __VA_ARGS__ }))
#define scene_fails(s, ...)                                                    \
	assert_int_equal(scene_try(s, (struct recipe){ __VA_ARGS__ }), -1)

static inline void scene_purge(struct scene *s, const char *name)
{
	const struct db_package *old =
		installed_find(&s->state.db, slice_of(name));
	struct package before;
	struct solution_step step = { .kind = STEP_PURGE, .old = &before };

	assert_non_null(old);
	before = old->package;
	scene_must(s, install_step(scene_install(s), &step, NULL, &s->err));
}

static inline void scene_finish(struct scene *s)
{
	scene_must(
		s, install_finish(scene_install(s), &s->state.world, &s->err));
}

/* Another transaction, after what was written is read back. */
static inline void scene_again(struct scene *s)
{
	scene_finish(s);
	install_free(s->install);
	s->install = NULL;
	scene_must(s, apk_state_read(&s->state, &s->tree, &s->err));
}

/* "0644 0:0 text", "0755 0:0 /" of a directory, "-> target" or "nothing". */
static inline const char *scene_look(struct scene *s, const char *path)
{
	const struct node *node = tree_find(&s->tree, path);
	struct content_reader reader;
	const char *text;
	struct buf buf;

	if (!node)
		return "nothing";
	if (node->inode->kind == INODE_SYMLINK)
		return arena_printf(&s->arena, "-> %s", node->inode->target);
	text = "/";
	if (node->inode->kind == INODE_FILE) {
		content_reader_init(&reader);
		scene_must(s, content_read(&reader, &node->inode->content,
				      SCENE_MAX, &buf, &s->err));
		content_reader_release(&reader);
		text = arena_slice(&s->arena, buf_slice(&buf));
		buf_release(&buf);
	}
	return arena_printf(&s->arena, "%04o %u:%u %s", node->inode->mode,
		node->inode->uid, node->inode->gid, text);
}

#define assert_look(s, path, want)                                             \
	assert_string_equal(scene_look(s, path), want)

/* The F:, M:, R: and a: lines of a record, a blank between them. */
static inline const char *scene_record(struct scene *s, const char *name)
{
	struct slice text, line;
	SCOPED_BUF struct buf all, out;
	bool is_wanted = false;

	buf_init(&all, SCENE_MAX);
	buf_init(&out, SCENE_MAX);
	buf_add(&out, "", 0);
	installed_print(&s->state.db, s->state.flavor, &all);
	text = buf_slice(&all);
	while (slice_cut(&text, '\n', &line)) {
		if (slice_starts(line, "P:"))
			is_wanted = slice_is(
				line, arena_printf(&s->arena, "P:%s", name));
		if (!is_wanted || !line.len || !strchr("FMRa", line.ptr[0]))
			continue;
		if (out.len)
			buf_add_str(&out, " ");
		buf_add_slice(&out, line);
	}
	return arena_slice(&s->arena, buf_slice(&out));
}

#define assert_record(s, name, want)                                           \
	assert_string_equal(scene_record(s, name), want)

static inline void scene_assert_error(
	struct scene *s, enum error_kind kind, const char *words)
{
	assert_int_equal(s->err.kind, kind);
	if (!strstr(s->err.text, words))
		fail_msg("\"%s\" is not in \"%s\"", words, s->err.text);
}

#define SCENE_TEST(fn)                                                         \
	cmocka_unit_test_setup_teardown(fn, scene_setup, scene_teardown)

#endif
