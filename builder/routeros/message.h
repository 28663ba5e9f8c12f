/* SPDX-License-Identifier: MIT
 *
 * message: what routers say when a container fails, why they say it, and what
 * helps. From logs (topic container), comments of containers and answers of
 * commands; docs/messages.md is the same as a page, and a test compares them.
 */
#ifndef ROUTEROS_MESSAGE_H
#define ROUTEROS_MESSAGE_H

#include <stddef.h>

#define MESSAGE_PATTERNS 4
#define MESSAGE_RULES 8

struct router_message {
	const char *text;			/* the usual one; NULL ends */
	const char *patterns[MESSAGE_PATTERNS]; /* lower case; any of them */
	const char *versions;			/* where it was seen */
	const char *cause, *remedy;		/* sentences */
	const char *rules[MESSAGE_RULES];	/* ids of rule.h that find it */
};

extern const struct router_message router_messages[];

/*
 * The messages that a text holds, which may be a whole log, in the table's
 * order; how many, at most max.
 */
size_t router_messages_find(
	const char *text, const struct router_message *found[], size_t max);

#endif
