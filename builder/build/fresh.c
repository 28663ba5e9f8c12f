/* SPDX-License-Identifier: MIT */
#include "build/fresh.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/path.h"
#include "build/version.h"
#include "rootfs/overlay.h"

/* Files' times come from the kernel's tick: up to 10 ms behind the clock. */
#define RACY_NS INT64_C(20000000)

static int add_file(struct sink *out, const char *path, struct error *err)
{
	SCOPED_BUF struct buf text = { .max = 1 };

	if (file_read(path, (size_t)1 << 20, &text, err))
		return -1;
	sink_write_str(out, path);
	sink_write(out, "", 1);
	sink_write(out, text.data, text.len);
	sink_write(out, "", 1);
	return 0;
}

static void add_line(struct sink *out, const char *key, const char *value)
{
	sink_write_str(out, key);
	sink_write(out, "=", 1);
	sink_write_str(out, value ? value : "");
	sink_write(out, "\n", 1);
}

static void add_number(struct sink *out, const char *key, int64_t value)
{
	SCOPED_FREE char *text = memory_printf("%lld", (long long)value);

	add_line(out, key, text);
}

static void add_packages(struct sink *out, const struct package_set *set)
{
	char hex[DIGEST_HEX_SIZE], text[IDENTITY_TEXT_SIZE];

	for (size_t i = 0; set && i < set->n; i++) {
		const struct package_input *item = &set->items[i];

		add_line(out, step_names[item->kind], item->name);
		add_line(out, "version", item->version);
		add_line(out, "identity", identity_text(&item->identity, text));
		add_line(out, "sha256", digest_hex(&item->sha256, hex));
		add_line(out, "tag", item->tag);
		add_line(out, "record", item->record_text);
	}
}

static int add_arch(struct sink *out, const struct arch_plan *plan,
	int64_t *newest, struct error *err)
{
	const struct string_list *files = &plan->manifest.files;
	char hex[DIGEST_HEX_SIZE];

	add_line(out, "arch", plan->arch->name);
	add_line(out, "tar", digest_hex(&plan->input->tar_digest, hex));
	add_packages(out, plan->packages);
	if (add_file(out, plan->arch->path, err))
		return -1;
	for (size_t i = 0; i < files->n; i++) {
		if (add_file(out, files->items[i], err))
			return -1;
	}
	for (size_t i = 0; i < plan->noverlays; i++) {
		int64_t changed = 0;

		add_line(out, "overlay", plan->overlays[i].dir);
		if (overlay_fingerprint(
			    plan->overlays[i].dir, out, &changed, err))
			return -1;
		if (changed > *newest)
			*newest = changed;
	}
	return 0;
}

static int add_all(struct sink *out, const struct image_plan *image,
	const struct build_options *options, int64_t *newest, struct error *err)
{
	alpbuild_fingerprint(out);
	add_line(out, "image", image->name);
	add_line(out, "alpine", image->alpine);
	add_line(out, "revision", image->provenance.revision);
	add_number(out, "origin", image->provenance.origin);
	add_number(out, "epoch", image->provenance.epoch);
	add_number(out, "formats", image->formats);
	add_number(out, "gzip", options->gzip_level);
	for (size_t i = 0; i < image->ntags; i++)
		add_line(out, "tag", image->tags[i].text);
	for (size_t i = 0; i < image->narchs; i++) {
		if (add_arch(out, &image->archs[i], newest, err))
			return -1;
	}
	return 0;
}

/* A build is known by its folder, image, formats, architectures and tag. */
static char *make_key(
	const struct image_plan *image, const struct build_options *options)
{
	SCOPED_FREE char *dir = realpath(options->output, NULL);
	struct buf key;

	buf_init(&key, (size_t)1 << 16);
	buf_printf(&key, "%s\n%s\n%u\n%s\n", dir ? dir : options->output,
		image->name, image->formats,
		image->tags[image->ntags - 1].text);
	for (size_t i = 0; i < image->narchs; i++)
		buf_printf(&key, "%s\n", image->archs[i].arch->name);
	return buf_take(&key);
}

int freshness_take(struct freshness *freshness, const struct image_plan *image,
	const struct build_options *options, struct error *err)
{
	struct digest_sink digest;
	struct timespec now;
	int64_t newest = 0;
	int status;

	memset(freshness, 0, sizeof(*freshness));
	clock_gettime(CLOCK_REALTIME, &now);
	digest_sink_init(&digest, DIGEST_SHA256, NULL);
	status = add_all(&digest.sink, image, options, &newest, err);
	if (!status)
		status = sink_close(&digest.sink, err);
	freshness->fingerprint = digest.digest;
	digest_sink_release(&digest);
	if (status)
		return -1;
	freshness->key = make_key(image, options);
	freshness->racy = newest + RACY_NS >=
			  (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return 0;
}

void freshness_release(struct freshness *freshness)
{
	free(freshness->key);
	freshness->key = NULL;
}
