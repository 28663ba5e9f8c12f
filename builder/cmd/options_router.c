/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include <string.h>

#define PORT_MAX 65535

/* ---- words ------------------------------------------------------------- */

static int set_name(struct request *r, const char *value, struct error *err)
{
	r->router.name = value;
	return 0;
}

static int set_disk(struct request *r, const char *value, struct error *err)
{
	r->router.disk = strcmp(value, "flash") ? value : "";
	return 0;
}

static int set_root_dir(struct request *r, const char *value, struct error *err)
{
	r->router.root_dir = value;
	return 0;
}

static int set_address(struct request *r, const char *value, struct error *err)
{
	r->router.address = value;
	return 0;
}

static int set_gateway(struct request *r, const char *value, struct error *err)
{
	r->router.gateway = value;
	return 0;
}

static int set_bridge(struct request *r, const char *value, struct error *err)
{
	r->router.bridge = value;
	return 0;
}

static int set_dns(struct request *r, const char *value, struct error *err)
{
	r->router.dns = value;
	return 0;
}

static int set_from(struct request *r, const char *value, struct error *err)
{
	r->router.from = value;
	return 0;
}

static int set_no_nat(struct request *r, const char *value, struct error *err)
{
	r->router.no_nat = true;
	return 0;
}

/* ---- lists ------------------------------------------------------------- */

static int complain_port(const char *value, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"--port \"%.80s\": expected ROUTER:CONTAINER, such as 2222:22 "
		"or 53:53/udp; ROUTER may be 0 for none",
		value);
}

static int set_port(struct request *r, const char *value, struct error *err)
{
	struct slice rest = slice_of(value), numbers, forward;
	const char *protocol = "tcp";
	uint64_t router, container;
	struct setup_port *port;

	if (!slice_cut(&rest, '/', &numbers))
		return complain_port(value, err);
	if (slice_ends(slice_of(value), "/udp"))
		protocol = "udp";
	else if (strchr(value, '/') && !slice_ends(slice_of(value), "/tcp"))
		return complain_port(value, err);
	if (!slice_cut(&numbers, ':', &forward) ||
		slice_to_u64(forward, 10, PORT_MAX, &router) ||
		slice_to_u64(numbers, 10, PORT_MAX, &container) || !container)
		return complain_port(value, err);
	port = setup_add_port(&r->router, r->arena);
	port->protocol = protocol;
	port->forward = (uint16_t)router;
	port->port = (uint16_t)container;
	return 0;
}

static int set_env(struct request *r, const char *value, struct error *err)
{
	const char *equals = strchr(value, '=');
	struct setup_env *env;

	if (!equals || equals == value)
		return error_set(err, ERROR_USAGE,
			"--env \"%.80s\": expected NAME=VALUE", value);
	env = setup_add_env(&r->router, r->arena);
	env->name = arena_slice(
		r->arena, slice_make(value, (size_t)(equals - value)));
	env->value = equals + 1;
	return 0;
}

static int set_volume(struct request *r, const char *value, struct error *err)
{
	const char *equals = strchr(value, '=');
	struct setup_volume *volume = setup_add_volume(&r->router, r->arena);

	volume->path = value;
	if (!equals)
		return 0;
	volume->path = arena_slice(
		r->arena, slice_make(value, (size_t)(equals - value)));
	volume->source = equals + 1;
	return 0;
}

static int set_memory(struct request *r, const char *value, struct error *err)
{
	struct slice text = slice_of(value);
	uint64_t number;

	if (slice_ends(text, "MiB"))
		text.len -= 3;
	else if (slice_ends(text, "M"))
		text.len--;
	if (slice_to_u64(text, 10, UINT32_MAX, &number) || !number)
		return error_set(err, ERROR_USAGE,
			"--memory \"%.80s\": expected MiB, such as 64M", value);
	r->router.memory = number << 20;
	return 0;
}

const struct option_row options_router[] = {
	{ "name", 0, "NAME", "of the container (default: the image's)",
		set_name },
	{ "disk", 0, "DISK", "of the router (default usb1), or flash",
		set_disk },
	{ "root-dir", 0, "PATH", "folder of its files (default DISK/NAME)",
		set_root_dir },
	{ "address", 0, "ADDRESS", "its address (default 172.17.0.2/24)",
		set_address },
	{ "gateway", 0, "ADDRESS", "the bridge's (default: network's first)",
		set_gateway },
	{ "bridge", 0, "NAME", "the bridge (default containers)", set_bridge },
	{ "dns", 0, "LIST", "name servers (default 1.1.1.1)", set_dns },
	{ "from", 0, "LIST", "interfaces that may use the ports (default LAN)",
		set_from },
	{ "port", 0, "PORTS", "ROUTER:CONTAINER[/udp]; repeatable", set_port },
	{ "no-nat", 0, NULL, "neither masquerade nor forward ports",
		set_no_nat },
	{ "env", 0, "VARIABLE", "NAME=VALUE; repeatable", set_env },
	{ "volume", 0, "FOLDER", "PATH[=FOLDER of the router]; repeatable",
		set_volume },
	{ "memory", 0, "SIZE", "limit, such as 64M", set_memory },
	{ NULL },
};
