/* SPDX-License-Identifier: MIT
 *
 * apk_key_fixture: RSA keys for tests, made when they are needed, and members
 * of signatures by them. Signs by EVP, which the project itself does not use,
 * so that they check each other.
 */
#ifndef TESTS_UNIT_APK_KEY_FIXTURE_H
#define TESTS_UNIT_APK_KEY_FIXTURE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "apk/keyring.h"
#include "unit/apk_fixture.h"

struct apk_key {
	EVP_PKEY *pair;
	struct buf pem; /* the public one */
};

static inline void apk_key_init(struct apk_key *key, unsigned bits)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long n;

	key->pair = EVP_RSA_gen(bits);
	if (!key->pair || PEM_write_bio_PUBKEY(bio, key->pair) != 1)
		abort();
	n = BIO_get_mem_data(bio, &text);
	buf_init(&key->pem, KEY_FILE_MAX);
	buf_add(&key->pem, text, (size_t)n);
	BIO_free(bio);
}

static inline void apk_key_release(struct apk_key *key)
{
	EVP_PKEY_free(key->pair);
	buf_release(&key->pem);
}

/* Appends the signature of the bytes; algorithm: "RSA", "RSA256", "RSA512". */
static inline void apk_key_sign(const struct apk_key *key,
	const char *algorithm, struct slice bytes, struct buf *out)
{
	const EVP_MD *md = !strcmp(algorithm, "RSA256")	  ? EVP_sha256()
			   : !strcmp(algorithm, "RSA512") ? EVP_sha512()
							  : EVP_sha1();
	unsigned char signature[KEY_BITS_MAX / 8];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = sizeof(signature);

	if (EVP_DigestSignInit(ctx, NULL, md, NULL, key->pair) != 1 ||
		EVP_DigestSign(ctx, signature, &n,
			(const unsigned char *)bytes.ptr, bytes.len) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
	buf_add(out, signature, n);
}

/* Appends the entry .SIGN.ALGORITHM.NAME to the tar of a signature member. */
static inline void apk_key_entry(struct buf *tar, const struct apk_key *key,
	const char *algorithm, const char *name, struct slice bytes)
{
	SCOPED_FREE char *path = memory_printf(".SIGN.%s.%s", algorithm, name);
	SCOPED_BUF struct buf signature;

	buf_init(&signature, KEY_FILE_MAX);
	apk_key_sign(key, algorithm, bytes, &signature);
	fixture_add(tar, (struct fixture){ .name = path,
				 .content = signature.data,
				 .size = signature.len });
}

/* A signed file: the signature member, then the bytes, which are a member. */
static inline void apk_key_signed(struct buf *out, const struct apk_key *key,
	const char *algorithm, const char *name, struct slice bytes)
{
	SCOPED_BUF struct buf tar;

	buf_init(&tar, APK_FIXTURE_MAX);
	apk_key_entry(&tar, key, algorithm, name, bytes);
	apk_fixture_gzip(out, buf_slice(&tar));
	buf_add_slice(out, bytes);
}

#endif
