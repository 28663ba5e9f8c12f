/* SPDX-License-Identifier: MIT
 *
 * arch: one CPU architecture, as arch/<name>.json describes it. Adding one is
 * adding a file there: nothing in the code knows an architecture by name.
 */
#ifndef SPEC_ARCH_H
#define SPEC_ARCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "spec/list.h"

struct arch_table;

struct arch {
	const struct arch_table *table; /* that it is an item of */
	const char *path;		/* of the file it was read from */
	const char *name;		/* "armv7": file name and --arch */
	struct string_list aliases;	/* other names for --arch: "arm" */
	const char *alpine;		/* Alpine's name: "armv7" */
	const char *oci;		/* OCI platform architecture: "arm" */
	const char *variant;		/* OCI variant: "v7"; NULL: none */
	unsigned elf_class;		/* 32 or 64 */
	unsigned elf_machine;		/* e_machine: 40 is ARM */
	const char *loader; /* musl's loader, clean: "lib/ld-musl-armhf.so.1" */
	struct string_list routeros; /* RouterOS' architecture-name values */
};

struct arch_table {
	struct arch *items; /* sorted by name */
	size_t n;
};

/* Reads every *.json of a folder into the arena; *table must stay in place. */
int arch_table_read(struct arch_table *table, const char *dir,
	struct arena *arena, struct error *err) MUST_CHECK;
/* By name or alias; NULL: unknown. */
const struct arch *arch_find(const struct arch_table *table, const char *name);
/* "amd64, arm64, armv7" for messages; in the arena. */
const char *arch_names(const struct arch_table *table, struct arena *arena);

#endif
