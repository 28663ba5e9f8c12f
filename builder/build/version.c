/* SPDX-License-Identifier: MIT */
#include "build/version.h"

#ifndef ALPBUILD_VERSION
#define ALPBUILD_VERSION "dev"
#endif

const char *alpbuild_version(void)
{
	return ALPBUILD_VERSION;
}
