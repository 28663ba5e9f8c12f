/* SPDX-License-Identifier: MIT
 *
 * http_answer: one server's answer to one request of a job, without the
 * network: whether its body continues the partial file, starts it anew or
 * does not count, and what its status means. A 404's page never gets into
 * the file.
 */
#ifndef IO_HTTP_ANSWER_H
#define IO_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/http_header.h"
#include "io/http_job.h"

struct http_answer {
	struct http_job *job; /* borrowed */
	bool ranged;	      /* the request had a Range */
	struct http_header header;
	bool accepted;	/* the body goes into the file */
	size_t dropped; /* bytes of a body that does not count */
	enum http_outcome outcome;
	struct error why; /* unless outcome is PENDING or COMPLETE */
};

void http_answer_begin(struct http_answer *answer, struct http_job *job);

/*
 * Takes some bytes of the body of an answer with that status. False: the
 * rest is of no use; the outcome may be settled then.
 */
bool http_answer_body(
	struct http_answer *answer, long status, const void *p, size_t n);

/*
 * The answer came to its end. length: bytes that its header announced, -1
 * when it did not: such an answer ends when the connection does, so that a
 * short one counts as broken.
 */
void http_answer_end(struct http_answer *answer, long status, int64_t length);

/* Settles what a status other than 2xx means. */
void http_answer_refuse(struct http_answer *answer, long status);
/* Settles that there are more bytes than http_job_limit(). */
void http_answer_too_large(struct http_answer *answer);

#endif
