/* SPDX-License-Identifier: MIT */
#include "spec/router_decode.h"

#include <string.h>

#include "spec/list.h"
#include "spec/manifest.h"
#include "spec/size_decode.h"
#include "spec/syntax.h"

#define PORT_MAX 65535

static int decode_port_number(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	json_int_t port = json_integer_value(v->json);

	if (port < 1 || port > PORT_MAX)
		return decode_complain(d, v, err,
			"expected a port from 1 to %d, found %s", PORT_MAX,
			value_show(d, v));
	*(uint16_t *)out = (uint16_t)port;
	return 0;
}

static int decode_protocol(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const char *const words[] = { "tcp", "udp", NULL };
	static const struct word_list list = { "protocol", words };
	size_t i;

	if (decode_word(d, v, &list, &i, err))
		return -1;
	*(const char **)out = words[i];
	return 0;
}

static int decode_path(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_volume, out, err);
}

static int decode_env_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_env_name, out, err);
}

static const struct field port_fields[] = {
	{ .key = "port",
		.decode = decode_port_number,
		.offset = offsetof(struct router_port, port),
		.required = true },
	{ .key = "protocol",
		.decode = decode_protocol,
		.offset = offsetof(struct router_port, protocol) },
	{ .key = "forward",
		.decode = decode_port_number,
		.offset = offsetof(struct router_port, forward) },
	{ .key = "description",
		.decode = decode_string,
		.offset = offsetof(struct router_port, description) },
};

static const struct table port_table = { port_fields, ARRAY_SIZE(port_fields) };

static const struct field volume_fields[] = {
	{ .key = "path",
		.decode = decode_path,
		.offset = offsetof(struct router_volume, path),
		.required = true },
	{ .key = "description",
		.decode = decode_string,
		.offset = offsetof(struct router_volume, description) },
};

static const struct table volume_table = { volume_fields,
	ARRAY_SIZE(volume_fields) };

static const struct field env_fields[] = {
	{ .key = "name",
		.decode = decode_env_name,
		.offset = offsetof(struct router_env, name),
		.required = true },
	{ .key = "default",
		.decode = decode_string,
		.offset = offsetof(struct router_env, value) },
	{ .key = "description",
		.decode = decode_string,
		.offset = offsetof(struct router_env, description) },
};

static const struct table env_table = { env_fields, ARRAY_SIZE(env_fields) };

static int decode_port(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct router_port *port = out;

	port->protocol = "tcp";
	port->description = "";
	port->place = value_origin(d, v);
	return decode_object(d, v, &port_table, port, err);
}

static int decode_volume(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	struct router_volume *volume = out;

	volume->description = "";
	volume->place = value_origin(d, v);
	return decode_object(d, v, &volume_table, volume, err);
}

static int decode_env(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	struct router_env *env = out;

	env->description = "";
	env->place = value_origin(d, v);
	return decode_object(d, v, &env_table, env, err);
}

static bool same_port(const void *a, const void *b)
{
	const struct router_port *one = a, *two = b;

	return one->port == two->port && !strcmp(one->protocol, two->protocol);
}

static bool same_volume(const void *a, const void *b)
{
	const struct router_volume *one = a, *two = b;

	return !strcmp(one->path, two->path);
}

static bool same_env(const void *a, const void *b)
{
	const struct router_env *one = a, *two = b;

	return !strcmp(one->name, two->name);
}

/* A list whose items replace one another by a key of theirs. */
struct keyed_list {
	char *items;
	size_t n, cap, size;
	bool (*same)(const void *a, const void *b);
};

static void *keyed_find(const struct keyed_list *list, const void *item)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->same(list->items + i * list->size, item))
			return list->items + i * list->size;
	}
	return NULL;
}

static void keyed_set(
	struct keyed_list *list, const void *item, struct arena *arena)
{
	void *at = keyed_find(list, item);

	if (!at && list->n == list->cap)
		list->items = list_grow(
			list->items, list->n, &list->cap, list->size, arena);
	if (!at)
		at = list->items + list->n++ * list->size;
	memcpy(at, item, list->size);
}

static int add_keyed(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	if (keyed_find(list, item))
		return decode_complain(d, v, err, "is listed twice");
	keyed_set(list, item, d->arena);
	return 0;
}

/* `all` has what was inherited. */
static int decode_keyed(const struct decoder *d, const struct value *v,
	const struct list_type *type, struct keyed_list *all, struct error *err)
{
	struct keyed_list own = { .size = all->size, .same = all->same };

	if (decode_list(d, v, type, &own, err))
		return -1;
	for (size_t i = 0; i < own.n; i++)
		keyed_set(all, own.items + i * own.size, d->arena);
	return 0;
}

static int decode_ports(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(
						       struct router_port),
		.item = decode_port,
		.add = add_keyed,
		.table = &port_table };
	struct router_spec *router = out;
	struct keyed_list all = { (char *)router->ports, router->nports,
		router->nports, sizeof(*router->ports), same_port };

	if (decode_keyed(d, v, &type, &all, err))
		return -1;
	router->ports = (void *)all.items;
	router->nports = all.n;
	return 0;
}

static int decode_volumes(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(
						       struct router_volume),
		.item = decode_volume,
		.add = add_keyed,
		.table = &volume_table };
	struct router_spec *router = out;
	struct keyed_list all = { (char *)router->volumes, router->nvolumes,
		router->nvolumes, sizeof(*router->volumes), same_volume };

	if (decode_keyed(d, v, &type, &all, err))
		return -1;
	router->volumes = (void *)all.items;
	router->nvolumes = all.n;
	return 0;
}

static int decode_envs(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(
						       struct router_env),
		.item = decode_env,
		.add = add_keyed,
		.table = &env_table };
	struct router_spec *router = out;
	struct keyed_list all = { (char *)router->envs, router->nenvs,
		router->nenvs, sizeof(*router->envs), same_env };

	if (decode_keyed(d, v, &type, &all, err))
		return -1;
	router->envs = (void *)all.items;
	router->nenvs = all.n;
	return 0;
}

static const struct field router_fields[] = {
	{ .key = "ports",
		.decode = decode_ports,
		.offset = offsetof(struct manifest, router),
		.table = &port_table },
	{ .key = "volumes",
		.decode = decode_volumes,
		.offset = offsetof(struct manifest, router),
		.table = &volume_table },
	{ .key = "env",
		.decode = decode_envs,
		.offset = offsetof(struct manifest, router),
		.table = &env_table },
	{ .key = "memory",
		.decode = decode_size,
		.offset = offsetof(struct manifest, router.memory) },
};

const struct table router_table = { router_fields, ARRAY_SIZE(router_fields) };

static int check_forward(
	const struct router_spec *router, size_t at, struct error *err)
{
	const struct router_port *port = &router->ports[at];

	for (size_t i = 0; port->forward && i < at; i++) {
		const struct router_port *other = &router->ports[i];

		if (other->forward == port->forward &&
			!strcmp(other->protocol, port->protocol))
			return error_set(err, ERROR_SPEC,
				"%s: port %u of the router is forwarded to "
				"port %u already",
				port->place, (unsigned)port->forward,
				(unsigned)other->port);
	}
	return 0;
}

int router_check(const struct router_spec *router, struct error *err)
{
	for (size_t i = 0; i < router->nports; i++) {
		if (check_forward(router, i, err))
			return -1;
	}
	return 0;
}
