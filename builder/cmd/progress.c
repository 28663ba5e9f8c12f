/* SPDX-License-Identifier: MIT */
#include "cmd/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "base/log.h"
#include "base/memory.h"
#include "cmd/progress_line.h"

#define REDRAW_MS 100
#define DOCUMENT_SIZE 65536 /* bytes */
#define TELL_MS 10000	    /* between the lines of a long download */
#define SCREEN_MAX ((size_t)64 * 1024)
#define BARS_MAX 16 /* more would not fit on a screen */

enum style { STYLE_QUIET, STYLE_LINES, STYLE_BARS };

struct display {
	struct progress progress; /* first: ops get a pointer to it */
	enum style style;
	pthread_mutex_t lock; /* of all that follows */
	struct progress_item *items;
	size_t n, cap;
	int64_t drawn_ms;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	if (size.ws_col < PROGRESS_WIDTH_MIN)
		return PROGRESS_WIDTH_MIN;
	/* The last column stays free: some terminals wrap after it. */
	return size.ws_col <= PROGRESS_WIDTH_MAX ? size.ws_col - 1
						 : PROGRESS_WIDTH_MAX;
}

/*
 * The cursor rests on the first bar's line, so that a warning of someone
 * else is written above the next drawing, which clears what is below.
 */
static void draw(struct display *d, const char *line, int64_t now)
{
	struct buf screen SCOPED_BUF;
	unsigned width = terminal_width(), nbars = 0;

	buf_init(&screen, SCREEN_MAX);
	buf_add_str(&screen, "\r\033[J");
	if (line)
		buf_printf(&screen, "%s\n", line);
	for (size_t i = 0; i < d->n && nbars < BARS_MAX; i++) {
		const struct progress_item *item = &d->items[i];

		if (item->is_over || !item->is_started)
			continue;
		progress_line_bar(&screen, item, width, now);
		buf_add_str(&screen, "\n");
		nbars++;
	}
	if (nbars)
		buf_printf(&screen, "\033[%uA", nbars);
	fwrite(screen.data, 1, screen.len, stderr);
	fflush(stderr);
	d->drawn_ms = now;
}

static void say(struct display *d, const char *line, int64_t now)
{
	if (d->style == STYLE_BARS)
		draw(d, line, now);
	else
		log_info("%s", line);
}

static int begin(struct progress *p, const char *name, uint64_t total)
{
	struct display *d = (struct display *)p;
	struct progress_item *item;
	int id;

	pthread_mutex_lock(&d->lock);
	d->items = memory_grow(d->items, d->n, &d->cap, sizeof(*d->items));
	item = &d->items[d->n];
	memset(item, 0, sizeof(*item));
	item->name = memory_strdup(name);
	progress_line_mask(item->name);
	item->total = total;
	item->told_ms = now_ms();
	id = (int)d->n++;
	pthread_mutex_unlock(&d->lock);
	return id;
}

static void tell(struct display *d, struct progress_item *item, int64_t now)
{
	struct buf line SCOPED_BUF;

	buf_init(&line, SCREEN_MAX);
	if (d->style == STYLE_BARS) {
		if (now - d->drawn_ms >= REDRAW_MS)
			draw(d, NULL, now);
		return;
	}
	if (now - item->told_ms < TELL_MS)
		return;
	item->told_ms = now;
	progress_line_plain(&line, item, now);
	say(d, line.data, now);
}

static void update(struct progress *p, int id, uint64_t done, uint64_t total)
{
	struct display *d = (struct display *)p;
	int64_t now = now_ms();

	if (d->style == STYLE_QUIET)
		return;
	pthread_mutex_lock(&d->lock);
	progress_item_update(&d->items[id], done, total, now);
	tell(d, &d->items[id], now);
	pthread_mutex_unlock(&d->lock);
}

static void note(struct progress *p, int id, const char *text)
{
	struct display *d = (struct display *)p;
	SCOPED_FREE char *line = NULL;

	if (d->style == STYLE_QUIET)
		return;
	pthread_mutex_lock(&d->lock);
	line = memory_printf("%s: %s", d->items[id].name, text);
	progress_line_mask(line);
	say(d, line, now_ms());
	pthread_mutex_unlock(&d->lock);
}

/* Checksum files and the like are worth a line only to who wants them all. */
static bool is_worth_a_line(const struct progress_item *item)
{
	return item->done > DOCUMENT_SIZE || log_get_level() == LOG_VERBOSE;
}

static void end(struct progress *p, int id, const char *outcome)
{
	struct display *d = (struct display *)p;
	struct buf line SCOPED_BUF;
	int64_t now = now_ms();

	buf_init(&line, SCREEN_MAX);
	if (d->style == STYLE_QUIET)
		return;
	pthread_mutex_lock(&d->lock);
	d->items[id].is_over = true;
	/* Why it failed is what the whole command fails with. */
	if (outcome && log_get_level() == LOG_VERBOSE)
		buf_printf(&line, "%s: %s", d->items[id].name, outcome);
	else if (!outcome && is_worth_a_line(&d->items[id]))
		progress_line_done(&line, &d->items[id], now);
	if (line.len) {
		progress_line_mask(line.data);
		say(d, line.data, now);
	} else if (d->style == STYLE_BARS) {
		draw(d, NULL, now);
	}
	pthread_mutex_unlock(&d->lock);
}

static enum style choose_style(void)
{
	if (log_get_level() == LOG_QUIET)
		return STYLE_QUIET;
	return log_is_terminal() ? STYLE_BARS : STYLE_LINES;
}

struct progress *progress_new(void)
{
	static const struct progress_ops ops = {
		.begin = begin,
		.update = update,
		.note = note,
		.end = end,
	};
	struct display *d = memory_zero(1, sizeof(*d));

	d->progress.ops = &ops;
	d->style = choose_style();
	pthread_mutex_init(&d->lock, NULL);
	return &d->progress;
}

void progress_free(struct progress *progress)
{
	struct display *d = (struct display *)progress;

	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++) {
		d->items[i].is_over = true;
		free(d->items[i].name);
	}
	if (d->n && d->style == STYLE_BARS)
		draw(d, NULL, now_ms());
	pthread_mutex_destroy(&d->lock);
	free(d->items);
	free(d);
}
