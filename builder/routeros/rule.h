/* SPDX-License-Identifier: MIT
 *
 * rule: everything that `alpbuild check` looks for, as one table: what is
 * wrong, how bad it is, for which versions of RouterOS, and what the router
 * says. docs/checks.md has a section for each; a test compares the two.
 */
#ifndef ROUTEROS_RULE_H
#define ROUTEROS_RULE_H

#include "routeros/version.h"

enum check_level { CHECK_NOTE, CHECK_WARNING, CHECK_ERROR };

/* What happens on a router. */
enum check_effect {
	EFFECT_IMPORT,	 /* it does not import */
	EFFECT_RUN,	 /* it imports and does not run */
	EFFECT_UNPROVEN, /* no report says that it works, nor that it fails */
	EFFECT_SAFETY,	 /* it runs, and should not be passed on */
	EFFECT_ADVICE,	 /* it runs, with a drawback */
};

/* What mends it, see remedy.h. */
enum remedy_kind {
	REMEDY_NONE,	   /* the advice of the rule is all */
	REMEDY_UNCOMPRESS, /* the whole file, by what compressed it */
	REMEDY_CONVERT,	   /* the same image in the classic form */
	REMEDY_REPACK,	   /* by a program that reads more compressions */
	REMEDY_ROOTFS,	   /* an image around a root file system */
	REMEDY_COUNT,
};

/* In the order in which findings are told. */
enum check_rule_id {
	RULE_ARCHIVE_DAMAGED,
	RULE_ARCHIVE_COMPRESSED,
	RULE_ARCHIVE_GZIP,
	RULE_MANIFEST_MISSING,
	RULE_MANIFEST_NAME,
	RULE_MANIFEST_INVALID,
	RULE_IMAGE_INVALID,
	RULE_ARCHIVE_HYBRID,
	RULE_ARCHIVE_OCI,
	RULE_ARCHIVE_OCI_UNPROVEN,
	RULE_ARCHIVE_FOLDER,
	RULE_SEVERAL_IMAGES,
	RULE_SEVERAL_PLATFORMS,
	RULE_ATTESTATION,
	RULE_MEMBER_MISSING,
	RULE_MEMBER_LINK,
	RULE_MEMBER_NAME,
	RULE_LAYER_GZIP,
	RULE_LAYER_COMPRESSED,
	RULE_LAYER_DIGEST,
	RULE_LAYER_DAMAGED,
	RULE_LAYER_END,
	RULE_SEVERAL_LAYERS,
	RULE_TAG_MISSING,
	RULE_TAG_INVALID,
	RULE_CONFIG_OS,
	RULE_CONFIG_ARCHITECTURE,
	RULE_CONFIG_VARIANT,
	RULE_COMMAND_MISSING,
	RULE_COMMAND_RELATIVE,
	RULE_COMMAND_ONLY_CMD,
	RULE_COMMAND_PROGRAM,
	RULE_USER_UNKNOWN,
	RULE_USER_PORTS,
	RULE_USER_VOLUMES,
	RULE_WORKDIR_MISSING,
	RULE_SHELL_MISSING,
	RULE_VOLUME_MISSING,
	RULE_WHITEOUT_OLD,
	RULE_WHITEOUT,
	RULE_DEVICE_NODE,
	RULE_XATTR,
	RULE_PAX_GLOBAL,
	RULE_PAX,
	RULE_DUPLICATE,
	RULE_PARENT_MISSING,
	RULE_HARD_LINK,
	RULE_ID_RANGE,
	RULE_ID_HIGH,
	RULE_MOUNT_POINT,
	RULE_MOUNT_POINT_MISSING,
	RULE_REPLACED_FILE,
	RULE_HIDDEN_FILE,
	RULE_SETUID,
	RULE_ELF_MACHINE,
	RULE_ELF_DAMAGED,
	RULE_ARM_EABI,
	RULE_ARM_VARIANT,
	RULE_ARM_BOARDS,
	RULE_BOARD_ARCHITECTURE,
	RULE_BOARD_ARM_V5,
	RULE_BOARD_FLASH,
	RULE_PRIVATE_KEY,
	RULE_PRIVATE_KEY_BELOW,
	RULE_MACHINE_ID,
	RULE_PASSWORD_HASH,
	RULE_PASSWORD_EMPTY,
	RULE_OPENRC_START,
	RULE_OPENRC_SHUTDOWN,
	RULE_OPENRC_GETTY,
	RULE_OPENRC_SYS,
	RULE_OPENRC_SERVICE,
	RULE_OPENRC_INTERFACES,
	RULE_OPENRC_LOG,
	RULE_COUNT,
};

struct check_rule {
	const char *id; /* "archive-gzip": also the heading in docs/checks.md */
	enum check_level level;
	enum check_effect effect;
	struct routeros_range range; /* of the versions that it is true of */
	const char *title;	     /* what is wrong, one line */
	const char *message;	     /* what the router says; NULL: not known */
	enum remedy_kind remedy;
	const char *advice; /* what to do, one sentence */
};

extern const struct check_rule check_rules[RULE_COUNT];

/* "error", "does not import" */
const char *check_level_name(enum check_level level);
const char *check_effect_name(enum check_effect effect);
/* For machines: "import", "run", "unproven", "safety", "advice". */
const char *check_effect_word(enum check_effect effect);

#endif
