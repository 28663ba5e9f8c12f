/* SPDX-License-Identifier: MIT */
#include "io/http_job.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/memory.h"
#include "io/http_url.h"

#define TRIED_MAX ((size_t)16 * 1024)
#define UNREACHABLE_TRIES 2

struct http_options http_options_fill(const struct http_options *options)
{
	struct http_options o = *options;

	if (!o.connect_timeout_ms)
		o.connect_timeout_ms = 10000;
	if (!o.stall_timeout_s)
		o.stall_timeout_s = 30;
	if (!o.tries)
		o.tries = 4;
	if (!o.backoff_ms)
		o.backoff_ms = 500;
	if (!o.parallel)
		o.parallel = 4;
	if (!o.user_agent)
		o.user_agent = "alpbuild";
	return o;
}

int64_t http_backoff_ms(long base_ms, unsigned tries, uint32_t random)
{
	int64_t full = base_ms;

	for (unsigned i = 1; i < tries && full < HTTP_WAIT_MAX_MS; i++)
		full *= 2;
	if (full > HTTP_WAIT_MAX_MS)
		full = HTTP_WAIT_MAX_MS;
	return full / 2 + (int64_t)(random % (uint64_t)(full - full / 2 + 1));
}

static int64_t pause_ms(const struct http_job *job, int64_t asked)
{
	uint32_t random = 0;
	int64_t wait;

	/* Only spreads the load: without random bytes it is just shorter. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	wait = http_backoff_ms(job->options->backoff_ms, job->tries, random);
	if (asked > HTTP_WAIT_MAX_MS)
		asked = HTTP_WAIT_MAX_MS;
	return asked > wait ? asked : wait;
}

void http_job_init(struct http_job *job, struct transfer *transfer,
	const struct http_options *options)
{
	memset(job, 0, sizeof(*job));
	assert(transfer->max_size);
	job->transfer = transfer;
	job->options = options;
	buf_init(&job->tried, TRIED_MAX);
	transfer->result = HTTP_PENDING;
	transfer->got = 0;
	transfer->url_used = 0;
	job->progress = progress_begin(
		options->progress, transfer->name, transfer->size);
}

void http_job_release(struct http_job *job)
{
	http_part_release(&job->part);
	buf_release(&job->tried);
}

const char *http_job_url(const struct http_job *job)
{
	return job->transfer->urls[job->url];
}

uint64_t http_job_limit(const struct http_job *job)
{
	const struct transfer *t = job->transfer;

	return t->size && t->size < t->max_size ? t->size : t->max_size;
}

/* outcome: in short, for the progress. */
static void end(
	struct http_job *job, enum http_result result, const char *outcome)
{
	struct transfer *t = job->transfer;

	job->state = HTTP_JOB_OVER;
	t->result = result;
	t->got = job->part.size;
	t->url_used = job->url;
	http_part_release(&job->part);
	progress_end(job->options->progress, job->progress, outcome);
}

static void end_fatal(struct http_job *job, const struct error *why)
{
	struct transfer *t = job->transfer;

	t->error = *why;
	end(job, HTTP_FAILED, why->text);
	error_wrap(&t->error, "fetch %s", t->name);
}

static enum error_kind failure_kind(const struct http_job *job)
{
	size_t n = job->transfer->nurls;

	if (job->nwrong)
		return ERROR_VERIFY;
	if (job->noffline)
		return ERROR_OFFLINE;
	return n && job->nmissing == n ? ERROR_NOT_FOUND : ERROR_NETWORK;
}

static void end_exhausted(struct http_job *job)
{
	static const char *const why[ERROR_NKINDS] = {
		[ERROR_VERIFY] = "no URL delivered what was expected",
		[ERROR_OFFLINE] = "not available offline",
		[ERROR_NOT_FOUND] = "it does not exist at any URL",
		[ERROR_NETWORK] = "no URL could deliver it",
	};
	struct transfer *t = job->transfer;
	enum error_kind kind = failure_kind(job);

	error_set(&t->error, kind, "fetch %s: %s%s", t->name, why[kind],
		job->tried.data ? job->tried.data : "");
	end(job, kind == ERROR_NOT_FOUND ? HTTP_MISSING : HTTP_FAILED,
		why[kind]);
}

static void tell(struct http_job *job, const char *text)
{
	SCOPED_FREE char *shown = http_url_show(http_job_url(job));

	buf_printf(&job->tried, "\n  %s: %s", shown, text);
	if (job->tries > 1)
		buf_printf(&job->tried, " (%u tries)", job->tries);
}

/* Skips what may not be tried offline; the job is over after the last URL. */
static void settle_url(struct http_job *job)
{
	const struct transfer *t = job->transfer;

	job->tries = 0;
	job->anew = 0;
	for (; job->url < t->nurls; job->url++) {
		if (!job->options->offline ||
			http_url_scheme(http_job_url(job)) == HTTP_SCHEME_FILE)
			return;
		job->noffline++;
		tell(job, "not tried: offline");
	}
	end_exhausted(job);
}

static void next_url(struct http_job *job, const char *text)
{
	SCOPED_FREE char *note = NULL;

	tell(job, text);
	if (job->url + 1 < job->transfer->nurls) {
		note = memory_printf("%s: trying the next mirror", text);
		progress_note(job->options->progress, job->progress, note);
	}
	job->url++;
	settle_url(job);
}

/* The same URL again: at once when wait_ms is 0. */
static void again(struct http_job *job, const char *text, int64_t due_ms)
{
	SCOPED_FREE char *note = memory_printf("%s: trying again", text);

	progress_note(job->options->progress, job->progress, note);
	job->due_ms = due_ms;
}

static int drop(struct http_job *job)
{
	struct error err;

	if (!http_part_restart(&job->part, &err))
		return 0;
	end_fatal(job, &err);
	return -1;
}

/* The bytes are not what was asked for; a resumed file gets a second go. */
static void wrong(struct http_job *job, const struct error *why)
{
	bool resumed = job->part.foreign > 0 && !job->anew;

	if (drop(job))
		return;
	if (resumed) {
		job->anew++;
		again(job, why->text, 0);
		return;
	}
	job->nwrong++;
	next_url(job, why->text);
}

static void take_digests(struct http_job *job)
{
	http_part_finish(
		&job->part, &job->transfer->sha256, &job->transfer->sha512);
}

static int check_digest(const struct transfer *t, struct error *err)
{
	const struct digest *found =
		t->want.kind == DIGEST_SHA512 ? &t->sha512 : &t->sha256;
	char expected_text[DIGEST_TEXT_SIZE], found_text[DIGEST_TEXT_SIZE];

	if (t->want.kind == DIGEST_NONE || digest_eq(&t->want, found))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"digest mismatch (expected %s, found %s)",
		digest_text(&t->want, expected_text),
		digest_text(found, found_text));
}

static void broken(struct http_job *job, const struct http_report *report,
	unsigned max_tries)
{
	if (job->tries >= max_tries) {
		next_url(job, report->why->text);
		return;
	}
	again(job, report->why->text,
		report->now_ms + pause_ms(job, report->wait_ms));
}

static void complete(struct http_job *job)
{
	struct transfer *t = job->transfer;
	struct error err;

	if (job->part.size < t->size) {
		error_set(&err, ERROR_VERIFY, "has %llu bytes, expected %llu",
			(unsigned long long)job->part.size,
			(unsigned long long)t->size);
		wrong(job, &err);
		return;
	}
	take_digests(job);
	if (check_digest(t, &err)) {
		wrong(job, &err);
		return;
	}
	http_part_forget(&job->part);
	end(job, HTTP_DONE, NULL);
}

/* The file does not go on where it stopped: from the first byte, at once. */
static void unfit(struct http_job *job, const struct http_report *report)
{
	if (drop(job))
		return;
	if (job->anew++ || job->tries >= job->options->tries)
		next_url(job, report->why->text);
	else
		again(job, report->why->text, 0);
}

void http_job_report(struct http_job *job, const struct http_report *report)
{
	job->state = HTTP_JOB_WAITING;
	job->due_ms = 0;
	job->tries++;
	switch (report->outcome) {
	case HTTP_TRY_COMPLETE:
		complete(job);
		return;
	case HTTP_TRY_MISSING:
		job->nmissing++;
		next_url(job, report->why->text);
		return;
	case HTTP_TRY_BROKEN:
		broken(job, report, job->options->tries);
		return;
	case HTTP_TRY_UNREACHABLE:
		broken(job, report,
			job->options->tries < UNREACHABLE_TRIES
				? job->options->tries
				: UNREACHABLE_TRIES);
		return;
	case HTTP_TRY_UNFIT:
		unfit(job, report);
		return;
	case HTTP_TRY_WRONG:
		wrong(job, report->why);
		return;
	case HTTP_TRY_FATAL:
		end_fatal(job, report->why);
		return;
	case HTTP_TRY_PENDING:
	case HTTP_TRY_REFUSED:
		next_url(job, report->why->text);
		return;
	}
}

static int open_part(struct http_job *job)
{
	const struct transfer *t = job->transfer;
	struct error err;

	if (!http_part_open(&job->part, t->path, t->want.kind,
		    http_job_limit(job), &err))
		return 0;
	end_fatal(job, &err);
	return -1;
}

static bool may_be_complete(const struct http_job *job)
{
	const struct transfer *t = job->transfer;

	return t->want.kind != DIGEST_NONE && job->part.size &&
	       (!t->size || job->part.size == t->size);
}

/*
 * A process that was killed between the last byte and the cache leaves a
 * complete file: it needs no network.
 */
static int try_complete(struct http_job *job)
{
	struct error err;

	take_digests(job);
	if (!check_digest(job->transfer, &err)) {
		http_part_forget(&job->part);
		progress_update(job->options->progress, job->progress,
			job->part.size, job->part.size);
		end(job, HTTP_DONE, NULL);
		return 0;
	}
	/* Finished digests take no more bytes: start them again. */
	http_part_release(&job->part);
	return open_part(job);
}

void http_job_start(struct http_job *job)
{
	if (open_part(job))
		return;
	if (may_be_complete(job) && try_complete(job))
		return;
	if (job->state != HTTP_JOB_OVER)
		settle_url(job);
}

void http_job_cancel(struct http_job *job)
{
	struct transfer *t = job->transfer;

	if (job->state == HTTP_JOB_OVER)
		return;
	error_set(
		&t->error, ERROR_INTERRUPTED, "fetch %s: interrupted", t->name);
	end(job, HTTP_FAILED, "interrupted");
}
