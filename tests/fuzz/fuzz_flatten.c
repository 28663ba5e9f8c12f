/* SPDX-License-Identifier: MIT
 *
 * fuzz_flatten: layers stacked into a tree. Input is one layer, laid over
 * itself three times, or, as a script (tar_script.h), layers with a line "="
 * between them. What comes out is written as one layer, which must have the
 * size that was foretold, no whiteout, and give the same layer again.
 */
#include <assert.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/path.h"
#include "oci/flatten.h"
#include "oci/layer.h"
#include "tar_script.h"

#define INPUT_MAX ((size_t)1 << 16)
#define BYTES_MAX ((size_t)64 << 20)
#define EPOCH INT64_C(1700000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int add(struct flatten *f, const struct buf *tar)
{
	int fd = memfd_create("layer", MFD_CLOEXEC);
	struct error err;

	if (fd < 0 || file_write_all(fd, tar->data, tar->len, &err) ||
		lseek(fd, 0, SEEK_SET))
		abort();
	return flatten_add(f, "layer", fd, 0, &err);
}

static int add_script(struct flatten *f, struct slice script)
{
	SCOPED_BUF struct buf text, tar;

	buf_init(&text, INPUT_MAX + 2);
	buf_init(&tar, BYTES_MAX);
	buf_add_str(&text, "!");
	buf_add_slice(&text, script);
	buf_add(&tar, "", 0);
	tar_script(&tar, text.data, text.len);
	return add(f, &tar);
}

static int add_scripts(struct flatten *f, struct slice rest)
{
	const char *start = rest.ptr, *end = rest.ptr + rest.len;
	struct slice line;

	while (slice_cut(&rest, '\n', &line)) {
		if (!slice_is(line, "="))
			continue;
		if (add_script(
			    f, slice_make(start, (size_t)(line.ptr - start))))
			return -1;
		start = line.ptr + line.len;
	}
	return add_script(f, slice_make(start, (size_t)(end - start)));
}

static int add_input(struct flatten *f, const uint8_t *data, size_t size)
{
	SCOPED_BUF struct buf tar = { 0 };

	if (size > 1 && data[0] == '!')
		return add_scripts(
			f, slice_make((const char *)data + 1, size - 1));
	buf_init(&tar, BYTES_MAX);
	buf_add(&tar, "", 0);
	tar_script(&tar, data, size);
	return add(f, &tar) || add(f, &tar) || add(f, &tar);
}

static int check_node(
	const struct node *node, const char *path, void *ctx, struct error *err)
{
	assert(strncmp(node->name, ".wh.", 4) != 0);
	return 0;
}

static int write_layer(const struct flatten *f, struct buf *out)
{
	struct buf_sink to;
	struct error err;

	buf_init(out, BYTES_MAX);
	if (tree_walk(&f->tree, check_node, NULL, &err))
		abort();
	if (layer_size(&f->tree) > BYTES_MAX)
		return -1;
	buf_sink_init(&to, out);
	if (layer_write(&f->tree, EPOCH, &to.sink, &err))
		abort();
	assert(out->len == layer_size(&f->tree));
	return 0;
}

static void check_again(struct buf *first, struct arena *arena)
{
	SCOPED_BUF struct buf second = { 0 };
	struct flatten f;

	flatten_init(&f, arena);
	if (add(&f, first) || write_layer(&f, &second))
		abort();
	assert(second.len == first->len &&
		!memcmp(second.data, first->data, first->len));
	flatten_release(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_BUF struct buf bytes = { 0 };
	struct flatten f;
	struct arena arena;

	if (size > INPUT_MAX)
		return 0;
	arena_init(&arena);
	flatten_init(&f, &arena);
	if (!add_input(&f, data, size) && !write_layer(&f, &bytes))
		check_again(&bytes, &arena);
	flatten_release(&f);
	arena_release(&arena);
	return 0;
}
