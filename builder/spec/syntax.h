/* SPDX-License-Identifier: MIT
 *
 * syntax: the rules for the strings of manifests, arch files and overlay.json
 * as decode.h's string rules; each is `accepts` plus the words for messages.
 * All texts are UTF-8 already. docs/manifest.md tells users the same.
 */
#ifndef SPEC_SYNTAX_H
#define SPEC_SYNTAX_H

#include "spec/decode.h"

#define SYNTAX_ID_MAX 65535 /* uid and gid; equals TREE_ID_MAX */

/*
 * No control characters but those of `also`: neither ASCII's nor U+0080 to
 * U+009F, since terminals obey both.
 */
bool syntax_is_printable(const char *text, const char *also);

extern const struct string_rule syntax_image_name;
extern const struct string_rule syntax_image_version;
extern const struct string_rule syntax_alpine;	/* "3.18" "3.18.9" */
extern const struct string_rule syntax_release; /* also "20240923" */
extern const struct string_rule syntax_arch;	/* "x86_64", "ppc64le" */
extern const struct string_rule syntax_folder;	/* of an overlay */
extern const struct string_rule syntax_package; /* a word of apk's world */
extern const struct string_rule syntax_package_name;
extern const struct string_rule syntax_package_version;
extern const struct string_rule syntax_tag;	   /* of a repository */
extern const struct string_rule syntax_url;	   /* of a repository */
extern const struct string_rule syntax_repository; /* "[@tag ]main" */
extern const struct string_rule syntax_service;
extern const struct string_rule syntax_runlevel;
extern const struct string_rule syntax_variable; /* a template's name */
extern const struct string_rule syntax_env;	 /* "KEY=value" */
extern const struct string_rule syntax_env_name;
extern const struct string_rule syntax_volume;	/* absolute, clean, not "/" */
extern const struct string_rule syntax_account; /* user or group */
extern const struct string_rule syntax_account_ref; /* the same or a number */
extern const struct string_rule syntax_gecos;
extern const struct string_rule syntax_home; /* absolute, no colon */
extern const struct string_rule syntax_absolute;
extern const struct string_rule syntax_owner; /* "user", "user:group" */
extern const struct string_rule syntax_mode;  /* "0755" */
extern const struct string_rule syntax_word;  /* not empty, no blanks */
extern const struct string_rule syntax_line;  /* not empty */
extern const struct string_rule syntax_sha256;

#endif
