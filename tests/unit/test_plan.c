/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "build/config.h"
#include "build/packages.h"
#include "build/plan.h"

struct fixture {
	struct arena arena;
	struct project project;
	struct plan_request request;
	struct build_plan plan;
	struct error err;
};

static int setup(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));

	arena_init(&f->arena);
	setenv("SOURCE_DATE_EPOCH", "1000000000", 1);
	if (project_open(&f->project, NULL, &f->arena, &f->err))
		return -1;
	string_list_add(&f->request.images, "alp_rc", &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	packages_release(&f->plan);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static void make(struct fixture *f)
{
	/* Of the plan before, if there was one. */
	packages_release(&f->plan);
	if (plan_make(&f->plan, &f->project, &f->request, &f->arena, &f->err))
		fail_msg("%s", f->err.text);
}

/* What fetch_resolve() would find out. */
static void settle(struct fixture *f, enum channel channel)
{
	make(f);
	for (size_t i = 0; i < f->plan.ninputs; i++)
		f->plan.inputs[i].version = "3.18.9";
	if (plan_settle(&f->plan, channel, &f->arena, &f->err))
		fail_msg("%s", f->err.text);
}

static void assert_refused(
	struct fixture *f, enum error_kind kind, const char *part)
{
	packages_release(&f->plan);
	assert_int_equal(plan_make(&f->plan, &f->project, &f->request,
				 &f->arena, &f->err),
		-1);
	assert_int_equal(f->err.kind, kind);
	assert_non_null(strstr(f->err.text, part));
}

static void no_architecture_means_all_of_the_manifest(void **state)
{
	struct fixture *f = *state;

	make(f);
	assert_int_equal(f->plan.nimages, 1);
	assert_int_equal(f->plan.images[0].narchs, 3);
	assert_int_equal(f->plan.ninputs, 3);
	assert_string_equal(f->plan.images[0].archs[2].arch->name, "armv7");
}

static void an_alias_names_the_same_architecture_once(void **state)
{
	struct fixture *f = *state;

	string_list_add(&f->request.archs, "arm", &f->arena);
	string_list_add(&f->request.archs, "armv7", &f->arena);
	make(f);
	assert_int_equal(f->plan.images[0].narchs, 1);
}

static void unknown_architectures_and_images_are_refused(void **state)
{
	struct fixture *f = *state;

	string_list_add(&f->request.archs, "mips", &f->arena);
	assert_refused(f, ERROR_USAGE, "amd64, arm64, armv7");
	f->request.archs.n = 0;
	f->request.images.items[0] = "alprc";
	assert_refused(f, ERROR_NOT_FOUND, "did you mean \"alp_rc\"");
	f->request.images.items[0] = "../arch/amd64";
	assert_refused(f, ERROR_NOT_FOUND, "no image");
	f->request.images.items[0] = "releases";
	assert_refused(f, ERROR_NOT_FOUND, "no image");
}

static void images_that_want_the_same_input_share_it(void **state)
{
	struct fixture *f = *state;

	string_list_add(&f->request.images, "alp_rc", &f->arena);
	make(f);
	assert_int_equal(f->plan.nimages, 2);
	assert_int_equal(f->plan.ninputs, 3);
	assert_ptr_equal(f->plan.images[0].archs[0].input,
		f->plan.images[1].archs[0].input);
}

static void the_asked_for_alpine_replaces_the_manifests(void **state)
{
	struct fixture *f = *state;

	f->request.alpine = "3.20";
	make(f);
	assert_string_equal(f->plan.inputs[0].alpine, "3.20");
	f->request.alpine = "edge";
	assert_refused(f, ERROR_USAGE, "edge");
}

static void tags_follow_the_channel(void **state)
{
	struct fixture *f = *state;
	const struct image_plan *image;

	settle(f, CHANNEL_RELEASE);
	image = f->plan.images;
	assert_int_equal(image->ntags, 1);
	assert_string_equal(image->tags[0].text, "v3.18.9-0.0.1");
	assert_true(image->tags[0].immutable);
	settle(f, CHANNEL_LATEST);
	image = f->plan.images;
	assert_int_equal(image->ntags, 3);
	assert_string_equal(image->tags[1].text, "v3.18.9-latest");
	assert_string_equal(image->tags[2].text, "latest");
	assert_false(image->tags[2].immutable);
	settle(f, CHANNEL_DEVEL);
	image = f->plan.images;
	assert_int_equal(image->ntags, 1);
	assert_string_equal(image->tags[0].text, "v3.18.9-devel-0.0.1");
	assert_false(image->tags[0].immutable);
}

static void files_are_named_after_image_tag_and_architecture(void **state)
{
	struct fixture *f = *state;
	const struct image_plan *image;

	settle(f, CHANNEL_RELEASE);
	image = f->plan.images;
	assert_string_equal(plan_routeros_file(image, &image->archs[1],
				    &image->tags[0], &f->arena),
		"alp_rc-v3.18.9-0.0.1-arm64.tar");
	assert_string_equal(
		plan_layout_name(image, &image->tags[0], FORMAT_OCI, &f->arena),
		"alp_rc-v3.18.9-0.0.1.oci.tar");
	string_list_add(&f->request.archs, "arm64", &f->arena);
	settle(f, CHANNEL_RELEASE);
	image = f->plan.images;
	assert_string_equal(
		plan_layout_name(image, &image->tags[0], FORMAT_OCI, &f->arena),
		"alp_rc-v3.18.9-0.0.1-arm64.oci.tar");
	assert_string_equal(plan_layout_name(image, &image->tags[0],
				    FORMAT_OCI_DIR, &f->arena),
		"alp_rc-v3.18.9-0.0.1-arm64.oci");
}

static void architectures_of_different_releases_are_refused(void **state)
{
	struct fixture *f = *state;

	make(f);
	for (size_t i = 0; i < f->plan.ninputs; i++)
		f->plan.inputs[i].version = i ? "3.18.9" : "3.18.8";
	assert_int_equal(
		plan_settle(&f->plan, CHANNEL_RELEASE, &f->arena, &f->err), -1);
	assert_non_null(strstr(f->err.text, "3.18.8 for amd64"));
}

static void templates_know_image_alpine_and_architecture(void **state)
{
	struct fixture *f = *state;
	const struct pair_list *v;

	settle(f, CHANNEL_DEVEL);
	v = &f->plan.images[0].archs[2].variables;
	assert_string_equal(pair_list_get(v, "image.name"), "alp_rc");
	assert_string_equal(
		pair_list_get(v, "image.tag"), "v3.18.9-devel-0.0.1");
	assert_string_equal(pair_list_get(v, "alpine.branch"), "v3.18");
	assert_string_equal(pair_list_get(v, "arch.oci"), "arm");
}

static const char *label(const struct image_config *config, const char *key)
{
	for (size_t i = 0; i < config->nlabels; i++) {
		if (!strcmp(config->labels[i].key, key))
			return config->labels[i].value;
	}
	return NULL;
}

static void labels_are_standard_and_the_manifests_own_win(void **state)
{
	struct fixture *f = *state;
	struct image_config config;
	struct arch_plan *arch;

	settle(f, CHANNEL_RELEASE);
	arch = &f->plan.images[0].archs[2];
	pair_list_set(&arch->manifest.labels, "org.opencontainers.image.title",
		"mine", &f->arena);
	config_make(&config, f->plan.images, arch, 1000000000, &f->arena);
	assert_string_equal(config.architecture, "arm");
	assert_string_equal(config.variant, "v7");
	assert_string_equal(
		label(&config, "org.opencontainers.image.title"), "mine");
	assert_string_equal(label(&config, "org.opencontainers.image.created"),
		"2001-09-09T01:46:40Z");
	assert_string_equal(
		label(&config, "org.opencontainers.image.version"), "0.0.1");
}

static void format_lists_are_strict(void **state)
{
	struct fixture *f = *state;
	unsigned formats;

	assert_int_equal(formats_parse("oci,routeros", &formats, &f->err), 0);
	assert_int_equal(formats, FORMAT_OCI | FORMAT_ROUTEROS);
	assert_int_equal(formats_parse("oci-dir", &formats, &f->err), 0);
	assert_int_equal(formats, FORMAT_OCI_DIR);
	assert_int_equal(formats_parse("oci,", &formats, &f->err), -1);
	assert_int_equal(formats_parse("tgz", &formats, &f->err), -1);
	assert_int_equal(f->err.kind, ERROR_USAGE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_architecture_means_all_of_the_manifest),
		TEST(an_alias_names_the_same_architecture_once),
		TEST(unknown_architectures_and_images_are_refused),
		TEST(images_that_want_the_same_input_share_it),
		TEST(the_asked_for_alpine_replaces_the_manifests),
		TEST(tags_follow_the_channel),
		TEST(files_are_named_after_image_tag_and_architecture),
		TEST(architectures_of_different_releases_are_refused),
		TEST(templates_know_image_alpine_and_architecture),
		TEST(labels_are_standard_and_the_manifests_own_win),
		TEST(format_lists_are_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
