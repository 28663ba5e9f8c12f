/* SPDX-License-Identifier: MIT
 *
 * Any bytes as the tar of a signature member: what is told of it is in it.
 */
#include <assert.h>
#include <string.h>

#include "apk/signature.h"
#include "tar_script.h"

#define MAX ((size_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(const struct buf *tar, struct slice s)
{
	assert(s.ptr >= tar->data && s.len <= tar->len);
	assert(s.ptr + s.len <= tar->data + tar->len);
}

static void check(const struct buf *tar, const struct signature *signature)
{
	check_within(tar, signature->key_name);
	check_within(tar, signature->bytes);
	assert(signature->key_name.len);
	assert(!memchr(signature->key_name.ptr, '/', signature->key_name.len));
	assert(signature->bytes.len <= SIGNATURE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keyring nothing = { 0 };
	struct signature_list list;
	const struct key *key;
	SCOPED_BUF struct buf tar;
	struct error err;

	buf_init(&tar, MAX);
	tar_script(&tar, data, size);
	if (signature_list_parse(&list, buf_slice(&tar), "fuzz", &err))
		return 0;
	assert(list.n > 0 && list.n <= SIGNATURES_MAX);
	for (size_t i = 0; i < list.n; i++)
		check(&tar, &list.items[i]);
	assert(!signature_choose(&list, &nothing, &key));
	return 0;
}
