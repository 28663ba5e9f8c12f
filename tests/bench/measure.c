/* SPDX-License-Identifier: MIT */
/*
 * measure LOG LABEL COMMAND [ARGUMENT...]
 *
 * Runs a command and appends a line to LOG, fields separated by tabs:
 * label, wall time in us, processor time in us (user and system, with all
 * children that were waited for), peak memory of the largest process in KiB,
 * bytes that were given to write(). Its status is the command's.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/support.h"

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t cpu_us(const struct rusage *usage)
{
	const struct timeval *u = &usage->ru_utime, *s = &usage->ru_stime;

	return (uint64_t)(u->tv_sec + s->tv_sec) * 1000000 +
	       (uint64_t)(u->tv_usec + s->tv_usec);
}

/* Of a zombie: then its threads and the children it waited for are in it. */
static uint64_t bytes_written(pid_t pid)
{
	static const char field[] = "\nwchar: ";
	char path[64], text[1024];
	const char *found;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/io", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return 0;
	text[n] = '\0';
	found = strstr(text, field);
	return found ? number_of(found + strlen(field), UINT64_MAX) : 0;
}

static void append(const char *log, const char *line)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0)
		die_errno("%s", log);
	must_write(fd, line, strlen(line), log);
	close(fd);
}

int main(int argc, char **argv)
{
	char line[256];
	struct rusage usage;
	siginfo_t info;
	uint64_t start, wall, wrote;
	pid_t pid;
	int status;

	if (argc < 4) {
		fputs("usage: measure LOG LABEL COMMAND [ARGUMENT...]\n",
			stderr);
		return 2;
	}
	start = now_us();
	errno = posix_spawnp(&pid, argv[3], NULL, NULL, argv + 3, environ);
	if (errno)
		die_errno("%s", argv[3]);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
		die_errno("wait");
	wall = now_us() - start;
	wrote = bytes_written(pid);
	if (wait4(pid, &status, 0, &usage) != pid)
		die_errno("wait");
	if (!WIFEXITED(status))
		return 128 + WTERMSIG(status);
	if (WEXITSTATUS(status))
		return WEXITSTATUS(status);
	snprintf(line, sizeof(line), "%s\t%llu\t%llu\t%ld\t%llu\n", argv[2],
		(unsigned long long)wall, (unsigned long long)cpu_us(&usage),
		usage.ru_maxrss, (unsigned long long)wrote);
	append(argv[1], line);
	return 0;
}
