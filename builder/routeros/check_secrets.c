/* SPDX-License-Identifier: MIT
 *
 * What everybody who has the image would share: keys, passwords, identities.
 */
#include <string.h>

#include "base/path.h"
#include "routeros/check_subject.h"

#define KEY_PEEK 256		     /* bytes in which a key's first line is */
#define KEY_MAX (UINT64_C(64) << 10) /* keys are small files */
#define PEM_START "-----BEGIN "
#define PEM_KEY "PRIVATE KEY-----"
#define PUTTY_KEY "PuTTY-User-Key-File-"
#define DES_SIZE 13		 /* of the oldest hashes, which have no $ */
#define ID_EMPTY "uninitialized" /* machine-id(5) */

/* Private keys that are not text. */
static bool is_key_name(const char *path)
{
	return path_glob("etc/dropbear/dropbear_*_host_key", path);
}

static bool is_key(const char *path, struct slice text)
{
	return is_key_name(path) || slice_starts(text, PUTTY_KEY) ||
	       (slice_starts(text, PEM_START) &&
		       memmem(text.ptr, text.len, PEM_KEY, strlen(PEM_KEY)));
}

int check_secret(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err)
{
	const struct content *content = &node->inode->content;
	char text[KEY_PEEK];
	ssize_t n;

	if (!content->size || content->size > KEY_MAX)
		return 0;
	n = content_peek(&subject->reader, content, text, sizeof(text), err);
	if (n < 0)
		return error_wrap(err, "%s", path);
	if (is_key(path, slice_make(text, (size_t)n)))
		findings_add_place(subject->findings, RULE_PRIVATE_KEY, path);
	return 0;
}

/* "!", "*" and anything that is no hash: nobody logs in with it. */
static bool is_hash(struct slice field)
{
	if (field.ptr[0] == '!' || field.ptr[0] == '*')
		return false;
	return field.ptr[0] == '$' || field.len >= DES_SIZE;
}

static void check_shadow_line(struct check_subject *subject, struct slice line)
{
	struct slice name, password;

	if (!slice_cut(&line, ':', &name) || !name.len ||
		!slice_cut(&line, ':', &password))
		return;
	if (!password.len)
		findings_add(subject->findings, RULE_PASSWORD_EMPTY,
			"etc/shadow", "of %.*s", SLICE_ARGS(name));
	else if (is_hash(password))
		findings_add(subject->findings, RULE_PASSWORD_HASH,
			"etc/shadow", "of %.*s", SLICE_ARGS(name));
}

static int check_shadow(struct check_subject *subject, struct error *err)
{
	SCOPED_BUF struct buf text = { 0 };
	struct slice rest, line;
	int got = check_read_file(subject, "etc/shadow", &text, err);

	if (got <= 0)
		return got;
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line))
		check_shadow_line(subject, line);
	return 0;
}

static int check_machine_id(struct check_subject *subject, struct error *err)
{
	static const char *const paths[] = { "etc/machine-id",
		"var/lib/dbus/machine-id" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		SCOPED_BUF struct buf text = { 0 };
		int got = check_read_file(subject, paths[i], &text, err);
		struct slice id = slice_trim(buf_slice(&text));

		if (got < 0)
			return -1;
		if (got && id.len && !slice_is(id, ID_EMPTY))
			findings_add_place(
				subject->findings, RULE_MACHINE_ID, paths[i]);
	}
	return 0;
}

int check_accounts(struct check_subject *subject, struct error *err)
{
	return check_shadow(subject, err) || check_machine_id(subject, err) ? -1
									    : 0;
}
