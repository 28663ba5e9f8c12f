/* SPDX-License-Identifier: MIT */
#include "build/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "build/build_report.h"
#include "build/config.h"
#include "oci/layout.h"

/* A complete file under its temporary name, or a layout to be made a folder. */
struct pending {
	struct outfile *file;  /* NULL: a folder */
	struct outfile own;    /* of an OCI tar */
	struct layout *layout; /* of a folder */
	const struct tag *tag;
	struct output output;
	bool same; /* is there already, with the same bytes */
};

struct publisher {
	const struct image_plan *image;
	const struct build_options *options;
	struct arch_build *builds;
	struct arena *arena;
	struct layout_image *images; /* one per architecture */
	struct layout layouts[PLAN_TAGS_MAX];
	struct pending *items;
	size_t n;
};

static struct pending *add_pending(struct publisher *p, enum format format,
	const char *file, const struct tag *tag)
{
	struct pending *item = &p->items[p->n++];

	item->own.fd = -1;
	item->tag = tag;
	item->output.format = format;
	item->output.file = file;
	item->output.tag = tag->text;
	item->output.written = true;
	return item;
}

static void add_archives(struct publisher *p, const struct tag *tag)
{
	for (size_t i = 0; i < p->image->narchs; i++) {
		struct arch_build *b = &p->builds[i];

		for (size_t k = 0; k < b->narchives; k++) {
			struct archive_build *from = &b->archives[k];
			struct pending *item;

			if (from->tag != tag)
				continue;
			item = add_pending(p, FORMAT_ROUTEROS,
				plan_routeros_file(
					p->image, b->plan, tag, p->arena),
				tag);
			item->file = &from->file;
			item->output.arch = b->plan->arch->name;
			item->output.size = from->size;
			item->output.sha256 = from->sha256;
			item->output.id = b->config_digest;
		}
	}
}

static int write_report(struct pending *item, struct slice text,
	const struct publisher *p, struct error *err)
{
	SCOPED_FREE char *path =
		path_join(p->options->output, item->output.file);

	item->output.size = text.len;
	item->output.sha256 = digest_of(DIGEST_SHA256, text.ptr, text.len);
	item->file = &item->own;
	if (outfile_open(&item->own, path, err))
		return -1;
	sink_write(&item->own.sink, text.ptr, text.len);
	return 0;
}

static int add_reports(
	struct publisher *p, const struct tag *tag, struct error *err)
{
	for (size_t i = 0; i < p->image->narchs; i++) {
		const struct arch_build *b = &p->builds[i];
		SCOPED_BUF struct buf text;
		struct pending *item;

		buf_init(&text, REPORT_MAX);
		build_report_print(b, tag, &text);
		item = add_pending(p, FORMAT_REPORT,
			plan_report_file(p->image, b->plan, tag, p->arena),
			tag);
		item->output.arch = b->plan->arch->name;
		if (write_report(item, buf_slice(&text), p, err))
			return -1;
	}
	return 0;
}

static const char *only_arch(const struct publisher *p)
{
	return p->image->narchs == 1 ? p->builds[0].plan->arch->name : NULL;
}

static int write_layout(
	struct layout *layout, struct pending *item, struct error *err)
{
	struct digest_sink digest;
	int status;

	digest_sink_init(&digest, DIGEST_SHA256, &item->own.sink);
	status = layout_write(layout, &digest.sink, err);
	if (!status)
		status = sink_close(&digest.sink, err);
	item->output.sha256 = digest.digest;
	item->output.size = digest.sink.size;
	item->output.id = layout->digest;
	digest_sink_release(&digest);
	return status;
}

static int add_layout_tar(struct publisher *p, const struct tag *tag,
	struct layout *layout, struct error *err)
{
	const char *name =
		plan_layout_name(p->image, tag, FORMAT_OCI, p->arena);
	SCOPED_FREE char *path = path_join(p->options->output, name);
	struct pending *item = add_pending(p, FORMAT_OCI, name, tag);

	item->file = &item->own;
	item->output.arch = only_arch(p);
	if (outfile_open(&item->own, path, err))
		return -1;
	return write_layout(layout, item, err);
}

static void add_layout_dir(
	struct publisher *p, const struct tag *tag, struct layout *layout)
{
	struct pending *item = add_pending(p, FORMAT_OCI_DIR,
		plan_layout_name(p->image, tag, FORMAT_OCI_DIR, p->arena), tag);

	item->layout = layout;
	item->output.arch = only_arch(p);
	item->output.size = layout_describe(layout);
	item->output.id = layout->digest;
}

static void describe_layout(
	struct publisher *p, struct layout *layout, const struct tag *tag)
{
	layout->images = p->images;
	layout->nimages = p->image->narchs;
	layout->tag = tag->text;
	layout->mtime = 0;
	for (size_t i = 0; i < p->image->narchs; i++) {
		struct arch_build *b = &p->builds[i];

		p->images[i].config = &b->config;
		p->images[i].layer = &b->layer;
		if (b->assembly.epoch > layout->mtime)
			layout->mtime = b->assembly.epoch;
	}
	layout->nannotations = config_annotations(
		p->image, layout->mtime, &layout->annotations, p->arena);
}

static int add_layouts(struct publisher *p, size_t tag_index, struct error *err)
{
	const struct tag *tag = &p->image->tags[tag_index];
	struct layout *layout = &p->layouts[tag_index];
	unsigned formats = p->image->formats;

	if (!(formats & (FORMAT_OCI | FORMAT_OCI_DIR)))
		return 0;
	describe_layout(p, layout, tag);
	if (formats & FORMAT_OCI_DIR)
		add_layout_dir(p, tag, layout);
	if (formats & FORMAT_OCI)
		return add_layout_tar(p, tag, layout, err);
	return 0;
}

/* 1: the file at path has these bytes; 0: others, or there is none. */
static int file_is(const char *path, const struct output *output, bool *there,
	struct error *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct digest found;
	uint64_t size;

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : error_errno(err, "%s", path);
	if (digest_fd(DIGEST_SHA256, fd, &found, &size, err))
		return error_wrap(err, "%s", path);
	return digest_eq(&found, &output->sha256) ? 1 : 0;
}

static int compare(struct publisher *p, struct pending *item, struct error *err)
{
	SCOPED_FREE char *path =
		path_join(p->options->output, item->output.file);
	bool there;
	int same;

	if (item->file) {
		same = file_is(path, &item->output, &there, err);
	} else {
		there = file_exists(path);
		same = there && layout_dir_is(item->layout, path);
	}
	if (same < 0)
		return -1;
	if (!item->file && layout_dir_check(path, err))
		return -1;
	item->same = same;
	item->output.written = !same;
	/* A newer alpbuild may tell more of the same image. */
	if (same || !there || !item->tag->immutable ||
		item->output.format == FORMAT_REPORT ||
		p->options->overwrite == OVERWRITE_FORCE)
		return 0;
	return error_set(err, ERROR_EXISTS,
		"%s is a release and exists with other content: raise "
		"\"version\" in %s, build with --channel devel, or replace it "
		"with --force",
		path, p->image->manifest_path);
}

static int commit(struct publisher *p, struct pending *item, struct error *err)
{
	SCOPED_FREE char *path =
		path_join(p->options->output, item->output.file);

	if (item->same)
		return 0;
	if (item->file)
		return outfile_commit(item->file, err);
	return layout_write_dir(item->layout, path, err);
}

static int add_all(struct publisher *p, struct error *err)
{
	for (size_t i = 0; i < p->image->ntags; i++) {
		add_archives(p, &p->image->tags[i]);
		if (add_layouts(p, i, err) ||
			add_reports(p, &p->image->tags[i], err))
			return -1;
	}
	return 0;
}

static int check_and_commit(
	struct publisher *p, struct image_result *result, struct error *err)
{
	for (size_t i = 0; i < p->n; i++) {
		if (compare(p, &p->items[i], err))
			return -1;
	}
	/* Folders first: their layers may stand in files of temporary names. */
	for (size_t i = 0; i < p->n; i++) {
		if (!p->items[i].file && commit(p, &p->items[i], err))
			return -1;
	}
	for (size_t i = 0; i < p->n; i++) {
		if (p->items[i].file && commit(p, &p->items[i], err))
			return -1;
	}
	for (size_t i = 0; i < p->n; i++)
		*image_result_add(result) = p->items[i].output;
	return 0;
}

int publish(const struct image_plan *image, const struct build_options *options,
	struct arch_build *builds, struct image_result *result,
	struct error *err)
{
	size_t most = PLAN_TAGS_MAX * (2 * image->narchs + 2);
	struct publisher p = {
		.image = image,
		.options = options,
		.builds = builds,
		.arena = result->arena,
	};
	int status;

	p.images = arena_alloc(p.arena, image->narchs * sizeof(*p.images));
	p.items = arena_alloc(p.arena, most * sizeof(*p.items));
	status = add_all(&p, err);
	if (!status)
		status = check_and_commit(&p, result, err);
	for (size_t i = 0; i < p.n; i++)
		outfile_release(&p.items[i].own);
	return status;
}
