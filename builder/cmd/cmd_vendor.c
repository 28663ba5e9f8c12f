/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/path.h"
#include "build/lock.h"
#include "build/vendor.h"
#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/session.h"

static void report(const struct request *request,
	const struct image_plan *image, const struct vendor_result *result)
{
	char size[SIZE_TEXT], hex[DIGEST_HEX_SIZE];

	if (request->json) {
		report_json(json_pack("{s:s,s:s,s:I,s:s,s:I}", "image",
			image->name, "file", result->file, "size",
			(json_int_t)result->size, "sha256",
			digest_hex(&result->sha256, hex), "blobs",
			(json_int_t)result->nblobs));
		return;
	}
	printf("%s  %s  %zu files  sha256:%s\n", result->file,
		report_size(result->size, size), result->nblobs,
		digest_hex(&result->sha256, hex));
}

static int vendor_image(struct session *session, const struct request *request,
	struct image_plan *image, struct error *err)
{
	struct arena *arena = request->arena;
	const char *name = arena_printf(
		arena, "%s-%s.vendor.tar", image->name, image->tags[0].text);
	SCOPED_FREE char *path = path_join(request->output, name);
	struct vendor_result result;
	struct lock lock;

	if (lock_read(&lock, lock_path(image->manifest_path, arena), arena,
		    err) ||
		vendor_write(&lock, &session->cache, path, &result, err))
		return -1;
	report(request, image, &result);
	return 0;
}

static int run_vendor(const struct request *request, struct error *err)
{
	struct request locked = *request;
	struct session session;
	int failed;

	locked.locked = true;
	failed = session_open(&session, &locked, err);
	session.fetch.archives = true;
	if (!failed)
		failed = session_fetch(&session, err);
	for (size_t i = 0; !failed && i < session.plan.nimages; i++)
		failed = vendor_image(
			&session, request, &session.plan.images[i], err);
	session_close(&session);
	return failed;
}

static int set_output(struct request *r, const char *value, struct error *err)
{
	r->output = value;
	return 0;
}

static const struct option_row options_vendor[] = {
	{ "output", 'o', "DIR", "where the archive goes (default dist)",
		set_output },
	{ NULL },
};

const struct command command_vendor = {
	.name = "vendor",
	.summary = "pack a lock and all that it names into one archive",
	.arguments = "[IMAGE...]",
	.text = "Writes IMAGE-TAG.vendor.tar with the lock file, keys, "
		"minirootfs and packages of\nall architectures, for `alpbuild "
		"build --vendor FILE`, which needs no network\nand no mirror "
		"that still has them.\n",
	.examples = "  alpbuild lock && alpbuild vendor\n"
		    "  alpbuild build --arch all --vendor "
		    "dist/alp_rc-v3.18.9-0.0.1.vendor.tar\n",
	.groups = { options_input, options_vendor, options_common },
	.run = run_vendor,
};
