/* SPDX-License-Identifier: MIT */
#include "routeros/setup.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* An interface's name as Linux has it, with room for "-b". */
#define VETH_MAX 13
#define PATH_BYTES_MAX 200
#define PREFIX_MIN 8
#define PREFIX_MAX 30
#define ADDRESS_BITS 32

static void *grown(void *items, size_t n, size_t size, struct arena *arena)
{
	char *copy = arena_alloc(arena, (n + 1) * size);

	if (n)
		memcpy(copy, items, n * size);
	return copy;
}

struct setup_port *setup_add_port(
	struct router_setup *setup, struct arena *arena)
{
	setup->ports = grown(
		setup->ports, setup->nports, sizeof(*setup->ports), arena);
	return &setup->ports[setup->nports++];
}

struct setup_volume *setup_add_volume(
	struct router_setup *setup, struct arena *arena)
{
	setup->volumes = grown(setup->volumes, setup->nvolumes,
		sizeof(*setup->volumes), arena);
	return &setup->volumes[setup->nvolumes++];
}

struct setup_env *setup_add_env(struct router_setup *setup, struct arena *arena)
{
	setup->envs =
		grown(setup->envs, setup->nenvs, sizeof(*setup->envs), arena);
	return &setup->envs[setup->nenvs++];
}

/* ---- words ------------------------------------------------------------- */

static bool has_only(const char *text, const char *others)
{
	for (const char *p = text; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr(others, *p))
			return false;
	}
	return *text;
}

/* Names also stand inside patterns and names of folders. */
static int check_word(const char *option, const char *text, struct error *err)
{
	if (has_only(text, "_-") && isalnum((unsigned char)*text) &&
		strlen(text) <= SETUP_NAME_MAX)
		return 0;
	return error_set(err, ERROR_USAGE,
		"--%s \"%.80s\": expected at most %d letters, digits, \"-\" "
		"and \"_\", the first a letter or digit",
		option, text, SETUP_NAME_MAX);
}

static int check_path(const char *option, const char *text, struct error *err)
{
	if (has_only(text, "_-./+ ") && text[0] != '/' &&
		text[strlen(text) - 1] != '/' && !strstr(text, "//") &&
		!strstr(text, "..") && strlen(text) <= PATH_BYTES_MAX)
		return 0;
	return error_set(err, ERROR_USAGE,
		"%s \"%.80s\": expected a path on the router such as "
		"usb1/alp, without \"/\" at either end",
		option, text);
}

/* The default name: the image's, as far as it may be one. */
static const char *name_of(const char *text, struct arena *arena)
{
	char *name = arena_strdup(arena, text);

	if (strlen(name) > SETUP_NAME_MAX)
		name[SETUP_NAME_MAX] = '\0';
	for (char *p = name; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("_-", *p))
			*p = '-';
	}
	return name;
}

/* ---- addresses --------------------------------------------------------- */

static int parse_ip(
	const char *option, const char *text, uint32_t *ip, struct error *err)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1)
		return error_set(err, ERROR_USAGE,
			"--%s \"%.80s\": expected an IPv4 address such as "
			"172.17.0.1",
			option, text);
	*ip = ntohl(address.s_addr);
	return 0;
}

static const char *ip_text(uint32_t ip, struct arena *arena)
{
	return arena_printf(arena, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255,
		ip >> 8 & 255, ip & 255);
}

static int complain_gateway(const struct router_setup *setup, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"--gateway %.40s is not another address of the network of "
		"--address %.40s",
		setup->gateway, setup->address);
}

static int split_address(const char *text, struct slice *ip, uint64_t *prefix)
{
	struct slice rest = slice_of(text);

	if (!slice_cut(&rest, '/', ip) ||
		slice_to_u64(rest, 10, PREFIX_MAX, prefix))
		return -1;
	return *prefix < PREFIX_MIN ? -1 : 0;
}

static int complete_addresses(
	struct router_setup *setup, struct arena *arena, struct error *err)
{
	uint32_t own = 0, gateway = 0, mask;
	struct slice ip;
	uint64_t prefix;

	if (split_address(setup->address, &ip, &prefix))
		return error_set(err, ERROR_USAGE,
			"--address \"%.80s\": expected an address with the "
			"length of its network, %d to %d, such as "
			"172.17.0.2/24",
			setup->address, PREFIX_MIN, PREFIX_MAX);
	setup->container_ip = arena_slice(arena, ip);
	if (parse_ip("address", setup->container_ip, &own, err))
		return -1;
	mask = UINT32_MAX << (ADDRESS_BITS - prefix);
	if (!setup->gateway)
		setup->gateway = ip_text((own & mask) + 1, arena);
	if (parse_ip("gateway", setup->gateway, &gateway, err))
		return -1;
	if (gateway == own || (gateway & mask) != (own & mask))
		return complain_gateway(setup, err);
	setup->network = arena_printf(
		arena, "%s/%u", ip_text(own & mask, arena), (unsigned)prefix);
	setup->router_address =
		arena_printf(arena, "%s/%u", setup->gateway, (unsigned)prefix);
	return 0;
}

static int check_dns(const char *list, struct arena *arena, struct error *err)
{
	struct slice rest = slice_of(list), item;
	struct in6_addr address;

	while (slice_cut(&rest, ',', &item)) {
		const char *text = arena_slice(arena, item);

		if (inet_pton(AF_INET, text, &address) != 1 &&
			inet_pton(AF_INET6, text, &address) != 1)
			return error_set(err, ERROR_USAGE,
				"--dns \"%.80s\": expected addresses with "
				"commas between, such as 1.1.1.1,9.9.9.9; a "
				"container without one does not start",
				list);
	}
	return 0;
}

/* ---- lists ------------------------------------------------------------- */

/* "/var/lib/x" is usb1/alp-var-lib-x, beside root_dir usb1/alp. */
static const char *source_of(const struct router_setup *setup,
	const struct setup_volume *volume, struct arena *arena)
{
	char *tail = arena_strdup(arena, volume->path + 1);

	for (char *p = tail; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("_.", *p))
			*p = '-';
	}
	return arena_printf(arena, "%s-%s", setup->root_dir, tail);
}

static int complete_volumes(
	struct router_setup *setup, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < setup->nvolumes; i++) {
		struct setup_volume *volume = &setup->volumes[i];

		if (volume->path[0] != '/' || !volume->path[1])
			return error_set(err, ERROR_USAGE,
				"--volume \"%.80s\": expected an absolute path "
				"of the image",
				volume->path);
		if (!volume->source)
			volume->source = source_of(setup, volume, arena);
		if (check_path("--volume source", volume->source, err))
			return -1;
	}
	return 0;
}

static bool is_same_forward(
	const struct setup_port *a, const struct setup_port *b)
{
	return a->forward && a->forward == b->forward &&
	       !strcmp(a->protocol, b->protocol);
}

static int check_ports(const struct router_setup *setup, struct error *err)
{
	for (size_t i = 0; i < setup->nports; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!is_same_forward(
				    &setup->ports[i], &setup->ports[j]))
				continue;
			return error_set(err, ERROR_USAGE,
				"port %u/%s of the router cannot lead to both "
				"%u and %u: give one of them with --port",
				setup->ports[i].forward,
				setup->ports[i].protocol, setup->ports[j].port,
				setup->ports[i].port);
		}
	}
	return 0;
}

/* ---- the whole --------------------------------------------------------- */

static const char *or_default(const char *text, const char *other)
{
	return text ? text : other;
}

static const char *on_disk(
	const struct router_setup *setup, const char *name, struct arena *arena)
{
	return arena_printf(
		arena, "%s%s%s", setup->disk, *setup->disk ? "/" : "", name);
}

static void fill_in(struct router_setup *setup, struct arena *arena)
{
	setup->disk = or_default(setup->disk, "usb1");
	setup->file = on_disk(setup, setup->file, arena);
	if (!setup->root_dir)
		setup->root_dir = on_disk(setup, setup->name, arena);
	if (!setup->veth)
		setup->veth = arena_printf(
			arena, "veth-%.*s", VETH_MAX - 5, setup->name);
	setup->bridge = or_default(setup->bridge, "containers");
	setup->hostname = or_default(setup->hostname, setup->name);
	setup->dns = or_default(setup->dns, "1.1.1.1");
	setup->from = or_default(setup->from, "LAN");
	setup->address = or_default(setup->address, "172.17.0.2/24");
	setup->owner = arena_printf(arena, "alpbuild: %s", setup->name);
}

/* Upgrades go from one folder to another that nobody uses. */
static int check_root_dir(const struct router_setup *setup, struct error *err)
{
	static const char *const taken[] = { ".b", ".c", ".d" };

	if (check_path("--root-dir", setup->root_dir, err))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (slice_ends(slice_of(setup->root_dir), taken[i]))
			return error_set(err, ERROR_USAGE,
				"--root-dir \"%.80s\": a name that ends with "
				"\"%s\" is that of an upgrade: choose another",
				setup->root_dir, taken[i]);
	}
	return 0;
}

static int check_names(const struct router_setup *setup, struct error *err)
{
	if (check_word("bridge", setup->bridge, err) ||
		check_word("from", setup->from, err) ||
		(*setup->disk && check_path("--disk", setup->disk, err)) ||
		check_path("the image on the router", setup->file, err))
		return -1;
	return check_root_dir(setup, err);
}

int setup_complete_name(
	struct router_setup *setup, struct arena *arena, struct error *err)
{
	if (!setup->name)
		setup->name = name_of(setup->image, arena);
	return check_word("name", setup->name, err);
}

int setup_complete(
	struct router_setup *setup, struct arena *arena, struct error *err)
{
	if (setup_complete_name(setup, arena, err))
		return -1;
	fill_in(setup, arena);
	if (check_names(setup, err) || complete_addresses(setup, arena, err) ||
		check_dns(setup->dns, arena, err) || check_ports(setup, err))
		return -1;
	return complete_volumes(setup, arena, err);
}
