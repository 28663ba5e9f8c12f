/* SPDX-License-Identifier: MIT */
#include "build/provenance.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/stamp.h"
#include "build/git.h"

/* What an image is made of, as git's pathspecs; the manifest comes last. */
#define INPUT_PATHS ":/manifests", ":/rootfs-overlays", ":/arch"

/* "commit <id>", then "<seconds> <id>[ (grafted...)]". */
static bool parse_commit(struct slice text, struct provenance *p, bool *shallow)
{
	struct slice line, seconds, commit;
	uint64_t value;

	if (!slice_cut(&text, '\n', &line) || !slice_cut(&text, '\n', &line))
		return false;
	if (!slice_cut(&line, ' ', &seconds) || !slice_cut(&line, ' ', &commit))
		return false;
	if (slice_to_u64(seconds, 10, STAMP_MAX, &value) || commit.len > 64)
		return false;
	*shallow = slice_starts(line, "(grafted");
	p->epoch = (int64_t)value;
	snprintf(p->revision, sizeof(p->revision), "%.*s", SLICE_ARGS(commit));
	return true;
}

static void take_commit(
	struct git_question *question, const char *dir, struct provenance *p)
{
	SCOPED_BUF struct buf out;
	bool shallow;

	if (!git_finish(question, &out) ||
		!parse_commit(buf_slice(&out), p, &shallow))
		return;
	p->origin = EPOCH_COMMIT;
	if (shallow)
		log_warn("the git checkout of %s is shallow: the times and the "
			 "revision of the image may differ from those of a "
			 "full one (git fetch --unshallow; in GitLab CI "
			 "GIT_DEPTH: 0)",
			dir);
}

static void take_status(struct git_question *question, struct provenance *p)
{
	SCOPED_BUF struct buf out;
	size_t len = strlen(p->revision);

	if (git_finish(question, &out) && out.len && len)
		snprintf(
			p->revision + len, sizeof(p->revision) - len, "-dirty");
}

/* Both questions at once: each takes longer than all that follows. */
static void ask_git(const char *dir, const char *manifest, struct provenance *p)
{
	const char *const commit[] = { "rev-list", "--max-count=1",
		"--format=%ct %H%d", "HEAD", "--", INPUT_PATHS, manifest };
	const char *const changes[] = { "status", "--porcelain",
		"--untracked-files=normal", "--ignored", "--", INPUT_PATHS,
		manifest };
	struct git_question of_commit, of_changes;

	git_start(&of_commit, dir, commit, ARRAY_SIZE(commit));
	git_start(&of_changes, dir, changes, ARRAY_SIZE(changes));
	take_commit(&of_commit, dir, p);
	take_status(&of_changes, p);
}

static int read_environment(struct provenance *p, struct error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (!text || !*text)
		return 0;
	if (slice_to_u64(slice_of(text), 10, STAMP_MAX, &seconds))
		return error_set(err, ERROR_USAGE,
			"SOURCE_DATE_EPOCH is \"%s\", expected seconds since "
			"1970 as a decimal number",
			text);
	p->epoch = (int64_t)seconds;
	p->origin = EPOCH_ENVIRONMENT;
	return 0;
}

int provenance_find(
	struct provenance *p, const char *manifest_path, struct error *err)
{
	struct slice parent = path_parent(manifest_path);
	SCOPED_FREE char *dir = NULL, *manifest = NULL;

	memset(p, 0, sizeof(*p));
	p->origin = EPOCH_NEWEST_INPUT;
	dir = parent.len ? slice_dup(parent) : memory_strdup(".");
	manifest = memory_printf(":(literal)%s", path_base(manifest_path));
	ask_git(dir, manifest, p);
	return read_environment(p, err);
}

const char *epoch_origin_name(enum epoch_origin origin)
{
	static const char *const names[] = {
		[EPOCH_ENVIRONMENT] = "SOURCE_DATE_EPOCH",
		[EPOCH_COMMIT] = "git commit",
		[EPOCH_NEWEST_INPUT] = "newest input",
	};

	return names[origin];
}
