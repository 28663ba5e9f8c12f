/* SPDX-License-Identifier: MIT */
#include "io/http_client.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/remote.h"

#define ANSWER_TIMEOUT_MS 90000
#define PORT 443
#define KEY_PIN_SIZE (DIGEST_BASE64_SIZE + sizeof("sha256//"))

struct http_client {
	struct remote remote;
	long answer_timeout_ms;
	struct digest pin; /* DIGEST_NONE: authorities verify */
	/* Of the key in the pinned certificate; "": it was not seen yet. */
	char key_pin[KEY_PIN_SIZE];
};

/* A request under way. */
struct exchange {
	const struct http_client_request *request;
	struct http_client_answer *answer;
	struct curl_slist *fields;
	unsigned nsent;
};

static int read_fingerprint(
	const char *text, struct digest *out, struct error *err)
{
	char hex[DIGEST_HEX_SIZE] = "";
	struct error why;
	size_t n = 0;

	for (const char *p = text; *p && n + 1 < sizeof(hex); p++)
		if (*p != ':')
			hex[n++] = (char)tolower((unsigned char)*p);
	if (n == 2 * digest_size(DIGEST_SHA256) &&
		!digest_parse(slice_make(hex, n), out, &why))
		return 0;
	return error_set(err, ERROR_USAGE,
		"fingerprint \"%s\": expected the SHA-256 fingerprint of a "
		"certificate, 64 hex digits",
		text);
}

struct http_client *http_client_new(
	const struct http_client_options *options, struct error *err)
{
	struct http_client *client = memory_zero(1, sizeof(*client));
	const struct remote_options remote = {
		.scheme = "https",
		.host = options->host,
		.port = options->port ? options->port : PORT,
		.user = options->user,
		.password = options->password,
		.connect_timeout_ms = options->connect_timeout_ms,
	};

	client->answer_timeout_ms = options->answer_timeout_ms
					    ? options->answer_timeout_ms
					    : ANSWER_TIMEOUT_MS;
	if ((!options->fingerprint || !read_fingerprint(options->fingerprint,
					      &client->pin, err)) &&
		!remote_init(&client->remote, &remote, err))
		return client;
	http_client_free(client);
	return NULL;
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	remote_release(&client->remote);
	free(client);
}

void http_client_set_password(struct http_client *client, const char *password)
{
	remote_set_password(&client->remote, password);
}

void http_client_set_cancel(
	struct http_client *client, const volatile int *cancel)
{
	client->remote.cancel = cancel;
}

/* ---- which certificate ------------------------------------------------- */

static int refuse_certificate(struct http_client *client,
	const struct certificate *found, struct error *err)
{
	char want_hex[DIGEST_HEX_SIZE], found_hex[DIGEST_HEX_SIZE];

	return error_set(err, ERROR_VERIFY,
		"%s: another certificate than the pinned one (expected "
		"fingerprint %s, found %s): somebody may listen in, or it was "
		"renewed: compare with the fingerprint that the router itself "
		"shows, /certificate/print detail",
		client->remote.name, digest_hex(&client->pin, want_hex),
		digest_hex(&found->fingerprint, found_hex));
}

/* Fetches it, and pins the key in it for the connections that follow. */
static int pin_key(struct http_client *client, struct error *err)
{
	struct certificate found;
	char text[DIGEST_BASE64_SIZE];
	SCOPED_FREE char *pin = NULL;

	if (remote_certificate(&client->remote, &found, err))
		return -1;
	if (!digest_eq(&found.fingerprint, &client->pin))
		return refuse_certificate(client, &found, err);
	pin = memory_printf("sha256//%s", digest_base64(&found.key, text));
	assert(strlen(pin) < sizeof(client->key_pin));
	memcpy(client->key_pin, pin, strlen(pin) + 1);
	return 0;
}

/* The key is another one than a moment ago. */
static int key_changed(struct http_client *client, struct error *err)
{
	client->key_pin[0] = '\0';
	if (pin_key(client, err))
		return -1;
	return error_set(err, ERROR_VERIFY,
		"%s: its certificate changes from one connection to the next: "
		"somebody may listen in",
		client->remote.name);
}

/* What libcurl said, and the fingerprint by which a person can decide. */
static int not_verified(
	struct http_client *client, CURLcode code, struct error *err)
{
	struct certificate found;
	char hex[DIGEST_HEX_SIZE];
	struct error why, unseen;

	http_curl_why(&client->remote.curl, code, client->remote.said, &why);
	if (code == CURLE_SSL_CACERT_BADFILE ||
		remote_certificate(&client->remote, &found, &unseen))
		return error_set(err, ERROR_VERIFY,
			"%s: its certificate cannot be verified: %s",
			client->remote.name, why.text);
	return error_set(err, ERROR_VERIFY,
		"%s: its certificate cannot be verified: %s; its SHA-256 "
		"fingerprint is %s: compare that with the one that the router "
		"itself shows, /certificate/print detail, and where they are "
		"the same give it with --fingerprint",
		client->remote.name, why.text,
		digest_hex(&found.fingerprint, hex));
}

/* ---- requests ---------------------------------------------------------- */

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct buf *body = arg;

	buf_add(body, p, size * n);
	return body->overflow ? 0 : size * n;
}

/*
 * libcurl sends anew what a connection that was kept did not answer. The
 * server may have done it: only asking may be repeated.
 */
static int on_connected(void *arg, char *remote_address, char *local_address,
	int remote_port, int local_port)
{
	struct exchange *x = arg;
	bool asks = !strcmp(x->request->method, "GET");

	return x->nsent++ && !asks ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static void set_request(struct http_client *client, struct exchange *x)
{
	const struct http_curl *curl = &client->remote.curl;
	CURL *easy = client->remote.easy;
	const char *json = x->request->json;
	SCOPED_FREE char *url = remote_url(&client->remote, x->request->path);

	curl->easy_setopt(easy, CURLOPT_URL, url);
	curl->easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	if (json) {
		curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)strlen(json));
		curl->easy_setopt(easy, CURLOPT_POSTFIELDS, json);
		x->fields = curl->slist_append(
			NULL, "Content-Type: application/json");
		x->fields = curl->slist_append(x->fields, "Expect:");
		curl->easy_setopt(easy, CURLOPT_HTTPHEADER, x->fields);
	}
	curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, x->request->method);
	curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
	curl->easy_setopt(easy, CURLOPT_PREREQDATA, x);
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, &x->answer->body);
	curl->easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
		(curl_off_t)HTTP_CLIENT_BODY_MAX);
}

/* A pin that this libcurl cannot guard must not be none. */
static CURLcode set_connection(struct http_client *client)
{
	const struct http_curl *curl = &client->remote.curl;
	CURL *easy = client->remote.easy;

	curl->easy_setopt(
		easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl->easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl->easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, client->answer_timeout_ms);
	if (!client->key_pin[0])
		return CURLE_OK;
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	return curl->easy_setopt(
		easy, CURLOPT_PINNEDPUBLICKEY, client->key_pin);
}

static int too_large(const struct http_client *client, struct error *err)
{
	return error_set(err, ERROR_LIMIT,
		"%s: the answer has more than %zu bytes", client->remote.name,
		HTTP_CLIENT_BODY_MAX);
}

static int timed_out(
	const struct http_client *client, CURLcode code, struct error *err)
{
	curl_off_t connected = 0;

	client->remote.curl.easy_getinfo(
		client->remote.easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (!connected)
		return remote_failed(&client->remote, code, err);
	return error_set(err, ERROR_NETWORK,
		"%s: no whole answer within %ld ms", client->remote.name,
		client->answer_timeout_ms);
}

static int explain(struct http_client *client, CURLcode code,
	const struct exchange *x, struct error *err)
{
	switch (code) {
	case CURLE_OK:
		return 0;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return not_verified(client, code, err);
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return key_changed(client, err);
	case CURLE_FILESIZE_EXCEEDED:
		return too_large(client, err);
	case CURLE_WRITE_ERROR:
		return x->answer->body.overflow
			       ? too_large(client, err)
			       : remote_failed(&client->remote, code, err);
	case CURLE_OPERATION_TIMEDOUT:
		return timed_out(client, code, err);
	case CURLE_ABORTED_BY_CALLBACK:
		if (x->nsent > 1)
			return error_set(err, ERROR_NETWORK,
				"%s: the connection was closed before an "
				"answer",
				client->remote.name);
		return remote_failed(&client->remote, code, err);
	default:
		return remote_failed(&client->remote, code, err);
	}
}

int http_client_ask(struct http_client *client,
	const struct http_client_request *request,
	struct http_client_answer *answer, struct error *err)
{
	struct exchange x = { .request = request, .answer = answer };
	CURLcode code;

	answer->status = 0;
	buf_init(&answer->body, HTTP_CLIENT_BODY_MAX);
	assert(request->path[0] == '/');
	if (client->pin.kind && !client->key_pin[0] && pin_key(client, err))
		return -1;
	remote_begin(&client->remote);
	code = set_connection(client);
	set_request(client, &x);
	if (!code)
		code = remote_run(&client->remote, client->remote.easy);
	client->remote.curl.slist_free_all(x.fields);
	if (explain(client, code, &x, err))
		return -1;
	client->remote.curl.easy_getinfo(
		client->remote.easy, CURLINFO_RESPONSE_CODE, &answer->status);
	return 0;
}
