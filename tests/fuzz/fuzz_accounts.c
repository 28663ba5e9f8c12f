/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "rootfs/accounts.h"
#include "rootfs/owner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct tree *tree, const char *path, struct slice text)
{
	struct tree_entry entry = { .kind = INODE_FILE,
		.mode = 0644,
		.content = content_bytes(text.ptr, text.len) };
	const struct tree_source source = { "fuzz", TREE_OVERLAY };
	struct error err;

	if (!tree_put(tree, path, &entry, &source, &err))
		abort();
}

/* The three files, separated by 0xff; what was added must be found again. */
static void apply(struct tree *tree, const struct manifest *manifest)
{
	const struct user_spec *user = manifest->users;
	struct error err;
	uint32_t uid;

	if (accounts_apply(tree, manifest, 1, &err))
		return;
	if (owner_uid(tree, user->name, &uid, &err) || uid != user->uid)
		abort();
	/* Once more: everything is there and agrees. */
	if (accounts_apply(tree, manifest, 1, &err))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "etc/passwd", "etc/group",
		"etc/shadow" };
	const char *members[] = { "app", "root" };
	struct user_spec users[] = { { "app", 1000, "web", "", "/", "/bin/sh",
		"users[0]" } };
	struct group_spec groups[] = { { "web", 82, { members, 2, 2 },
		"groups[0]" } };
	const struct manifest manifest = {
		.users = users, .nusers = 1, .groups = groups, .ngroups = 1
	};
	struct slice rest = slice_make(data, size), part;
	struct arena arena;
	struct tree tree;

	arena_init(&arena);
	tree_init(&tree, &arena);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		part = slice_make("", 0);
		slice_cut(&rest, '\xff', &part);
		put(&tree, paths[i], part);
	}
	apply(&tree, &manifest);
	arena_release(&arena);
	return 0;
}
