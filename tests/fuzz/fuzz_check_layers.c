/* SPDX-License-Identifier: MIT
 *
 * fuzz_check_layers: one layer laid over itself, three times, so that its
 * whiteouts, links and folders meet what is there already; see tar_script.h.
 */
#include <sys/mman.h>

#include "base/file.h"
#include "oci/tar_write.h"
#include "routeros/check.h"
#include "tar_script.h"

#define INPUT_MAX ((size_t)1 << 16)
#define CONFIG                                                                 \
	"{\"architecture\":\"arm\",\"os\":\"linux\",\"config\":{\"Cmd\":["     \
	"\"/sbin/init\"]},\"rootfs\":{\"diff_ids\":[\"%s\",\"%s\",\"%s\"]}}"
#define MANIFEST                                                               \
	"[{\"Config\":\"c\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"l\",\"l\","   \
	"\"l\"]}]"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(struct sink *to, const char *name, struct slice text)
{
	const struct tar_header header = {
		.path = name, .type = TAR_TYPE_FILE, .size = text.len
	};

	tar_write_header(to, &header);
	sink_write(to, text.ptr, text.len);
	tar_write_padding(to, text.len);
}

static void make(struct buf *bytes, const struct buf *layer)
{
	struct digest digest =
		digest_of(DIGEST_SHA256, layer->data, layer->len);
	char id[DIGEST_TEXT_SIZE];
	SCOPED_FREE char *config = NULL;
	struct buf_sink to;

	digest_text(&digest, id);
	config = memory_printf(CONFIG, id, id, id);
	buf_sink_init(&to, bytes);
	put(&to.sink, "manifest.json", slice_of(MANIFEST));
	put(&to.sink, "c", slice_of(config));
	put(&to.sink, "l", buf_slice(layer));
	tar_write_end(&to.sink);
}

static void check_at(const char *path)
{
	struct check check = { .path = path };
	struct error err;

	if (!check_file(&check, &err))
		check_release(&check);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_FD int fd = memfd_create("archive", MFD_CLOEXEC);
	SCOPED_BUF struct buf layer, bytes;
	struct error err;
	char path[64];

	buf_init(&layer, 4 * INPUT_MAX);
	buf_init(&bytes, 8 * INPUT_MAX);
	buf_add(&layer, "", 0);
	if (fd < 0 || size > INPUT_MAX)
		return 0;
	tar_script(&layer, data, size);
	make(&bytes, &layer);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!file_write_all(fd, bytes.data, bytes.len, &err))
		check_at(path);
	return 0;
}
