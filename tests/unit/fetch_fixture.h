/* SPDX-License-Identifier: MIT
 *
 * fetch_fixture: a mirror of one release as files, the cache beside it, and
 * the options of a fetch from it. The minirootfs are gzip files of some text:
 * fetching does not look into the tar.
 */
#ifndef TESTS_UNIT_FETCH_FIXTURE_H
#define TESTS_UNIT_FETCH_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "build/fetch.h"
#include "io/gzip.h"
#include "unit/scratch.h"

#define TAR_TEXT "this stands for the tar of "
#define RELEASES "v3.18/releases/"

struct mirror {
	char *dir;
	struct arena arena;
	struct string_list urls;
	struct cache cache;
	struct release_pin pin;
	struct release_pins pins;
	struct fetch_options options;
	struct input input;
	struct error err;
};

static inline char *mirror_path(struct mirror *m, const char *name)
{
	return arena_printf(
		&m->arena, "%s/mirror/" RELEASES "%s", m->dir, name);
}

static inline void mirror_put(
	struct mirror *m, const char *name, struct slice text)
{
	const char *path = mirror_path(m, name);

	assert_int_equal(file_mkdirs_for(path, &m->err), 0);
	assert_int_equal(outfile_write(path, text.ptr, text.len, &m->err), 0);
}

static inline const char *mirror_file(
	struct mirror *m, const char *version, const char *arch)
{
	return arena_printf(&m->arena, "%s/alpine-minirootfs-%s-%s.tar.gz",
		arch, version, arch);
}

/* A minirootfs; its digest of that kind. */
static inline struct digest mirror_put_rootfs(struct mirror *m,
	const char *version, const char *arch, enum digest_kind kind)
{
	struct gzip_options gzip = { .level = 1, .threads = 1 };
	struct gzip_writer *writer;
	struct buf_sink sink;
	struct buf packed;
	struct digest digest;

	buf_init(&packed, 1000);
	buf_sink_init(&sink, &packed);
	writer = gzip_writer_new(&sink.sink, &gzip);
	sink_write_str(gzip_writer_sink(writer), TAR_TEXT);
	sink_write_str(gzip_writer_sink(writer), arch);
	assert_int_equal(sink_close(gzip_writer_sink(writer), &m->err), 0);
	assert_int_equal(sink_close(&sink.sink, &m->err), 0);
	gzip_writer_free(writer);
	mirror_put(m, mirror_file(m, version, arch), buf_slice(&packed));
	digest = digest_of(kind, packed.data, packed.len);
	buf_release(&packed);
	return digest;
}

static inline const char *mirror_hex(
	struct mirror *m, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	return arena_strdup(&m->arena, digest_hex(digest, hex));
}

/* The .sha256 or .sha512 beside a minirootfs, with that digest in it. */
static inline void mirror_put_checksum(struct mirror *m, const char *version,
	const char *arch, const struct digest *digest)
{
	const char *file = mirror_file(m, version, arch);
	const char *name = arena_printf(
		&m->arena, "%s.sha%zu", file, 8 * digest_size(digest->kind));
	const char *text = arena_printf(
		&m->arena, "%s  %s\n", mirror_hex(m, digest), path_base(file));

	mirror_put(m, name, slice_of(text));
}

/* digest: NULL: the yaml has none. */
static inline void mirror_put_yaml(struct mirror *m, const char *arch,
	const char *version, const struct digest *digest)
{
	struct buf text;

	buf_init(&text, 4000);
	buf_printf(&text,
		"---\n-\n  title: \"Mini root filesystem\"\n"
		"  branch: v3.18\n  arch: %s\n  version: %s\n"
		"  flavor: alpine-minirootfs\n  file: %s\n",
		arch, version, path_base(mirror_file(m, version, arch)));
	if (digest)
		buf_printf(&text, "  sha%zu: %s\n",
			8 * digest_size(digest->kind), mirror_hex(m, digest));
	mirror_put(m, arena_printf(&m->arena, "%s/latest-releases.yaml", arch),
		buf_slice(&text));
	buf_release(&text);
}

/* Says that manifests/releases.json pins the file of the input. */
static inline void mirror_pin(
	struct mirror *m, const char *version, const struct digest *digest)
{
	m->pin = (struct release_pin){
		.version = version,
		.arch = "armv7",
		.sha256 = mirror_hex(m, digest),
	};
	m->pins.n = 1;
}

static inline int mirror_setup(void **state)
{
	struct mirror *m = memory_zero(1, sizeof(*m));
	void *dir;

	if (scratch_setup(&dir))
		return -1;
	log_set_level(LOG_QUIET);
	m->dir = dir;
	arena_init(&m->arena);
	string_list_add(&m->urls,
		arena_printf(&m->arena, "file://%s/mirror/", m->dir),
		&m->arena);
	if (cache_open(&m->cache, arena_printf(&m->arena, "%s/cache", m->dir),
		    &m->err))
		return -1;
	m->pins.items = &m->pin;
	m->options = (struct fetch_options){
		.mirrors = &m->urls,
		.cache = &m->cache,
		.pins = &m->pins,
		.jobs = 2,
	};
	m->input = (struct input){ .arch = "armv7", .alpine = "3.18.9" };
	*state = m;
	return 0;
}

static inline int mirror_teardown(void **state)
{
	struct mirror *m = *state;
	void *dir = m->dir;

	cache_release(&m->cache);
	arena_release(&m->arena);
	free(m);
	return scratch_teardown(&dir);
}

#define MIRROR_TEST(f)                                                         \
	cmocka_unit_test_setup_teardown(f, mirror_setup, mirror_teardown)

/* From here on no mirror delivers anything: http: is not tried offline. */
static inline void mirror_vanish(struct mirror *m)
{
	m->urls.items[0] = "http://mirror.invalid";
	m->options.offline = true;
}

static inline int mirror_resolve(struct mirror *m)
{
	return fetch_resolve(&m->input, 1, &m->options, &m->arena, &m->err);
}

static inline void assert_error(
	struct mirror *m, enum error_kind kind, const char *text)
{
	assert_int_equal(m->err.kind, kind);
	if (!strstr(m->err.text, text))
		fail_msg("\"%s\" does not tell \"%s\"", m->err.text, text);
}

#endif
