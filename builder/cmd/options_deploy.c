/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "cmd/command.h"

#define PORT_MAX 65535
#define SECONDS_MAX 86400
#define FINGERPRINT_DIGITS 64
#define HOST_KEY "SHA256:"
#define HOST_KEY_LETTERS 43 /* of base64, without the padding */

static int set_number(const char *value, uint64_t min, uint64_t max,
	uint64_t *out, struct error *err)
{
	if (!slice_to_u64(slice_of(value), 10, max, out) && *out >= min)
		return 0;
	return error_set(err, ERROR_USAGE,
		"\"%.80s\" is no number from %llu to %llu", value,
		(unsigned long long)min, (unsigned long long)max);
}

/* ---- the way to the router --------------------------------------------- */

static int set_https_port(
	struct request *r, const char *value, struct error *err)
{
	uint64_t port = 0;

	if (set_number(value, 1, PORT_MAX, &port, err))
		return -1;
	r->deploy.https_port = (uint16_t)port;
	return 0;
}

static int set_ssh_port(struct request *r, const char *value, struct error *err)
{
	uint64_t port = 0;

	if (set_number(value, 1, PORT_MAX, &port, err))
		return -1;
	r->deploy.ssh_port = (uint16_t)port;
	return 0;
}

static int set_fingerprint(
	struct request *r, const char *value, struct error *err)
{
	size_t digits = 0, others = 0;

	for (const char *p = value; *p; p++) {
		digits += !!isxdigit((unsigned char)*p);
		others += !isxdigit((unsigned char)*p) && *p != ':';
	}
	if (digits != FINGERPRINT_DIGITS || others)
		return error_set(err, ERROR_USAGE,
			"\"%.100s\": expected the SHA-256 fingerprint of the "
			"router's certificate, 64 hex digits, as "
			"/certificate/print detail shows it",
			value);
	r->deploy.fingerprint = value;
	return 0;
}

static int set_host_key(struct request *r, const char *value, struct error *err)
{
	if (!slice_starts(slice_of(value), HOST_KEY) ||
		strlen(value) != strlen(HOST_KEY) + HOST_KEY_LETTERS)
		return error_set(err, ERROR_USAGE,
			"\"%.100s\": expected the fingerprint of the router's "
			"SSH key as ssh-keygen -l prints it, SHA256:...",
			value);
	r->deploy.host_key = value;
	return 0;
}

static int check_file(const char *path, struct error *err)
{
	if (file_exists(path))
		return 0;
	return error_set(err, ERROR_NOT_FOUND, "there is no file %s", path);
}

static int set_identity(struct request *r, const char *value, struct error *err)
{
	r->deploy.identity = value;
	return check_file(value, err);
}

static int set_known_hosts(
	struct request *r, const char *value, struct error *err)
{
	r->deploy.known_hosts = value;
	return check_file(value, err);
}

/* ---- what is done ------------------------------------------------------ */

static int set_rollback(struct request *r, const char *value, struct error *err)
{
	r->deploy.rollback = true;
	return 0;
}

static int set_dry_run(struct request *r, const char *value, struct error *err)
{
	r->dry_run = true;
	return 0;
}

static int set_force(struct request *r, const char *value, struct error *err)
{
	r->router.force = true;
	return 0;
}

static int set_keep_image(
	struct request *r, const char *value, struct error *err)
{
	r->deploy.keep_image = true;
	return 0;
}

static int set_forget_previous(
	struct request *r, const char *value, struct error *err)
{
	r->deploy.forget_previous = true;
	return 0;
}

static int set_settle(struct request *r, const char *value, struct error *err)
{
	uint64_t seconds = 0;

	if (set_number(value, 0, SECONDS_MAX, &seconds, err))
		return -1;
	r->deploy.settle_s = (unsigned)seconds;
	return 0;
}

static int set_patience(struct request *r, const char *value, struct error *err)
{
	uint64_t seconds = 0;

	if (set_number(value, 0, SECONDS_MAX, &seconds, err))
		return -1;
	r->deploy.patience_s = (unsigned)seconds;
	return 0;
}

const struct option_row options_deploy[] = {
	{ "rollback", 0, NULL, "back to the container before", set_rollback },
	{ "dry-run", 'n', NULL, "look and tell, change nothing", set_dry_run },
	{ "force", 0, NULL, "deploy, even the tag that runs already",
		set_force },
	{ "keep-image", 0, NULL, "leave the uploaded file on the router",
		set_keep_image },
	{ "forget-previous", 0, NULL, "do not keep the container before",
		set_forget_previous },
	{ "settle", 0, "SECONDS", "it must run for so long (default 10)",
		set_settle },
	{ "patience", 0, "SECONDS", "wait so long for a router (default 180)",
		set_patience },
	{ "https-port", 0, "N", "of www-ssl (default 443)", set_https_port },
	{ "ssh-port", 0, "N", "of ssh (default 22)", set_ssh_port },
	{ "fingerprint", 0, "HEX", "SHA-256 of the router's certificate",
		set_fingerprint },
	{ "host-key", 0, "KEY", "fingerprint of its SSH key, SHA256:...",
		set_host_key },
	{ "identity", 0, "FILE", "private SSH key to log in with",
		set_identity },
	{ "known-hosts", 0, "FILE", "instead of ~/.ssh/known_hosts",
		set_known_hosts },
	{ NULL },
};
