/* SPDX-License-Identifier: MIT
 *
 * shown: hostile text inside messages: cut to a readable length, and only
 * printable ASCII, so that it cannot command a terminal.
 */
#ifndef APK_SHOWN_H
#define APK_SHOWN_H

#include "base/slice.h"

#define SHOWN_MAX 60 /* bytes that are shown */
#define SHOWN_SIZE (SHOWN_MAX + sizeof("..."))

/* "?" stands for what cannot be shown, "..." for what was cut off. */
const char *shown(struct slice s, char text[SHOWN_SIZE]);

#endif
