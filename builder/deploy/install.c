/* SPDX-License-Identifier: MIT
 *
 * The steps, as routeros/steps has them for scripts too, and the wait until
 * the container runs. The first container is the current one at once; another
 * one is made beside it, with the mark "(next)" and a place of its own.
 */
#include "base/log.h"
#include "deploy/parts.h"
#include "routeros/property.h"

static const char *const OF_PLACE[] = { "comment", "name", "interface",
	"root-dir", "start-on-boot", NULL };
static const char *const OF_VETH[] = { "comment", "name", NULL };
static const char *const OF_PORT[] = { "comment", "interface", NULL };

#define OTHERS_MAX 6

/* The value by which it is found comes first. */
struct others {
	struct rest_value values[OTHERS_MAX];
	size_t n;
};

static void set_other(
	struct others *others, const char *name, const char *value)
{
	others->values[others->n++] = (struct rest_value){ name, value };
}

/* What the first container needs may be there, made by hand or by a script:
 * it is taken up, and has the mark for good. */
static enum mark network_mark(const struct run *run)
{
	return run->is_first ? MARK_CURRENT : MARK_NEXT;
}

static struct others others_of(struct run *run, enum mark mark)
{
	struct others others = { .n = 0 };

	set_other(&others, "comment", deploy_comment(run->deploy, mark));
	return others;
}

static int ensure(struct run *run, const struct router_step *step,
	const char *const *skipped, const struct others *others,
	struct error *err)
{
	const struct wanted wanted = change_wanted(
		run->deploy, step, skipped, others ? others->values : NULL);

	return change_ensure(run->deploy, &wanted, err);
}

/* ---- the network ------------------------------------------------------- */

static int add_interface(
	struct run *run, const struct router_step *step, struct error *err)
{
	struct others others = others_of(run, network_mark(run));

	set_other(&others, "name", run->veth);
	return ensure(run, step, OF_VETH, &others, err);
}

static int add_port(
	struct run *run, const struct router_step *step, struct error *err)
{
	struct others others = others_of(run, network_mark(run));

	set_other(&others, "interface", run->veth);
	return ensure(run, step, OF_PORT, &others, err);
}

/* What is there of an installation that was cut off has its own name. */
static int take_up_interface(struct run *run, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const struct rest_value where = { "comment",
		deploy_comment(deploy, network_mark(run)) };
	const struct rest_query query = { "/interface/veth", &where, 1 };
	struct rest_items items;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, err))
		return -1;
	if (items.n && rest_value(&items.items[0], "name"))
		run->veth = rest_value(&items.items[0], "name");
	return 0;
}

/* ---- the container ----------------------------------------------------- */

static void remember_container(struct run *run)
{
	const struct undo undo = {
		.kind = UNDO_CONTAINER,
		.what = arena_printf(&run->deploy->arena, "the container in %s",
			run->root_dir),
		.mark = MARK_NEXT,
		.path = run->root_dir,
	};

	undo_add(run->deploy, &undo);
}

static bool has(const struct run *run, const char *name)
{
	return property_has("/container", name, &run->deploy->router.version);
}

static int add_container(
	struct run *run, const struct router_step *step, struct error *err)
{
	struct others others = others_of(run, MARK_NEXT);

	set_other(&others, "interface", run->veth);
	set_other(&others, "root-dir", run->root_dir);
	if (has(run, "name"))
		set_other(&others, "name", run->name);
	if (has(run, "start-on-boot"))
		set_other(&others, "start-on-boot", "no");
	if (!run->deploy->dry_run)
		remember_container(run);
	return ensure(run, step, OF_PLACE, &others, err);
}

static int complain_extract(
	struct run *run, const struct container *container, struct error *err)
{
	if (container->state == CONTAINER_BUSY)
		return error_set(err, ERROR_ROUTER,
			"the image is still being extracted after %d minutes",
			EXTRACT_LIMIT_MS / 60000);
	if (container->state == CONTAINER_GONE)
		return error_set(err, ERROR_ROUTER,
			"RouterOS could not read %s and removed the container",
			run->options->path);
	return error_set(err, ERROR_ROUTER,
		"the image was not extracted: the container is %s",
		container_state_text(container->state));
}

static int wait_extracted(struct run *run, struct error *err)
{
	const struct container_wait wait = { MARK_NEXT, CONTAINER_BUSY,
		EXTRACT_LIMIT_MS };
	struct container container;

	log_info("the router extracts the image; that may take minutes");
	if (container_wait(run->deploy, &wait, &container, err))
		return -1;
	if (container.state != CONTAINER_STOPPED)
		return complain_extract(run, &container, err);
	deploy_tell(
		run->deploy, "/container", "extracted into %s", run->root_dir);
	return 0;
}

/* ---- all --------------------------------------------------------------- */

static int carry_out(
	struct run *run, const struct router_step *step, struct error *err)
{
	switch (step->kind) {
	case RSTEP_INTERFACE:
		return add_interface(run, step, err);
	case RSTEP_PORT:
		return add_port(run, step, err);
	case RSTEP_CONTAINER:
		return add_container(run, step, err);
	default:
		return ensure(run, step, NULL, NULL, err);
	}
}

int install_steps(struct run *run, struct error *err)
{
	for (size_t i = 0; i < run->steps.n; i++) {
		const struct router_step *step = &run->steps.items[i];

		if (step->kind == RSTEP_INTERFACE &&
			take_up_interface(run, err))
			return -1;
		if (carry_out(run, step, err))
			return -1;
	}
	return run->deploy->dry_run ? 0 : wait_extracted(run, err);
}

int install_start(struct run *run, struct error *err)
{
	const struct undo undo = {
		.kind = UNDO_STARTED,
		.what = "the start of the new container",
		.mark = MARK_NEXT,
	};

	undo_add(run->deploy, &undo);
	if (container_start(run->deploy, MARK_NEXT, err))
		return -1;
	log_info("started; now it must run for %u s", run->options->settle_s);
	if (container_settle(
		    run->deploy, MARK_NEXT, run->options->settle_s, err))
		return -1;
	deploy_tell(run->deploy, "/container", "started, and it runs");
	return 0;
}

int install(struct run *run, struct error *err)
{
	static const struct remark done = { MARK_NEXT, MARK_CURRENT, "yes" };

	if (install_steps(run, err))
		return -1;
	if (run->deploy->dry_run)
		return 0;
	if (install_start(run, err))
		return -1;
	deploy_ignore_cancel(run->deploy);
	if (upgrade_commit(run, &done, err))
		return -1;
	marks_finish(run->deploy, run->setup.name);
	return 0;
}
