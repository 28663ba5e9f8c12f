/* SPDX-License-Identifier: MIT */
#include "io/known_hosts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "io/digest.h"

#define SSH_PORT 22
#define HASHED "|1|"
#define SHA1_SIZE 20
#define HMAC_BLOCK 64 /* bytes, of SHA-1 */

char *known_hosts_name(const char *host, unsigned port)
{
	char *name = port == SSH_PORT ? memory_strdup(host)
				      : memory_printf("[%s]:%u", host, port);

	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return name;
}

/* ---- names ------------------------------------------------------------- */

/* HMAC-SHA-1 (RFC 2104) with a key that is not longer than a block. */
static struct digest hmac_sha1(struct slice key, const char *text)
{
	unsigned char pad[HMAC_BLOCK];
	struct digester *inner = digester_new(DIGEST_SHA1);
	struct digester *outer = digester_new(DIGEST_SHA1);
	struct digest d;

	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] = (i < key.len ? (unsigned char)key.ptr[i] : 0) ^ 0x36;
	digester_add(inner, pad, sizeof(pad));
	digester_add(inner, text, strlen(text));
	d = digester_finish(inner);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	digester_add(outer, pad, sizeof(pad));
	digester_add(outer, d.bytes, SHA1_SIZE);
	d = digester_finish(outer);
	digester_free(inner);
	digester_free(outer);
	return d;
}

/* "|1|salt|hash", both of 20 bytes in base64. */
static bool hashed_is(struct slice field, const char *name)
{
	char salt[SHA1_SIZE], hash[SHA1_SIZE];
	struct slice rest = slice_make(
		field.ptr + strlen(HASHED), field.len - strlen(HASHED));
	struct slice salt_text;
	size_t nsalt, nhash;
	struct digest d;

	if (!slice_cut(&rest, '|', &salt_text) ||
		base64_decode(salt_text, salt, sizeof(salt), &nsalt) ||
		base64_decode(rest, hash, sizeof(hash), &nhash) ||
		nsalt != SHA1_SIZE || nhash != SHA1_SIZE)
		return false;
	d = hmac_sha1(slice_make(salt, nsalt), name);
	return !memcmp(d.bytes, hash, SHA1_SIZE);
}

/* "*" and "?"; on a mismatch the last "*" takes one character more. */
static bool pattern_is(struct slice pattern, const char *name)
{
	const char *retry = NULL;
	size_t i = 0, star = 0;

	while (*name) {
		char c = i < pattern.len
				 ? (char)tolower((unsigned char)pattern.ptr[i])
				 : '\0';

		if (c == '*') {
			star = ++i;
			retry = name;
		} else if (c == '?' || (c && c == *name)) {
			i++;
			name++;
		} else if (retry) {
			i = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (i < pattern.len && pattern.ptr[i] == '*')
		i++;
	return i == pattern.len;
}

/* One of the patterns is the name's, and none that begins with "!" is. */
static bool names_are(struct slice field, const char *name)
{
	struct slice pattern;
	bool found = false;

	if (slice_starts(field, HASHED))
		return hashed_is(field, name);
	while (slice_cut(&field, ',', &pattern)) {
		bool is_negated = slice_starts(pattern, "!");

		if (is_negated)
			pattern = slice_make(pattern.ptr + 1, pattern.len - 1);
		if (!pattern_is(pattern, name))
			continue;
		if (is_negated)
			return false;
		found = true;
	}
	return found;
}

/* ---- lines ------------------------------------------------------------- */

/* Up to the next blank, which are skipped before; empty: no more. */
static struct slice next_word(struct slice *line)
{
	size_t start = 0, end;

	while (start < line->len &&
		(line->ptr[start] == ' ' || line->ptr[start] == '\t'))
		start++;
	end = start;
	while (end < line->len && line->ptr[end] != ' ' &&
		line->ptr[end] != '\t')
		end++;
	*line = slice_make(line->ptr + end, line->len - end);
	return slice_make(line->ptr - (end - start), end - start);
}

/* What goes into a file of its own must be plain. */
static bool is_plain(struct slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!isgraph((unsigned char)word.ptr[i]))
			return false;
	return word.len;
}

static bool read_line(
	struct slice line, const char *name, struct known_host *out)
{
	struct slice word = next_word(&line);

	*out = (struct known_host){ 0 };
	if (!word.len || word.ptr[0] == '#')
		return false;
	if (word.ptr[0] == '@') {
		if (!slice_is(word, "@revoked"))
			return false;
		out->is_revoked = true;
		word = next_word(&line);
	}
	out->type = next_word(&line);
	out->key = next_word(&line);
	return is_plain(out->type) && is_plain(out->key) &&
	       names_are(word, name);
}

void known_hosts_find(struct known_hosts *found, struct slice text,
	const char *host, unsigned port, struct arena *arena)
{
	SCOPED_FREE char *name = known_hosts_name(host, port);
	struct known_host item;
	struct slice line;
	size_t cap = 0;

	*found = (struct known_hosts){ 0 };
	while (slice_cut(&text, '\n', &line) && found->n < KNOWN_HOSTS_MAX) {
		if (!read_line(slice_trim(line), name, &item))
			continue;
		found->items = arena_grow(arena, found->items, found->n, &cap,
			sizeof(*found->items));
		found->items[found->n++] = item;
	}
}

enum known_hosts_verdict known_hosts_judge(
	const struct known_hosts *hosts, struct slice key)
{
	enum known_hosts_verdict verdict = KNOWN_HOSTS_UNKNOWN;

	for (size_t i = 0; i < hosts->n; i++) {
		const struct known_host *host = &hosts->items[i];
		bool same = slice_eq(host->key, key);

		if (same && host->is_revoked)
			return KNOWN_HOSTS_REVOKED;
		if (host->is_revoked)
			continue;
		if (same)
			verdict = KNOWN_HOSTS_SAME;
		else if (verdict == KNOWN_HOSTS_UNKNOWN)
			verdict = KNOWN_HOSTS_OTHER;
	}
	return verdict;
}
