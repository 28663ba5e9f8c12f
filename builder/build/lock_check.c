/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "build/lock.h"

/* The differences, as lines of a message. */
struct difference {
	struct buf text;
	size_t n;
};

static void add(struct difference *d, const char *arch, const char *sign,
	const char *what)
{
	d->n++;
	buf_printf(
		&d->text, "\n  %s%s%s%s", arch, *arch ? ": " : "", sign, what);
}

static void compare_lists(struct difference *d, const char *arch,
	const struct string_list *locked, const struct string_list *wanted)
{
	for (size_t i = 0; i < wanted->n; i++) {
		if (!string_list_has(locked, wanted->items[i]))
			add(d, arch, "+ ", wanted->items[i]);
	}
	for (size_t i = 0; i < locked->n; i++) {
		if (!string_list_has(wanted, locked->items[i]))
			add(d, arch, "- ", locked->items[i]);
	}
}

static bool is_same_list(
	const struct string_list *a, const struct string_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	}
	return true;
}

static void compare_wants(struct difference *d, const char *arch,
	const struct lock_wants *locked, const struct manifest *m)
{
	compare_lists(d, arch, &locked->packages, &m->packages);
	/* Their order decides which repository a package comes from. */
	if (is_same_list(&locked->repositories, &m->repositories))
		return;
	add(d, arch, "", "repositories differ");
	compare_lists(d, arch, &locked->repositories, &m->repositories);
}

static void compare_arch(struct difference *d, const struct lock *lock,
	const struct arch_plan *plan)
{
	const char *name = plan->arch->name;
	const struct lock_arch *locked = lock_find_arch(lock, name);

	if (!locked)
		add(d, name, "", "not in the lock");
	else
		compare_wants(d, name, &locked->wants, &plan->manifest);
}

/* "3.18" wants any "3.18.x", "3.18.9" just that. */
static void compare_alpine(struct difference *d, const struct lock *lock,
	const struct image_plan *image)
{
	const char *now = image->archs[0].manifest.alpine;
	SCOPED_FREE char *text = memory_printf(
		"alpine %s, the lock was made for %s", now, lock->alpine);

	if (strcmp(now, lock->alpine) != 0)
		add(d, "", "", text);
}

int lock_check(const struct lock *lock, const struct image_plan *image,
	struct error *err)
{
	struct difference d = { .n = 0 };
	int failed = 0;

	buf_init(&d.text, ERROR_TEXT_SIZE / 2);
	if (strcmp(lock->image, image->name) != 0)
		add(&d, "", "the lock is of image ", lock->image);
	compare_alpine(&d, lock, image);
	for (size_t i = 0; i < image->narchs; i++)
		compare_arch(&d, lock, &image->archs[i]);
	if (d.n)
		failed = error_set(err, ERROR_LOCK,
			"%s does not fit %s any more:%s\n  run `alpbuild lock "
			"--update` to change only what must change",
			lock->path, image->manifest_path, d.text.data);
	buf_release(&d.text);
	return failed;
}
