/* SPDX-License-Identifier: MIT
 *
 * check_subject: an image as a router sees it once it is unpacked: config and
 * tree, wherever they come from: an archive, or a build that is about to
 * write one. Part of routeros/check.
 */
#ifndef ROUTEROS_CHECK_SUBJECT_H
#define ROUTEROS_CHECK_SUBJECT_H

#include "oci/image_config.h"
#include "routeros/board.h"
#include "routeros/finding.h"
#include "tree/tree.h"

struct check_subject {
	const char *os, *architecture, *variant; /* NULL: not said */
	const struct image_config *config;
	const char *config_json; /* the whole document; NULL: as config says */
	const struct tree *tree; /* NULL: it could not be read */
	const struct board *board; /* NULL: any */
	struct check_findings *findings;
	struct content_reader reader; /* initialised by check_subject() */
};

/* All below, in their order; ERROR_IO: a content cannot be read. */
int check_subject(struct check_subject *subject, struct error *err) MUST_CHECK;

/* What the config says, without the tree. */
void check_config(struct check_subject *subject);
/* What is started: program, shell, user and folder. */
void check_start(struct check_subject *subject);
/* Places that RouterOS mounts over, or writes. */
void check_mounts(struct check_subject *subject);
/* Machine and instructions of a program or library. */
int check_elf(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err) MUST_CHECK;
/* Whether a file is a private key, by the first bytes of it. */
#define CHECK_KEY_PEEK ((size_t)256)
#define CHECK_KEY_MAX (UINT64_C(64) << 10) /* keys are small files */
bool check_is_key(const char *path, struct slice start);
/* Keys, passwords, identities: of one file, and of the tree as a whole. */
int check_secret(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err) MUST_CHECK;
int check_accounts(struct check_subject *subject, struct error *err) MUST_CHECK;
/* OpenRC's set-up, if that is what is started. */
int check_openrc(struct check_subject *subject, struct error *err) MUST_CHECK;

/*
 * A small file of the tree, links followed; buf is initialised here. 1: it is
 * there; 0: it is not, or too large; -1: error, nothing to release.
 */
int check_read_file(struct check_subject *subject, const char *path,
	struct buf *buf, struct error *err) MUST_CHECK;
/* What the container starts: the first word of Entrypoint or Cmd; or NULL. */
const char *check_command_word(const struct check_subject *subject);

#endif
