/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "apk/why.h"
#include "base/path.h"
#include "build/assemble.h"
#include "cmd/command.h"
#include "cmd/report.h"
#include "cmd/report_why.h"
#include "cmd/session.h"
#include "rootfs/install.h"

/* The operands: an image first, if there are two. */
static int split_operands(const struct request *request, struct request *image,
	const char **subject, struct error *err)
{
	size_t n = request->operands.n;

	if (n < 1 || n > 2)
		return error_set(err, ERROR_USAGE,
			"expected a package or a path, and before it an image "
			"if it is not %s",
			DEFAULT_IMAGE);
	*image = *request;
	image->operands = (struct string_list){ 0 };
	if (n == 2)
		string_list_add(&image->operands, request->operands.items[0],
			request->arena);
	*subject = request->operands.items[n - 1];
	return 0;
}

static const struct package *find_package(
	const struct solution *solution, const char *name)
{
	for (size_t i = 0; solution && i < solution->npackages; i++) {
		if (slice_is(solution->packages[i]->name, name))
			return solution->packages[i];
	}
	return NULL;
}

static int explain_package(
	struct why_answer *answer, const char *name, struct arena *arena)
{
	const struct package_set *set = answer->plan->packages;

	answer->package = set ? find_package(set->solution, name) : NULL;
	if (!answer->package)
		return 0;
	why_chain(answer->package, set->solution, set->world, arena,
		&answer->chain);
	why_direct(answer->package, set->solution, set->world, arena,
		&answer->direct);
	return 1;
}

/* What the database says of the path, and who put it there. */
static int explain_node(struct why_answer *answer, const struct tree *tree,
	const char *path, struct arena *arena, struct error *err)
{
	struct apk_state state;
	struct owner_map *owners;
	struct db_owner owner;
	struct node *node;

	if (tree_resolve(tree, path, TREE_FOLLOW_PARENTS, &node, err))
		return -1;
	if (!node)
		return 0;
	answer->origin = arena_strdup(arena, node->origin);
	answer->mode = node->inode->mode;
	answer->uid = node->inode->uid;
	answer->gid = node->inode->gid;
	if (apk_state_read(&state, tree, err))
		return -1;
	owners = owner_map_new(&state.db);
	if (owner_map_find(owners, path, &owner)) {
		SCOPED_FREE char *text = package_text(&owner.package->package);

		answer->owner = arena_strdup(arena, text);
	}
	owner_map_free(owners);
	return 1;
}

static int explain_in(struct why_answer *answer, const struct image_plan *image,
	struct assembly_inputs *inputs, const char *path, struct error *err)
{
	struct assembly assembly;
	int found = assembly_make(&assembly, image, answer->plan, inputs, err);

	if (!found)
		found = explain_node(
			answer, &assembly.tree, path, answer->arena, err);
	assembly_release(&assembly);
	return found;
}

static int explain_path(struct why_answer *answer,
	const struct session *session, const struct image_plan *image,
	const char *subject, struct error *err)
{
	struct base_tar base;
	struct package_tars tars = { .files = NULL };
	struct assembly_inputs inputs = { &base, &tars };
	SCOPED_FREE char *path = NULL;
	int found;

	if (path_clean(subject, PATH_FROM_SPEC, &path, err))
		return -1;
	found = base_tar_open(&base, answer->plan->input, &session->fetch, err);
	if (!found)
		found = package_tars_open(
			&tars, answer->plan->packages, &session->fetch, err);
	if (!found)
		found = explain_in(answer, image, &inputs, path, err);
	base_tar_release(&base);
	package_tars_release(&tars);
	return found;
}

static int explain_image(const struct session *session,
	const struct request *request, const struct image_plan *image,
	const char *subject, struct error *err)
{
	struct why_answer *answers =
		arena_alloc(request->arena, image->narchs * sizeof(*answers));
	int known = 0;

	for (size_t i = 0; i < image->narchs; i++) {
		int found;

		answers[i].plan = &image->archs[i];
		answers[i].arena = request->arena;
		if (*subject == '/')
			found = explain_path(
				&answers[i], session, image, subject, err);
		else
			found = explain_package(
				&answers[i], subject, request->arena);
		if (found < 0)
			return -1;
		known += found;
	}
	if (!known)
		return error_set(err, ERROR_NOT_FOUND, "image %s has no %s %s",
			image->name, *subject == '/' ? "file" : "package",
			subject);
	report_why(request, image, subject, answers);
	return 0;
}

static int run_why(const struct request *request, struct error *err)
{
	struct request image;
	struct session session = { .progress = NULL };
	const char *subject = NULL;
	int failed;

	if (split_operands(request, &image, &subject, err))
		return -1;
	failed = session_open(&session, &image, err);
	/* A remembered choice has no reasons. */
	session.reuse = PACKAGES_SOLVE_ANEW;
	if (!failed)
		failed = session_fetch(&session, err);
	if (!failed)
		failed = explain_image(&session, request,
			&session.plan.images[0], subject, err);
	session_close(&session);
	return failed;
}

const struct command command_why = {
	.name = "why",
	.summary = "explain a package or a file of an image",
	.arguments = "[IMAGE] PACKAGE|/PATH",
	.text = "Tells for each architecture why a package is in the image: "
		"the chain of what\nrequires it, from the manifest down; or "
		"what made a file: a package, an overlay\nor a rule.\n",
	.examples = "  alpbuild why libcap2\n"
		    "  alpbuild why alp_rc /etc/inittab --arch arm64\n",
	.groups = { options_input, options_common },
	.run = run_why,
};
