/* SPDX-License-Identifier: MIT
 *
 * URLs of mirrors and of redirects: what is accepted is well-formed, and no
 * password of it is shown.
 */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "io/http_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_accepted(const char *url)
{
	SCOPED_FREE char *shown = http_url_show(url);
	SCOPED_FREE char *path = NULL;
	struct error err = { 0 };
	const char *start = strstr(shown, "://") + 3;
	size_t auth = strcspn(start, "/?#");
	const char *at = memchr(start, '@', auth);

	assert(!at || (at == start + 3 && !memcmp(start, "***", 3)));
	if (http_url_scheme(url) != HTTP_SCHEME_FILE)
		return;
	path = http_url_file_path(url, &err);
	assert(path && path[0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_FREE char *url = slice_dup(slice_make(data, size));
	SCOPED_FREE char *joined = http_url_join(url, "/a/b");
	struct error err = { 0 };

	assert(slice_ends(slice_of(joined), "/a/b"));
	if (!http_url_check(url, &err))
		check_accepted(url);
	else
		assert(err.kind == ERROR_USAGE);
	if (!http_url_check_redirect("https://a/", url, &err))
		assert(http_url_scheme(url) == HTTP_SCHEME_HTTPS);
	return 0;
}
