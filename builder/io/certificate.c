/* SPDX-License-Identifier: MIT */
#include "io/certificate.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/memory.h"

/*
 * Reading has no algorithms: with them libcrypto decodes the public key of
 * each certificate, too, which nobody asks for, and takes ten times as long.
 */
struct certificate_reader {
	OSSL_LIB_CTX *reading, *hashing;
	OSSL_PROVIDER *none, *all;
};

struct certificate_reader *certificate_reader_new(struct error *err)
{
	struct certificate_reader *reader = memory_zero(1, sizeof(*reader));

	reader->reading = OSSL_LIB_CTX_new();
	reader->hashing = OSSL_LIB_CTX_new();
	if (!reader->reading || !reader->hashing)
		memory_fail();
	reader->none = OSSL_PROVIDER_load(reader->reading, "null");
	reader->all = OSSL_PROVIDER_load(reader->hashing, "default");
	if (reader->none && reader->all)
		return reader;
	ERR_clear_error();
	certificate_reader_free(reader);
	error_set(err, ERROR_INTERNAL,
		"libcrypto has no provider \"default\", which certificates "
		"need: install it anew");
	return NULL;
}

void certificate_reader_free(struct certificate_reader *reader)
{
	if (!reader)
		return;
	if (reader->none)
		OSSL_PROVIDER_unload(reader->none);
	if (reader->all)
		OSSL_PROVIDER_unload(reader->all);
	OSSL_LIB_CTX_free(reader->reading);
	OSSL_LIB_CTX_free(reader->hashing);
	free(reader);
}

/* Nobody knows passwords: without this libcrypto would ask the terminal. */
static int no_password(char *text, int size, int writing, void *ctx)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static STACK_OF(X509_INFO) *
	read_all(const struct certificate_reader *reader, struct slice pem)
{
	STACK_OF(X509_INFO) * infos;
	BIO *bio = BIO_new_mem_buf(pem.len ? pem.ptr : "", (int)pem.len);

	if (!bio)
		memory_fail();
	infos = PEM_X509_INFO_read_bio_ex(
		bio, NULL, no_password, NULL, reader->reading, NULL);
	BIO_free(bio);
	return infos;
}

/* Bytes that libcrypto made; negative when it could not. */
static int take_der(unsigned char *owned_der, int size, struct digest *digest)
{
	if (size < 0)
		return -1;
	*digest = digest_of(DIGEST_SHA256, owned_der, (size_t)size);
	OPENSSL_free(owned_der);
	return 0;
}

static int describe_plain(const X509 *x509, struct certificate *out)
{
	unsigned char *der = NULL;
	int size = i2d_X509(x509, &der);

	if (take_der(der, size, &out->fingerprint))
		return -1;
	der = NULL;
	size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	return take_der(der, size, &out->key);
}

static int describe_crl(const X509_CRL *crl, struct certificate *out)
{
	unsigned char *der = NULL;
	int size = i2d_X509_CRL(crl, &der);

	return take_der(der, size, &out->fingerprint);
}

/* The name that counts; NULL: neither a certificate nor a list. */
static const X509_NAME *describe(const X509_INFO *info, struct certificate *out)
{
	const X509_NAME *name = NULL;
	int rc = -1;

	if (info->x509) {
		rc = describe_plain(info->x509, out);
		name = X509_get_subject_name(info->x509);
		out->kind = CERTIFICATE_PLAIN;
	} else if (info->crl) {
		rc = describe_crl(info->crl, out);
		name = X509_CRL_get_issuer(info->crl);
		out->kind = CERTIFICATE_CRL;
	}
	if (name && !rc)
		return name;
	out->kind = CERTIFICATE_NONE;
	return NULL;
}

static int read_only_one(const struct certificate_reader *reader,
	const X509_INFO *info, struct certificate *out, struct error *err)
{
	const X509_NAME *name = describe(info, out);
	int can_hash = 1;

	if (!name)
		return 0;
	out->name_hash = (uint32_t)X509_NAME_hash_ex(
		name, reader->hashing, NULL, &can_hash);
	return can_hash ? 0
			: error_set(err, ERROR_INTERNAL,
				  "libcrypto cannot make SHA-1, which names "
				  "of certificates need");
}

int certificate_read(struct certificate_reader *reader, struct slice pem,
	struct certificate *out, struct error *err)
{
	STACK_OF(X509_INFO) * infos;
	int rc = 0;

	*out = (struct certificate){ .kind = CERTIFICATE_NONE };
	if (pem.len > CERTIFICATE_TEXT_MAX)
		return 0;
	infos = read_all(reader, pem);
	if (sk_X509_INFO_num(infos) == 1)
		rc = read_only_one(
			reader, sk_X509_INFO_value(infos, 0), out, err);
	sk_X509_INFO_pop_free(infos, X509_INFO_free);
	ERR_clear_error();
	return rc;
}
