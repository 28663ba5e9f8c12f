/* SPDX-License-Identifier: MIT */
#include "io/http_answer.h"

#include <string.h>

/* Bytes of an error page that are read to keep the connection in use. */
#define ERROR_BODY_MAX ((size_t)64 * 1024)

void http_answer_begin(struct http_answer *answer, struct http_job *job)
{
	memset(answer, 0, sizeof(*answer));
	answer->job = job;
}

/* Decides at the first byte of a 2xx body what it is. */
static void accept_body(struct http_answer *answer, long status)
{
	const struct http_header *header = &answer->header;
	struct http_part *part = &answer->job->part;
	const char *url = http_job_url(answer->job);

	answer->accepted = true;
	if (status == 206 && answer->ranged && header->has_range &&
		header->range_start == part->size) {
		http_part_begin(part, url, NULL);
		return;
	}
	if (status != 200) {
		error_set(&answer->why, ERROR_NETWORK,
			"HTTP status %ld does not continue at byte %llu",
			status, (unsigned long long)part->size);
		answer->outcome = HTTP_TRY_UNFIT;
		return;
	}
	if (part->size && http_part_restart(part, &answer->why)) {
		answer->outcome = HTTP_TRY_FATAL;
		return;
	}
	http_part_begin(
		part, url, header->validator[0] ? header->validator : NULL);
}

void http_answer_too_large(struct http_answer *answer)
{
	error_set(&answer->why, ERROR_VERIFY, "larger than the %llu bytes %s",
		(unsigned long long)http_job_limit(answer->job),
		answer->job->transfer->size ? "expected" : "allowed");
	answer->outcome = HTTP_TRY_WRONG;
}

bool http_answer_body(
	struct http_answer *answer, long status, const void *p, size_t n)
{
	struct http_part *part = &answer->job->part;

	if (status / 100 != 2) {
		answer->dropped += n;
		return answer->dropped <= ERROR_BODY_MAX;
	}
	if (!answer->accepted)
		accept_body(answer, status);
	if (answer->outcome != HTTP_TRY_PENDING)
		return false;
	if (n > http_job_limit(answer->job) - part->size) {
		http_answer_too_large(answer);
		return false;
	}
	if (http_part_write(part, p, n, &answer->why)) {
		answer->outcome = HTTP_TRY_FATAL;
		return false;
	}
	return true;
}

void http_answer_refuse(struct http_answer *answer, long status)
{
	error_set(&answer->why, ERROR_NETWORK, "HTTP status %ld", status);
	if (status == 404 || status == 410)
		answer->outcome = HTTP_TRY_MISSING;
	else if (status == 416)
		answer->outcome = HTTP_TRY_UNFIT;
	else if (status == 429 || status == 408 || status >= 500)
		answer->outcome = HTTP_TRY_BROKEN;
	else
		answer->outcome = HTTP_TRY_REFUSED;
}

void http_answer_end(struct http_answer *answer, long status, int64_t length)
{
	const struct http_job *job = answer->job;

	if (status / 100 != 2) {
		http_answer_refuse(answer, status);
		return;
	}
	/* An empty body comes without a call of http_answer_body(). */
	if (!answer->accepted)
		accept_body(answer, status);
	if (answer->outcome != HTTP_TRY_PENDING)
		return;
	answer->outcome = HTTP_TRY_COMPLETE;
	if (length >= 0 || job->part.size >= job->transfer->size)
		return;
	error_set(&answer->why, ERROR_NETWORK, "ended after %llu of %llu bytes",
		(unsigned long long)job->part.size,
		(unsigned long long)job->transfer->size);
	answer->outcome = HTTP_TRY_BROKEN;
}
