/* SPDX-License-Identifier: MIT */
#include "deploy/rest_wait.h"

#include <time.h>

#include "base/log.h"

#define PAUSE_FIRST_MS 200
#define PAUSE_MAX_MS 5000
#define LOOK_MS 100 /* so often it is looked whether somebody cancelled */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int give_up(struct rest *rest, int64_t waited_ms, const char *what,
	struct error *err)
{
	rest->is_waiting = false;
	if (!rest->patience_ms)
		return error_wrap(err, "router %s does not answer (%s)",
			rest->host, what);
	return error_wrap(err,
		"router %s does not answer: asked for %s, waited %lld s",
		rest->host, what, (long long)((waited_ms + 500) / 1000));
}

static int pause_for(const struct rest *rest, int64_t ms, struct error *err)
{
	const int64_t end = now_ms() + ms;
	int64_t left;

	for (;;) {
		if (rest->cancel && *rest->cancel)
			return error_set(err, ERROR_INTERRUPTED,
				"interrupted while waiting for router %s",
				rest->host);
		left = end - now_ms();
		if (left <= 0)
			return 0;
		left = left < LOOK_MS ? left : LOOK_MS;
		nanosleep(
			&(struct timespec){ .tv_nsec = left * 1000000 }, NULL);
	}
}

int rest_wait(struct rest *rest, struct rest_wait *wait, const char *what,
	struct error *err)
{
	const int64_t now = now_ms();
	int64_t pause, left;

	if (!wait->pause_ms)
		*wait = (struct rest_wait){ now, PAUSE_FIRST_MS };
	left = wait->since_ms + rest->patience_ms - now;
	if (left <= 0)
		return give_up(rest, now - wait->since_ms, what, err);
	if (!rest->is_waiting)
		log_info("the router %s does not answer: waiting up to %ld s",
			rest->host, (rest->patience_ms + 999) / 1000);
	rest->is_waiting = true;
	pause = wait->pause_ms < left ? wait->pause_ms : left;
	wait->pause_ms *= 2;
	if (wait->pause_ms > PAUSE_MAX_MS)
		wait->pause_ms = PAUSE_MAX_MS;
	return pause_for(rest, pause, err);
}

void rest_wait_over(struct rest *rest)
{
	if (rest->is_waiting)
		log_info("the router %s answers again", rest->host);
	rest->is_waiting = false;
}
