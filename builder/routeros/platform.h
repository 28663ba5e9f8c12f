/* SPDX-License-Identifier: MIT
 *
 * platform: the architectures that RouterOS runs containers on, by the names
 * of OCI, and what their programs look like.
 */
#ifndef ROUTEROS_PLATFORM_H
#define ROUTEROS_PLATFORM_H

struct platform {
	const char *architecture; /* "arm64" */
	unsigned elf_class, elf_machine;
	/* What `/system/resource/get architecture-name` may say; NULL ends. */
	const char *router_names[3];
};

/* NULL: none that RouterOS has; architecture may be NULL. */
const struct platform *platform_find(const char *architecture);
/* The one whose programs have this class and machine; NULL: none. */
const struct platform *platform_of_elf(unsigned class, unsigned machine);

#endif
