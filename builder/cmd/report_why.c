/* SPDX-License-Identifier: MIT */
#include "cmd/report_why.h"

#include "cmd/report.h"

/* Who requires, and by which word; malloc'd. */
static char *by_text(const struct requirement *r)
{
	return r->by ? package_text(r->by) : memory_strdup("the world");
}

static json_t *requirement_json(const struct requirement *r)
{
	SCOPED_FREE char *by = by_text(r);
	SCOPED_FREE char *word = dependency_text(r->word);

	return json_pack("{s:s,s:s,s:s}", "by", by, "word", word, "kind",
		r->is_install_if ? "install_if" : "depends");
}

static json_t *requirements_json(const struct requirement_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array, requirement_json(&list->items[i]));
	return array;
}

static json_t *answer_json(const struct why_answer *a)
{
	json_t *object = json_pack("{s:s}", "arch", a->plan->arch->name);
	SCOPED_FREE char *package =
		a->package ? package_text(a->package) : NULL;
	SCOPED_FREE char *mode = memory_printf("%04o", a->mode);

	if (package)
		json_object_update_new(object,
			json_pack("{s:s,s:o,s:o}", "package", package, "chain",
				requirements_json(&a->chain), "required_by",
				requirements_json(&a->direct)));
	if (a->origin)
		json_object_update_new(object,
			json_pack("{s:s,s:s?,s:s,s:I,s:I}", "origin", a->origin,
				"owner", a->owner, "mode", mode, "uid",
				(json_int_t)a->uid, "gid", (json_int_t)a->gid));
	return object;
}

static void print_requirement(const struct requirement *r, const char *indent)
{
	SCOPED_FREE char *by = by_text(r);
	SCOPED_FREE char *word = dependency_text(r->word);

	if (!r->by)
		printf("%sthe world has %s\n", indent, word);
	else if (r->is_install_if)
		printf("%s%s is there, and install_if has %s\n", indent, by,
			word);
	else
		printf("%s%s requires %s\n", indent, by, word);
}

static void print_package(const struct why_answer *a)
{
	SCOPED_FREE char *name = package_text(a->package);

	printf("%s: %s\n", a->plan->arch->name, name);
	if (!a->chain.n)
		printf("  nothing requires it: it came with the minirootfs\n");
	for (size_t i = 0; i < a->chain.n; i++)
		print_requirement(&a->chain.items[i], "  ");
	if (a->direct.n <= 1)
		return;
	printf("  all that asks for it:\n");
	for (size_t i = 0; i < a->direct.n; i++)
		print_requirement(&a->direct.items[i], "    ");
}

static void print_path(const struct why_answer *a, const char *subject)
{
	printf("%s: ", a->plan->arch->name);
	report_text(stdout, subject, NEWLINES_MASKED);
	printf("  %04o %u:%u\n  made by ", a->mode, a->uid, a->gid);
	report_text(stdout, a->origin, NEWLINES_MASKED);
	if (a->owner)
		printf("\n  the database of packages names %s", a->owner);
	printf("\n");
}

static void print_answer(const struct why_answer *a, const char *subject)
{
	if (a->package)
		print_package(a);
	else if (a->origin)
		print_path(a, subject);
	else
		printf("%s: not in the image\n", a->plan->arch->name);
}

void report_why(const struct request *request, const struct image_plan *image,
	const char *subject, const struct why_answer *answers)
{
	json_t *list = json_array();

	for (size_t i = 0; i < image->narchs; i++) {
		if (request->json)
			json_array_append_new(list, answer_json(&answers[i]));
		else
			print_answer(&answers[i], subject);
	}
	if (request->json)
		report_json(json_pack("{s:s,s:s,s:O}", "image", image->name,
			"subject", subject, "answers", list));
	json_decref(list);
}
