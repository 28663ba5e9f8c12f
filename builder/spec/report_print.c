/* SPDX-License-Identifier: MIT */
#include "spec/lock_print.h"
#include "spec/report.h"

static json_t *script_json(const struct report_script *script)
{
	json_t *object = json_object();

	lock_put_text(object, "package", script->package);
	lock_put_text(object, "version", script->version);
	lock_put_text(object, "script", script->script);
	lock_put_text(object, "sha256", script->sha256);
	lock_put_text(object, "outcome", script->outcome);
	lock_put_text(object, "note", script->note);
	lock_put(object, "acknowledged", json_boolean(script->acknowledged));
	return object;
}

static void put_head(json_t *object, const struct report *report)
{
	lock_put(object, "version", json_integer(REPORT_VERSION));
	lock_put_text(object, "image", report->image);
	lock_put_text(object, "tag", report->tag);
	lock_put_text(object, "arch", report->arch);
	lock_put_text(object, "alpine", report->alpine);
	lock_put_text(object, "diff_id", report->diff_id);
	lock_put(object, "epoch", json_integer((json_int_t)report->epoch));
	lock_put(object, "minirootfs",
		lock_minirootfs_json(&report->minirootfs));
}

static json_t *port_json(const struct router_port *port)
{
	json_t *object = json_object();

	lock_put(object, "port", json_integer(port->port));
	lock_put_text(object, "protocol", port->protocol);
	if (port->forward)
		lock_put(object, "forward", json_integer(port->forward));
	lock_put_text(object, "description", port->description);
	return object;
}

static json_t *volume_json(const struct router_volume *volume)
{
	json_t *object = json_object();

	lock_put_text(object, "path", volume->path);
	lock_put_text(object, "description", volume->description);
	return object;
}

static json_t *env_json(const struct router_env *env)
{
	json_t *object = json_object();

	lock_put_text(object, "name", env->name);
	lock_put_text(object, "default", env->value);
	lock_put_text(object, "description", env->description);
	return object;
}

/* Left out where the manifest says nothing. */
static void put_router(json_t *object, const struct router_spec *router)
{
	json_t *ports = json_array(), *volumes = json_array();
	json_t *envs = json_array(), *all = json_object();

	for (size_t i = 0; i < router->nports; i++)
		lock_append(ports, port_json(&router->ports[i]));
	for (size_t i = 0; i < router->nvolumes; i++)
		lock_append(volumes, volume_json(&router->volumes[i]));
	for (size_t i = 0; i < router->nenvs; i++)
		lock_append(envs, env_json(&router->envs[i]));
	lock_put(all, "ports", ports);
	lock_put(all, "volumes", volumes);
	lock_put(all, "env", envs);
	if (router->memory)
		lock_put(all, "memory",
			json_integer((json_int_t)router->memory));
	if (router->nports + router->nvolumes + router->nenvs || router->memory)
		lock_put(object, "routeros", all);
	else
		json_decref(all);
}

void report_print(const struct report *report, struct buf *out)
{
	json_t *object = json_object(), *packages = json_array();
	json_t *scripts = json_array(), *origins = json_object();

	put_head(object, report);
	for (size_t i = 0; i < report->npackages; i++)
		lock_append(packages, lock_package_json(&report->packages[i]));
	for (size_t i = 0; i < report->nscripts; i++)
		lock_append(scripts, script_json(&report->scripts[i]));
	for (size_t i = 0; i < report->norigins; i++)
		lock_put_strings(origins, report->origins[i].origin,
			&report->origins[i].paths);
	lock_put(object, "packages", packages);
	lock_put(object, "scripts", scripts);
	lock_put(object, "origins", origins);
	lock_put_strings(object, "removed", &report->removed);
	put_router(object, &report->router);
	lock_dump(object, out);
}
