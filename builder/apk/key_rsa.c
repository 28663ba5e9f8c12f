/* SPDX-License-Identifier: MIT */
#include "apk/key_rsa.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "apk/keyring.h"
#include "base/memory.h"

struct key_rsa {
	BIGNUM *modulus, *exponent;
	BN_MONT_CTX *mont; /* of the modulus */
	unsigned bits;	   /* of the modulus */
};

#define EXPONENT_BITS_MAX 32

#define DER_INTEGER 0x02
#define DER_BIT_STRING 0x03
#define DER_SEQUENCE 0x30

/* RFC 3279 section 2.3.1: AlgorithmIdentifier rsaEncryption, NULL. */
static const char rsa_algorithm[] =
	"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/* RFC 8017 section 9.2 note 1: DER of DigestInfo before the digest. */
#define PREFIX_MAX 19
static const struct {
	size_t len;
	unsigned char bytes[PREFIX_MAX];
} digest_infos[] = {
	[DIGEST_SHA1] = { 15,
		{ 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02,
			0x1a, 0x05, 0x00, 0x04, 0x14 } },
	[DIGEST_SHA256] = { 19, { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
					0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
					0x02, 0x01, 0x05, 0x00, 0x04, 0x20 } },
	[DIGEST_SHA512] = { 19, { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60,
					0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
					0x02, 0x03, 0x05, 0x00, 0x04, 0x40 } },
};

void key_rsa_free(struct key_rsa *rsa)
{
	if (!rsa)
		return;
	BN_free(rsa->modulus);
	BN_free(rsa->exponent);
	BN_MONT_CTX_free(rsa->mont);
	free(rsa);
}

/* The length octets of DER: minimal, at most two of them after the first. */
static int der_length(struct slice *rest, size_t *len)
{
	const unsigned char *p = (const unsigned char *)rest->ptr;
	size_t n = 1;

	if (!rest->len)
		return -1;
	*len = p[0];
	if (p[0] > 0x80) {
		n += p[0] & 0x7f;
		if (n > 3 || rest->len < n || !p[1])
			return -1;
		*len = n == 2 ? p[1] : (size_t)p[1] << 8 | p[2];
		if (*len < 0x80 || (n == 3 && *len < 0x100))
			return -1;
	} else if (p[0] == 0x80) {
		return -1;
	}
	*rest = slice_make(rest->ptr + n, rest->len - n);
	return 0;
}

/* Cuts one value of that type off the front. */
static int der_cut(struct slice *rest, int tag, struct slice *value)
{
	struct slice left = *rest;
	size_t len = 0;

	if (!left.len || (unsigned char)left.ptr[0] != tag)
		return -1;
	left = slice_make(left.ptr + 1, left.len - 1);
	if (der_length(&left, &len) || len > left.len)
		return -1;
	*value = slice_make(left.ptr, len);
	*rest = slice_make(left.ptr + len, left.len - len);
	return 0;
}

/* A positive INTEGER, without needless zeros before it. */
static int der_number(struct slice *rest, BIGNUM **number)
{
	struct slice v;

	if (der_cut(rest, DER_INTEGER, &v) || !v.len || v.ptr[0] & 0x80)
		return -1;
	if (v.len > 1 && !v.ptr[0] && !(v.ptr[1] & 0x80))
		return -1;
	*number = BN_bin2bn((const unsigned char *)v.ptr, (int)v.len, NULL);
	if (!*number)
		memory_fail();
	return 0;
}

/* SubjectPublicKeyInfo (RFC 5280 section 4.1) with an RSAPublicKey. */
static int read_der(struct slice der, struct key_rsa *rsa)
{
	struct slice info, bits, numbers;
	size_t n = sizeof(rsa_algorithm) - 1;

	if (der_cut(&der, DER_SEQUENCE, &info) || der.len || info.len < n ||
		memcmp(info.ptr, rsa_algorithm, n) != 0)
		return -1;
	info = slice_make(info.ptr + n, info.len - n);
	if (der_cut(&info, DER_BIT_STRING, &bits) || info.len || !bits.len ||
		bits.ptr[0])
		return -1;
	bits = slice_make(bits.ptr + 1, bits.len - 1);
	if (der_cut(&bits, DER_SEQUENCE, &numbers) || bits.len ||
		der_number(&numbers, &rsa->modulus) ||
		der_number(&numbers, &rsa->exponent) || numbers.len)
		return -1;
	return 0;
}

static int read_pem(struct slice pem, struct key_rsa *rsa)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long n = 0;
	int failed;

	if (!bio)
		memory_fail();
	failed = PEM_read_bio(bio, &name, &header, &data, &n) != 1 ||
		 strcmp(name, "PUBLIC KEY") != 0 || *header ||
		 read_der(slice_make(data, (size_t)n), rsa);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	ERR_clear_error();
	return failed ? -1 : 0;
}

static int prepare(struct key_rsa *rsa)
{
	BN_CTX *ctx = BN_CTX_new();
	int done;

	rsa->mont = BN_MONT_CTX_new();
	if (!ctx || !rsa->mont)
		memory_fail();
	done = BN_MONT_CTX_set(rsa->mont, rsa->modulus, ctx);
	BN_CTX_free(ctx);
	return done ? 0 : -1;
}

static int decode(struct key_rsa *rsa, struct slice pem, struct error *err)
{
	if (read_pem(pem, rsa))
		return error_set(err, ERROR_INPUT,
			"not an RSA public key, expected PEM with BEGIN PUBLIC "
			"KEY");
	rsa->bits = (unsigned)BN_num_bits(rsa->modulus);
	if (rsa->bits < KEY_BITS_MIN || rsa->bits > KEY_BITS_MAX)
		return error_set(err, ERROR_INPUT,
			"an RSA key of %u bits, expected %d to %d", rsa->bits,
			KEY_BITS_MIN, KEY_BITS_MAX);
	if (!BN_is_odd(rsa->exponent) || BN_is_one(rsa->exponent) ||
		BN_num_bits(rsa->exponent) > EXPONENT_BITS_MAX ||
		!BN_is_odd(rsa->modulus) || prepare(rsa))
		return error_set(err, ERROR_INPUT,
			"not a usable RSA public key: expected an odd modulus "
			"and an odd exponent from 3 to 2^%d",
			EXPONENT_BITS_MAX);
	return 0;
}

struct key_rsa *key_rsa_read(struct slice pem, struct error *err)
{
	struct key_rsa *rsa = memory_zero(1, sizeof(*rsa));

	if (decode(rsa, pem, err)) {
		key_rsa_free(rsa);
		return NULL;
	}
	return rsa;
}

unsigned key_rsa_bits(const struct key_rsa *rsa)
{
	return rsa->bits;
}

/* EMSA-PKCS1-v1_5: 00 01 FF ... FF 00 DigestInfo, as long as the modulus. */
static void encode(const struct digest *digest, unsigned char *p, size_t n)
{
	size_t size = digest_size(digest->kind);
	size_t prefix = digest_infos[digest->kind].len;
	size_t tail = prefix + size;

	memset(p, 0xff, n);
	p[0] = 0;
	p[1] = 1;
	p[n - tail - 1] = 0;
	memcpy(p + n - tail, digest_infos[digest->kind].bytes, prefix);
	memcpy(p + n - size, digest->bytes, size);
}

/* What the signature says: signature^exponent mod modulus, in n bytes. */
static int open_signature(const struct key_rsa *rsa, struct slice signature,
	unsigned char *p, size_t n)
{
	BIGNUM *s = BN_bin2bn(
		(const unsigned char *)signature.ptr, (int)signature.len, NULL);
	BN_CTX *ctx = BN_CTX_new();
	int done;

	if (!s || !ctx)
		memory_fail();
	done = BN_cmp(s, rsa->modulus) < 0 &&
	       BN_mod_exp_mont(
		       s, s, rsa->exponent, rsa->modulus, ctx, rsa->mont) &&
	       BN_bn2binpad(s, p, (int)n) == (int)n;
	BN_CTX_free(ctx);
	BN_free(s);
	ERR_clear_error();
	return done ? 0 : -1;
}

bool key_rsa_verify(const struct key_rsa *rsa, const struct digest *digest,
	struct slice signature)
{
	unsigned char want[KEY_BITS_MAX / 8], got[KEY_BITS_MAX / 8];
	size_t n = (rsa->bits + 7) / 8;

	if (digest->kind == DIGEST_NONE || signature.len != n)
		return false;
	if (open_signature(rsa, signature, got, n))
		return false;
	encode(digest, want, n);
	return !memcmp(want, got, n);
}
