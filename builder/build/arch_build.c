/* SPDX-License-Identifier: MIT */
#include "build/arch_build.h"

#include <pthread.h>
#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "build/build_report.h"
#include "build/cancel.h"
#include "build/config.h"
#include "build/image_check.h"
#include "build/layer_blob.h"
#include "build/size_report.h"
#include "io/thread_sink.h"
#include "oci/docker_archive.h"

/* Where the layer's bytes go: the hash and all archives, at once. */
struct layer_stream {
	struct tee_sink tee;
	struct cancel_sink cancel;
	struct digest_sink digest;
	struct thread_sink thread; /* before the digest, if there are threads */
	struct docker_archive *archives[PLAN_TAGS_MAX];
};

static int open_archive(struct arch_build *b, const struct tag *tag,
	struct docker_archive **archive, struct error *err)
{
	struct archive_build *out = &b->archives[b->narchives];
	struct arena *arena = &b->assembly.arena;
	const char *file = plan_routeros_file(b->image, b->plan, tag, arena);
	SCOPED_FREE char *path = path_join(b->options->output, file);

	b->narchives++; /* release what a failure leaves, too */
	if (outfile_open(&out->file, path, err))
		return -1;
	out->tag = tag;
	*archive = docker_archive_new(&out->file, &b->config,
		arena_printf(arena, "%s:%s", b->image->name, tag->text),
		layer_size(&b->assembly.tree));
	out->layer_offset = docker_archive_layer_offset(*archive);
	return 0;
}

static int open_stream(
	struct arch_build *b, struct layer_stream *stream, struct error *err)
{
	memset(stream, 0, sizeof(*stream));
	tee_sink_init(&stream->tee);
	cancel_sink_init(&stream->cancel, b->options->cancel);
	tee_sink_add(&stream->tee, &stream->cancel.sink);
	digest_sink_init(&stream->digest, DIGEST_SHA256, NULL);
	if (b->threads > 1) {
		thread_sink_init(&stream->thread, &stream->digest.sink);
		tee_sink_add(&stream->tee, &stream->thread.sink);
	} else {
		tee_sink_add(&stream->tee, &stream->digest.sink);
	}
	if (!(b->image->formats & FORMAT_ROUTEROS))
		return 0;
	for (size_t i = 0; i < b->image->ntags; i++) {
		if (open_archive(
			    b, &b->image->tags[i], &stream->archives[i], err))
			return -1;
		tee_sink_add(
			&stream->tee, docker_archive_sink(stream->archives[i]));
	}
	return 0;
}

static void release_stream(struct layer_stream *stream)
{
	for (size_t i = 0; i < PLAN_TAGS_MAX; i++)
		docker_archive_free(stream->archives[i]);
	thread_sink_release(&stream->thread);
	digest_sink_release(&stream->digest);
}

static int run_stream(
	struct arch_build *b, struct layer_stream *stream, struct error *err)
{
	const struct assembly *a = &b->assembly;

	if (open_stream(b, stream, err))
		return -1;
	if (layer_write(&a->tree, a->epoch, &stream->tee.sink, err))
		return -1;
	if (sink_close(&stream->tee.sink, err) ||
		(b->threads > 1 && sink_close(&stream->thread.sink, err)) ||
		sink_close(&stream->digest.sink, err))
		return -1;
	b->layer.diff_id = stream->digest.digest;
	b->layer.tar_size = stream->digest.sink.size;
	for (size_t i = 0; i < b->narchives; i++) {
		if (docker_archive_close(stream->archives[i], &b->layer.diff_id,
			    &b->config_digest, err))
			return -1;
	}
	return 0;
}

static void *sync_file(void *fd)
{
	/* Only a head start: outfile_commit() syncs again and checks. */
	(void)fsync(*(const int *)fd);
	return NULL;
}

/* Hashes the whole file while another thread has it written to the disk. */
static int hash_archive(struct archive_build *out, struct error *err)
{
	pthread_t thread;
	bool threaded;
	int status;

	threaded = !pthread_create(&thread, NULL, sync_file, &out->file.fd);
	status = digest_fd(
		DIGEST_SHA256, out->file.fd, &out->sha256, &out->size, err);
	if (threaded)
		pthread_join(thread, NULL);
	return status;
}

static int complain_limit(
	const struct arch_build *b, uint64_t size, struct error *err)
{
	SCOPED_BUF struct buf sizes;
	struct size_report report;

	buf_init(&sizes, ERROR_TEXT_SIZE);
	size_report_make(&report, &b->assembly.tree);
	size_report_print(&report, &sizes);
	return error_set(err, ERROR_LIMIT,
		"the archive has %llu bytes, limits.tar of %s allows %llu: "
		"raise it or leave something out%s",
		(unsigned long long)size, b->image->manifest_path,
		(unsigned long long)b->plan->manifest.tar_limit, sizes.data);
}

static int check_limit(const struct arch_build *b, struct error *err)
{
	uint64_t limit = b->plan->manifest.tar_limit;

	for (size_t i = 0; limit && i < b->narchives; i++) {
		if (b->archives[i].size > limit)
			return complain_limit(b, b->archives[i].size, err);
	}
	return 0;
}

struct report_work {
	struct arch_build *b;
	struct error err;
	int status;
};

static void *make_report(void *arg)
{
	struct report_work *work = arg;

	work->status = build_report_make(work->b, &work->err);
	return NULL;
}

/* The report reads the inputs once more, while the archives are hashed. */
static int hash_and_report(struct arch_build *b, struct error *err)
{
	struct report_work work = { .b = b };
	pthread_t thread;
	bool threaded = b->threads > 1 &&
			!pthread_create(&thread, NULL, make_report, &work);
	int status = 0;

	if (!threaded)
		make_report(&work);
	for (size_t i = 0; !status && i < b->narchives; i++)
		status = hash_archive(&b->archives[i], err);
	if (threaded)
		pthread_join(thread, NULL);
	if (!status && work.status)
		*err = work.err;
	return status ? status : work.status;
}

static int build_archives(struct arch_build *b, struct error *err)
{
	struct layer_stream stream;
	int status = run_stream(b, &stream, err);

	release_stream(&stream);
	if (status || hash_and_report(b, err))
		return -1;
	return check_limit(b, err);
}

static int build_from(struct arch_build *b, struct error *err)
{
	const struct assembly_inputs inputs = { &b->base, &b->packages };
	int status;

	if (assembly_make(&b->assembly, b->image, b->plan, &inputs, err))
		return -1;
	log_debug("%s/%s: %zu entries, epoch %lld", b->image->name,
		b->plan->arch->name, b->assembly.tree.nnodes,
		(long long)b->assembly.epoch);
	config_make(&b->config, b->image, b->plan, b->assembly.epoch,
		&b->assembly.arena);
	status = image_check(b->image, b->plan, &b->assembly, &b->config, err);
	if (!status)
		status = build_archives(b, err);
	if (!status && (b->image->formats & (FORMAT_OCI | FORMAT_OCI_DIR)))
		status = layer_blob_make(b, err);
	if (status)
		return error_wrap(err, "image %s/%s", b->image->name,
			b->plan->arch->name);
	return 0;
}

/* Of minirootfs and packages, both in any case. 1: good; 0: corrupt; -1. */
static int check_inputs(struct arch_build *b, struct error *err)
{
	int base = base_tar_check(&b->base, err);
	int packages = base < 0 ? 0 : package_tars_check(&b->packages, err);

	return base < 0 || packages < 0 ? -1 : base && packages;
}

/*
 * 1: built; -1: failed; 0: a data tar turned out to be corrupt, so that
 * neither what was built nor how it failed means anything.
 */
static int try_build(struct arch_build *b, struct error *err)
{
	struct error failure;
	int status, good;

	if (base_tar_open(&b->base, b->plan->input, &b->options->fetch, err) ||
		package_tars_open(&b->packages, b->plan->packages,
			&b->options->fetch, err))
		return -1;
	base_digests_init(&b->digests, &b->base);
	status = build_from(b, &failure);
	good = check_inputs(b, err);
	if (good == 1)
		base_digests_keep(&b->digests);
	if (good == 1 && status)
		*err = failure;
	return good == 1 && status ? -1 : good;
}

int arch_build_run(struct arch_build *b, struct error *err)
{
	int built = try_build(b, err);

	if (!built) {
		arch_build_release(b);
		built = try_build(b, err);
	}
	if (!built)
		return error_set(err, ERROR_VERIFY,
			"%s or a package: the data tar in the cache is corrupt "
			"again: check the disk, or choose another --cache",
			b->plan->input->file);
	return built < 0 ? -1 : 0;
}

void arch_build_release(struct arch_build *b)
{
	base_digests_release(&b->digests);
	base_tar_release(&b->base);
	package_tars_release(&b->packages);
	for (size_t i = 0; i < b->narchives; i++)
		outfile_release(&b->archives[i].file);
	b->narchives = 0;
	assembly_release(&b->assembly);
}
