/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "build/fetch_download.h"
#include "build/lock_update.h"
#include "cmd/command.h"
#include "cmd/report_lock.h"
#include "cmd/session.h"
#include "io/outfile.h"

/* Operands are images; with --update also packages, by their names. */
struct operands {
	struct string_list images, packages;
};

static int sort_operands(const struct request *request,
	struct operands *operands, struct error *err)
{
	struct project project;
	struct error ignored;

	memset(operands, 0, sizeof(*operands));
	if (project_open(&project, request->file, request->arena, err))
		return -1;
	for (size_t i = 0; i < request->operands.n; i++) {
		const char *text = request->operands.items[i];
		bool is_image = !request->update ||
				(!request->file && project_manifest(&project,
							   text, request->arena,
							   &ignored) != NULL);

		string_list_add(
			is_image ? &operands->images : &operands->packages,
			text, request->arena);
	}
	return 0;
}

/* The lock that is there. 1: read; 0: none; -1. */
static int read_old(struct lock *lock, const char *path, struct arena *arena,
	struct error *err)
{
	if (!file_exists(path))
		return 0;
	return lock_read(lock, path, arena, err) ? -1 : 1;
}

static bool is_locked(const struct lock *lock, const char *name)
{
	for (size_t i = 0; i < lock->narchs; i++) {
		for (size_t k = 0; k < lock->archs[i].npackages; k++) {
			if (!strcmp(lock->archs[i].packages[k].name, name))
				return true;
		}
	}
	return false;
}

static int check_packages(const struct lock *lock,
	const struct string_list *packages, struct error *err)
{
	for (size_t i = 0; i < packages->n; i++) {
		if (!is_locked(lock, packages->items[i]))
			return error_set(err, ERROR_NOT_FOUND,
				"\"%s\" is neither an image nor a package of "
				"%s",
				packages->items[i], lock->path);
	}
	return 0;
}

/* Writes what differs from the file that is there. */
static int write_lock(const struct lock *lock, bool *written, struct error *err)
{
	SCOPED_BUF struct buf now = { .data = NULL };
	SCOPED_BUF struct buf text;
	struct error ignored;

	buf_init(&text, LOCK_MAX);
	lock_print(lock, &text);
	if (text.overflow)
		return error_set(err, ERROR_LIMIT,
			"%s would have more than %zu bytes", lock->path,
			LOCK_MAX);
	*written = file_read(lock->path, LOCK_MAX, &now, &ignored) ||
		   !slice_eq(buf_slice(&now), buf_slice(&text));
	return *written ? outfile_write(lock->path, text.data, text.len, err)
			: 0;
}

static int resolve_image(struct session *session, const struct lock *old,
	const struct operands *operands, size_t i, struct error *err)
{
	struct image_plan *image = &session->plan.images[i];
	const struct packages_options options = {
		.fetch = &session->fetch,
		.keyring = session->keyring,
	};

	return old ? lock_update(old, image, &operands->packages, &options, err)
		   : 0;
}

static int lock_image(struct session *session, const struct request *request,
	size_t i, const struct lock *old, struct error *err)
{
	struct lock_result result = { .arch_count = 0 };
	struct lock lock;

	if (lock_make(&lock, &session->plan.images[i], &session->cache,
		    request->arena, err) ||
		write_lock(&lock, &result.written, err))
		return -1;
	result.lock = &lock;
	result.arch_count = lock.narchs;
	lock_compare(old, &lock, request->arena, &result.changes);
	report_lock(request, &result);
	return 0;
}

/* The locks that are there, one for each image; NULL where there is none. */
static int read_locks(struct session *session, const struct request *request,
	struct lock **locks, struct error *err)
{
	for (size_t i = 0; i < session->plan.nimages; i++) {
		const struct image_plan *image = &session->plan.images[i];
		struct lock *lock = arena_alloc(request->arena, sizeof(*lock));
		int found = read_old(lock,
			lock_path(image->manifest_path, request->arena),
			request->arena, err);

		if (found < 0 && request->update) {
			fetch_add_line(err,
				"`alpbuild lock`, without --update, makes a "
				"new one");
			return -1;
		}
		locks[i] = found > 0 ? lock : NULL;
	}
	return 0;
}

static int keep_inputs(struct session *session, const struct request *request,
	struct lock *const *locks, const struct operands *operands,
	struct error *err)
{
	for (size_t i = 0; i < session->plan.nimages; i++) {
		if (!locks[i] || !request->update)
			continue;
		if (check_packages(locks[i], &operands->packages, err) ||
			lock_keep_minirootfs(locks[i], &session->plan.images[i],
				request->arena, err))
			return -1;
	}
	return 0;
}

static int lock_all(struct session *session, const struct request *request,
	struct lock *const *locks, const struct operands *operands,
	struct error *err)
{
	struct build_plan *plan = &session->plan;

	if (keep_inputs(session, request, locks, operands, err) ||
		session_settle(session, request, err) ||
		fetch_inputs(plan->inputs, plan->ninputs, &session->fetch, err))
		return -1;
	for (size_t i = 0; request->update && i < plan->nimages; i++) {
		if (resolve_image(session, locks[i], operands, i, err))
			return -1;
	}
	if (session_fetch(session, err))
		return -1;
	for (size_t i = 0; i < plan->nimages; i++) {
		if (lock_image(session, request, i, locks[i], err))
			return -1;
	}
	return 0;
}

static int run_lock(const struct request *request, struct error *err)
{
	struct request images = *request;
	struct session session = { .progress = NULL };
	struct operands operands;
	struct lock **locks;
	int failed;

	if (sort_operands(request, &operands, err))
		return -1;
	images.operands = operands.images;
	failed = session_begin(&session, &images, err);
	session.fetch.archives = true;
	locks = arena_alloc(request->arena,
		(session.plan.nimages + 1) * sizeof(struct lock *));
	if (!failed)
		failed = read_locks(&session, request, locks, err);
	if (!failed)
		failed = lock_all(&session, request, locks, &operands, err);
	session_close(&session);
	return failed;
}

static int set_update(struct request *r, const char *value, struct error *err)
{
	r->update = true;
	return 0;
}

static const struct option_row options_lock[] = {
	{ "update", 0, NULL, "keep what is locked as far as possible",
		set_update },
	{ NULL },
};

const struct command command_lock = {
	.name = "lock",
	.summary = "write down every input of an image with its digests",
	.arguments = "[IMAGE...] [PACKAGE...]",
	.text = "Chooses minirootfs and packages for all architectures and "
		"writes them, with\ndigests and why they are there, to "
		"IMAGE.lock.json beside the manifest, for\n`alpbuild build "
		"--locked`. With --update, only what must change does: what "
		"the\nmanifest asks for anew, and packages that are named "
		"here.\n",
	.examples = "  alpbuild lock\n"
		    "  alpbuild lock --update\n"
		    "  alpbuild lock --update openssh-server\n"
		    "  alpbuild lock && alpbuild build --locked --arch all\n",
	.groups = { options_input, options_lock, options_common },
	.run = run_lock,
};
