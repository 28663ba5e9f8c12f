/* SPDX-License-Identifier: MIT
 *
 * Any text as a file with a certificate: nobody is asked for a password, and
 * what is read has a fingerprint and reads the same again.
 */
#include <assert.h>

#include "io/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct certificate read_text(struct slice text)
{
	struct certificate_reader *reader;
	struct certificate found;
	struct error err;
	int failed;

	reader = certificate_reader_new(&err);
	assert(reader);
	failed = certificate_read(reader, text, &found, &err);
	assert(!failed);
	certificate_reader_free(reader);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct certificate found = read_text(slice_make(data, size));
	struct certificate again = read_text(slice_make(data, size));

	assert(found.kind == again.kind);
	assert(found.name_hash == again.name_hash);
	assert(digest_eq(&found.fingerprint, &again.fingerprint));
	assert(found.fingerprint.kind ==
		(found.kind == CERTIFICATE_NONE ? DIGEST_NONE : DIGEST_SHA256));
	return 0;
}
