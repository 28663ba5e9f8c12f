/* SPDX-License-Identifier: MIT
 *
 * driver_sftp: io/sftp for tests/integration/sftp.sh.
 *
 *	driver_sftp [OPTION=VALUE...] COMMAND [ARGUMENT]... ...
 *
 * Commands, all of one struct sftp: size PATH, upload LOCAL PATH OFFSET, resume
 * LOCAL PATH (from the size there, 0 where there is none), rename FROM TO,
 * remove PATH, password TEXT, await FILE. Prints for each what it found, "ok",
 * or the error's kind; what the progress is told and the error's text go to
 * standard error. Exit status: as alpbuild's, of the last command.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "io/sftp.h"

static volatile int cancelled;

static void cancel(int signal_number)
{
	cancelled = signal_number;
}

static int show_begin(struct progress *p, const char *name, uint64_t total)
{
	fprintf(stderr, "begin: %s %llu\n", name, (unsigned long long)total);
	return 7;
}

static void show_update(
	struct progress *p, int id, uint64_t done, uint64_t total)
{
	fprintf(stderr, "update %d: %llu of %llu\n", id,
		(unsigned long long)done, (unsigned long long)total);
}

static void show_note(struct progress *p, int id, const char *text)
{
	fprintf(stderr, "note %d: %s\n", id, text);
}

static void show_end(struct progress *p, int id, const char *outcome)
{
	fprintf(stderr, "end %d: %s\n", id, outcome ? outcome : "done");
}

static long to_long(const char *text)
{
	return strtol(text, NULL, 10);
}

static int set_option(
	struct sftp_options *o, const char *name, const char *value)
{
	if (!strcmp(name, "host"))
		o->host = value;
	else if (!strcmp(name, "port"))
		o->port = (uint16_t)to_long(value);
	else if (!strcmp(name, "user"))
		o->user = value;
	else if (!strcmp(name, "password"))
		o->password = value;
	else if (!strcmp(name, "identity"))
		o->identity = value;
	else if (!strcmp(name, "known-hosts"))
		o->known_hosts = value;
	else if (!strcmp(name, "host-key"))
		o->host_key = value;
	else if (!strcmp(name, "connect-ms"))
		o->connect_timeout_ms = to_long(value);
	else if (!strcmp(name, "stall-s"))
		o->stall_timeout_s = to_long(value);
	else
		return -1;
	return 0;
}

/* Leading NAME=VALUE arguments; how many there were, -1 when one is wrong. */
static int take_options(struct sftp_options *o, int argc, char **argv)
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

/* ---- commands ---------------------------------------------------------- */

static int done(int rc, const struct error *err)
{
	puts(rc ? error_kinds[err->kind].name : "ok");
	return rc;
}

static int size(struct sftp *sftp, char **words, struct error *err)
{
	int64_t n;

	if (sftp_size(sftp, words[0], &n, err))
		return done(-1, err);
	printf("%lld\n", (long long)n);
	return 0;
}

static int upload(struct sftp *sftp, char **words, struct error *err)
{
	return done(sftp_upload(sftp, words[0], words[1],
			    (uint64_t)to_long(words[2]), err),
		err);
}

static int resume(struct sftp *sftp, char **words, struct error *err)
{
	int64_t n;

	if (sftp_size(sftp, words[1], &n, err))
		return done(-1, err);
	return done(sftp_upload(sftp, words[0], words[1],
			    n < 0 ? 0 : (uint64_t)n, err),
		err);
}

static int rename_it(struct sftp *sftp, char **words, struct error *err)
{
	return done(sftp_rename(sftp, words[0], words[1], err), err);
}

static int remove_it(struct sftp *sftp, char **words, struct error *err)
{
	return done(sftp_remove(sftp, words[0], err), err);
}

static int password(struct sftp *sftp, char **words, struct error *err)
{
	sftp_set_password(sftp, words[0]);
	return 0;
}

static int await(struct sftp *sftp, char **words, struct error *err)
{
	while (!file_exists(words[0]))
		poll(NULL, 0, 20);
	return 0;
}

static const struct {
	const char *name;
	int nwords;
	int (*run)(struct sftp *sftp, char **words, struct error *err);
} commands[] = {
	{ "size", 1, size },
	{ "upload", 3, upload },
	{ "resume", 2, resume },
	{ "rename", 2, rename_it },
	{ "remove", 1, remove_it },
	{ "password", 1, password },
	{ "await", 1, await },
};

/* How many words it took, 0: wrong ones. */
static int run(struct sftp *sftp, int argc, char **argv, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[0], commands[i].name) != 0 ||
			argc <= commands[i].nwords)
			continue;
		if (commands[i].run(sftp, argv + 1, err))
			fprintf(stderr, "%s\n", err->text);
		fflush(stdout);
		return 1 + commands[i].nwords;
	}
	return 0;
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
	struct sftp_options options = {
		.host = "127.0.0.1",
		.user = "admin",
		.progress = &progress,
	};
	struct error err = { 0 };
	int i = take_options(&options, argc - 1, argv + 1);
	struct sftp *sftp = i < 0 ? NULL : sftp_new(&options, &err);

	if (!sftp) {
		fprintf(stderr, "driver_sftp: %s\n",
			i < 0 ? "see its source for the arguments" : err.text);
		return error_kind_status(i < 0 ? ERROR_USAGE : err.kind);
	}
	signal(SIGTERM, cancel);
	sftp_set_cancel(sftp, &cancelled);
	for (i++; i < argc;) {
		int taken;

		err.kind = ERROR_NONE;
		taken = run(sftp, argc - i, argv + i, &err);
		if (!taken)
			break;
		i += taken;
	}
	sftp_free(sftp);
	return error_kind_status(i < argc ? ERROR_USAGE : err.kind);
}
