/* SPDX-License-Identifier: MIT */
#include "routeros/steps.h"

#include <assert.h>
#include <string.h>

#include "routeros/property.h"

#define MIB (UINT64_C(1) << 20)
#define SHARED_COMMENT "alpbuild"

struct maker {
	const struct router_setup *setup;
	struct router_steps *steps;
	struct router_step *step; /* the one that is being made */
	struct arena *arena;
	size_t cap;
};

/* ---- one step ---------------------------------------------------------- */

static void begin(struct maker *maker, enum router_step_kind kind,
	const char *menu, const char *what)
{
	struct router_steps *steps = maker->steps;

	steps->items = arena_grow(maker->arena, steps->items, steps->n,
		&maker->cap, sizeof(*steps->items));
	maker->step = &steps->items[steps->n++];
	*maker->step = (struct router_step){
		.kind = kind, .menu = menu, .what = what
	};
}

static bool has(const struct maker *maker, const char *name)
{
	return property_has(maker->step->menu, name, &maker->setup->version);
}

/* A property that the version does not have would be `bad parameter`. */
static void set(struct maker *maker, const char *name, const char *value)
{
	struct router_step *step = maker->step;

	assert(has(maker, name) && step->nproperties < STEP_PROPERTIES_MAX);
	step->properties[step->nproperties++] =
		(struct router_step_property){ name, value };
}

static void set_if_there(
	struct maker *maker, const char *name, const char *value)
{
	if (value && has(maker, name))
		set(maker, name, value);
}

static void set_key(struct maker *maker, const char *name, const char *value)
{
	set(maker, name, value);
	maker->step->nkeys = maker->step->nproperties;
}

/* ---- the network ------------------------------------------------------- */

static void make_bridge(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;

	begin(maker, RSTEP_SHARED, "/interface/bridge", "bridge of containers");
	maker->step->advice = "choose another name with --bridge";
	set_key(maker, "name", setup->bridge);
	set(maker, "comment", SHARED_COMMENT);
	begin(maker, RSTEP_SHARED, "/ip/address", "address of the bridge");
	maker->step->advice = "choose another network with --address";
	set_key(maker, "address", setup->router_address);
	set_key(maker, "interface", setup->bridge);
	set(maker, "comment", SHARED_COMMENT);
}

static void make_interface(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;

	begin(maker, RSTEP_INTERFACE, "/interface/veth",
		"interface of the container");
	maker->step->advice = "is there another interface of this name, or "
			      "another use of the address? Choose others with "
			      "--name and --address";
	set_key(maker, "comment", setup->owner);
	set(maker, "name", setup->veth);
	set(maker, "address", setup->address);
	set(maker, "gateway", setup->gateway);
	begin(maker, RSTEP_PORT, "/interface/bridge/port",
		"the interface on the bridge");
	maker->step->advice = "is the interface on another bridge? Remove it "
			      "there";
	set_key(maker, "comment", setup->owner);
	set(maker, "bridge", setup->bridge);
	set(maker, "interface", setup->veth);
}

static void make_masquerade(struct maker *maker)
{
	begin(maker, RSTEP_SHARED, "/ip/firewall/nat", "NAT for containers");
	maker->step->advice = "write the script with --no-nat and add what "
			      "your firewall needs";
	set_key(maker, "chain", "srcnat");
	set_key(maker, "action", "masquerade");
	set_key(maker, "src-address", maker->setup->network);
	set(maker, "comment", SHARED_COMMENT);
}

/* Only what is meant for the router itself: a rule for every destination
 * would take the port away from the whole internet. */
static void make_forward(struct maker *maker, const struct setup_port *port)
{
	const struct router_setup *setup = maker->setup;
	struct arena *arena = maker->arena;

	begin(maker, RSTEP_OWN, "/ip/firewall/nat",
		arena_printf(arena, "port %u/%s of the router", port->forward,
			port->protocol));
	maker->step->advice = "is there an interface list of this name? Choose "
			      "another with --from, or all";
	set_key(maker, "comment",
		arena_printf(arena, "%s %s %u", setup->owner, port->protocol,
			port->port));
	set(maker, "chain", "dstnat");
	set(maker, "action", "dst-nat");
	set(maker, "dst-address-type", "local");
	set(maker, "in-interface-list", setup->from);
	set(maker, "protocol", port->protocol);
	set(maker, "dst-port", arena_printf(arena, "%u", port->forward));
	set(maker, "to-addresses", setup->container_ip);
	set(maker, "to-ports", arena_printf(arena, "%u", port->port));
}

static void make_nat(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;

	if (setup->no_nat)
		return;
	make_masquerade(maker);
	for (size_t i = 0; i < setup->nports; i++) {
		if (setup->ports[i].forward)
			make_forward(maker, &setup->ports[i]);
	}
}

/* ---- what the container gets ------------------------------------------- */

static bool make_envs(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;
	bool any = false;

	for (size_t i = 0; i < setup->nenvs; i++) {
		const struct setup_env *env = &setup->envs[i];

		if (!env->value)
			continue;
		begin(maker, RSTEP_OWN, "/container/envs",
			arena_printf(maker->arena, "variable %s", env->name));
		maker->step->advice = "is its value one that RouterOS takes?";
		set_key(maker, has(maker, "list") ? "list" : "name",
			setup->name);
		set_key(maker, "key", env->name);
		set(maker, "value", env->value);
		any = true;
	}
	return any;
}

/* Before 7.21 each has a name of its own, here by its path. */
static const char *mount_name(const struct maker *maker, const char *path)
{
	char *name =
		arena_printf(maker->arena, "%s%s", maker->setup->name, path);

	for (char *p = name; *p; p++) {
		if (strchr("/, \"", *p))
			*p = '-';
	}
	return name;
}

/* What /container calls them: names with commas, or the list. */
static const char *make_mounts(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;
	const char *names = NULL;

	for (size_t i = 0; i < setup->nvolumes; i++) {
		const struct setup_volume *volume = &setup->volumes[i];
		const char *name = mount_name(maker, volume->path);

		begin(maker, RSTEP_OWN, "/container/mounts",
			arena_printf(maker->arena, "mount %s", volume->path));
		maker->step->advice = "choose another folder with --volume";
		if (has(maker, "list")) {
			set_key(maker, "list", setup->name);
			set_key(maker, "dst", volume->path);
			names = setup->name;
		} else {
			set_key(maker, "name", name);
			set(maker, "dst", volume->path);
			names = arena_printf(maker->arena, "%s%s%s",
				names ? names : "", names ? "," : "", name);
		}
		set(maker, "src", volume->source);
	}
	return names;
}

static const char *memory_text(uint64_t bytes, struct arena *arena)
{
	if (bytes % MIB)
		return arena_printf(arena, "%llu", (unsigned long long)bytes);
	return arena_printf(arena, "%lluM", (unsigned long long)(bytes / MIB));
}

/* Limits, and what happens when it ends by itself: by version. */
static void set_life(struct maker *maker)
{
	const struct router_setup *setup = maker->setup;

	if (setup->memory) {
		const char *text = memory_text(setup->memory, maker->arena);

		set_if_there(maker, "memory-high", text);
		set_if_there(maker, "memory-max", text);
	}
	set_if_there(maker, "auto-restart-interval", "10s");
	set_if_there(maker, "restart-policy", "on-failure");
	set_if_there(maker, "restart-interval", "10s");
	set_if_there(maker, "stop-time", "15s");
	/* Deleting the file would extract the container anew. */
	set_if_there(maker, "ignore-remote-image-change", "yes");
}

/* A router that was upgraded to 7.21 forgets them, 7.22 wants cmd=. */
static void set_command(struct maker *maker)
{
	static const struct routeros_version since = { 7, 21, 0 };

	const struct routeros_range era = property_era(&maker->setup->version);

	if (routeros_version_cmp(&era.since, &since) < 0)
		return;
	set_if_there(maker, "entrypoint", maker->setup->entrypoint);
	set_if_there(maker, "cmd", maker->setup->cmd);
}

static void make_container(
	struct maker *maker, const char *envs, const char *mounts)
{
	const struct router_setup *setup = maker->setup;

	begin(maker, RSTEP_CONTAINER, "/container", "container");
	maker->step->advice =
		"look at /log/print; does /system/device-mode/print say "
		"container: yes? If not: /system/device-mode/update "
		"container=yes";
	set_key(maker, "comment", setup->owner);
	set_if_there(maker, "name", setup->name);
	set(maker, "file", setup->file);
	set(maker, "interface", setup->veth);
	set(maker, "root-dir", setup->root_dir);
	set(maker, "hostname", setup->hostname);
	set(maker, "dns", setup->dns);
	set(maker, "logging", "yes");
	set_if_there(maker, "start-on-boot", "yes");
	set_if_there(
		maker, has(maker, "envlists") ? "envlists" : "envlist", envs);
	set_if_there(maker, has(maker, "mountlists") ? "mountlists" : "mounts",
		mounts);
	set_life(maker);
	set_command(maker);
}

void router_steps_make(struct router_steps *steps,
	const struct router_setup *setup, struct arena *arena)
{
	struct maker maker = { .setup = setup, .steps = steps, .arena = arena };
	const char *envs, *mounts;

	*steps = (struct router_steps){ 0 };
	make_bridge(&maker);
	make_interface(&maker);
	make_nat(&maker);
	envs = make_envs(&maker) ? setup->name : NULL;
	mounts = make_mounts(&maker);
	make_container(&maker, envs, mounts);
}

const char *router_step_value(const struct router_step *step, const char *name)
{
	for (size_t i = 0; i < step->nproperties; i++) {
		if (!strcmp(step->properties[i].name, name))
			return step->properties[i].value;
	}
	return NULL;
}

const char *router_step_word(enum router_step_kind kind)
{
	static const char *const words[] = { "shared", "own", "interface",
		"port", "container" };

	return words[kind];
}
