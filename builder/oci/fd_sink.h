/* SPDX-License-Identifier: MIT
 *
 * fd_sink: bytes straight into an open file, without a buffer: for copies in
 * large pieces into files that nobody else sees yet.
 */
#ifndef OCI_FD_SINK_H
#define OCI_FD_SINK_H

#include "io/sink.h"

struct fd_sink {
	struct sink sink;
	int fd; /* borrowed */
};

void fd_sink_init(struct fd_sink *fs, int fd);

#endif
