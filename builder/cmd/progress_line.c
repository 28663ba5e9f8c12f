/* SPDX-License-Identifier: MIT */
#include "cmd/progress_line.h"

#include <string.h>

#include "cmd/report.h"

#define RATE_AFTER_MS 200 /* before that, a rate says nothing */
#define LEFT_MAX_S (100 * 3600)
/* Columns of "  [" and of "] 100 %  1023.9 KiB/s  99:59:59". */
#define TAIL_WIDTH 34
#define BAR_WIDTH_MAX 30
#define BAR_WIDTH_MIN 5

void progress_item_update(struct progress_item *item, uint64_t done,
	uint64_t total, int64_t now_ms)
{
	/* A download that starts anew counts from there. */
	if (!item->is_started || done < item->first) {
		item->is_started = true;
		item->first = done;
		item->start_ms = now_ms;
	}
	item->done = done;
	if (total)
		item->total = total;
}

uint64_t progress_item_rate(const struct progress_item *item, int64_t now_ms)
{
	int64_t ms = now_ms - item->start_ms;

	if (!item->is_started || ms < RATE_AFTER_MS)
		return 0;
	return (uint64_t)((double)(item->done - item->first) * 1000 /
			  (double)ms);
}

void progress_line_mask(char *text)
{
	for (unsigned char *p = (unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p[0] = p[1] = '?';
	}
}

static unsigned percent(const struct progress_item *item)
{
	if (item->done >= item->total)
		return 100;
	return (unsigned)((double)item->done * 100 / (double)item->total);
}

/* "1.2 MiB/s", "" when it is not known. */
static void add_rate(struct buf *out, const char *before, uint64_t rate)
{
	char text[SIZE_TEXT];

	if (rate)
		buf_printf(out, "%s%s/s", before, report_size(rate, text));
}

/* "0:07" or "1:02:03", nothing when it is not known. */
static void add_left(struct buf *out, const char *before,
	const struct progress_item *item, uint64_t rate)
{
	uint64_t s;

	if (!rate || item->done >= item->total)
		return;
	s = (item->total - item->done) / rate;
	if (s >= LEFT_MAX_S)
		return;
	buf_add_str(out, before);
	if (s >= 3600)
		buf_printf(out, "%u:%02u:%02u", (unsigned)(s / 3600),
			(unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		buf_printf(
			out, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

static void add_bar(
	struct buf *out, const struct progress_item *item, unsigned columns)
{
	unsigned full = percent(item) * columns / 100;

	buf_add_str(out, "  [");
	for (unsigned i = 0; i < columns; i++)
		buf_add_str(out, i < full ? "=" : i == full ? ">" : " ");
	buf_printf(out, "] %3u %%", percent(item));
}

/* The name in exactly n columns; a long one loses its middle. */
static void add_name(struct buf *out, const char *name, unsigned n)
{
	size_t len = strlen(name), tail = n / 2;

	if (len <= n)
		buf_printf(out, "%-*s", (int)n, name);
	else
		buf_printf(out, "%.*s..%s", (int)(n - tail - 2), name,
			name + len - tail);
}

void progress_line_bar(struct buf *out, const struct progress_item *item,
	unsigned width, int64_t now_ms)
{
	uint64_t rate = progress_item_rate(item, now_ms);
	unsigned bar, room = width - TAIL_WIDTH;
	char text[SIZE_TEXT];

	bar = room / 3 < BAR_WIDTH_MAX ? room / 3 : BAR_WIDTH_MAX;
	if (bar < BAR_WIDTH_MIN)
		bar = 0;
	add_name(out, item->name, room - bar);
	if (!item->total)
		buf_printf(out, "  %s", report_size(item->done, text));
	else if (bar)
		add_bar(out, item, bar);
	else
		buf_printf(out, " %3u %%", percent(item));
	add_rate(out, "  ", rate);
	add_left(out, "  ", item, rate);
}

void progress_line_done(
	struct buf *out, const struct progress_item *item, int64_t now_ms)
{
	char text[SIZE_TEXT];

	buf_printf(out, "%s: %s", item->name, report_size(item->done, text));
	add_rate(out, ", ", progress_item_rate(item, now_ms));
}

void progress_line_plain(
	struct buf *out, const struct progress_item *item, int64_t now_ms)
{
	uint64_t rate = progress_item_rate(item, now_ms);
	char text[SIZE_TEXT];

	if (item->total)
		buf_printf(out, "%s: %u %% of %s", item->name, percent(item),
			report_size(item->total, text));
	else
		buf_printf(out, "%s: %s", item->name,
			report_size(item->done, text));
	add_rate(out, ", ", rate);
	add_left(out, ", ", item, rate);
	if (rate && item->done < item->total)
		buf_add_str(out, " left");
}
