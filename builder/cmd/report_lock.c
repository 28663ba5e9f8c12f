/* SPDX-License-Identifier: MIT */
#include "cmd/report_lock.h"

#include "cmd/report.h"

static json_t *changes_json(const struct lock_changes *changes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct lock_change *c = &changes->items[i];

		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s?,s:s?}", "arch", c->arch,
				      "package", c->name, "from", c->from, "to",
				      c->to));
	}
	return list;
}

static void print_changes(const struct lock_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct lock_change *c = &changes->items[i];

		if (c->from && c->to)
			printf("  %-6s %s %s -> %s\n", c->arch, c->name,
				c->from, c->to);
		else if (c->to)
			printf("  %-6s + %s %s\n", c->arch, c->name, c->to);
		else
			printf("  %-6s - %s %s\n", c->arch, c->name, c->from);
	}
}

void report_lock(
	const struct request *request, const struct lock_result *result)
{
	const struct lock *lock = result->lock;

	if (request->json) {
		report_json(json_pack("{s:s,s:s,s:b,s:o}", "lock", lock->path,
			"image", lock->image, "written", result->written,
			"changes", changes_json(&result->changes)));
		return;
	}
	printf("%s: %zu architectures, %s\n", lock->path, result->arch_count,
		result->written ? "written" : "unchanged");
	print_changes(&result->changes);
}

void report_outdated(
	const struct request *request, const struct lock_result *result)
{
	const struct lock *lock = result->lock;

	if (request->json) {
		report_json(json_pack("{s:s,s:s,s:o}", "lock", lock->path,
			"image", lock->image, "changes",
			changes_json(&result->changes)));
		return;
	}
	printf("%s: %s\n", lock->path,
		result->changes.n ? "`alpbuild lock` would change"
				  : "nothing is outdated");
	print_changes(&result->changes);
}
