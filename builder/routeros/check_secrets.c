/* SPDX-License-Identifier: MIT
 *
 * What everybody who has the image would share: keys, passwords, identities.
 */
#include <string.h>

#include "base/path.h"
#include "routeros/check_subject.h"

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

static bool has_text(struct slice text, const char *part)
{
	return text.len && memmem(text.ptr, text.len, part, strlen(part));
}

bool check_is_key(const char *path, struct slice text)
{
	return is_key_name(path) || slice_starts(text, PUTTY_KEY) ||
	       (slice_starts(text, PEM_START) && has_text(text, PEM_KEY));
}

/* Files in which a key may stand behind a certificate or a text. */
static bool may_hold_key(const char *path, struct slice start)
{
	const struct slice name = slice_of(path);

	return slice_starts(start, PEM_START) || slice_ends(name, ".pem") ||
	       slice_ends(name, ".key");
}

/* A key at the start of some line; 1: there is one. */
static int find_key(struct check_subject *subject,
	const struct content *content, struct error *err)
{
	SCOPED_BUF struct buf text = { 0 };
	struct slice rest, line;

	if (content_read(&subject->reader, content, CHECK_KEY_MAX, &text, err))
		return -1;
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line)) {
		if (slice_starts(line, PEM_START) && has_text(line, PEM_KEY))
			return 1;
	}
	return 0;
}

static int is_key(struct check_subject *subject, const struct content *content,
	const char *path, struct error *err)
{
	char text[CHECK_KEY_PEEK];
	ssize_t n = content_peek(
		&subject->reader, content, text, sizeof(text), err);
	struct slice start;

	if (n < 0)
		return -1;
	start = slice_make(text, (size_t)n);
	if (check_is_key(path, start))
		return 1;
	return may_hold_key(path, start) ? find_key(subject, content, err) : 0;
}

int check_secret(struct check_subject *subject, const struct node *node,
	const char *path, struct error *err)
{
	const struct content *content = &node->inode->content;
	int is;

	if (!content->size || content->size > CHECK_KEY_MAX)
		return 0;
	is = is_key(subject, content, path, err);
	if (is < 0)
		return error_wrap(err, "%s", path);
	if (is)
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
