/* SPDX-License-Identifier: MIT
 *
 * driver_http: http_fetch() for tests/integration/http.sh, with time-outs that
 * no user would want.
 *
 *	driver_http [OPTION=VALUE...] PATH URL... [-- PATH URL...]...
 *
 * Prints for each PATH "done BYTES URL-INDEX SHA256" or "missing" or "failed";
 * what the progress is told and the error go to stderr. Exit status: as
 * alpbuild's.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/http.h"

#define TRANSFERS_MAX 16

static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
}

static int show_begin(struct progress *p, const char *name, uint64_t total)
{
	return 0;
}

static void show_update(
	struct progress *p, int id, uint64_t done, uint64_t total)
{
}

static void show_note(struct progress *p, int id, const char *text)
{
	fprintf(stderr, "note: %s\n", text);
}

static void show_end(struct progress *p, int id, const char *outcome)
{
	fprintf(stderr, "end: %s\n", outcome ? outcome : "done");
}

/* What the command line sets. */
struct request {
	struct http_options options;
	struct transfer common; /* limits and digest of all */
	struct transfer transfers[TRANSFERS_MAX];
	size_t n;
};

static int set_option(struct request *r, const char *name, const char *value)
{
	struct error err;
	uint64_t number = 0;

	if (!strcmp(name, "want"))
		return digest_parse(slice_of(value), &r->common.want, &err);
	if (slice_to_u64(slice_of(value), 10, INT32_MAX, &number))
		return -1;
	if (!strcmp(name, "connect-ms"))
		r->options.connect_timeout_ms = (long)number;
	else if (!strcmp(name, "stall-s"))
		r->options.stall_timeout_s = (long)number;
	else if (!strcmp(name, "tries"))
		r->options.tries = (unsigned)number;
	else if (!strcmp(name, "backoff-ms"))
		r->options.backoff_ms = (long)number;
	else if (!strcmp(name, "parallel"))
		r->options.parallel = (unsigned)number;
	else if (!strcmp(name, "offline"))
		r->options.offline = number;
	else if (!strcmp(name, "optional"))
		r->common.optional = number;
	else if (!strcmp(name, "max-size"))
		r->common.max_size = number;
	else if (!strcmp(name, "size"))
		r->common.size = number;
	else
		return -1;
	return 0;
}

/* Leading NAME=VALUE arguments; how many there were, -1 when one is wrong. */
static int take_options(struct request *r, int argc, char **argv)
{
	int i = 0;

	for (; i < argc && !strchr(argv[i], '/'); i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return -1;
		*value = '\0';
		if (set_option(r, argv[i], value + 1))
			return -1;
	}
	return i;
}

static int take_transfers(struct request *r, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		struct transfer *t = &r->transfers[r->n];

		if (r->n == TRANSFERS_MAX)
			return -1;
		*t = r->common;
		t->name = t->path = argv[i++];
		t->urls = (const char *const *)argv + i;
		for (; i < argc && strcmp(argv[i], "--") != 0; i++)
			t->nurls++;
		r->n++;
	}
	return r->n ? 0 : -1;
}

static void print_result(const struct transfer *t)
{
	char hex[DIGEST_HEX_SIZE];

	if (t->result == HTTP_DONE)
		printf("done %llu %zu %s\n", (unsigned long long)t->got,
			t->url_used, digest_hex(&t->sha256, hex));
	else
		puts(t->result == HTTP_MISSING ? "missing" : "failed");
}

int main(int argc, char **argv)
{
	static const struct progress_ops ops = {
		.begin = show_begin,
		.update = show_update,
		.note = show_note,
		.end = show_end,
	};
	struct progress progress = { .ops = &ops };
	struct request r = {
		.options = { .backoff_ms = 20, .progress = &progress },
		.common = { .max_size = 64 << 20 },
	};
	struct error err = { 0 };
	int skip = take_options(&r, argc - 1, argv + 1);

	if (skip < 0 || take_transfers(&r, argc - 1 - skip, argv + 1 + skip)) {
		fputs("driver_http: see its source for the arguments\n",
			stderr);
		return error_kind_status(ERROR_USAGE);
	}
	signal(SIGTERM, cancel);
	if (http_fetch(r.transfers, r.n, &r.options, &cancelled, &err))
		fprintf(stderr, "%s\n", err.text);
	for (size_t i = 0; i < r.n; i++)
		print_result(&r.transfers[i]);
	return error_kind_status(err.kind);
}
