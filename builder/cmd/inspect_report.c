/* SPDX-License-Identifier: MIT */
#include "cmd/inspect_report.h"

#include <stdio.h>

static const char *form_name(const struct archive *archive)
{
	static const char *const names[] = {
		[ARCHIVE_DOCKER] = "docker-archive",
		[ARCHIVE_OCI] = "OCI image layout (tar)",
		[ARCHIVE_OCI_DIR] = "OCI image layout (folder)",
		[ARCHIVE_HYBRID] = "hybrid of docker-archive and OCI layout",
		[ARCHIVE_DIR] = "folder of skopeo's dir:",
	};

	return names[archive->form];
}

/* What an archive says is foreign: nothing of it reaches the terminal raw. */
static void put(const char *text)
{
	report_text(stdout, text, NEWLINES_MASKED);
}

/* "drwxr-xr-t", with the letters of ls(1). */
static const char *mode_text(const struct tar_entry *entry, char text[11])
{
	static const char kinds[] = { [TAR_FILE] = '-',
		[TAR_DIRECTORY] = 'd',
		[TAR_SYMLINK] = 'l',
		[TAR_HARDLINK] = 'h',
		[TAR_CHARACTER] = 'c',
		[TAR_BLOCK] = 'b',
		[TAR_FIFO] = 'p' };
	static const char letters[] = "rwxrwxrwx";

	text[0] = kinds[entry->kind];
	for (int i = 0; i < 9; i++)
		text[i + 1] = entry->mode & (0400U >> i) ? letters[i] : '-';
	if (entry->mode & 04000)
		text[3] = text[3] == 'x' ? 's' : 'S';
	if (entry->mode & 02000)
		text[6] = text[6] == 'x' ? 's' : 'S';
	if (entry->mode & 01000)
		text[9] = text[9] == 'x' ? 't' : 'T';
	text[10] = '\0';
	return text;
}

static int print_entry(const struct tar_entry *entry, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	char mode[11];

	printf("    %s %5llu %5llu %10llu /", mode_text(entry, mode),
		(unsigned long long)entry->uid, (unsigned long long)entry->gid,
		(unsigned long long)entry->size);
	put(entry->path);
	if (entry->target)
		put(" -> ");
	put(entry->target ? entry->target : "");
	putchar('\n');
	return 0;
}

static void print_field(const char *title, const char *value)
{
	if (!value)
		return;
	printf("  %-12s  ", title);
	put(value);
	putchar('\n');
}

static void print_list(const char *title, const char *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		print_field(i ? "" : title, items[i]);
}

static int print_layers(struct archive *archive,
	const struct archive_image *image, const struct request *request,
	struct error *err)
{
	for (size_t i = 0; i < image->nlayers; i++) {
		const struct archive_layer *layer = &image->layers[i];
		char diff_id[DIGEST_TEXT_SIZE], size[SIZE_TEXT];

		print_field("layer", layer->name);
		print_field("", report_size(layer->size, size));
		print_field("", layer->media_type);
		printf("  %-12s  diff_id %s\n", "",
			digest_text(&layer->diff_id, diff_id));
		if (request->list_files && archive_read_layer(archive, layer,
						   print_entry, NULL, err))
			return -1;
	}
	return 0;
}

static void print_config(const struct archive_image *image)
{
	const struct image_config *c = &image->config;

	print_field("created", image->created);
	print_list("entrypoint", c->entrypoint, c->nentrypoint);
	print_list("cmd", c->cmd, c->ncmd);
	print_list("env", c->env, c->nenv);
	print_field("working-dir", c->working_dir);
	print_field("user", c->user);
	print_field("stop-signal", c->stop_signal);
	for (size_t i = 0; i < c->nlabels; i++) {
		SCOPED_FREE char *label = memory_printf(
			"%s=%s", c->labels[i].key, c->labels[i].value);

		print_field(i ? "" : "label", label);
	}
}

static int print_image(struct archive *archive,
	const struct archive_image *image, const struct request *request,
	struct error *err)
{
	char digest[DIGEST_TEXT_SIZE];

	put("image ");
	put(image->os ? image->os : "?");
	put("/");
	put(image->architecture ? image->architecture : "?");
	put(image->variant ? "/" : "");
	put(image->variant ? image->variant : "");
	putchar('\n');
	print_list("tag", image->tags, image->ntags);
	printf("  config        %s\n",
		digest_text(&image->config_digest, digest));
	if (image->manifest_digest.kind)
		printf("  manifest      %s\n",
			digest_text(&image->manifest_digest, digest));
	print_config(image);
	return print_layers(archive, image, request, err);
}

int inspect_print(struct archive *archive, const char *path,
	const struct request *request, struct error *err)
{
	printf("%s: %s%s\n", path, form_name(archive),
		archive->gzipped ? ", gzipped" : "");
	for (size_t i = 0; i < archive->nimages; i++) {
		if (print_image(archive, &archive->images[i], request, err))
			return -1;
	}
	return 0;
}
