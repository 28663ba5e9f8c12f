/* SPDX-License-Identifier: MIT
 *
 * The image's name on the router tells its content: so what is there under it
 * is the same image, as far as it goes, and a part of it can be continued,
 * also by another run.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/log.h"
#include "deploy/parts.h"
#include "io/digest.h"

#define PREFIX "alpbuild-"
#define PART ".part"
#define DIGEST_CHARS 16
#define PAUSE_FIRST_MS 200
#define PAUSE_MAX_MS 5000
#define LIST_PAUSE_MS 500
#define LIST_TRIES 10

static const char *path_on_disk(const struct run *run, const char *name)
{
	const char *disk = run->setup.disk;

	return arena_printf(
		&run->deploy->arena, "%s%s%s", disk, *disk ? "/" : "", name);
}

static const char *prefix_of(const struct run *run)
{
	return path_on_disk(run, arena_printf(&run->deploy->arena, PREFIX "%s-",
					 run->setup.name));
}

int upload_name(struct run *run, struct error *err)
{
	SCOPED_FD int fd = open(run->options->path, O_RDONLY | O_CLOEXEC);
	char hex[DIGEST_HEX_SIZE];
	struct digest digest;
	uint64_t size;

	if (fd < 0)
		return error_errno(err, "%s", run->options->path);
	if (digest_fd(DIGEST_SHA256, fd, &digest, &size, err))
		return error_wrap(err, "%s", run->options->path);
	if (size != run->options->size)
		return error_set(err, ERROR_VERIFY,
			"%s became another size meanwhile: run it again",
			run->options->path);
	run->setup.file = arena_printf(&run->deploy->arena, "%s%.*s.tar",
		prefix_of(run), DIGEST_CHARS, digest_hex(&digest, hex));
	run->part =
		arena_printf(&run->deploy->arena, "%s" PART, run->setup.file);
	return 0;
}

/* ---- patience ---------------------------------------------------------- */

struct effort {
	long since_ms; /* the first failure since it last got on */
	long pause_ms; /* before the next try; 0: there was none */
};

/* -1: it is no matter of the connection, or patience is over. */
static int try_again(struct run *run, struct effort *effort, struct error *err)
{
	struct deploy *deploy = run->deploy;
	const long now = deploy_now_ms();
	struct error why;

	if (err->kind != ERROR_NETWORK)
		return -1;
	if (!effort->pause_ms)
		*effort = (struct effort){ now, PAUSE_FIRST_MS };
	if (now - effort->since_ms >= deploy->login->patience_ms)
		return -1;
	log_debug("%s", err->text);
	if (deploy_sleep(deploy, effort->pause_ms, &why)) {
		*err = why;
		return -1;
	}
	effort->pause_ms *= 2;
	if (effort->pause_ms > PAUSE_MAX_MS)
		effort->pause_ms = PAUSE_MAX_MS;
	return 0;
}

static int size_of(
	struct run *run, const char *path, int64_t *size, struct error *err)
{
	struct effort effort = { 0 };
	struct error why;

	while (sftp_size(run->deploy->sftp, path, size, &why)) {
		if (try_again(run, &effort, &why)) {
			*err = why;
			return -1;
		}
	}
	return 0;
}

/* ---- the bytes --------------------------------------------------------- */

/* How far it is by now; what cannot be a part of it goes. */
static int measure(struct run *run, int64_t *have, struct error *err)
{
	struct sftp *sftp = run->deploy->sftp;

	if (sftp_size(sftp, run->part, have, err))
		return -1;
	if (*have > (int64_t)run->options->size) {
		if (sftp_remove(sftp, run->part, err))
			return -1;
		*have = -1;
	}
	return 0;
}

/* One try: looks how far it is, and sends the rest. */
static int send_rest(struct run *run, int64_t *have, struct error *err)
{
	if (measure(run, have, err))
		return -1;
	if (*have == (int64_t)run->options->size)
		return 0;
	if (*have > 0)
		deploy_tell(run->deploy, NULL,
			"the upload goes on at byte %lld", (long long)*have);
	return sftp_upload(run->deploy->sftp, run->options->path, run->part,
		*have > 0 ? (uint64_t)*have : 0, err);
}

/* A connection that breaks is made again, as long as it gets on. */
static int send_all(struct run *run, struct error *err)
{
	struct effort effort = { 0 };
	int64_t have = -1, had = -1;
	struct error why;

	while (send_rest(run, &have, &why)) {
		if (have > had)
			effort = (struct effort){ 0 };
		had = have;
		if (try_again(run, &effort, &why)) {
			*err = why;
			return -1;
		}
	}
	return 0;
}

/* ---- whether it arrived ------------------------------------------------ */

static int complain_size(const struct run *run, const char *path, int64_t size,
	struct error *err)
{
	return error_set(err, ERROR_ROUTER,
		"%s has %lld bytes on the router, expected %llu: is its disk "
		"full, or not sound?",
		path, (long long)size, (unsigned long long)run->options->size);
}

/* By SFTP, and as the router itself lists it, which may take a moment. */
static int check_size(struct run *run, const char *path, struct error *err)
{
	const int64_t want = (int64_t)run->options->size;
	int64_t size;

	if (size_of(run, path, &size, err))
		return -1;
	if (size != want)
		return complain_size(run, path, size, err);
	for (int i = 0; i < LIST_TRIES; i++) {
		if (file_look(run->deploy, path, &size, err))
			return -1;
		if (size == want)
			return 0;
		if (deploy_sleep(run->deploy, LIST_PAUSE_MS, err))
			return -1;
	}
	if (size < 0)
		return error_set(err, ERROR_ROUTER,
			"%s was uploaded, but the router does not list it: is "
			"the user's start folder not the root of its files?",
			path);
	return complain_size(run, path, size, err);
}

/* Renamed already is renamed, whoever lost the answer. */
static int give_name(struct run *run, struct error *err)
{
	struct effort effort = { 0 };
	struct error why;
	int64_t size;

	while (sftp_rename(
		run->deploy->sftp, run->part, run->setup.file, &why)) {
		if (try_again(run, &effort, &why)) {
			*err = why;
			return -1;
		}
		if (size_of(run, run->setup.file, &size, err))
			return -1;
		if (size == (int64_t)run->options->size)
			return 0;
	}
	return 0;
}

static void remember(struct run *run, const char *path)
{
	const struct undo undo = {
		.kind = UNDO_FILE,
		.what = arena_printf(&run->deploy->arena, "the file %s", path),
		.path = path,
	};

	undo_add(run->deploy, &undo);
}

static int send_image(struct run *run, struct error *err)
{
	remember(run, run->part);
	if (send_all(run, err) || check_size(run, run->part, err))
		return -1;
	remember(run, run->setup.file);
	if (give_name(run, err))
		return -1;
	return check_size(run, run->setup.file, err);
}

/* The first connection and login, before anything is there to be taken back. */
static int meet(struct run *run, int64_t *size, struct error *err)
{
	struct error why;

	if (!sftp_size(run->deploy->sftp, run->setup.file, size, &why))
		return 0;
	if (why.kind == ERROR_NETWORK)
		error_set(err, why.kind,
			"%.1600s: on the router, /ip/service/print must show "
			"ssh enabled, at this port (--ssh-port), its firewall "
			"must let this host in, and the user's group needs the "
			"policies ssh and ftp",
			why.text);
	else
		*err = why;
	return error_wrap(err, "upload");
}

int upload(struct run *run, struct error *err)
{
	struct sftp *sftp = run->deploy->sftp;
	int64_t size;

	if (meet(run, &size, err))
		return -1;
	if (size == (int64_t)run->options->size) {
		deploy_tell(run->deploy, "/file", "%s is there already",
			run->setup.file);
		return 0;
	}
	if (run->deploy->dry_run) {
		deploy_tell(run->deploy, "/file", "would upload %s",
			run->setup.file);
		return 0;
	}
	if ((size >= 0 && sftp_remove(sftp, run->setup.file, err)) ||
		send_image(run, err))
		return error_wrap(err, "upload");
	deploy_tell(run->deploy, "/file", "uploaded %s", run->setup.file);
	return 0;
}

/* ---- what others left -------------------------------------------------- */

static bool is_stale(const struct run *run, const char *name)
{
	return name && slice_starts(slice_of(name), prefix_of(run)) &&
	       slice_ends(slice_of(name), ".tar" PART) &&
	       strlen(name) == strlen(run->part) && strcmp(name, run->part);
}

void upload_clean(struct run *run)
{
	struct deploy *deploy = run->deploy;
	const struct rest_query query = { .menu = "/file" };
	struct rest_items items;
	struct error why;

	if (rest_print(&deploy->rest, &query, &items, &deploy->arena, &why)) {
		log_debug("files are not listed: %s", why.text);
		return;
	}
	for (size_t i = 0; i < items.n; i++) {
		const char *name = rest_value(&items.items[i], "name");

		if (!is_stale(run, name))
			continue;
		if (file_remove(deploy, name, &why))
			log_warn("%s", why.text);
		else
			deploy_tell(deploy, "/file",
				"removed %s, which another run left", name);
	}
}
