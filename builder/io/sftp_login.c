/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "io/sftp_parts.h"

#define PIN_PREFIX "SHA256:"
#define PIN_DIGITS 43	   /* of 32 bytes */
#define HOST_KEY_MAX 16384 /* bytes */

int sftp_read_pin(
	const char *text, char pin[SFTP_KEY_TEXT_SIZE], struct error *err)
{
	size_t prefix = strlen(PIN_PREFIX), len = prefix + PIN_DIGITS, n;
	SCOPED_FREE char *padded =
		memory_printf("%s%s", text, strlen(text) == len ? "=" : "");
	unsigned char bytes[32];

	if (strlen(padded) != len + 1 ||
		strncmp(text, PIN_PREFIX, prefix) != 0 ||
		base64_decode(
			slice_of(padded + prefix), bytes, sizeof(bytes), &n) ||
		n != sizeof(bytes))
		return error_set(err, ERROR_USAGE,
			"host key \"%s\": expected \"SHA256:\" and 43 digits "
			"of "
			"base64, as ssh-keygen -l prints it",
			text);
	memcpy(pin, padded, len);
	pin[len] = '\0';
	return 0;
}

/* ---- the server's key -------------------------------------------------- */

static const char *type_name(int type)
{
	switch (type) {
	case CURLKHTYPE_RSA:
		return "RSA";
	case CURLKHTYPE_DSS:
		return "DSA";
	case CURLKHTYPE_ECDSA:
		return "ECDSA";
	case CURLKHTYPE_ED25519:
		return "ED25519";
	default:
		return "unknown";
	}
}

static void print_fingerprint(struct slice key, char text[SFTP_KEY_TEXT_SIZE])
{
	struct digest d = digest_of(DIGEST_SHA256, key.ptr, key.len);
	char base64[DIGEST_BASE64_SIZE];

	snprintf(text, SFTP_KEY_TEXT_SIZE, PIN_PREFIX "%.*s", PIN_DIGITS,
		digest_base64(&d, base64));
}

/* libcurl asks this before it logs in. */
static int on_host_key(void *arg, int type, const char *bytes, size_t len)
{
	struct sftp *sftp = arg;
	struct sftp_key *key = &sftp->key;
	char text[BASE64_SIZE(HOST_KEY_MAX)];

	if (len > HOST_KEY_MAX)
		return CURLKHMATCH_MISMATCH;
	key->was_shown = true;
	key->type = type_name(type);
	print_fingerprint(slice_make(bytes, len), key->text);
	base64_encode(slice_make(bytes, len), text);
	if (sftp->pin[0])
		key->verdict = strcmp(sftp->pin, key->text) != 0
				       ? KNOWN_HOSTS_OTHER
				       : KNOWN_HOSTS_SAME;
	else
		key->verdict = known_hosts_judge(sftp->known, slice_of(text));
	return key->verdict == KNOWN_HOSTS_SAME ? CURLKHMATCH_OK
						: CURLKHMATCH_MISMATCH;
}

static int refuse_pinned(const struct sftp *sftp, struct error *err)
{
	return error_set(err, ERROR_VERIFY,
		"%s: another host key than the pinned one (expected %s, found "
		"%s (%s)): somebody may listen in, or it was renewed: compare "
		"with the key that the router itself has",
		sftp->remote.name, sftp->pin, sftp->key.text, sftp->key.type);
}

static int refuse_unknown(const struct sftp *sftp, struct error *err)
{
	return error_set(err, ERROR_VERIFY,
		"%s: its host key is not known: %s (%s): compare that with the "
		"key that the router itself has, and where they are the same "
		"give it with --host-key, or for good: "
		"ssh-keyscan -p %u %s >> %s",
		sftp->remote.name, sftp->key.text, sftp->key.type, sftp->port,
		sftp->host,
		sftp->known_hosts_path ? sftp->known_hosts_path
				       : "~/.ssh/known_hosts");
}

static int refuse_changed(const struct sftp *sftp, struct error *err)
{
	SCOPED_FREE char *name = known_hosts_name(sftp->host, sftp->port);

	return error_set(err, ERROR_VERIFY,
		"%s: its host key is %s (%s), and %s has another: somebody may "
		"listen in, or it was renewed: compare with the key that the "
		"router itself has, and where they are the same: "
		"ssh-keygen -R '%s' -f %s && ssh-keyscan -p %u %s >> %s",
		sftp->remote.name, sftp->key.text, sftp->key.type,
		sftp->known_hosts_path, name, sftp->known_hosts_path,
		sftp->port, sftp->host, sftp->known_hosts_path);
}

static int refuse_key(const struct sftp *sftp, struct error *err)
{
	if (!sftp->key.was_shown)
		return error_set(err, ERROR_VERIFY,
			"%s: its host key cannot be read", sftp->remote.name);
	if (sftp->pin[0])
		return refuse_pinned(sftp, err);
	if (sftp->key.verdict == KNOWN_HOSTS_UNKNOWN)
		return refuse_unknown(sftp, err);
	if (sftp->key.verdict == KNOWN_HOSTS_OTHER)
		return refuse_changed(sftp, err);
	return error_set(err, ERROR_VERIFY,
		"%s: its host key %s (%s) is revoked in %s: somebody may "
		"listen in",
		sftp->remote.name, sftp->key.text, sftp->key.type,
		sftp->known_hosts_path);
}

/* A file that is not there knows nobody. */
static int read_known_hosts(struct sftp *sftp, struct buf *text,
	struct known_hosts *known, struct arena *arena, struct error *err)
{
	struct error why = { .kind = ERROR_NONE };

	buf_init(text, KNOWN_HOSTS_SIZE_MAX);
	*known = (struct known_hosts){ 0 };
	if (sftp->pin[0] || !sftp->known_hosts_path)
		return 0;
	if (file_read(
		    sftp->known_hosts_path, KNOWN_HOSTS_SIZE_MAX, text, &why)) {
		if (why.kind == ERROR_NOT_FOUND)
			return 0;
		*err = why;
		if (why.kind == ERROR_INPUT)
			err->kind = ERROR_IO;
		return -1;
	}
	known_hosts_find(known, buf_slice(text), sftp->host, sftp->port, arena);
	return 0;
}

/*
 * A server may have several keys: libcurl asks for one of the type that its
 * known_hosts has first, so it gets a file with nothing but this host. -1:
 * there is none, and the server chooses.
 */
static int open_own_file(
	const struct sftp *sftp, const struct known_hosts *known)
{
	SCOPED_FREE char *name = known_hosts_name(sftp->host, sftp->port);
	int fd = known->n ? memfd_create("known_hosts", MFD_CLOEXEC) : -1;
	bool is_written = true;

	for (size_t i = 0; fd >= 0 && i < known->n; i++) {
		const struct known_host *host = &known->items[i];

		if (!host->is_revoked && dprintf(fd, "%s %.*s %.*s\n", name,
						 SLICE_ARGS(host->type),
						 SLICE_ARGS(host->key)) < 0)
			is_written = false;
	}
	if (fd >= 0 && !is_written) {
		close(fd);
		return -1;
	}
	return fd;
}

/* ---- who logs in ------------------------------------------------------- */

static bool has_agent(void)
{
	const char *socket = getenv("SSH_AUTH_SOCK");

	return socket && *socket;
}

static int check_identity(const struct sftp *sftp, struct error *err)
{
	struct buf text;
	int rc;

	if (!sftp->identity)
		return 0;
	rc = file_read(sftp->identity, 1 << 20, &text, err);
	if (!rc) {
		explicit_bzero(text.data, text.len);
		buf_release(&text);
		return 0;
	}
	if (err->kind == ERROR_INPUT)
		err->kind = ERROR_IO;
	return error_wrap(err, "the key to log in with");
}

static long key_types(const struct sftp *sftp)
{
	return (sftp->identity ? CURLSSH_AUTH_PUBLICKEY : 0) |
	       (has_agent() ? CURLSSH_AUTH_AGENT : 0);
}

/* libcurl by itself would try the password before the agent. */
static CURLcode log_in(struct sftp *sftp)
{
	const struct http_curl *curl = &sftp->remote.curl;
	CURL *easy = sftp->remote.easy;
	long keys = sftp->keys_were_refused ? 0 : key_types(sftp);

	if (keys) {
		CURLcode code;

		curl->easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, keys);
		curl->easy_setopt(
			easy, CURLOPT_SSH_PRIVATE_KEYFILE, sftp->identity);
		code = remote_run(&sftp->remote, easy);
		if (code != CURLE_LOGIN_DENIED)
			return code;
		sftp->keys_were_refused = true;
	}
	curl->easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES,
		(long)(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
	return remote_run(&sftp->remote, easy);
}

static CURLcode run_with_hosts(
	struct sftp *sftp, const struct known_hosts *known)
{
	const struct http_curl *curl = &sftp->remote.curl;
	CURL *easy = sftp->remote.easy;
	int fd = open_own_file(sftp, known);
	SCOPED_FREE char *path = memory_printf("/proc/self/fd/%d", fd);
	CURLcode code;

	sftp->known = known;
	sftp->key = (struct sftp_key){ 0 };
	if (fd >= 0)
		curl->easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, path);
	code = curl->easy_setopt(
		easy, CURLOPT_SSH_HOSTKEYFUNCTION, on_host_key);
	curl->easy_setopt(easy, CURLOPT_SSH_HOSTKEYDATA, sftp);
	/* Without it libcurl would trust any key. */
	if (!code)
		code = log_in(sftp);
	if (code == CURLE_FAILED_INIT && fd >= 0 && !sftp->key.was_shown) {
		/* It has no key of that type (any more): which has it? */
		curl->easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, NULL);
		code = log_in(sftp);
	}
	sftp->known = NULL;
	if (fd >= 0)
		close(fd);
	return code;
}

int sftp_run(struct sftp *sftp, CURLcode *code, struct error *err)
{
	struct known_hosts known;
	struct arena arena;
	struct buf text;
	int rc = check_identity(sftp, err);

	if (rc)
		return -1;
	arena_init(&arena);
	rc = read_known_hosts(sftp, &text, &known, &arena, err);
	if (!rc)
		*code = run_with_hosts(sftp, &known);
	buf_release(&text);
	arena_release(&arena);
	return rc;
}

static int refuse_login(const struct sftp *sftp, struct error *err)
{
	struct buf tried;

	buf_init(&tried, ERROR_TEXT_SIZE);
	if (sftp->identity)
		buf_printf(&tried,
			"the key %s (one with a passphrase works by ssh-agent "
			"only), ",
			sftp->identity);
	if (has_agent())
		buf_add_str(&tried, "the keys of ssh-agent, ");
	error_set(err, ERROR_LOGIN,
		"%s: user %s may not log in (tried: %sthe password)",
		sftp->remote.name, sftp->remote.user,
		tried.len ? tried.data : "");
	buf_release(&tried);
	return -1;
}

/* Key exchange: -5 of libssh2. */
static int add_remedy(const struct sftp *sftp, CURLcode code, struct error *err)
{
	size_t len = strlen(err->text);

	if (code == CURLE_FAILED_INIT && strstr(sftp->remote.said, " -5, "))
		snprintf(err->text + len, sizeof(err->text) - len,
			"; libssh2 before 1.11 takes no RSA host key by SHA-2: "
			"/ip/ssh/set host-key-type=ed25519 gives the router "
			"another kind");
	return -1;
}

int sftp_failed(struct sftp *sftp, CURLcode code, struct error *err)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return refuse_key(sftp, err);
	case CURLE_LOGIN_DENIED:
		return refuse_login(sftp, err);
	default:
		remote_failed(&sftp->remote, code, err);
		return add_remedy(sftp, code, err);
	}
}
