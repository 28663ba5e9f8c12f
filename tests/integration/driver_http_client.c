/* SPDX-License-Identifier: MIT
 *
 * driver_http_client: http_client_ask() for tests/integration/http_client.sh.
 *
 *	driver_http_client [OPTION=VALUE...] [METHOD PATH JSON]...
 *
 * JSON "-" is none. All requests are one client's. Prints for each "STATUS
 * BYTES:" and, when they are few, the answer behind; or the error's kind, and
 * its text on standard error. Two METHODs are none: "password" makes PATH the
 * password, "await" waits for a file of that name. Exit status: as alpbuild's,
 * of the last request.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "io/http_client.h"

#define SHOWN_MAX 2000 /* bytes of an answer */

static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
}

static long to_long(const char *text)
{
	return strtol(text, NULL, 10);
}

static int set_option(
	struct http_client_options *o, const char *name, const char *value)
{
	if (!strcmp(name, "host"))
		o->host = value;
	else if (!strcmp(name, "port"))
		o->port = (uint16_t)to_long(value);
	else if (!strcmp(name, "user"))
		o->user = value;
	else if (!strcmp(name, "password"))
		o->password = value;
	else if (!strcmp(name, "fingerprint"))
		o->fingerprint = value;
	else if (!strcmp(name, "connect-ms"))
		o->connect_timeout_ms = to_long(value);
	else if (!strcmp(name, "answer-ms"))
		o->answer_timeout_ms = to_long(value);
	else
		return -1;
	return 0;
}

/* Leading NAME=VALUE arguments; how many there were, -1 when one is wrong. */
static int take_options(struct http_client_options *o, int argc, char **argv)
{
	int i = 0;

	for (; i < argc && strchr(argv[i], '='); i++) {
		char *value = strchr(argv[i], '=');

		*value = '\0';
		if (set_option(o, argv[i], value + 1))
			return -1;
	}
	return i;
}

static int ask(struct http_client *client, char **words, struct error *err)
{
	const struct http_client_request request = {
		.method = words[0],
		.path = words[1],
		.json = strcmp(words[2], "-") != 0 ? words[2] : NULL,
	};
	struct http_client_answer answer;
	int rc;

	if (!strcmp(words[0], "password")) {
		http_client_set_password(client, words[1]);
		return 0;
	}
	if (!strcmp(words[0], "await")) {
		while (!file_exists(words[1]))
			poll(NULL, 0, 20);
		return 0;
	}
	rc = http_client_ask(client, &request, &answer, err);
	if (rc)
		printf("%s\n", error_kinds[err->kind].name);
	else
		printf("%ld %zu:%s\n", answer.status, answer.body.len,
			answer.body.len && answer.body.len < SHOWN_MAX
				? answer.body.data
				: "");
	fflush(stdout);
	buf_release(&answer.body);
	return rc;
}

int main(int argc, char **argv)
{
	struct http_client_options options = {
		.host = "127.0.0.1",
		.user = "admin",
	};
	struct error err = { 0 };
	struct http_client *client;
	int skip = take_options(&options, argc - 1, argv + 1);

	if (skip < 0 || (argc - 1 - skip) % 3) {
		fputs("driver_http_client: see its source for the arguments\n",
			stderr);
		return error_kind_status(ERROR_USAGE);
	}
	signal(SIGTERM, cancel);
	client = http_client_new(&options, &err);
	if (!client)
		fprintf(stderr, "%s\n", err.text);
	else
		http_client_set_cancel(client, &cancelled);
	for (int i = 1 + skip; client && i < argc; i += 3) {
		err.kind = ERROR_NONE;
		if (ask(client, argv + i, &err))
			fprintf(stderr, "%s\n", err.text);
	}
	http_client_free(client);
	return error_kind_status(err.kind);
}
