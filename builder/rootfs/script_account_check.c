/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "rootfs/account_lines.h"
#include "rootfs/script_account.h"

static bool is_name(const char *name)
{
	static const char more[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@-";
	size_t len = strlen(name);

	if (!len || len > ACCOUNT_NAME_MAX || *name == '-' || *name == '.')
		return false;
	if (len > 1 && name[len - 1] == '$')
		len--;
	return strspn(name, more) == len;
}

const char *script_account_check(const struct script_arguments *args)
{
	bool is_user = strstr(args->name, "adduser") != NULL;
	const char *id = script_option(args, is_user ? 'u' : 'g');
	uint64_t number;

	for (size_t i = 0; i < args->noperands; i++) {
		if (!is_name(args->operands[i]))
			return "this name";
	}
	for (size_t i = 0; i < args->noptions; i++) {
		if (!account_field_is_valid(args->options[i].value))
			return "this value of an option";
	}
	if (args->noperands == 2)
		return args->noptions ? "both options and a group" : NULL;
	if (id && slice_to_u64(slice_of(id), 10, TREE_ID_MAX, &number))
		return "a number that is none, or above 65535";
	if (is_user && !script_option(args, 'S') && !script_option(args, 'D'))
		return "asking for a password (no -D)";
	return NULL;
}
