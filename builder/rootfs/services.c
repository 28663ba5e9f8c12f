/* SPDX-License-Identifier: MIT */
#include "rootfs/services.h"

#include "base/memory.h"
#include "base/path.h"
#include "rootfs/services_check.h"
#include "tree/check_command.h"
#include "tree/nearby.h"

static const struct tree_source source = { "manifest services", TREE_OVERLAY };

static int complain_missing(const struct tree *tree,
	const struct service_spec *service, struct error *err)
{
	SCOPED_FREE char *path = path_join(SERVICES_INIT_DIR, service->name);
	SCOPED_FREE char *hint = nearby_hint(tree, path);

	return error_set(err, ERROR_TREE,
		"service %s: /%s is not in the image%s%s", service->name, path,
		hint,
		*hint ? "" : ": which package or overlay has the init script?");
}

static bool has_openrc(const struct tree *tree)
{
	struct node *node = NULL;
	struct error ignored;

	return !tree_resolve(tree, "sbin/openrc-run", TREE_FOLLOW_ALL, &node,
		       &ignored) &&
	       node;
}

static int check_script(const struct tree *tree, struct content_reader *reader,
	const struct service_spec *service, struct error *err)
{
	SCOPED_FREE char *path =
		memory_printf("/" SERVICES_INIT_DIR "/%s", service->name);
	struct error why;
	struct node *node;

	if (tree_resolve(tree, path + 1, TREE_FOLLOW_ALL, &node, err))
		return -1;
	if (!node)
		return complain_missing(tree, service, err);
	if (!check_command(tree, reader, "service", path, &why))
		return 0;
	return error_set(err, why.kind, "%s%s", why.text,
		has_openrc(tree) ? "" : ": add the package openrc");
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
	SCOPED_FREE char *dir =
		path_join(SERVICES_RUNLEVEL_DIR, service->runlevel);
	SCOPED_FREE char *path = path_join(dir, service->name);
	SCOPED_FREE char *target =
		memory_printf("/" SERVICES_INIT_DIR "/%s", service->name);
	const struct tree_entry entry = { .kind = INODE_SYMLINK,
		.mode = 0777,
		.mtime = mtime,
		.target = target };

	if (put_runlevel(tree, dir, mtime, err))
		return -1;
	return tree_put(tree, path, &entry, &source, err) ? 0 : -1;
}

static int enable_all(struct tree *tree, struct content_reader *reader,
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

static int check_service(struct init_services *services,
	const struct service_spec *spec, struct error *err)
{
	struct init_service *service = init_services_find(services, spec->name);

	if (!service)
		return error_set(err, ERROR_TREE,
			"service %s: /" SERVICES_INIT_DIR
			"/%s is no init script of OpenRC: its first line is "
			"not #!/sbin/openrc-run, or it is larger than %d KiB",
			spec->name, spec->name, INIT_SCRIPT_MAX >> 10);
	return init_services_check(services, service, err);
}

/* After all are enabled, because they may need each other. */
static int check_all(const struct tree *tree, struct content_reader *reader,
	const struct manifest *m, struct arena *arena, struct error *err)
{
	struct init_services services;

	if (init_services_read(&services, tree, reader, arena, err))
		return error_wrap(err, "services");
	for (size_t i = 0; i < m->nservices; i++) {
		if (check_service(&services, &m->services[i], err))
			return error_wrap(err, "%s", m->services[i].place);
	}
	return 0;
}

int services_apply(struct tree *tree, const struct manifest *manifest,
	int64_t mtime, struct error *err)
{
	struct content_reader reader;
	struct arena arena;
	int status;

	if (!manifest->nservices)
		return 0;
	content_reader_init(&reader);
	arena_init(&arena);
	status = enable_all(tree, &reader, manifest, mtime, err);
	if (!status)
		status = check_all(tree, &reader, manifest, &arena, err);
	arena_release(&arena);
	content_reader_release(&reader);
	return status;
}
