/* SPDX-License-Identifier: MIT
 *
 * Whether the disks take the image and what is in it. They may be two: an
 * image that is only read once may be uploaded into a tmpfs.
 */
#include <string.h>

#include "base/log.h"
#include "deploy/parts.h"

#define MIB (UINT64_C(1) << 20)
#define FLASH "flash" /* the folder of boards whose root is in RAM */

/* A folder that something goes into. */
struct target {
	const char *folder; /* "usb1/images"; "": the root of all files */
	const char *disk;   /* "usb1"; "": the router's own flash */
	const char *what, *option; /* for messages */
	uint64_t bytes;
	bool is_unpacked; /* wants owners and links */
};

static const char *first_part(struct run *run, const char *path)
{
	return arena_slice(
		&run->deploy->arena, slice_make(path, strcspn(path, "/")));
}

static const char *parent_of(struct run *run, const char *path)
{
	const char *last = strrchr(path, '/');

	return last ? arena_slice(&run->deploy->arena,
			      slice_make(path, (size_t)(last - path)))
		    : "";
}

/* ---- the disk ---------------------------------------------------------- */

/* Which of them a disk has depends on the version. */
static const struct rest_item *find_disk(
	const struct rest_items *disks, const char *name)
{
	const struct rest_value names[] = { { "slot", name }, { "name", name },
		{ "mount-point", name } };

	for (size_t i = 0; i < disks->n; i++) {
		for (size_t p = 0; p < ARRAY_SIZE(names); p++) {
			if (rest_item_has(&disks->items[i], &names[p], 1))
				return &disks->items[i];
		}
	}
	return NULL;
}

static int complain_disk(const struct target *target,
	const struct rest_items *disks, struct error *err)
{
	SCOPED_BUF struct buf there;

	buf_init(&there, 200);
	for (size_t i = 0; i < disks->n; i++) {
		const char *slot = rest_value(&disks->items[i], "slot");

		if (slot)
			buf_printf(&there, "%s%s", there.len ? ", " : "", slot);
	}
	return error_set(err, ERROR_ROUTER,
		"there is no disk %s on the router (there is: %s): choose one "
		"with %s, or format one with ext4",
		target->disk, there.len ? there.data : "none", target->option);
}

static int complain_system(
	const struct target *target, const char *system, struct error *err)
{
	return error_set(err, ERROR_ROUTER,
		"the disk %s has the file system %s, which cannot hold a "
		"container: choose another with %s, or format it, which erases "
		"it: /disk/format-drive %s file-system=ext4",
		target->disk, system, target->option, target->disk);
}

/* Those without owners and links; what is not known may do. */
static int check_system(const struct target *target,
	const struct rest_item *disk, struct error *err)
{
	const char *system = disk ? rest_value(disk, "fs") : NULL;

	if (target->is_unpacked && system &&
		(strstr(system, "fat") || strstr(system, "ntfs")))
		return complain_system(target, system, err);
	return 0;
}

static int check_folder(struct deploy *deploy, const struct target *target,
	const struct rest_items *disks, struct error *err)
{
	int64_t size;

	if (file_look(deploy, target->disk, &size, err))
		return -1;
	if (size < 0)
		return complain_disk(target, disks, err);
	/* The router makes the folders of a root-dir, SFTP none. */
	if (target->is_unpacked)
		return 0;
	if (file_look(deploy, target->folder, &size, err))
		return -1;
	if (size >= 0)
		return 0;
	return error_set(err, ERROR_ROUTER,
		"there is no folder %s on the router: make it, or choose "
		"another with %s",
		target->folder, target->option);
}

/* *is_known: how much is free; not every disk tells. */
static int look_at(struct run *run, const struct target *target,
	uint64_t *free_bytes, bool *is_known, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const struct rest_query query = { .menu = "/disk" };
	const struct rest_item *disk;
	struct rest_items disks;
	const char *text;

	*free_bytes = deploy->router.free_flash;
	*is_known = true;
	if (!*target->folder)
		return 0;
	if (rest_print(&deploy->rest, &query, &disks, &deploy->arena, err) ||
		check_folder(deploy, target, &disks, err))
		return -1;
	disk = find_disk(&disks, target->disk);
	if (!disk && !strcmp(target->disk, FLASH))
		return 0;
	text = disk ? rest_value(disk, "free") : NULL;
	*is_known = text &&
		    !slice_to_u64(slice_of(text), 10, UINT64_MAX, free_bytes);
	return check_system(target, disk, err);
}

/* ---- the room ---------------------------------------------------------- */

static int complain_room(struct run *run, const struct target *target,
	uint64_t free_bytes, struct error *err)
{
	const bool has_previous =
		target->is_unpacked &&
		run->now[MARK_PREVIOUS].state != CONTAINER_GONE;

	error_set(err, ERROR_ROUTER,
		"not enough space on %s: %llu MiB are needed, for %s, %llu MiB "
		"are free: remove files, %schoose another disk with %s",
		*target->disk ? target->disk : "the router's flash",
		(unsigned long long)(target->bytes / MIB + 1), target->what,
		(unsigned long long)(free_bytes / MIB),
		has_previous ? "give up the previous container with "
			       "--forget-previous, or "
			     : "or ",
		target->option);
	if (!run->options->forget_previous || !has_previous)
		return -1;
	/* Nobody knows how much that will leave. */
	log_warn("without the previous container: %s", err->text);
	return 0;
}

static int check_target(
	struct run *run, const struct target *target, struct error *err)
{
	uint64_t free_bytes;
	bool is_known;

	if (look_at(run, target, &free_bytes, &is_known, err))
		return -1;
	if (!is_known)
		log_warn("%s does not tell how much is free: %llu MiB are "
			 "needed",
			target->disk,
			(unsigned long long)(target->bytes / MIB + 1));
	if (!is_known || target->bytes <= free_bytes)
		return 0;
	return complain_room(run, target, free_bytes, err);
}

/* What of the image is there already counts. */
static int needed(struct run *run, uint64_t *bytes, struct error *err)
{
	int64_t whole, part;

	if (file_look(run->deploy, run->setup.file, &whole, err) ||
		file_look(run->deploy, run->part, &part, err))
		return -1;
	*bytes = run->options->size;
	if (whole == (int64_t)run->options->size)
		*bytes = 0;
	else if (part > 0 && part <= (int64_t)run->options->size)
		*bytes -= (uint64_t)part;
	return 0;
}

int preflight_room(struct run *run, struct error *err)
{
	struct target image = {
		.folder = run->setup.disk,
		.disk = first_part(run, run->setup.disk),
		.what = "the image",
		.option = "--disk",
	};
	struct target root = {
		.folder = parent_of(run, run->setup.root_dir),
		.what = "what is in the image",
		.option = "--root-dir",
		.bytes = run->options->unpacked,
		.is_unpacked = true,
	};

	root.disk = first_part(run, root.folder);
	if (needed(run, &image.bytes, err))
		return -1;
	if (!strcmp(image.disk, root.disk)) {
		root.what = "the image and what is in it";
		root.option = "--disk";
		root.bytes += image.bytes;
		image.bytes = 0;
	}
	if (check_target(run, &image, err))
		return -1;
	return check_target(run, &root, err);
}
