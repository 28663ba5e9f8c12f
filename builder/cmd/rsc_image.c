/* SPDX-License-Identifier: MIT */
#include "cmd/rsc_image.h"

#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "cmd/session.h"
#include "oci/archive.h"
#include "routeros/platform.h"
#include "spec/report.h"

/* ---- what the manifest said -------------------------------------------- */

/* Options come first: what they name is theirs. */
static void take_ports(struct router_setup *setup,
	const struct router_spec *router, struct arena *arena)
{
	for (size_t i = 0; i < router->nports; i++) {
		const struct router_port *from = &router->ports[i];
		struct setup_port *port = NULL;

		for (size_t j = 0; !port && j < setup->nports; j++) {
			if (setup->ports[j].port == from->port &&
				!strcmp(setup->ports[j].protocol,
					from->protocol))
				port = &setup->ports[j];
		}
		if (!port) {
			port = setup_add_port(setup, arena);
			port->forward = from->forward;
		}
		port->port = from->port;
		port->protocol = arena_strdup(arena, from->protocol);
		port->description = arena_strdup(arena, from->description);
	}
}

static void take_volumes(struct router_setup *setup,
	const struct router_spec *router, struct arena *arena)
{
	for (size_t i = 0; i < router->nvolumes; i++) {
		const struct router_volume *from = &router->volumes[i];
		struct setup_volume *volume = NULL;

		for (size_t j = 0; !volume && j < setup->nvolumes; j++) {
			if (!strcmp(setup->volumes[j].path, from->path))
				volume = &setup->volumes[j];
		}
		if (!volume)
			volume = setup_add_volume(setup, arena);
		volume->path = arena_strdup(arena, from->path);
		volume->description = arena_strdup(arena, from->description);
	}
}

static void take_envs(struct router_setup *setup,
	const struct router_spec *router, struct arena *arena)
{
	for (size_t i = 0; i < router->nenvs; i++) {
		const struct router_env *from = &router->envs[i];
		struct setup_env *env = NULL;

		for (size_t j = 0; !env && j < setup->nenvs; j++) {
			if (!strcmp(setup->envs[j].name, from->name))
				env = &setup->envs[j];
		}
		if (!env) {
			env = setup_add_env(setup, arena);
			env->value = from->value
					     ? arena_strdup(arena, from->value)
					     : NULL;
		}
		env->name = arena_strdup(arena, from->name);
		env->description = arena_strdup(arena, from->description);
	}
}

static void take_router(struct router_setup *setup,
	const struct router_spec *router, struct arena *arena)
{
	take_ports(setup, router, arena);
	take_volumes(setup, router, arena);
	take_envs(setup, router, arena);
	if (!setup->memory)
		setup->memory = router->memory;
}

/* ---- the command ------------------------------------------------------- */

/* RouterOS splits at blanks: NULL where that would split a word. */
static const char *one_line(
	const char *const *words, size_t n, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!*words[i] || strpbrk(words[i], " \t\n\"'\\"))
			return NULL;
		text = arena_printf(arena, "%s%s%s", text ? text : "",
			text ? " " : "", words[i]);
	}
	return text;
}

static void take_command(
	struct router_setup *setup, const char *entrypoint, const char *cmd)
{
	setup->entrypoint = entrypoint;
	setup->cmd = cmd;
}

/* ---- an archive -------------------------------------------------------- */

static int complain_archive(
	const struct archive *archive, const char *path, struct error *err)
{
	if (archive->form != ARCHIVE_DOCKER || archive->gzipped)
		return error_set(err, ERROR_USAGE,
			"%s is no plain docker-archive, which alone every "
			"RouterOS imports: alpbuild convert makes one of it",
			path);
	return error_set(err, ERROR_USAGE,
		"%s holds %zu images, expected one: see alpbuild check", path,
		archive->nimages);
}

static const char *report_path(const char *path, struct arena *arena)
{
	struct slice stem = slice_of(path);

	if (slice_ends(stem, ".tar"))
		stem.len -= strlen(".tar");
	return arena_printf(arena, "%.*s.report.json", SLICE_ARGS(stem));
}

/* The report vouches for its own layer only. */
static int take_report(struct router_setup *setup, const char *path,
	const struct archive_image *image, struct arena *arena,
	struct error *err)
{
	const char *name = report_path(path, arena);
	char text[DIGEST_TEXT_SIZE];
	struct report report;

	if (!file_exists(name)) {
		log_info("no report %s: only options say what the router "
			 "should have",
			name);
		return 0;
	}
	if (report_read(&report, name, arena, err))
		return -1;
	if (image->nlayers != 1 ||
		strcmp(report.diff_id,
			digest_text(&image->layers[0].diff_id, text)))
		return error_set(err, ERROR_VERIFY,
			"%s is not the report of %s: one of the two was "
			"changed or is of another build",
			name, path);
	take_router(setup, &report.router, arena);
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "alp_rc" of "docker.io/library/alp_rc:v1"; the file's without a tag. */
static const char *image_name(
	const char *tag, const char *path, struct arena *arena)
{
	struct slice name = slice_of(base_name(tag ? tag : path));

	for (size_t i = 0; i < name.len; i++) {
		if (strchr(tag ? ":" : ".", name.ptr[i]))
			name.len = i;
	}
	return arena_slice(arena, name);
}

static int take_archive(struct router_setup *setup, const char *path,
	struct archive *archive, struct arena *arena, struct error *err)
{
	const struct archive_image *image = archive->images;

	if (archive->form != ARCHIVE_DOCKER || archive->gzipped ||
		archive->nimages != 1)
		return complain_archive(archive, path, err);
	setup->file = base_name(path);
	setup->tag = image->ntags ? arena_strdup(arena, image->tags[0]) : NULL;
	setup->image = image_name(setup->tag, path, arena);
	setup->architecture = arena_strdup(
		arena, image->architecture ? image->architecture : "");
	take_command(setup,
		one_line(image->config.entrypoint, image->config.nentrypoint,
			arena),
		one_line(image->config.cmd, image->config.ncmd, arena));
	return take_report(setup, path, image, arena, err);
}

static int check_platform(const struct router_setup *setup, struct error *err)
{
	if (platform_find(setup->architecture))
		return 0;
	return error_set(err, ERROR_USAGE,
		"the image is for %s, RouterOS has containers on amd64, arm64 "
		"and arm",
		setup->architecture);
}

int rsc_archive(struct router_setup *setup, const char *path,
	struct arena *arena, struct error *err)
{
	struct archive archive;
	int failed;

	if (archive_open(&archive, path, err))
		return -1;
	failed = take_archive(setup, path, &archive, arena, err);
	archive_release(&archive);
	return failed ? -1 : check_platform(setup, err);
}

/* ---- a manifest -------------------------------------------------------- */

static int complain_archs(const struct image_plan *image, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"%s is built for %zu architectures: name the router's with "
		"--arch (amd64, arm64 or armv7)",
		image->name, image->narchs);
}

static int take_plan(struct router_setup *setup, const struct image_plan *image,
	struct arena *arena, struct error *err)
{
	const struct arch_plan *arch = image->archs;
	const struct manifest *manifest = &arch->manifest;

	if (image->narchs != 1)
		return complain_archs(image, err);
	setup->image = image->name;
	setup->architecture = arch->arch->oci;
	setup->file = plan_routeros_file(image, arch, &image->tags[0], arena);
	setup->tag =
		arena_printf(arena, "%s:%s", image->name, image->tags[0].text);
	take_command(setup,
		one_line(manifest->entrypoint.items, manifest->entrypoint.n,
			arena),
		one_line(manifest->cmd.items, manifest->cmd.n, arena));
	take_router(setup, &manifest->router, arena);
	return 0;
}

static int of_manifest(struct router_setup *setup,
	const struct request *request, struct error *err)
{
	struct session session;
	int failed = session_begin(&session, request, err);

	if (!failed)
		failed = session_settle(&session, request, err);
	if (!failed)
		failed = take_plan(
			setup, &session.plan.images[0], request->arena, err);
	session_close(&session);
	return failed;
}

int rsc_image(struct router_setup *setup, const struct request *request,
	struct error *err)
{
	const char *name = request->operands.n ? request->operands.items[0]
					       : DEFAULT_IMAGE;

	if (strchr(name, '/') || slice_ends(slice_of(name), ".tar"))
		return rsc_archive(setup, name, request->arena, err);
	if (of_manifest(setup, request, err))
		return -1;
	return check_platform(setup, err);
}
