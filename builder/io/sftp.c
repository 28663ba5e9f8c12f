/* SPDX-License-Identifier: MIT */
#include "io/sftp.h"

#include <stdlib.h>
#include <string.h>

#include "io/sftp_parts.h"

#define PORT 22
#define STALL_TIMEOUT_S 30

static char *default_known_hosts(void)
{
	const char *home = getenv("HOME");

	return home && *home ? memory_printf("%s/.ssh/known_hosts", home)
			     : NULL;
}

/* With libssh libcurl asks nobody about keys that known_hosts has not. */
static int check_library(const struct remote *remote, struct error *err)
{
	const curl_version_info_data *info =
		remote->curl.version_info(CURLVERSION_NOW);
	const char *name = info->libssh_version;

	if (name && !strncmp(name, "libssh2/", strlen("libssh2/")))
		return 0;
	return error_set(err, ERROR_NETWORK,
		"libcurl %s here cannot do sftp as is needed: it uses %s, "
		"expected libssh2 (libcurl4 of Debian has it)",
		info->version, name ? name : "nothing");
}

struct sftp *sftp_new(const struct sftp_options *options, struct error *err)
{
	struct sftp *sftp = memory_zero(1, sizeof(*sftp));
	const struct remote_options remote = {
		.scheme = "sftp",
		.host = options->host,
		.port = options->port ? options->port : PORT,
		.user = options->user,
		.password = options->password,
		.connect_timeout_ms = options->connect_timeout_ms,
	};

	sftp->host = memory_strdup(options->host);
	sftp->port = remote.port;
	sftp->progress = options->progress;
	if (options->identity)
		sftp->identity = memory_strdup(options->identity);
	sftp->known_hosts_path = options->known_hosts
					 ? memory_strdup(options->known_hosts)
					 : default_known_hosts();
	if ((!options->host_key ||
		    !sftp_read_pin(options->host_key, sftp->pin, err)) &&
		!remote_init(&sftp->remote, &remote, err) &&
		!check_library(&sftp->remote, err)) {
		sftp->remote.stall_timeout_ms =
			1000 * (options->stall_timeout_s
					       ? options->stall_timeout_s
					       : STALL_TIMEOUT_S);
		return sftp;
	}
	sftp_free(sftp);
	return NULL;
}

void sftp_free(struct sftp *sftp)
{
	if (!sftp)
		return;
	remote_release(&sftp->remote);
	free(sftp->host);
	free(sftp->identity);
	free(sftp->known_hosts_path);
	free(sftp);
}

void sftp_set_password(struct sftp *sftp, const char *password)
{
	remote_set_password(&sftp->remote, password);
}

void sftp_set_cancel(struct sftp *sftp, const volatile int *cancel)
{
	sftp->remote.cancel = cancel;
}

/* ---- requests ---------------------------------------------------------- */

/* libcurl's "~" is the start folder; the rest is taken as it is. */
char *sftp_url(const struct sftp *sftp, const char *path)
{
	struct slice rest = slice_of(path), part;
	SCOPED_BUF struct buf text;

	buf_init(&text, SIZE_MAX);
	buf_add_str(&text, "/~");
	while (slice_cut(&rest, '/', &part)) {
		SCOPED_FREE char *name = slice_dup(part);
		SCOPED_FREE char *encoded = remote_encode(name);

		buf_printf(&text, "/%s", encoded);
	}
	return remote_url(&sftp->remote, text.data);
}

static size_t drop(char *p, size_t size, size_t n, void *arg)
{
	return size * n;
}

void sftp_begin(struct sftp *sftp, const char *path)
{
	const struct http_curl *curl = &sftp->remote.curl;
	SCOPED_FREE char *url = sftp_url(sftp, path);

	remote_begin(&sftp->remote);
	curl->easy_setopt(sftp->remote.easy, CURLOPT_URL, url);
	curl->easy_setopt(sftp->remote.easy, CURLOPT_WRITEFUNCTION, drop);
}

/* What the server itself says; the rest is no answer. */
int sftp_explain(struct sftp *sftp, CURLcode code, struct error *err)
{
	const char *what;

	switch (code) {
	case CURLE_REMOTE_FILE_NOT_FOUND:
		what = "no such file or folder";
		break;
	case CURLE_REMOTE_ACCESS_DENIED:
		what = "permission denied";
		break;
	case CURLE_REMOTE_DISK_FULL:
		what = "the disk is full";
		break;
	case CURLE_REMOTE_FILE_EXISTS:
		what = "it exists already";
		break;
	default:
		return sftp_failed(sftp, code, err);
	}
	return error_set(err, ERROR_ROUTER, "%s: %s", sftp->remote.name, what);
}

int sftp_size(
	struct sftp *sftp, const char *path, int64_t *size, struct error *err)
{
	curl_off_t n = -1;
	CURLcode code;

	sftp_begin(sftp, path);
	sftp->remote.curl.easy_setopt(sftp->remote.easy, CURLOPT_NOBODY, 1L);
	if (sftp_run(sftp, &code, err))
		return -1;
	*size = -1;
	if (code == CURLE_REMOTE_FILE_NOT_FOUND)
		return 0;
	if (code) {
		sftp_explain(sftp, code, err);
		return error_wrap(err, "cannot look at %s", path);
	}
	sftp->remote.curl.easy_getinfo(
		sftp->remote.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &n);
	/* libcurl tells no length of an empty file. */
	*size = n < 0 ? 0 : n;
	return 0;
}

/* As a word of libcurl's quote commands, which know no "~" in quotes: a path
   without one begins in the start folder anyway. */
static void add_quoted(struct buf *text, const char *path)
{
	buf_add_str(text, " \"");
	for (; *path; path++) {
		if (strchr("\\\"'", *path))
			buf_add_str(text, "\\");
		buf_add(text, path, 1);
	}
	buf_add_str(text, "\"");
}

static int run_command(struct sftp *sftp, struct buf *owned_command,
	CURLcode *code, struct error *err)
{
	const struct http_curl *curl = &sftp->remote.curl;
	SCOPED_FREE char *command = buf_take(owned_command);
	struct curl_slist *commands = curl->slist_append(NULL, command);
	int rc;

	sftp_begin(sftp, "");
	curl->easy_setopt(sftp->remote.easy, CURLOPT_NOBODY, 1L);
	curl->easy_setopt(sftp->remote.easy, CURLOPT_QUOTE, commands);
	rc = sftp_run(sftp, code, err);
	curl->slist_free_all(commands);
	return rc;
}

/*
 * What the server said to a command. libcurl says the same of a connection
 * that broke, with no words or with those of an earlier answer.
 */
static int command_failed(const struct sftp *sftp, struct error *err)
{
	const char *words = strstr(sftp->remote.said, ": ");

	words = words ? words + 2 : sftp->remote.said;
	if (!strncmp(words, "Unknown error", 13) ||
		!strncmp(words, "No such file", 12))
		return error_set(err, ERROR_NETWORK, "%s: the connection broke",
			sftp->remote.name);
	return error_set(err, ERROR_ROUTER, "%s: %s", sftp->remote.name, words);
}

/* The command failed, and what is there tells whether that is so. */
static int check_rename(
	struct sftp *sftp, const char *from, const char *to, struct error *err)
{
	int64_t from_size, to_size;
	struct error why;

	command_failed(sftp, &why);
	if (sftp_size(sftp, from, &from_size, err) ||
		sftp_size(sftp, to, &to_size, err))
		return -1;
	/* It was not there before: only the answer got lost. */
	if (from_size < 0 && to_size >= 0)
		return 0;
	if (from_size < 0)
		return error_set(err, ERROR_ROUTER,
			"%s: cannot rename %s: there is no such file",
			sftp->remote.name, from);
	*err = why;
	return error_wrap(err, "cannot rename %s to %s", from, to);
}

int sftp_rename(
	struct sftp *sftp, const char *from, const char *to, struct error *err)
{
	struct buf command;
	CURLcode code;
	int64_t size;

	/* Some servers would replace it. */
	if (sftp_size(sftp, to, &size, err))
		return -1;
	if (size >= 0)
		return error_set(err, ERROR_ROUTER,
			"%s: cannot rename %s to %s: that exists already",
			sftp->remote.name, from, to);
	buf_init(&command, SIZE_MAX);
	buf_add_str(&command, "rename");
	add_quoted(&command, from);
	add_quoted(&command, to);
	if (run_command(sftp, &command, &code, err))
		return -1;
	if (code == CURLE_QUOTE_ERROR)
		return check_rename(sftp, from, to, err);
	return code ? sftp_failed(sftp, code, err) : 0;
}

int sftp_remove(struct sftp *sftp, const char *path, struct error *err)
{
	struct buf command;
	struct error why;
	CURLcode code;
	int64_t size;

	buf_init(&command, SIZE_MAX);
	buf_add_str(&command, "rm");
	add_quoted(&command, path);
	if (run_command(sftp, &command, &code, err))
		return -1;
	if (code != CURLE_QUOTE_ERROR)
		return code ? sftp_failed(sftp, code, err) : 0;
	command_failed(sftp, &why);
	if (sftp_size(sftp, path, &size, err))
		return -1;
	if (size < 0)
		return 0;
	*err = why;
	return error_wrap(err, "cannot remove %s", path);
}
