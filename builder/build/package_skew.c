/* SPDX-License-Identifier: MIT */
#include "build/package_skew.h"

#include <string.h>

#include "base/log.h"

#define SHOWN_MAX 5 /* packages named in a warning */

static const struct package_input *find(
	const struct arch_plan *plan, const char *name)
{
	const struct package_set *set = plan->packages;

	for (size_t i = 0; set && i < set->n; i++) {
		if (package_input_has_file(&set->items[i]) &&
			!strcmp(set->items[i].name, name))
			return &set->items[i];
	}
	return NULL;
}

/* Whether architectures after the first that has it have another version. */
static bool differs(
	const struct image_plan *image, size_t first, const char *name)
{
	const char *version = find(&image->archs[first], name)->version;

	for (size_t i = 0; i < first; i++) {
		if (find(&image->archs[i], name))
			return false; /* told already */
	}
	for (size_t i = first + 1; i < image->narchs; i++) {
		const struct package_input *other =
			find(&image->archs[i], name);

		if (other && strcmp(other->version, version) != 0)
			return true;
	}
	return false;
}

static void describe(
	const struct image_plan *image, const char *name, struct buf *text)
{
	const char *between = " ";

	buf_printf(text, "\n  %s", name);
	for (size_t i = 0; i < image->narchs; i++) {
		const struct package_input *item = find(&image->archs[i], name);

		if (!item)
			continue;
		buf_printf(text, "%s%s (%s)", between, item->version,
			image->archs[i].arch->name);
		between = ", ";
	}
}

static size_t collect(const struct image_plan *image, struct buf *text)
{
	size_t n = 0;

	for (size_t a = 0; a < image->narchs; a++) {
		const struct package_set *set = image->archs[a].packages;

		for (size_t i = 0; set && i < set->n; i++) {
			const char *name = set->items[i].name;

			if (!package_input_has_file(&set->items[i]) ||
				!differs(image, a, name))
				continue;
			if (n++ < SHOWN_MAX)
				describe(image, name, text);
		}
	}
	if (n > SHOWN_MAX)
		buf_printf(text, "\n  and %zu more", n - SHOWN_MAX);
	return n;
}

int package_skew_check(const struct image_plan *image, struct error *err)
{
	enum arch_skew policy = image->archs[0].manifest.arch_skew;
	SCOPED_BUF struct buf text;
	size_t n;

	buf_init(&text, ERROR_TEXT_SIZE / 2);
	if (policy == ARCH_SKEW_ALLOW)
		return 0;
	n = collect(image, &text);
	if (!n)
		return 0;
	if (policy == ARCH_SKEW_ERROR)
		return error_set(err, ERROR_LIMIT,
			"image %s: the architectures differ in the versions of "
			"%zu packages, which arch-skew of %s forbids: wait for "
			"the mirror, or pin versions%s",
			image->name, n, image->manifest_path, text.data);
	log_warn("image %s: the architectures differ in the versions of %zu "
		 "packages (arch-skew)%s",
		image->name, n, text.data);
	return 0;
}
