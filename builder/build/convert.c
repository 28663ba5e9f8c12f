/* SPDX-License-Identifier: MIT */
#include "build/convert.h"

#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/stamp.h"
#include "build/cancel.h"
#include "oci/docker_archive.h"
#include "oci/flatten.h"
#include "oci/reference.h"
#include "oci/rootfs_tar.h"
#include "oci/tar_write.h"
#include "routeros/check.h"

#define COMMENT "converted by alpbuild"
/* Of the paths that a warning names. */
#define LOSS_TEXT_MAX ((size_t)FLATTEN_PATHS_KEPT * (PATH_TEXT_MAX + 8))

struct conversion {
	const struct convert_options *options;
	struct convert_result *result;
	struct archive archive;
	struct archive_chosen chosen;
	struct image_config config;
	struct flatten flatten;
	struct outfile out;
	int work; /* of the progress */
};

/* Bytes that go by, for the progress. */
struct meter_sink {
	struct sink sink;
	const struct conversion *c;
	uint64_t total;
};

/* ---- layers ------------------------------------------------------------ */

static int add_layer(struct conversion *c, size_t i, struct error *err)
{
	const struct archive_layer *layer = &c->chosen.image->layers[i];
	struct progress *progress = c->options->progress;
	const char *name = arena_printf(&c->result->arena, "layer %zu of %zu",
		i + 1, c->chosen.image->nlayers);
	int work, failed;

	if (cancel_check(c->options->cancel, err))
		return -1;
	work = progress_begin(progress, name, layer->size);
	failed = flatten_layer(&c->flatten, &c->archive, layer, err);
	if (!failed)
		progress_update(progress, work, layer->size, layer->size);
	progress_end(progress, work, failed ? err->text : NULL);
	return failed;
}

static const char *loss_text(
	const struct flatten_loss *loss, struct arena *arena)
{
	size_t told =
		loss->n < FLATTEN_PATHS_KEPT ? loss->n : FLATTEN_PATHS_KEPT;
	SCOPED_BUF struct buf text = { 0 };

	buf_init(&text, LOSS_TEXT_MAX);
	for (size_t i = 0; i < told; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", loss->paths[i]);
	if (loss->n > told)
		buf_printf(&text, " and %zu more", loss->n - told);
	return arena_slice(arena, buf_slice(&text));
}

static void tell_losses(struct conversion *c)
{
	static const char *const texts[] = {
		[FLATTEN_DEVICES] = "device nodes or fifos left out, as the "
				    "router makes /dev",
		[FLATTEN_XATTRS] = "extended attributes, capabilities or ACLs "
				   "left out, which no router is known to keep",
		[FLATTEN_WHITEOUTS] = "whiteouts left out, which have nothing "
				      "below them to hide",
	};
	const struct flatten *f = &c->flatten;

	for (size_t i = 0; i < FLATTEN_NLOSSES; i++) {
		if (f->losses[i].n)
			log_warn("%s: %s: %s", c->options->input, texts[i],
				loss_text(&f->losses[i], &c->result->arena));
	}
	c->result->ndevices = f->losses[FLATTEN_DEVICES].n;
	c->result->nxattrs = f->losses[FLATTEN_XATTRS].n;
}

static void tell_other_keys(struct conversion *c)
{
	const char *keys = c->chosen.image->other_keys;

	if (*keys)
		log_info("%s: left out of the config: %s", c->options->input,
			keys);
	c->result->other_keys = arena_strdup(&c->result->arena, keys);
}

static int flatten(struct conversion *c, struct error *err)
{
	flatten_init(&c->flatten, &c->archive.arena);
	for (size_t i = 0; i < c->chosen.image->nlayers; i++) {
		if (add_layer(c, i, err))
			return error_wrap(err, "%s", c->options->input);
	}
	c->result->nlayers = c->chosen.image->nlayers;
	tell_losses(c);
	tell_other_keys(c);
	return 0;
}

/* ---- config ------------------------------------------------------------ */

/* A config that does not say its platform gets what was asked for. */
static void set_platform(struct conversion *c)
{
	struct image_config *config = &c->config;
	const char *asked = c->options->wish.platform;
	struct platform_name platform;

	if (!asked)
		return;
	platform = platform_name_parse(asked, &c->archive.arena);
	if (!config->architecture)
		config->architecture = platform.architecture;
	if (!config->variant)
		config->variant = platform.variant;
}

static const char *reference(const struct conversion *c, struct arena *arena)
{
	const char *name = c->options->name;

	if (!name)
		return arena_strdup(arena,
			reference_of(c->chosen.tag, c->options->input, arena));
	/* NAME alone has no colon behind its last slash. */
	if (strchr(path_base(name), ':'))
		return name;
	return arena_printf(arena, "%s:latest", name);
}

static void take_config(struct conversion *c)
{
	const struct archive_image *image = c->chosen.image;

	c->config = image->config;
	c->config.created = image->created ? stamp_parse(image->created) : 0;
	if (c->config.created < 0)
		c->config.created = 0;
	set_platform(c);
}

static int describe(struct conversion *c, struct error *err)
{
	struct arena *arena = &c->result->arena;

	c->config.comment = COMMENT;
	c->result->platform = arena_printf(arena, "linux/%s%s%s",
		c->config.architecture ? c->config.architecture : "?",
		c->config.variant ? "/" : "",
		c->config.variant ? c->config.variant : "");
	c->result->reference = reference(c, arena);
	if (!reference_is_valid(c->result->reference))
		return error_set(err, ERROR_USAGE,
			"\"%s\" is no name for an image, expected NAME:TAG in "
			"lower case",
			c->result->reference);
	return 0;
}

/* ---- root file systems ------------------------------------------------- */

static int add_rootfs(struct conversion *c, struct error *err)
{
	struct progress *progress = c->options->progress;
	const char *path = c->options->input;
	int work = progress_begin(progress, "root file system", 0), failed;
	uint64_t size = 0;
	SCOPED_FD int fd = rootfs_tar_open(path, &size, err);

	flatten_init(&c->flatten, &c->result->arena);
	failed = fd < 0 ||
		 flatten_add(&c->flatten, path, scope_take_fd(fd), size, err);
	if (!failed)
		progress_update(progress, work, size, size);
	progress_end(progress, work, failed ? err->text : NULL);
	return failed ? -1 : 0;
}

static int read_rootfs(struct conversion *c, struct error *err)
{
	if (add_rootfs(c, err))
		return -1;
	c->result->nlayers = 1;
	c->result->other_keys = "";
	tell_losses(c);
	if (convert_rootfs_config(&c->flatten.tree, c->options->rootfs,
		    &c->config, &c->result->arena, err))
		return error_wrap(err, "%s", c->options->input);
	return describe(c, err);
}

static int read_image(struct conversion *c, struct error *err)
{
	const struct convert_options *options = c->options;

	if (archive_open(&c->archive, options->input, err))
		return -1;
	if (archive_choose(&c->archive, &options->wish, &c->chosen, err))
		return error_wrap(err, "%s", options->input);
	take_config(c);
	return describe(c, err) || flatten(c, err) ? -1 : 0;
}

/* ---- writing ----------------------------------------------------------- */

static int meter_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	const struct meter_sink *meter = (const struct meter_sink *)sink;

	progress_update(meter->c->options->progress, meter->c->work,
		sink->size + n, meter->total);
	return 0;
}

static int stream(struct conversion *c, struct docker_archive *archive,
	struct tee_sink *tee, struct digest_sink *digest, struct error *err)
{
	static const struct sink_ops ops = { .write = meter_write };
	const struct tree *tree = &c->flatten.tree;
	struct meter_sink meter = { .c = c, .total = layer_size(tree) };
	struct cancel_sink cancel;

	sink_init(&meter.sink, &ops);
	cancel_sink_init(&cancel, c->options->cancel);
	tee_sink_add(tee, &cancel.sink);
	tee_sink_add(tee, &meter.sink);
	tee_sink_add(tee, &digest->sink);
	tee_sink_add(tee, docker_archive_sink(archive));
	/* Times are the input's: they are the same each time. */
	if (layer_write(tree, TAR_MTIME_MAX, &tee->sink, err) ||
		sink_close(&tee->sink, err) || sink_close(&digest->sink, err))
		return -1;
	return docker_archive_close(
		archive, &digest->digest, &c->result->id, err);
}

static int write_archive(struct conversion *c, struct error *err)
{
	const uint64_t size = layer_size(&c->flatten.tree);
	struct progress *progress = c->options->progress;
	struct docker_archive *archive;
	struct digest_sink digest;
	struct tee_sink tee;
	int failed;

	if (outfile_open(&c->out, c->options->output, err))
		return -1;
	archive = docker_archive_new(
		&c->out, &c->config, c->result->reference, size);
	tee_sink_init(&tee);
	digest_sink_init(&digest, DIGEST_SHA256, NULL);
	c->work = progress_begin(progress, path_base(c->options->output), size);
	failed = stream(c, archive, &tee, &digest, err);
	progress_end(progress, c->work, failed ? err->text : NULL);
	digest_sink_release(&digest);
	docker_archive_free(archive);
	return failed;
}

/* The file itself, by all rules, before it has its name. */
static int check_output(struct conversion *c, struct error *err)
{
	struct check check = { .path = c->out.tmp };
	struct error why;
	int failed;

	if (outfile_flush(&c->out, err) ||
		cancel_check(c->options->cancel, err) ||
		check_file(&check, err))
		return -1;
	failed = image_check_tell(
		&check.findings, c->options->output, c->options->policy, &why);
	check_release(&check);
	if (!failed)
		return 0;
	return error_set(err, why.kind,
		"%s: %s; --unchecked writes it all the same", c->options->input,
		why.text);
}

static int check_free(const struct convert_options *options, struct error *err)
{
	if (file_is_directory(options->output))
		return error_set(err, ERROR_EXISTS,
			"%s is a folder, expected the name of a file to write",
			options->output);
	if (options->overwrite == OVERWRITE_FORCE ||
		!file_exists(options->output))
		return 0;
	return error_set(err, ERROR_EXISTS,
		"%s exists: choose another name, or replace it with --force",
		options->output);
}

static int publish(struct conversion *c, struct error *err)
{
	struct convert_result *result = c->result;

	if (digest_fd(DIGEST_SHA256, c->out.fd, &result->sha256, &result->size,
		    err) ||
		cancel_check(c->options->cancel, err) ||
		check_free(c->options, err))
		return -1;
	return outfile_commit(&c->out, err);
}

static int run(struct conversion *c, struct error *err)
{
	if (c->options->rootfs ? read_rootfs(c, err) : read_image(c, err))
		return -1;
	c->result->nfiles = c->flatten.tree.nnodes;
	if (write_archive(c, err))
		return -1;
	/* The check needs as much space for temporaries again. */
	flatten_release(&c->flatten);
	return check_output(c, err) || publish(c, err) ? -1 : 0;
}

static void sweep(const char *output)
{
	SCOPED_FREE char *dir = slice_dup(path_parent(output));

	outfile_sweep(*dir ? dir : output[0] == '/' ? "/" : ".");
}

int convert(const struct convert_options *options,
	struct convert_result *result, struct error *err)
{
	struct conversion c = { .options = options, .result = result };
	int failed;

	memset(result, 0, sizeof(*result));
	arena_init(&result->arena);
	c.out.fd = -1;
	if (check_free(options, err))
		return -1;
	sweep(options->output);
	failed = run(&c, err);
	outfile_release(&c.out);
	flatten_release(&c.flatten);
	archive_release(&c.archive);
	return failed ? -1 : 0;
}

void convert_release(struct convert_result *result)
{
	arena_release(&result->arena);
}
