/* SPDX-License-Identifier: MIT */
#include "io/remote.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/memory.h"

#define CONNECT_TIMEOUT_MS 10000
#define POLL_MS 100 /* *cancel is looked at so often */

/* Letters, digits and what addresses have; IDNs are UTF-8. A zone stands
   behind "%" and only in IPv6. */
static int check_host(const char *host, struct error *err)
{
	bool is_v6 = strchr(host, ':');

	for (const char *p = host; *p; p++)
		if (!isalnum((unsigned char)*p) && !(*p & 0x80) &&
			!strchr(is_v6 ? ".:%_-" : "._-", *p))
			return error_set(err, ERROR_USAGE,
				"host \"%s\": not a name or address", host);
	return *host ? 0 : error_set(err, ERROR_USAGE, "the host is empty");
}

/* Its "%" is encoded, as RFC 6874 has it. */
static char *v6_in_url(const char *host)
{
	size_t len = strcspn(host, "%");

	return memory_printf("[%.*s%s%s]", (int)len, host,
		host[len] ? "%25" : "", host[len] ? host + len + 1 : "");
}

static int check_protocol(const struct remote *remote, struct error *err)
{
	const curl_version_info_data *info =
		remote->curl.version_info(CURLVERSION_NOW);

	for (const char *const *p = info->protocols; *p; p++)
		if (!strcmp(*p, remote->scheme))
			return 0;
	return error_set(err, ERROR_NETWORK,
		"libcurl %s here cannot do %s: install one that can "
		"(libcurl4 of Debian can)",
		info->version, remote->scheme);
}

static int start_curl(struct remote *remote, struct error *err)
{
	if (http_curl_load(&remote->curl, err))
		return -1;
	remote->multi = remote->curl.multi_init();
	remote->easy = remote->curl.easy_init();
	if (!remote->multi || !remote->easy)
		return error_set(err, ERROR_INTERNAL, "libcurl does not start");
	return check_protocol(remote, err);
}

static char *copy(const char *text)
{
	return text ? memory_strdup(text) : NULL;
}

int remote_init(struct remote *remote, const struct remote_options *options,
	struct error *err)
{
	bool is_v6 = strchr(options->host, ':');
	SCOPED_FREE char *host = NULL;

	*remote = (struct remote){
		.scheme = options->scheme,
		.user = memory_strdup(options->user),
		.password = copy(options->password),
		.connect_timeout_ms = options->connect_timeout_ms
					      ? options->connect_timeout_ms
					      : CONNECT_TIMEOUT_MS,
	};
	if (check_host(options->host, err))
		return -1;
	remote->name = memory_printf(
		is_v6 ? "[%s]:%u" : "%s:%u", options->host, options->port);
	host = is_v6 ? v6_in_url(options->host) : memory_strdup(options->host);
	remote->authority = memory_printf("%s:%u", host, options->port);
	return start_curl(remote, err);
}

static void forget_password(struct remote *remote)
{
	if (remote->password)
		explicit_bzero(remote->password, strlen(remote->password));
	free(remote->password);
	remote->password = NULL;
}

void remote_set_password(struct remote *remote, const char *password)
{
	forget_password(remote);
	remote->password = copy(password);
}

void remote_release(struct remote *remote)
{
	if (remote->easy)
		remote->curl.easy_cleanup(remote->easy);
	if (remote->multi)
		remote->curl.multi_cleanup(remote->multi);
	if (remote->curl.global_cleanup)
		remote->curl.global_cleanup();
	forget_password(remote);
	free(remote->user);
	free(remote->name);
	free(remote->authority);
}

char *remote_encode(const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = memory_alloc(3 * strlen(text) + 1), *p = out;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && (isalnum(c) || strchr("-._~", c))) {
			*p++ = (char)c;
			continue;
		}
		*p++ = '%';
		*p++ = digits[c >> 4];
		*p++ = digits[c & 15];
	}
	*p = '\0';
	return out;
}

char *remote_url(const struct remote *remote, const char *path)
{
	SCOPED_FREE char *user = NULL;

	if (remote->password)
		return memory_printf(
			"%s://%s%s", remote->scheme, remote->authority, path);
	user = remote_encode(remote->user);
	return memory_printf(
		"%s://%s@%s%s", remote->scheme, user, remote->authority, path);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What ends a request before libcurl does. */
static bool must_end(struct remote *remote)
{
	if (remote->cancel && *remote->cancel)
		return true;
	if (remote->stall_timeout_ms &&
		now_ms() - remote->alive_ms > remote->stall_timeout_ms)
		remote->has_stalled = true;
	return remote->has_stalled;
}

/* Some of libcurl's waits for SSH ask nobody else. */
static int on_progress(void *arg, curl_off_t download_size,
	curl_off_t downloaded, curl_off_t upload_size, curl_off_t uploaded)
{
	struct remote *remote = arg;
	uint64_t nmoved = (uint64_t)downloaded + (uint64_t)uploaded;

	if (nmoved != remote->nmoved) {
		remote->nmoved = nmoved;
		remote->alive_ms = now_ms();
		if (remote->moved)
			remote->moved(remote->moved_arg, nmoved);
	}
	return must_end(remote);
}

void remote_begin(struct remote *remote)
{
	const struct http_curl *curl = &remote->curl;
	const struct http_options options = {
		.connect_timeout_ms = remote->connect_timeout_ms,
		.user_agent = "alpbuild",
	};

	remote->said[0] = '\0';
	curl->easy_reset(remote->easy);
	http_curl_configure(curl, remote->easy, &options);
	curl->easy_setopt(remote->easy, CURLOPT_PROTOCOLS_STR, remote->scheme);
	/* The proxy of the environment is for the internet. */
	curl->easy_setopt(remote->easy, CURLOPT_PROXY, "");
	curl->easy_setopt(remote->easy, CURLOPT_ERRORBUFFER, remote->said);
	curl->easy_setopt(remote->easy, CURLOPT_NOPROGRESS, 0L);
	curl->easy_setopt(remote->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl->easy_setopt(remote->easy, CURLOPT_XFERINFODATA, remote);
	if (!remote->password)
		return;
	curl->easy_setopt(remote->easy, CURLOPT_USERNAME, remote->user);
	curl->easy_setopt(
		remote->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl->easy_setopt(remote->easy, CURLOPT_PASSWORD, remote->password);
}

static CURLcode result_of(const struct remote *remote, const CURL *easy)
{
	CURLcode code = CURLE_FAILED_INIT;
	CURLMsg *message;
	int left;

	while ((message = remote->curl.multi_info_read(remote->multi, &left)))
		if (message->msg == CURLMSG_DONE &&
			message->easy_handle == easy)
			code = message->data.result;
	return code;
}

/* The one end that libcurl knows nothing of. */
static CURLcode stalled(struct remote *remote)
{
	snprintf(remote->said, sizeof(remote->said),
		"stalled: no byte for %ld ms", remote->stall_timeout_ms);
	return CURLE_OPERATION_TIMEDOUT;
}

/*
 * A request ends in the middle. libcurl would say goodbye to SSH, and wait for
 * an answer that may not come.
 */
static void cut(struct remote *remote, CURL *easy)
{
	curl_socket_t socket = CURL_SOCKET_BAD;

	if (!remote->curl.easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) &&
		socket != CURL_SOCKET_BAD)
		shutdown(socket, SHUT_RDWR);
}

/* libcurl itself would look at a callback's wish once in a second only. */
CURLcode remote_run(struct remote *remote, CURL *easy)
{
	const struct http_curl *curl = &remote->curl;
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	int running = 1;

	remote->said[0] = '\0';
	remote->has_stalled = false;
	remote->nmoved = 0;
	/* Connecting has a time-out of its own. */
	remote->alive_ms = now_ms() + remote->connect_timeout_ms;
	curl->multi_add_handle(remote->multi, easy);
	while (running && !must_end(remote)) {
		curl->multi_perform(remote->multi, &running);
		if (running)
			curl->multi_poll(remote->multi, NULL, 0, POLL_MS, NULL);
	}
	if (!running)
		code = result_of(remote, easy);
	else
		cut(remote, easy);
	curl->multi_remove_handle(remote->multi, easy);
	if (code == CURLE_ABORTED_BY_CALLBACK && remote->has_stalled)
		code = stalled(remote);
	return code;
}

int remote_failed(const struct remote *remote, CURLcode code, struct error *err)
{
	struct error why;

	if (remote->cancel && *remote->cancel)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	http_curl_why(&remote->curl, code, remote->said, &why);
	return error_set(err, ERROR_NETWORK, "%s: %s", remote->name, why.text);
}
