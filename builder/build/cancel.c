/* SPDX-License-Identifier: MIT */
#include "build/cancel.h"

int cancel_check(const volatile int *flag, struct error *err)
{
	if (!flag || !*flag)
		return 0;
	return error_set(err, ERROR_INTERRUPTED,
		"interrupted; nothing was left half-written");
}

static int cancel_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	return cancel_check(((struct cancel_sink *)sink)->flag, err);
}

void cancel_sink_init(struct cancel_sink *cancel, const volatile int *flag)
{
	static const struct sink_ops ops = { .write = cancel_write };

	sink_init(&cancel->sink, &ops);
	cancel->flag = flag;
}
