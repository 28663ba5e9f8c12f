/* SPDX-License-Identifier: MIT */
#include "cmd/report.h"

#include <stdio.h>

#include "base/path.h"
#include "base/stamp.h"

static const char *trust_text(enum trust trust)
{
	static const char *const texts[] = {
		[TRUST_PINNED] = "pinned",
		[TRUST_SHA512] = "mirror's .sha512",
		[TRUST_SHA256] = "mirror's .sha256",
	};

	return texts[trust];
}

static const char *epoch_text(
	const struct provenance *p, char text[STAMP_TEXT_SIZE])
{
	if (p->origin == EPOCH_NEWEST_INPUT)
		return "time of the newest entry";
	return stamp_format(p->epoch, text);
}

static void print_input(const struct input *input)
{
	char digest[DIGEST_TEXT_SIZE], size[SIZE_TEXT];

	printf("    minirootfs  %s\n                %s (%s%s%s)\n",
		input->url_path, digest_text(&input->want, digest),
		trust_text(input->trust), input->size ? ", " : "",
		input->size ? report_size(input->size, size) : "");
}

/* Files of one format, for one architecture or for all. */
typedef void file_fn(const struct image_plan *image, enum format format,
	const struct arch_plan *arch, const char *file, void *ctx);

static void each_file(const struct image_plan *image, struct arena *arena,
	file_fn *fn, void *ctx)
{
	for (size_t t = 0; t < image->ntags; t++) {
		const struct tag *tag = &image->tags[t];

		for (size_t i = 0; i < image->narchs; i++) {
			const struct arch_plan *arch = &image->archs[i];

			if (image->formats & FORMAT_ROUTEROS)
				fn(image, FORMAT_ROUTEROS, arch,
					plan_routeros_file(
						image, arch, tag, arena),
					ctx);
		}
		for (size_t i = 0; i < image->narchs; i++)
			fn(image, FORMAT_REPORT, &image->archs[i],
				plan_report_file(
					image, &image->archs[i], tag, arena),
				ctx);
		if (image->formats & FORMAT_OCI)
			fn(image, FORMAT_OCI, NULL,
				plan_layout_name(image, tag, FORMAT_OCI, arena),
				ctx);
		if (image->formats & FORMAT_OCI_DIR)
			fn(image, FORMAT_OCI_DIR, NULL,
				plan_layout_name(
					image, tag, FORMAT_OCI_DIR, arena),
				ctx);
	}
}

static void print_file(const struct image_plan *image, enum format format,
	const struct arch_plan *arch, const char *file, void *ctx)
{
	const struct request *request = ctx;
	SCOPED_FREE char *path = path_join(request->output, file);

	printf("  writes        %s (%s)\n", path, report_format(format));
}

/* The end of a line. */
static void print_description(const char *description)
{
	printf("%s%s\n", *description ? ": " : "", description);
}

static void print_router(const struct router_spec *router)
{
	for (size_t i = 0; i < router->nports; i++) {
		const struct router_port *port = &router->ports[i];

		printf("    port        %u/%s", (unsigned)port->port,
			port->protocol);
		if (port->forward)
			printf(" (port %u of the router)",
				(unsigned)port->forward);
		print_description(port->description);
	}
	for (size_t i = 0; i < router->nvolumes; i++) {
		printf("    volume      %s", router->volumes[i].path);
		print_description(router->volumes[i].description);
	}
	for (size_t i = 0; i < router->nenvs; i++) {
		const struct router_env *env = &router->envs[i];

		printf("    env         %s%s%s", env->name,
			env->value ? "=" : "", env->value ? env->value : "");
		print_description(env->description);
	}
}

static void print_arch(const struct arch_plan *arch)
{
	const struct manifest *m = &arch->manifest;

	printf("  %s\n", arch->arch->name);
	print_input(arch->input);
	for (size_t i = 0; i < arch->noverlays; i++)
		printf("    overlay     %s\n", arch->overlays[i].dir);
	for (size_t i = 0; i < m->packages.n; i++)
		printf("    package     %s\n", m->packages.items[i]);
	for (size_t i = 0; i < m->nservices; i++)
		printf("    service     %s (%s)\n", m->services[i].name,
			m->services[i].runlevel);
	print_router(&m->router);
}

static void print_image(
	const struct request *request, const struct image_plan *image)
{
	char stamp[STAMP_TEXT_SIZE];

	printf("image %s %s (%s)\n", image->name, image->version,
		image->manifest_path);
	printf("  alpine        %s\n  epoch         %s (%s)\n", image->alpine,
		epoch_text(&image->provenance, stamp),
		epoch_origin_name(image->provenance.origin));
	if (*image->provenance.revision)
		printf("  revision      %s\n", image->provenance.revision);
	for (size_t t = 0; t < image->ntags; t++)
		printf("  tag           %s\n", image->tags[t].text);
	for (size_t i = 0; i < image->narchs; i++)
		print_arch(&image->archs[i]);
	each_file(
		image, request->arena, print_file, (void *)(uintptr_t)request);
}

static void add_file(const struct image_plan *image, enum format format,
	const struct arch_plan *arch, const char *file, void *ctx)
{
	json_array_append_new(
		ctx, json_pack("{s:s,s:s,s:s?}", "file", file, "format",
			     report_format(format), "architecture",
			     arch ? arch->arch->name : NULL));
}

static json_t *input_json(const struct input *input)
{
	char text[DIGEST_TEXT_SIZE];

	return json_pack("{s:s,s:s,s:s,s:I}", "path", input->url_path, "digest",
		digest_text(&input->want, text), "trust",
		trust_text(input->trust), "size", (json_int_t)input->size);
}

/* {"default": ["crond"]}: as in a manifest. */
static json_t *services_json(const struct manifest *m)
{
	json_t *runlevels = json_object();

	for (size_t i = 0; i < m->nservices; i++) {
		const struct service_spec *service = &m->services[i];

		if (!json_object_get(runlevels, service->runlevel))
			json_object_set_new(
				runlevels, service->runlevel, json_array());
		json_array_append_new(
			json_object_get(runlevels, service->runlevel),
			json_string(service->name));
	}
	return runlevels;
}

static void add_json(json_t *list, json_t *item)
{
	json_array_append_new(list, item);
}

/* As in a manifest, with what is not said by default. */
static json_t *router_json(const struct router_spec *router)
{
	json_t *ports = json_array(), *volumes = json_array();
	json_t *envs = json_array();

	for (size_t i = 0; i < router->nports; i++) {
		const struct router_port *port = &router->ports[i];

		add_json(ports,
			json_pack("{s:i,s:s,s:o,s:s}", "port", (int)port->port,
				"protocol", port->protocol, "forward",
				port->forward ? json_integer(port->forward)
					      : json_null(),
				"description", port->description));
	}
	for (size_t i = 0; i < router->nvolumes; i++)
		add_json(volumes,
			json_pack("{s:s,s:s}", "path", router->volumes[i].path,
				"description", router->volumes[i].description));
	for (size_t i = 0; i < router->nenvs; i++)
		add_json(envs, json_pack("{s:s,s:s?,s:s}", "name",
				       router->envs[i].name, "default",
				       router->envs[i].value, "description",
				       router->envs[i].description));
	return json_pack("{s:o,s:o,s:o,s:I}", "ports", ports, "volumes",
		volumes, "env", envs, "memory", (json_int_t)router->memory);
}

static json_t *arch_json(const struct arch_plan *arch)
{
	json_t *overlays = json_array(), *packages = json_array();

	for (size_t i = 0; i < arch->manifest.packages.n; i++)
		json_array_append_new(packages,
			json_string(arch->manifest.packages.items[i]));
	for (size_t i = 0; i < arch->noverlays; i++)
		json_array_append_new(
			overlays, json_string(arch->overlays[i].dir));
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}", "architecture",
		arch->arch->name, "minirootfs", input_json(arch->input),
		"overlays", overlays, "packages", packages, "services",
		services_json(&arch->manifest), "routeros",
		router_json(&arch->manifest.router));
}

static json_t *image_json(
	const struct request *request, const struct image_plan *image)
{
	json_t *archs = json_array(), *tags = json_array();
	json_t *files = json_array();
	const struct provenance *p = &image->provenance;

	for (size_t i = 0; i < image->narchs; i++)
		json_array_append_new(archs, arch_json(&image->archs[i]));
	for (size_t t = 0; t < image->ntags; t++)
		json_array_append_new(tags, json_string(image->tags[t].text));
	each_file(image, request->arena, add_file, files);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:o,s:o,s:o}", "image",
		image->name, "version", image->version, "manifest",
		image->manifest_path, "alpine", image->alpine, "revision",
		p->revision, "epoch", (json_int_t)p->epoch, "epochOrigin",
		epoch_origin_name(p->origin), "tags", tags, "architectures",
		archs, "outputs", files);
}

static json_t *plan_json(
	const struct request *request, const struct build_plan *plan)
{
	json_t *images = json_array();

	for (size_t i = 0; i < plan->nimages; i++)
		json_array_append_new(
			images, image_json(request, &plan->images[i]));
	return json_pack("{s:o}", "images", images);
}

void report_plan(const struct request *request, const struct build_plan *plan)
{
	if (request->json) {
		report_json(plan_json(request, plan));
		return;
	}
	for (size_t i = 0; i < plan->nimages; i++)
		print_image(request, &plan->images[i]);
}
