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
	lock_dump(object, out);
}
