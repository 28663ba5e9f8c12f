/* SPDX-License-Identifier: MIT */
#include "io/http.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "io/http_answer.h"
#include "io/http_curl.h"
#include "io/http_file.h"
#include "io/http_job.h"
#include "io/http_url.h"

#define MAX_REDIRECTS 5
#define POLL_MS 100 /* *cancel is looked at so often */

/* A transfer and, while it runs over the network, its libcurl handle. */
struct call {
	struct http_job job;
	struct fetch *fetch;
	CURL *easy; /* NULL: not running */
	struct curl_slist *fields;
	char *url; /* of the request under way, after redirects */
	unsigned nredirects;
	struct http_answer answer;
	int64_t alive_ms; /* when something came last, or it was sent */
	char curl_text[CURL_ERROR_SIZE];
};

/* One http_fetch(). */
struct fetch {
	struct http_options options;
	struct http_curl curl;
	CURLM *multi; /* NULL until the first network URL */
	bool loaded;  /* curl is valid */
	struct call *calls;
	size_t n, nrunning;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static long status_of(const struct call *call)
{
	long status = 0;

	call->fetch->curl.easy_getinfo(
		call->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Bytes announced for the body, -1 when they were not. */
static int64_t length_of(const struct call *call)
{
	curl_off_t length = -1;

	call->fetch->curl.easy_getinfo(
		call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length;
}

static void tell_progress(const struct call *call)
{
	const struct http_job *job = &call->job;
	uint64_t total = job->transfer->size;
	int64_t length = length_of(call);

	if (!total && length >= 0)
		total = job->part.foreign + (uint64_t)length;
	progress_update(call->fetch->options.progress, job->progress,
		job->part.size, total);
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct call *call = arg;

	call->alive_ms = now_ms();
	if (!http_answer_body(&call->answer, status_of(call), p, size * n))
		return 0;
	tell_progress(call);
	return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct call *call = arg;

	call->alive_ms = now_ms();
	http_header_add(&call->answer.header, slice_make(p, size * n));
	return size * n;
}

static void set_options(struct call *call)
{
	const struct http_curl *curl = &call->fetch->curl;
	CURL *easy = call->easy;

	http_curl_configure(curl, easy, &call->fetch->options);
	curl->easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
		(curl_off_t)http_job_limit(&call->job));
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, call->curl_text);
	curl->easy_setopt(easy, CURLOPT_PRIVATE, call);
}

/* Range, and If-Range where the bytes' source gave a validator. */
static void ask_for_rest(struct call *call)
{
	const struct http_part *part = &call->job.part;
	const char *validator;
	SCOPED_FREE char *range = NULL;
	SCOPED_FREE char *field = NULL;
	SCOPED_FREE char *note = NULL;

	if (!http_part_can_resume(part, http_job_url(&call->job), &validator))
		return;
	range = memory_printf("%llu-", (unsigned long long)part->size);
	call->fetch->curl.easy_setopt(call->easy, CURLOPT_RANGE, range);
	if (validator) {
		field = memory_printf("If-Range: %s", validator);
		call->fields = call->fetch->curl.slist_append(NULL, field);
		call->fetch->curl.easy_setopt(
			call->easy, CURLOPT_HTTPHEADER, call->fields);
	}
	note = memory_printf(
		"resuming at byte %llu", (unsigned long long)part->size);
	progress_note(call->fetch->options.progress, call->job.progress, note);
	call->answer.ranged = true;
}

static void send_request(struct call *call)
{
	bool ranged = call->answer.ranged;

	http_answer_begin(&call->answer, &call->job);
	call->answer.ranged = ranged;
	call->curl_text[0] = '\0';
	/* A connection that is there already has nothing to wait for. */
	call->alive_ms = now_ms();
	call->fetch->curl.easy_setopt(call->easy, CURLOPT_URL, call->url);
	call->fetch->curl.multi_add_handle(call->fetch->multi, call->easy);
}

static void report(struct call *call, int64_t wait_ms)
{
	struct http_report r = {
		.outcome = call->answer.outcome,
		.why = &call->answer.why,
		.now_ms = now_ms(),
		.wait_ms = wait_ms,
	};

	http_job_report(&call->job, &r);
}

static int load_curl(struct fetch *fetch, struct error *err)
{
	if (!fetch->loaded && http_curl_load(&fetch->curl, err))
		return -1;
	fetch->loaded = true;
	if (!fetch->multi)
		fetch->multi = fetch->curl.multi_init();
	return 0;
}

static int start_curl(struct call *call)
{
	struct fetch *fetch = call->fetch;

	call->answer.outcome = HTTP_TRY_FATAL;
	if (load_curl(fetch, &call->answer.why))
		return -1;
	if (fetch->multi)
		call->easy = fetch->curl.easy_init();
	if (call->easy)
		return 0;
	return error_set(
		&call->answer.why, ERROR_INTERNAL, "libcurl does not start");
}

static void stop_curl(struct call *call)
{
	if (!call->easy)
		return;
	call->fetch->curl.multi_remove_handle(call->fetch->multi, call->easy);
	call->fetch->curl.easy_cleanup(call->easy);
	call->fetch->curl.slist_free_all(call->fields);
	call->easy = NULL;
	call->fields = NULL;
	call->fetch->nrunning--;
}

static void start_network(struct call *call)
{
	if (start_curl(call)) {
		report(call, 0);
		return;
	}
	call->fetch->nrunning++;
	call->job.state = HTTP_JOB_RUNNING;
	call->nredirects = 0;
	free(call->url);
	call->url = memory_strdup(http_job_url(&call->job));
	set_options(call);
	ask_for_rest(call);
	send_request(call);
}

static void start_try(struct call *call)
{
	const char *url = http_job_url(&call->job);
	struct http_answer *answer = &call->answer;

	http_answer_begin(answer, &call->job);
	if (http_url_check(url, &answer->why))
		answer->outcome = HTTP_TRY_REFUSED;
	else if (http_url_scheme(url) == HTTP_SCHEME_FILE)
		answer->outcome = http_file_copy(&call->job, &answer->why);
	if (answer->outcome == HTTP_TRY_PENDING)
		start_network(call);
	else
		report(call, 0);
}

static enum http_outcome outcome_of_code(struct call *call, CURLcode code)
{
	http_curl_why(
		&call->fetch->curl, code, call->curl_text, &call->answer.why);
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		error_set(&call->answer.why, ERROR_NETWORK,
			"no connection within %ld ms",
			call->fetch->options.connect_timeout_ms);
		return HTTP_TRY_UNREACHABLE;
	case CURLE_FILESIZE_EXCEEDED:
		http_answer_too_large(&call->answer);
		return HTTP_TRY_WRONG;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return HTTP_TRY_UNREACHABLE;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return HTTP_TRY_REFUSED;
	default:
		return HTTP_TRY_BROKEN;
	}
}

/* True: the redirect is followed. Else there is none, or it is refused. */
static bool follow(struct call *call, long status)
{
	struct http_answer *answer = &call->answer;
	char *to = NULL;

	call->fetch->curl.easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &to);
	if (status / 100 != 3 || !to)
		return false;
	answer->outcome = HTTP_TRY_REFUSED;
	if (http_url_check_redirect(call->url, to, &answer->why))
		return false;
	if (++call->nredirects > MAX_REDIRECTS) {
		error_set(&answer->why, ERROR_NETWORK, "more than %d redirects",
			MAX_REDIRECTS);
		return false;
	}
	to = memory_strdup(to);
	free(call->url);
	call->url = to;
	call->fetch->curl.multi_remove_handle(call->fetch->multi, call->easy);
	send_request(call);
	return true;
}

static int64_t wait_asked_ms(const struct call *call)
{
	curl_off_t seconds = 0;

	call->fetch->curl.easy_getinfo(
		call->easy, CURLINFO_RETRY_AFTER, &seconds);
	return seconds < HTTP_WAIT_MAX_MS / 1000 ? seconds * 1000
						 : HTTP_WAIT_MAX_MS;
}

static void finish_try(struct call *call, CURLcode code)
{
	struct http_answer *answer = &call->answer;
	long status = status_of(call);
	int64_t wait_ms = wait_asked_ms(call);

	if (answer->outcome == HTTP_TRY_PENDING && follow(call, status))
		return;
	/* What a status says counts more than how its page ended. */
	if (answer->outcome == HTTP_TRY_PENDING) {
		if (status && status / 100 != 2)
			http_answer_refuse(answer, status);
		else if (code != CURLE_OK)
			answer->outcome = outcome_of_code(call, code);
		else
			http_answer_end(answer, status, length_of(call));
	}
	stop_curl(call);
	report(call, wait_ms);
}

static void read_messages(struct fetch *fetch)
{
	CURLMsg *message;
	int left;

	while ((message = fetch->curl.multi_info_read(fetch->multi, &left))) {
		CURLcode code = message->data.result;
		void *call = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		fetch->curl.easy_getinfo(
			message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		finish_try(call, code);
	}
}

/*
 * Ends a try that brings nothing. libcurl's own LOW_SPEED looks at an average
 * of several seconds; connecting has a time-out of its own.
 */
static void end_stalled(struct call *call, int64_t now)
{
	long limit_s = call->fetch->options.stall_timeout_s;
	curl_off_t sent = 0;

	if (!call->easy)
		return;
	call->fetch->curl.easy_getinfo(
		call->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	if (!sent)
		call->alive_ms = now;
	if (now - call->alive_ms < limit_s * 1000)
		return;
	error_set(&call->answer.why, ERROR_NETWORK,
		"stalled: no byte for %ld s", limit_s);
	call->answer.outcome = HTTP_TRY_BROKEN;
	stop_curl(call);
	report(call, 0);
}

/* Starts what is due. Returns ms until the next is, -1 when all are over. */
static int64_t start_due(struct fetch *fetch)
{
	int64_t now = now_ms(), next = -1;

	for (size_t i = 0; i < fetch->n; i++) {
		struct call *call = &fetch->calls[i];
		struct http_job *job = &call->job;
		int64_t wait = POLL_MS;

		end_stalled(call, now);
		while (job->state == HTTP_JOB_WAITING && job->due_ms <= now &&
			fetch->nrunning < fetch->options.parallel)
			start_try(call);
		if (job->state == HTTP_JOB_OVER)
			continue;
		if (job->state == HTTP_JOB_WAITING && job->due_ms > now)
			wait = job->due_ms - now;
		if (next < 0 || wait < next)
			next = wait;
	}
	return next;
}

static void run(struct fetch *fetch, const volatile int *cancel)
{
	while (!cancel || !*cancel) {
		int running;
		int64_t wait = start_due(fetch);

		if (wait < 0)
			return;
		if (wait > POLL_MS)
			wait = POLL_MS;
		if (!fetch->multi) {
			poll(NULL, 0, (int)wait);
			continue;
		}
		fetch->curl.multi_perform(fetch->multi, &running);
		read_messages(fetch);
		fetch->curl.multi_poll(fetch->multi, NULL, 0, (int)wait, NULL);
	}
}

static void release(struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->n; i++) {
		struct call *call = &fetch->calls[i];

		stop_curl(call);
		http_job_cancel(&call->job);
		http_job_release(&call->job);
		free(call->url);
	}
	free(fetch->calls);
	if (fetch->multi)
		fetch->curl.multi_cleanup(fetch->multi);
	if (fetch->loaded)
		fetch->curl.global_cleanup();
}

static int first_failure(
	const struct transfer *transfers, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct transfer *t = &transfers[i];

		if (t->result == HTTP_DONE ||
			(t->result == HTTP_MISSING && t->optional))
			continue;
		*err = t->error;
		return -1;
	}
	return 0;
}

int http_fetch(struct transfer *transfers, size_t n,
	const struct http_options *options, const volatile int *cancel,
	struct error *err)
{
	struct fetch fetch = {
		.options = http_options_fill(options),
		.calls = memory_zero(n, sizeof(*fetch.calls)),
		.n = n,
	};

	for (size_t i = 0; i < n; i++) {
		fetch.calls[i].fetch = &fetch;
		http_job_init(
			&fetch.calls[i].job, &transfers[i], &fetch.options);
	}
	for (size_t i = 0; i < n && !(cancel && *cancel); i++)
		http_job_start(&fetch.calls[i].job);
	run(&fetch, cancel);
	release(&fetch);
	return first_failure(transfers, n, err);
}
