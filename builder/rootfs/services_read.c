/* SPDX-License-Identifier: MIT
 *
 * The init scripts of a tree, and who provides which name.
 */
#include "rootfs/services_check.h"

#include <string.h>

#include "base/memory.h"
#include "base/path.h"

static int read_service(struct init_services *services, const struct node *node,
	struct slice text, struct error *err)
{
	struct init_service *service = &services->items[services->n];

	*service = (struct init_service){ .name = node->name };
	init_script_read(&service->script, text, services->arena);
	if (init_config_apply(
		    &services->config, node->name, &service->script, err))
		return -1;
	services->n++;
	return 0;
}

/* What OpenRC would not take for a script of its own is passed over. */
static int read_script(struct init_services *services, const struct node *node,
	struct error *err)
{
	SCOPED_FREE char *path = path_join(SERVICES_INIT_DIR, node->name);
	SCOPED_BUF struct buf buf = { .max = 0 };
	struct node *file;
	struct error ignored;

	if (tree_resolve(services->config.tree, path, TREE_FOLLOW_ALL, &file,
		    &ignored) ||
		!file || file->inode->kind != INODE_FILE ||
		!(file->inode->mode & 0111) ||
		file->inode->content.size > INIT_SCRIPT_MAX)
		return 0;
	if (content_read(services->config.reader, &file->inode->content,
		    INIT_SCRIPT_MAX, &buf, err))
		return error_wrap(err, "/%s (%s)", path, node->origin);
	if (!init_script_is_openrc(buf_slice(&buf)))
		return 0;
	return read_service(services, node, buf_slice(&buf), err);
}

static void mark_enabled(struct init_services *services)
{
	const struct node *runlevels =
		tree_find(services->config.tree, SERVICES_RUNLEVEL_DIR);

	for (size_t i = 0; runlevels && i < runlevels->nchildren; i++) {
		const struct node *runlevel = runlevels->children[i];

		for (size_t k = 0; k < runlevel->nchildren; k++) {
			struct init_service *service = init_services_find(
				services, runlevel->children[k]->name);

			if (service)
				service->is_enabled = true;
		}
	}
}

static int by_name(const void *a, const void *b)
{
	const struct init_provider *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	/* services are an array by name */
	return order ? order
		     : (x->service > y->service) - (x->service < y->service);
}

static void add_provider(struct init_services *services, const char *name,
	struct init_service *service)
{
	services->providers[services->nproviders++] =
		(struct init_provider){ name, service };
}

static void find_providers(struct init_services *services)
{
	size_t n = services->n;

	for (size_t i = 0; i < services->n; i++)
		n += services->items[i].script.words[INIT_PROVIDE].n;
	services->providers = arena_alloc(
		services->arena, (n + 1) * sizeof(*services->providers));
	for (size_t i = 0; i < services->n; i++) {
		struct init_service *service = &services->items[i];
		struct init_words *words = &service->script.words[INIT_PROVIDE];

		add_provider(services, service->name, service);
		for (size_t k = 0; k < words->n; k++)
			add_provider(services, words->items[k].text, service);
	}
	qsort(services->providers, services->nproviders,
		sizeof(*services->providers), by_name);
}

int init_services_read(struct init_services *services, const struct tree *tree,
	struct content_reader *reader, struct arena *arena, struct error *err)
{
	struct node *dir;

	*services = (struct init_services){ .arena = arena };
	if (init_config_read(&services->config, tree, reader, arena, err) ||
		tree_resolve(
			tree, SERVICES_INIT_DIR, TREE_FOLLOW_ALL, &dir, err))
		return -1;
	if (dir)
		services->items = arena_alloc(
			arena, (dir->nchildren + 1) * sizeof(*services->items));
	for (size_t i = 0; dir && i < dir->nchildren; i++) {
		if (read_script(services, dir->children[i], err))
			return -1;
	}
	find_providers(services);
	mark_enabled(services);
	return 0;
}

static int find_name(const void *name, const void *item)
{
	return strcmp(name, ((const struct init_service *)item)->name);
}

struct init_service *init_services_find(
	const struct init_services *services, const char *name)
{
	if (!services->n)
		return NULL;
	return bsearch(name, services->items, services->n,
		sizeof(*services->items), find_name);
}
