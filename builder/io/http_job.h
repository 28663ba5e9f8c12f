/* SPDX-License-Identifier: MIT
 *
 * http_job: what becomes of one transfer, without the network: which URL is
 * next, when it is tried again, when it is over and what is told about it.
 * http.c makes the tries and reports how each ended.
 */
#ifndef IO_HTTP_JOB_H
#define IO_HTTP_JOB_H

#include <stdint.h>

#include "base/buf.h"
#include "io/http.h"
#include "io/http_part.h"

#define HTTP_WAIT_MAX_MS 30000 /* longest pause between two tries */

/* How one try ended. */
enum http_outcome {
	HTTP_TRY_PENDING,     /* not yet */
	HTTP_TRY_COMPLETE,    /* the answer's last byte is in the file */
	HTTP_TRY_MISSING,     /* 404, 410, no such file */
	HTTP_TRY_BROKEN,      /* 429, 5xx, stalled, cut: again after a pause */
	HTTP_TRY_UNREACHABLE, /* no connection: again, but only once */
	HTTP_TRY_UNFIT,	      /* does not continue the file: anew, at once */
	HTTP_TRY_REFUSED,     /* this URL will not do: the next one */
	HTTP_TRY_WRONG,	      /* too large: the next one, ERROR_VERIFY */
	HTTP_TRY_FATAL,	      /* a failure of this machine: no URL helps */
};

enum http_job_state { HTTP_JOB_WAITING, HTTP_JOB_RUNNING, HTTP_JOB_OVER };

struct http_job {
	struct transfer *transfer;	    /* borrowed */
	const struct http_options *options; /* borrowed, no field is 0 */
	enum http_job_state state;
	int64_t due_ms; /* WAITING: not to be tried before */
	struct http_part part;
	size_t url;	  /* index of the one that is tried */
	unsigned tries;	  /* made at it */
	unsigned anew;	  /* of them, started over from the first byte */
	size_t nmissing;  /* URLs that said so */
	size_t nwrong;	  /* URLs that delivered other bytes */
	size_t noffline;  /* URLs not tried because of --offline */
	struct buf tried; /* a line for each URL, for the error */
	int progress;	  /* its id */
};

/* options must have no zero field (http_options_fill) and outlive the job. */
void http_job_init(struct http_job *job, struct transfer *transfer,
	const struct http_options *options);
void http_job_release(struct http_job *job);

/*
 * Opens the file and settles the first URL. The job may be over afterwards:
 * the file is complete already, or nothing may be tried offline.
 */
void http_job_start(struct http_job *job);

const char *http_job_url(const struct http_job *job);
/* Bytes that are accepted at most. */
uint64_t http_job_limit(const struct http_job *job);

/*
 * One try ended at now_ms; why: what to tell when it did not succeed (NULL
 * for COMPLETE); wait_ms: what the server asked for (Retry-After), else 0.
 * The job is WAITING or OVER afterwards. For FATAL, why->kind is kept.
 */
struct http_report {
	enum http_outcome outcome;
	const struct error *why;
	int64_t now_ms, wait_ms;
};
void http_job_report(struct http_job *job, const struct http_report *report);

/* Ends it whatever its state, as *cancel asked for. */
void http_job_cancel(struct http_job *job);

/*
 * The pause before try number `tries` + 1: between half and all of
 * base * 2^(tries - 1), by the random number, and at most HTTP_WAIT_MAX_MS.
 */
int64_t http_backoff_ms(long base_ms, unsigned tries, uint32_t random);

/* Puts the defaults of http.h where a field is 0. */
struct http_options http_options_fill(const struct http_options *options);

#endif
