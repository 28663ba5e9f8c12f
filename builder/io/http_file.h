/* SPDX-License-Identifier: MIT
 *
 * http_file: the file: scheme. A local mirror is copied by plain reads: with
 * it alone no socket is opened, not even the ones that libcurl makes for
 * itself, and nothing of libcurl is started.
 */
#ifndef IO_HTTP_FILE_H
#define IO_HTTP_FILE_H

#include "io/http_job.h"

/*
 * Makes one try at the job's current URL, which is a file: URL. Tells how it
 * ended; *why is set unless that is HTTP_TRY_COMPLETE.
 */
enum http_outcome http_file_copy(struct http_job *job, struct error *why);

#endif
