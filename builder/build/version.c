/* SPDX-License-Identifier: MIT */
#include "build/version.h"

#include <sys/stat.h>

#include "base/memory.h"

#ifndef ALPBUILD_VERSION
#define ALPBUILD_VERSION "dev"
#endif

#ifndef ALPBUILD_DOCS
#define ALPBUILD_DOCS ""
#endif

const char *alpbuild_version(void)
{
	return ALPBUILD_VERSION;
}

const char *alpbuild_docs(void)
{
	return *ALPBUILD_DOCS ? ALPBUILD_DOCS : NULL;
}

void alpbuild_fingerprint(struct sink *out)
{
	SCOPED_FREE char *text = NULL;
	struct stat st;

	sink_write_str(out, "alpbuild=" ALPBUILD_VERSION "\n");
	if (stat("/proc/self/exe", &st))
		return;
	text = memory_printf("size=%lld\ninode=%llu\nmtime=%lld.%ld\n",
		(long long)st.st_size, (unsigned long long)st.st_ino,
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	sink_write_str(out, text);
}
