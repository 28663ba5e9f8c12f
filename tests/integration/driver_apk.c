/* SPDX-License-Identifier: MIT
 *
 * driver_apk: builder/apk on a real repository, for apk_real.sh.
 *
 *	driver_apk INDEX KEYS [FOLDER]
 *
 * Verifies the index with the keys of a folder and prints how many packages
 * it has and who signed it; with FOLDER, unpacks all of its packages from
 * there and checks every file in them.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>

#include "apk/index_file.h"
#include "apk/package_data.h"
#include "apk/package_file.h"
#include "base/file.h"
#include "base/path.h"

struct totals {
	size_t packages, scripts, entries;
	uint64_t bytes;
};

/* A sink into an open file. */
struct file_sink {
	struct sink sink;
	int fd;
};

static int file_sink_write(
	struct sink *sink, const void *p, size_t n, struct error *err)
{
	return file_write_all(((struct file_sink *)sink)->fd, p, n, err);
}

static const struct sink_ops file_sink_ops = { .write = file_sink_write };

static int count_entries(
	int fd, const char *name, struct totals *totals, struct error *err)
{
	struct package_data *data = package_data_new(fd, name, err);
	struct package_entry entry;
	int found = -1;

	while (data && (found = package_data_next(data, &entry, err)) > 0)
		totals->entries++;
	package_data_free(data);
	return found;
}

static int unpack(const char *folder, const struct package *record,
	struct totals *totals, struct arena *arena, struct error *err)
{
	const char *name = package_file_name(record, arena);
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	SCOPED_FD int tar = memfd_create("data", MFD_CLOEXEC);
	const struct package_file_input input = {
		.fd = fd, .name = name, .record = record
	};
	struct file_sink data = { .fd = tar };
	struct package_file file;

	if (fd < 0)
		return error_errno(err, "%s", path);
	sink_init(&data.sink, &file_sink_ops);
	if (package_file_unpack(&file, &input, &data.sink, arena, err) ||
		package_data_check(tar, name, err) ||
		count_entries(tar, name, totals, err))
		return -1;
	totals->packages++;
	totals->scripts += file.scripts.n;
	totals->bytes += data.sink.size;
	return 0;
}

static int unpack_all(const char *folder, const struct index *index,
	struct arena *arena, struct error *err)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < index->n; i++) {
		if (unpack(folder, &index->packages[i], &totals, arena, err))
			return -1;
	}
	printf("unpacked %zu packages, %zu scripts, %zu entries, %" PRIu64
	       " bytes\n",
		totals.packages, totals.scripts, totals.entries, totals.bytes);
	return 0;
}

static int run(char **argv, struct keyring *ring, struct arena *arena,
	struct error *err)
{
	SCOPED_FD int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	struct index_file_input input = {
		.fd = fd, .name = argv[1], .ring = ring
	};
	struct index_file file;

	if (fd < 0)
		return error_errno(err, "%s", argv[1]);
	if (keyring_add_folder(ring, argv[2], err) ||
		index_file_read(&file, &input, arena, err))
		return -1;
	printf("%zu packages, signed by %s\n", file.index.n, file.key->name);
	return argv[3] ? unpack_all(argv[3], &file.index, arena, err) : 0;
}

int main(int argc, char **argv)
{
	struct keyring ring = { 0 };
	struct error err = { 0 };
	struct arena arena;
	int failed;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: driver_apk INDEX KEYS [FOLDER]\n");
		return 2;
	}
	arena_init(&arena);
	failed = run(argv, &ring, &arena, &err);
	keyring_release(&ring);
	arena_release(&arena);
	if (failed)
		fprintf(stderr, "driver_apk: %s\n", err.text);
	return failed ? 1 : 0;
}
