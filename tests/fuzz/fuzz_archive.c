/* SPDX-License-Identifier: MIT
 *
 * fuzz_archive: image archives, see archive_script.h.
 */
#include "archive_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_entry(const struct tar_entry *entry, struct tar_reader *reader,
	void *ctx, struct error *err)
{
	return 0;
}

static void read_archive(const char *path)
{
	struct archive archive;
	struct error err;

	if (archive_open(&archive, path, &err))
		return;
	for (size_t i = 0; i < archive.nimages; i++) {
		const struct archive_image *image = &archive.images[i];

		for (size_t k = 0; k < image->nlayers; k++) {
			if (archive_read_layer(&archive, &image->layers[k],
				    read_entry, NULL, &err))
				break;
		}
	}
	archive_release(&archive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	archive_script_run(data, size, read_archive);
	return 0;
}
