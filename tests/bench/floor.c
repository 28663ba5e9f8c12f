/* SPDX-License-Identifier: MIT */
/*
 * floor MODE THREADS (RECIPE INPUT OUTPUT)...
 *
 * The limit that alpbuild is measured against: a program that follows a
 * recipe (see recipe.h) and does nothing but what the work itself needs. It
 * reads the inputs once, computes the SHA-256 of the layer once and writes
 * the output once, which is the same file as alpbuild's, byte for byte (of
 * mode gzip: uncompresses to the same layer).
 *
 *	copy    INPUT is the minirootfs' uncompressed tar
 *	gunzip  INPUT is the .tar.gz: its SHA-512 and gunzip come first
 *	gzip    INPUT as in copy; OUTPUT is the gzip layer alone, of members
 *	        of 1 MiB that THREADS threads compress by zlib's level 6
 *
 * FLOOR_SYNC=1 in the environment: the output is made durable as alpbuild's
 * is (fsync, rename, fsync of the folder), else it is only renamed. In the
 * first two modes the threads share the outputs among them.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "bench/recipe.h"
#include "bench/support.h"

#define BUFFER_SIZE ((size_t)256 * 1024)
#define MEMBER_SIZE ((size_t)1 << 20)
#define THREADS_MAX 64
#define LEVEL 6
#define WINDOW_BITS_GZIP (15 + 16)
#define HEX_SIZE 64
#define SIZE_LIMIT (UINT64_C(1) << 40)

enum mode { MODE_COPY, MODE_GUNZIP, MODE_GZIP };

/* One output. */
struct work {
	const char *recipe, *input, *path;
	enum mode mode;
	unsigned threads;

	struct view literals, data;
	unsigned char *inflated; /* data's bytes in mode gunzip */
	EVP_MD_CTX *sha256;
	bool in_layer;
	char want[HEX_SIZE + 1];
	int fd;
	unsigned char *buffer;
	size_t used;
	unsigned char *layer; /* whole, in mode gzip */
	size_t nlayer, room;
};

static void check_digest(struct work *w)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[HEX_SIZE + 1];

	EVP_DigestFinal_ex(w->sha256, digest, NULL);
	for (size_t i = 0; i < HEX_SIZE / 2; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[HEX_SIZE] = '\0';
	if (strcmp(hex, w->want))
		die("%s: the layer is %s, expected %s", w->path, hex, w->want);
}

static void put_direct(struct work *w, const void *p, size_t n)
{
	if (w->in_layer)
		EVP_DigestUpdate(w->sha256, p, n);
	must_write(w->fd, p, n, w->path);
}

static void flush(struct work *w)
{
	if (w->used)
		put_direct(w, w->buffer, w->used);
	w->used = 0;
}

/* In mode gzip the layer is gathered, and the rest is not wanted. */
static void gather(struct work *w, const void *p, size_t n)
{
	if (!w->in_layer)
		return;
	if (n > w->room - w->nlayer)
		die("%s: larger than its recipe", w->path);
	memcpy(w->layer + w->nlayer, p, n);
	w->nlayer += n;
}

static void put(struct work *w, const void *p, size_t n)
{
	if (w->mode == MODE_GZIP) {
		gather(w, p, n);
		return;
	}
	if (n > BUFFER_SIZE - w->used)
		flush(w);
	if (n >= BUFFER_SIZE / 4) {
		flush(w);
		put_direct(w, p, n);
		return;
	}
	memcpy(w->buffer + w->used, p, n);
	w->used += n;
}

static void put_file(struct work *w, uint64_t size, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die_errno("%s", path);
	while (size) {
		size_t n = size < BUFFER_SIZE ? (size_t)size : BUFFER_SIZE;
		ssize_t got;

		if (n > BUFFER_SIZE - w->used)
			flush(w);
		got = read(fd, w->buffer + w->used, n);
		if (got <= 0)
			die_errno("read %s", path);
		if (w->mode == MODE_GZIP)
			gather(w, w->buffer, (size_t)got);
		else
			w->used += (size_t)got;
		size -= (size_t)got;
	}
	close(fd);
}

static void put_extent(struct work *w, char kind, const char *line)
{
	const char *second = strchr(line, ' ');
	uint64_t offset, size;
	const struct view *from = kind == STEP_DATA ? &w->data : &w->literals;

	if (!second)
		die("%s: bad recipe", w->recipe);
	offset = number_of(line, SIZE_LIMIT);
	size = number_of(second + 1, SIZE_LIMIT);
	if (offset > from->size || size > from->size - offset)
		die("%s: bad recipe", w->recipe);
	put(w, from->data + offset, size);
}

static void take_step(struct work *w, char *line)
{
	char *rest = line[0] && line[1] ? line + 2 : line;
	char *path;

	switch (line[0]) {
	case STEP_LITERAL:
	case STEP_DATA:
		put_extent(w, line[0], rest);
		break;
	case STEP_FILE:
		path = strchr(rest, ' ');
		if (!path)
			die("%s: bad recipe", w->recipe);
		put_file(w, number_of(rest, SIZE_LIMIT), path + 1);
		break;
	case STEP_LAYER:
		flush(w);
		w->in_layer = true;
		snprintf(w->want, sizeof(w->want), "%s", rest);
		break;
	case STEP_TAIL:
		flush(w);
		w->in_layer = false;
		break;
	default:
		die("%s: bad recipe", w->recipe);
	}
}

static void follow(struct work *w)
{
	char path[BENCH_PATH_SIZE];
	struct view steps;
	char *text, *line, *end;

	join_path(path, w->recipe, RECIPE_STEPS);
	steps = view_file(path);
	text = must_alloc(steps.size + 1);
	memcpy(text, steps.data, steps.size);
	text[steps.size] = '\0';
	view_release(&steps);
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		take_step(w, line);
	}
	flush(w);
	free(text);
}

/* The last four bytes of a gzip file of one member: its size. */
static size_t inflated_size(const struct view *gz)
{
	const unsigned char *p = gz->data + gz->size - 4;

	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	       (size_t)p[3] << 24;
}

/* SHA-512 of the download, then gunzip in one go. */
static void uncompress_input(struct work *w)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct view gz = w->data;
	z_stream z = { .next_in = NULL };

	if (gz.size < 18)
		die("%s: not a gzip file", w->input);
	EVP_Digest(gz.data, gz.size, digest, NULL, EVP_sha512(), NULL);
	w->data.size = inflated_size(&gz);
	w->inflated = must_alloc(w->data.size);
	w->data.data = w->inflated;
	inflateInit2(&z, WINDOW_BITS_GZIP);
	memcpy(&z.next_in, &gz.data, sizeof(gz.data));
	z.avail_in = (uInt)gz.size;
	z.next_out = w->inflated;
	z.avail_out = (uInt)w->data.size;
	if (inflate(&z, Z_FINISH) != Z_STREAM_END || z.avail_out)
		die("%s: damaged", w->input);
	inflateEnd(&z);
	view_release(&gz);
}

/* Members of the layer, taken by the threads in turn. */
struct squeeze {
	const struct work *work;
	struct piece {
		unsigned char *bytes;
		size_t size;
	} * pieces;
	size_t n;
	atomic_size_t next;
};

static void squeeze_piece(struct squeeze *s, size_t i)
{
	const struct work *w = s->work;
	size_t from = i * MEMBER_SIZE, size = w->nlayer - from;
	struct piece *piece = &s->pieces[i];
	z_stream z = { .next_in = NULL };
	size_t room;

	if (size > MEMBER_SIZE)
		size = MEMBER_SIZE;
	if (deflateInit2(&z, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, 8,
		    Z_DEFAULT_STRATEGY) != Z_OK)
		die("out of memory");
	room = deflateBound(&z, size);
	piece->bytes = must_alloc(room);
	z.next_in = w->layer + from;
	z.avail_in = (uInt)size;
	z.next_out = piece->bytes;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		die("deflate failed");
	piece->size = room - z.avail_out;
	deflateEnd(&z);
}

static void *squeeze_some(void *arg)
{
	struct squeeze *s = arg;
	size_t i;

	while ((i = atomic_fetch_add(&s->next, 1)) < s->n)
		squeeze_piece(s, i);
	return NULL;
}

/* The threads compress while this one computes the layer's digest. */
static void squeeze_and_hash(struct squeeze *s, struct work *w)
{
	pthread_t *threads = must_alloc(w->threads * sizeof(*threads));

	for (unsigned i = 0; i < w->threads; i++) {
		if (pthread_create(&threads[i], NULL, squeeze_some, s))
			die("cannot start a thread");
	}
	EVP_DigestUpdate(w->sha256, w->layer, w->nlayer);
	check_digest(w);
	for (unsigned i = 0; i < w->threads; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

static void squeeze_layer(struct work *w)
{
	struct squeeze s = { .work = w };
	unsigned char digest[EVP_MAX_MD_SIZE];

	s.n = (w->nlayer + MEMBER_SIZE - 1) / MEMBER_SIZE;
	s.pieces = must_alloc(s.n * sizeof(*s.pieces));
	squeeze_and_hash(&s, w);
	EVP_DigestInit_ex(w->sha256, EVP_sha256(), NULL);
	for (size_t i = 0; i < s.n; i++) {
		EVP_DigestUpdate(
			w->sha256, s.pieces[i].bytes, s.pieces[i].size);
		must_write(w->fd, s.pieces[i].bytes, s.pieces[i].size, w->path);
		free(s.pieces[i].bytes);
	}
	EVP_DigestFinal_ex(w->sha256, digest, NULL);
	free(s.pieces);
}

static void finish_file(const struct work *w, const char *tmp)
{
	const char *sync = getenv("FLOOR_SYNC"), *slash = strrchr(w->path, '/');
	char dir[BENCH_PATH_SIZE];
	int fd;

	if (sync && fsync(w->fd))
		die_errno("sync %s", tmp);
	close(w->fd);
	if (rename(tmp, w->path))
		die_errno("rename to %s", w->path);
	if (!sync)
		return;
	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - w->path) : 1,
		slash ? w->path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		die_errno("sync %s", dir);
	close(fd);
}

static void open_inputs(struct work *w)
{
	char path[BENCH_PATH_SIZE];

	join_path(path, w->recipe, RECIPE_LITERALS);
	w->literals = view_file(path);
	w->data = view_file(w->input);
	w->buffer = must_alloc(BUFFER_SIZE);
	w->sha256 = EVP_MD_CTX_new();
	if (!w->sha256 || !EVP_DigestInit_ex(w->sha256, EVP_sha256(), NULL))
		die("libcrypto cannot compute digests");
	if (w->mode == MODE_GUNZIP)
		uncompress_input(w);
}

static void release(struct work *w)
{
	if (w->inflated)
		free(w->inflated);
	else
		view_release(&w->data);
	view_release(&w->literals);
	EVP_MD_CTX_free(w->sha256);
	free(w->buffer);
	free(w->layer);
}

/* What the recipe's steps add up to is not known before: a bound is. */
static void make_room(struct work *w)
{
	w->room = w->literals.size + w->data.size + ((size_t)1 << 30);
	w->layer = must_alloc(w->room);
}

static void run(struct work *w)
{
	char tmp[BENCH_PATH_SIZE];

	if (snprintf(tmp, sizeof(tmp), "%s.tmp", w->path) >= BENCH_PATH_SIZE)
		die("%s: too long", w->path);
	open_inputs(w);
	if (w->mode == MODE_GZIP)
		make_room(w);
	w->fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (w->fd < 0)
		die_errno("create %s", tmp);
	follow(w);
	if (w->mode == MODE_GZIP)
		squeeze_layer(w);
	else
		check_digest(w);
	finish_file(w, tmp);
	release(w);
}

struct team {
	struct work *works;
	size_t n;
	atomic_size_t next;
};

static void *run_some(void *arg)
{
	struct team *team = arg;
	size_t i;

	while ((i = atomic_fetch_add(&team->next, 1)) < team->n)
		run(&team->works[i]);
	return NULL;
}

static void run_all(struct team *team, unsigned threads)
{
	pthread_t ids[THREADS_MAX];
	unsigned started = 0;

	while (started + 1 < threads && started + 1 < team->n) {
		if (pthread_create(&ids[started], NULL, run_some, team))
			die("cannot start a thread");
		started++;
	}
	run_some(team);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
}

static enum mode mode_of(const char *name)
{
	static const char *const names[] = {
		[MODE_COPY] = "copy",
		[MODE_GUNZIP] = "gunzip",
		[MODE_GZIP] = "gzip",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i]))
			return (enum mode)i;
	}
	die("%s: no such mode", name);
}

int main(int argc, char **argv)
{
	struct team team = { .n = 0 };
	unsigned threads;

	if (argc < 6 || argc % 3) {
		fputs("usage: floor copy|gunzip|gzip THREADS (RECIPE INPUT "
		      "OUTPUT)...\n",
			stderr);
		return 2;
	}
	threads = (unsigned)number_of(argv[2], THREADS_MAX);
	team.n = (size_t)(argc - 3) / 3;
	team.works = must_alloc(team.n * sizeof(*team.works));
	for (size_t i = 0; i < team.n; i++)
		team.works[i] = (struct work){
			.mode = mode_of(argv[1]),
			.threads = threads,
			.recipe = argv[3 + 3 * i],
			.input = argv[4 + 3 * i],
			.path = argv[5 + 3 * i],
		};
	run_all(&team, team.works[0].mode == MODE_GZIP ? 1 : threads);
	free(team.works);
	return 0;
}
