/* SPDX-License-Identifier: MIT */
#include "rootfs/services.h"

#include "base/memory.h"
#include "base/path.h"
#include "rootfs/check_command.h"
#include "rootfs/nearby.h"

#define INIT_DIR "etc/init.d"
#define RUNLEVEL_DIR "etc/runlevels"

static const struct tree_source source = { "manifest services", TREE_OVERLAY };

static int complain_missing(const struct tree *tree,
	const struct service_spec *service, struct error *err)
{
	SCOPED_FREE char *path = path_join(INIT_DIR, service->name);
	SCOPED_FREE char *hint = nearby_hint(tree, path);

	return error_set(err, ERROR_TREE,
		"service %s: /%s is not in the image%s%s", service->name, path,
		hint,
		*hint ? "" : ": which package or overlay has the init script?");
}

static int check_script(const struct tree *tree, struct content_reader *reader,
	const struct service_spec *service, struct error *err)
{
	SCOPED_FREE char *path =
		memory_printf("/" INIT_DIR "/%s", service->name);
	struct node *node;

	if (tree_resolve(tree, path + 1, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (!node)
		return complain_missing(tree, service, err);
	return check_command(tree, reader, "service", path, err);
}

static int put_runlevel(
	struct tree *tree, const char *path, int64_t mtime, struct error *err)
{
	const struct tree_entry entry = {
		.kind = INODE_DIRECTORY, .mode = 0755, .mtime = mtime
	};
	struct node *node;

	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (node && node->inode->kind == INODE_DIRECTORY)
		return 0;
	return tree_put(tree, path, &entry, &source, err) ? 0 : -1;
}

static int enable(struct tree *tree, const struct service_spec *service,
	int64_t mtime, struct error *err)
{
	SCOPED_FREE char *dir = path_join(RUNLEVEL_DIR, service->runlevel);
	SCOPED_FREE char *path = path_join(dir, service->name);
	SCOPED_FREE char *target =
		memory_printf("/" INIT_DIR "/%s", service->name);
	const struct tree_entry entry = { .kind = INODE_SYMLINK,
		.mode = 0777,
		.mtime = mtime,
		.target = target };

	if (put_runlevel(tree, dir, mtime, err))
		return -1;
	return tree_put(tree, path, &entry, &source, err) ? 0 : -1;
}

static int apply(struct tree *tree, struct content_reader *reader,
	const struct manifest *m, int64_t mtime, struct error *err)
{
	for (size_t i = 0; i < m->nservices; i++) {
		const struct service_spec *service = &m->services[i];

		if (check_script(tree, reader, service, err) ||
			enable(tree, service, mtime, err))
			return error_wrap(err, "%s", service->place);
	}
	return 0;
}

int services_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err)
{
	struct content_reader reader;
	int status;

	content_reader_init(&reader);
	status = apply(tree, &reader, manifest, mtime, err);
	content_reader_release(&reader);
	return status;
}
