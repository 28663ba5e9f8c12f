/* SPDX-License-Identifier: MIT */
#include "routeros/platform.h"

#include <elf.h>
#include <stddef.h>
#include <string.h>

static const struct platform platforms[] = {
	{ "amd64", 64, EM_X86_64, { "x86_64", "x86" } },
	{ "arm64", 64, EM_AARCH64, { "arm64" } },
	{ "arm", 32, EM_ARM, { "arm" } },
};

const struct platform *platform_find(const char *architecture)
{
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		if (architecture &&
			!strcmp(platforms[i].architecture, architecture))
			return &platforms[i];
	}
	return NULL;
}

const struct platform *platform_of_elf(unsigned class, unsigned machine)
{
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		if (platforms[i].elf_class == class &&
			platforms[i].elf_machine == machine)
			return &platforms[i];
	}
	return NULL;
}
