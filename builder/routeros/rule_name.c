/* SPDX-License-Identifier: MIT */
#include "routeros/rule.h"

const char *check_level_name(enum check_level level)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[level];
}

const char *check_effect_name(enum check_effect effect)
{
	static const char *const names[] = {
		[EFFECT_IMPORT] = "does not import",
		[EFFECT_RUN] = "does not run",
		[EFFECT_UNPROVEN] = "nobody has reported that it works",
		[EFFECT_SAFETY] = "runs, but should not be passed on",
		[EFFECT_ADVICE] = "runs, with a drawback",
	};

	return names[effect];
}

const char *check_effect_word(enum check_effect effect)
{
	static const char *const words[] = {
		[EFFECT_IMPORT] = "import",
		[EFFECT_RUN] = "run",
		[EFFECT_UNPROVEN] = "unproven",
		[EFFECT_SAFETY] = "safety",
		[EFFECT_ADVICE] = "advice",
	};

	return words[effect];
}
