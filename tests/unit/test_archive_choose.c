/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "oci/archive_choose.h"

static const char *const tag_1[] = { "docker.io/library/web:1" };
static const char *const tag_2[] = { "web:2", "web:latest" };

/* An image whose config digest starts with this byte. */
static struct archive_image image(
	const char *architecture, const char *variant, unsigned char id)
{
	struct archive_image image = {
		.os = "linux", .architecture = architecture, .variant = variant
	};

	image.config_digest.kind = DIGEST_SHA256;
	image.config_digest.bytes[0] = id;
	return image;
}

static struct archive_image tagged(
	struct archive_image image, const char *const *tags, size_t n)
{
	image.tags = tags;
	image.ntags = n;
	return image;
}

struct choice_case {
	const char *platform, *tag;
	int want;	  /* index; -1: refused */
	const char *text; /* its tag, or a part of the message */
};

static void check(
	const struct choice_case *c, struct archive_image *images, size_t n)
{
	struct archive archive = { .images = images, .nimages = n };
	const struct archive_wish wish = { c->platform, c->tag };
	struct archive_chosen chosen = { 0 };
	struct error err = { 0 };
	int failed;

	arena_init(&archive.arena);
	failed = archive_choose(&archive, &wish, &chosen, &err);
	arena_release(&archive.arena);
	assert_int_equal(failed, c->want < 0 ? -1 : 0);
	if (failed) {
		assert_non_null(strstr(err.text, c->text ? c->text : ""));
		return;
	}
	assert_ptr_equal(chosen.image, &images[c->want]);
	if (c->text)
		assert_string_equal(chosen.tag, c->text);
	else
		assert_null(chosen.tag);
}

static void one_of_many_is_found(void **state)
{
	struct archive_image images[] = {
		tagged(image("amd64", NULL, 1), tag_1, 1),
		tagged(image("amd64", NULL, 2), tag_2, 2),
		image("arm", "v6", 3),
		image("arm", "v7", 4),
		image("arm64", "v8", 5),
		image("windows", NULL, 6),
	};
	static const struct choice_case cases[] = {
		{ NULL, NULL, -1,
			"there are linux/amd64 docker.io/library/web:1, "
			"linux/amd64 web:2, linux/arm/v6, linux/arm/v7, "
			"linux/arm64/v8, windows/amd64" },
		{ "amd64", NULL, -1, "several images fit" },
		{ "amd64", "web:1", 0, "docker.io/library/web:1" },
		{ "amd64", "1", 0, "docker.io/library/web:1" },
		{ NULL, "latest", 1, "web:latest" },
		{ NULL, "eb:1", -1, "no image for linux with the tag eb:1" },
		{ "x86_64", "2", 1, "web:2" },
		{ "arm", NULL, -1, "several images fit" },
		{ "arm/v7", NULL, 3, NULL },
		{ "armv7", NULL, 3, NULL },
		{ "linux/arm/v6", NULL, 2, NULL },
		{ "arm/v5", NULL, -1, "no image for arm/v5: there are" },
		{ "arm64", NULL, 4, NULL },
		{ "aarch64", NULL, 4, NULL },
		{ "riscv64", NULL, -1, "no image for riscv64" },
		{ "", NULL, -1, "\"\" is no platform such as arm64" },
		{ "/v7", NULL, -1, "\"/v7\" is no platform" },
	};

	images[5].os = "windows";
	images[5].architecture = "amd64";
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i], images, ARRAY_SIZE(images));
}

static void one_that_says_its_variant_beats_one_that_does_not(void **state)
{
	struct archive_image images[] = { image("arm", NULL, 1),
		image("arm", "v7", 2), image(NULL, NULL, 3) };
	static const struct choice_case wanted = { "arm/v7", NULL, 1, NULL };
	static const struct choice_case silent = { "arm/v6", NULL, 0, NULL };

	check(&wanted, images, 3);
	check(&silent, images, 1);
}

static void an_image_that_is_listed_twice_is_one(void **state)
{
	struct archive_image images[] = { tagged(image("amd64", NULL, 1), tag_1,
						  1),
		tagged(image("amd64", NULL, 1), tag_2, 2) };
	static const struct choice_case any = { NULL, NULL, 0,
		"docker.io/library/web:1" };
	static const struct choice_case other = { NULL, "web:2", 1, "web:2" };

	check(&any, images, 2);
	check(&other, images, 2);
}

/* What a config says is foreign, and must not look like a line of ours. */
static void texts_of_configs_stay_in_their_line(void **state)
{
	struct archive_image images[] = { image(
		"arm64\nalpbuild: all is well", NULL, 1) };
	struct archive archive = { .images = images, .nimages = 1 };
	const struct archive_wish wish = { "amd64", NULL };
	struct archive_chosen chosen = { 0 };
	struct error err = { 0 };

	arena_init(&archive.arena);
	assert_int_equal(archive_choose(&archive, &wish, &chosen, &err), -1);
	arena_release(&archive.arena);
	assert_null(strchr(err.text, '\n'));
	assert_non_null(strstr(err.text, "arm64?alpbuild: all is well"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_many_is_found),
		cmocka_unit_test(
			one_that_says_its_variant_beats_one_that_does_not),
		cmocka_unit_test(an_image_that_is_listed_twice_is_one),
		cmocka_unit_test(texts_of_configs_stay_in_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
