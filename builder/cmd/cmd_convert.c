/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "build/convert.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "cmd/report.h"
#include "cmd/signals.h"

static void report(const struct request *request, const char *output,
	const struct convert_result *result)
{
	char size[SIZE_TEXT], sha256[DIGEST_HEX_SIZE], id[DIGEST_TEXT_SIZE];

	digest_hex(&result->sha256, sha256);
	if (request->json) {
		report_json(json_pack(
			"{s:o,s:s,s:s,s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:s}", "file",
			report_text_json(output), "tag", result->reference,
			"platform", result->platform, "size",
			(json_int_t)result->size, "sha256", sha256, "id",
			digest_text(&result->id, id), "layers",
			(json_int_t)result->nlayers, "files",
			(json_int_t)result->nfiles, "devices",
			(json_int_t)result->ndevices, "xattrs",
			(json_int_t)result->nxattrs, "config_left_out",
			result->other_keys));
		return;
	}
	printf("%s  ", output);
	report_text(stdout, result->platform, NEWLINES_MASKED);
	printf("  %s  ", report_size(result->size, size));
	report_text(stdout, result->reference, NEWLINES_MASKED);
	printf("  sha256:%s\n", sha256);
}

static int check_operands(const struct request *request, struct error *err)
{
	if (request->operands.n != 2)
		return error_set(err, ERROR_USAGE,
			"convert: expected two operands, an image archive and "
			"the file to write, got %zu",
			request->operands.n);
	if (!strcmp(request->operands.items[1], "-"))
		return error_set(err, ERROR_USAGE,
			"convert: name a file to write: the archive's head is "
			"written last, which a pipe does not allow");
	return 0;
}

/* What is for images only, and for root file systems only. */
static int check_kind(const struct request *request, struct error *err)
{
	if (request->rootfs && request->tag)
		return error_set(err, ERROR_USAGE,
			"convert: --tag chooses one of several images, of "
			"which --rootfs has none: name the image with --name");
	if (!request->rootfs && (request->entrypoint.n || request->cmd.n))
		return error_set(err, ERROR_USAGE,
			"convert: --entrypoint and --cmd are for --rootfs: an "
			"image says itself what is started");
	return 0;
}

static int run_convert(const struct request *request, struct error *err)
{
	const struct convert_rootfs rootfs = {
		.platform = request->platform,
		.any_program = request->unchecked,
		.entrypoint = request->entrypoint.items,
		.nentrypoint = request->entrypoint.n,
		.cmd = request->cmd.items,
		.ncmd = request->cmd.n,
	};
	struct convert_options options = {
		.wish = { .platform = request->platform, .tag = request->tag },
		.rootfs = request->rootfs ? &rootfs : NULL,
		.name = request->name,
		.overwrite = request->overwrite,
		.policy = request->unchecked ? CHECK_TELL : CHECK_REFUSE,
		.cancel = signals_flag(),
	};
	struct convert_result result;
	int failed;

	if (check_operands(request, err) || check_kind(request, err))
		return -1;
	options.input = request->operands.items[0];
	options.output = request->operands.items[1];
	options.progress = progress_new();
	failed = convert(&options, &result, err);
	progress_free(options.progress);
	if (!failed)
		report(request, options.output, &result);
	convert_release(&result);
	return failed;
}

static int set_platform(struct request *r, const char *value, struct error *err)
{
	r->platform = value;
	return 0;
}

static int set_tag(struct request *r, const char *value, struct error *err)
{
	r->tag = value;
	return 0;
}

static int set_name(struct request *r, const char *value, struct error *err)
{
	r->name = value;
	return 0;
}

static int set_rootfs(struct request *r, const char *value, struct error *err)
{
	r->rootfs = true;
	return 0;
}

static int add_word(struct string_list *list, const struct request *r,
	const char *word, struct error *err)
{
	if (!slice_is_utf8(slice_of(word)))
		return error_set(err, ERROR_USAGE,
			"expected a word in UTF-8, found other bytes");
	string_list_add(list, word, r->arena);
	return 0;
}

static int add_entrypoint(
	struct request *r, const char *value, struct error *err)
{
	if (*value != '/' && !r->entrypoint.n)
		return error_set(err, ERROR_USAGE,
			"\"%.80s\": expected the path of a program from the "
			"root on, such as /sbin/init",
			value);
	return add_word(&r->entrypoint, r, value, err);
}

static int add_cmd(struct request *r, const char *value, struct error *err)
{
	return add_word(&r->cmd, r, value, err);
}

static int set_force(struct request *r, const char *value, struct error *err)
{
	r->overwrite = OVERWRITE_FORCE;
	return 0;
}

static int set_unchecked(
	struct request *r, const char *value, struct error *err)
{
	r->unchecked = true;
	return 0;
}

static const struct option_row options_convert[] = {
	{ "arch", 'a', "PLATFORM", "of several: amd64, arm64, arm/v7",
		set_platform },
	{ "tag", 0, "TAG", "of several images, the one with this tag",
		set_tag },
	{ "name", 0, "NAME:TAG", "what the image is called from now on",
		set_name },
	{ "rootfs", 0, NULL, "IN is a plain root file system, no image",
		set_rootfs },
	{ "entrypoint", 0, "WORD", "of it: the program, then its arguments",
		add_entrypoint },
	{ "cmd", 0, "WORD", "of it: further arguments, repeatable", add_cmd },
	{ "force", 0, NULL, "replace a file that is there", set_force },
	{ "unchecked", 0, NULL, "warn only of what a router would not run",
		set_unchecked },
	{ NULL },
};

const struct command command_convert = {
	.name = "convert",
	.summary = "make any image archive one that RouterOS imports",
	.arguments = "IN OUT",
	.text = "Reads an image archive or an OCI folder of any maker and "
		"writes one image of it\nin the form that every RouterOS "
		"imports: a classic docker-archive with one raw\nlayer and one "
		"tag. Layers are flattened, without what their whiteouts "
		"hide.\nOwners, modes, times and the settings of the image "
		"stay as they are; device\nnodes and extended attributes are "
		"left out with a warning. The result is\nchecked as `alpbuild "
		"check` does it: exit status 18 and no file if no router\n"
		"could run it. With --rootfs a root file system, as of docker "
		"export or tar,\nbecomes such an image. docs/convert.md has "
		"the details.\n",
	.examples = "  alpbuild convert image.tar image-routeros.tar\n"
		    "  docker save alpine:3.18 | gzip >a.tar.gz && alpbuild "
		    "convert a.tar.gz b.tar\n"
		    "  alpbuild convert --arch arm/v7 --name web:1.2 "
		    "multi.oci.tar web-armv7.tar\n"
		    "  alpbuild convert --rootfs --entrypoint /bin/server "
		    "root.tar.gz server.tar\n",
	.groups = { options_convert, options_common },
	.run = run_convert,
};
