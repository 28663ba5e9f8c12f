/* SPDX-License-Identifier: MIT */
#include "build/fetch.h"

#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "build/fetch_checksum.h"
#include "build/fetch_document.h"
#include "build/fetch_download.h"
#include "build/fetch_known.h"
#include "io/http_url.h"

#define FLAVOR "alpine-minirootfs"
#define NONE SIZE_MAX /* index of a document that is not needed */

/* An input on its way to its digest. */
struct wanted {
	struct input *input;
	const char *dir;	    /* "v3.18/releases/armv7" */
	size_t yaml;		    /* index of its document, or NONE */
	struct latest_release said; /* by the yaml; zeroed without */
	size_t sha512, sha256;	    /* indexes of theirs, or NONE */
};

struct resolution {
	const struct fetch_options *options;
	struct arena *arena;
	struct wanted *wanted;
	size_t n;
	struct fetch_documents yamls, checksums;
};

static const char *file_of(
	const char *version, const char *arch, struct arena *arena)
{
	return arena_printf(arena, FLAVOR "-%s-%s.tar.gz", version, arch);
}

static void set_version(
	struct wanted *w, const char *version, struct arena *arena)
{
	struct input *input = w->input;

	input->version = version;
	input->file = file_of(version, input->arch, arena);
	input->url_path = arena_printf(arena, "%s/%s", w->dir, input->file);
}

/* Step 1: an exact version is settled, a branch wants the mirror's yaml. */
static int want_version(
	struct resolution *r, struct wanted *w, struct error *err)
{
	const char *branch = release_branch(w->input->alpine, r->arena);

	w->yaml = w->sha512 = w->sha256 = NONE;
	if (!branch)
		return error_set(err, ERROR_USAGE,
			"alpine version \"%s\": expected a release such as "
			"3.18.9 or a branch such as 3.18",
			w->input->alpine);
	w->dir = arena_printf(
		r->arena, "%s/releases/%s", branch, w->input->arch);
	if (release_is_exact(w->input->alpine))
		set_version(w, w->input->alpine, r->arena);
	else
		w->yaml = fetch_documents_add(&r->yamls,
			arena_printf(
				r->arena, "%s/latest-releases.yaml", w->dir),
			FETCH_REQUIRED);
	return 0;
}

/* Step 2: the version that the yaml names. */
static int take_version(
	struct resolution *r, struct wanted *w, struct error *err)
{
	const struct fetch_document *doc;
	const char *branch;

	if (w->yaml == NONE)
		return 0;
	doc = &r->yamls.items[w->yaml];
	if (latest_release_parse(&w->said, doc->url_path, buf_slice(&doc->text),
		    r->arena, err))
		return -1;
	branch = release_branch(w->said.version, r->arena);
	if (!branch || !release_is_exact(w->said.version) ||
		!slice_starts(slice_of(w->dir), branch) ||
		w->dir[strlen(branch)] != '/')
		return error_set(err, ERROR_INPUT,
			"%s: version \"%s\" is not a release of branch %s",
			doc->url_path, w->said.version, w->input->alpine);
	set_version(w, w->said.version, r->arena);
	if (strcmp(w->said.arch, w->input->arch) ||
		strcmp(w->said.file, w->input->file))
		return error_set(err, ERROR_INPUT,
			"%s: expected file %s of %s, found %s of %s",
			doc->url_path, w->input->file, w->input->arch,
			w->said.file, w->said.arch);
	w->input->size = w->said.size;
	return 0;
}

/* Step 3: a pin settles the digest, else the checksum files are wanted. */
static int take_pin(struct resolution *r, struct wanted *w, struct error *err)
{
	struct input *input = w->input;
	const struct release_pin *pin = release_pins_find(
		r->options->pins, input->version, input->arch);

	if (!pin) {
		w->sha512 = fetch_documents_add(&r->checksums,
			arena_printf(r->arena, "%s.sha512", input->url_path),
			FETCH_OPTIONAL);
		w->sha256 = fetch_documents_add(&r->checksums,
			arena_printf(r->arena, "%s.sha256", input->url_path),
			FETCH_OPTIONAL);
		return 0;
	}
	input->trust = TRUST_PINNED;
	input->size = pin->size;
	if (w->said.sha256 && strcmp(w->said.sha256, pin->sha256))
		log_warn("the mirror's latest-releases.yaml names another "
			 "SHA-256 for %s than manifests/releases.json: "
			 "the latter counts",
			input->file);
	return digest_parse(slice_of(pin->sha256), &input->want, err);
}

/* The digest that a checksum file and the yaml agree on; NONE: neither has. */
static int agreed(const struct resolution *r, const struct wanted *w,
	enum digest_kind kind, struct digest *out, struct error *err)
{
	bool is_512 = kind == DIGEST_SHA512;
	const struct fetch_document *doc =
		&r->checksums.items[is_512 ? w->sha512 : w->sha256];
	const char *said = is_512 ? w->said.sha512 : w->said.sha256;
	struct digest by_yaml = { 0 };

	memset(out, 0, sizeof(*out));
	if (said && digest_parse(slice_of(said), &by_yaml, err))
		return error_wrap(err, "%s/latest-releases.yaml", w->dir);
	if (!doc->found) {
		*out = by_yaml;
		return 0;
	}
	if (fetch_checksum_parse(
		    buf_slice(&doc->text), w->input->file, kind, out, err))
		return error_wrap(err, "%s", doc->url_path);
	if (!said || digest_eq(out, &by_yaml))
		return 0;
	return error_set(err, ERROR_VERIFY,
		"%s: the mirror contradicts itself: latest-releases.yaml says "
		"%s, %s another digest: try another --mirror URL",
		w->input->file, said, path_base(doc->url_path));
}

static void add_known(
	const struct resolution *r, const char *arch, struct error *err)
{
	fetch_add_line(err, arena_printf(r->arena, "known releases: %s",
				    fetch_known_releases(
					    r->options->pins, arch, r->arena)));
}

static int no_checksum(
	const struct resolution *r, const struct wanted *w, struct error *err)
{
	const struct input *input = w->input;
	const struct string_list *mirrors = r->options->mirrors;

	if (r->options->offline) {
		error_set(err, ERROR_OFFLINE,
			"%s is not pinned, and the cache has no .sha512 or "
			".sha256 of it",
			input->file);
		fetch_add_remedy(err);
		return -1;
	}
	error_set(err, ERROR_NOT_FOUND,
		"Alpine %s for %s: no mirror has a .sha512 or .sha256 of it",
		input->version, input->arch);
	for (size_t i = 0; i < mirrors->n; i++) {
		SCOPED_FREE char *url =
			http_url_join(mirrors->items[i], input->url_path);
		SCOPED_FREE char *shown = http_url_show(url);

		fetch_add_line(err, shown);
	}
	add_known(r, input->arch, err);
	fetch_add_remedy(err);
	return -1;
}

/* Step 4: what is not pinned goes by the stronger of the mirror's digests. */
static int take_checksum(
	struct resolution *r, struct wanted *w, struct error *err)
{
	struct input *input = w->input;
	struct digest sha512, sha256;

	if (w->sha512 == NONE)
		return 0;
	if (agreed(r, w, DIGEST_SHA512, &sha512, err) ||
		agreed(r, w, DIGEST_SHA256, &sha256, err))
		return -1;
	input->trust = sha512.kind ? TRUST_SHA512 : TRUST_SHA256;
	input->want = sha512.kind ? sha512 : sha256;
	if (!input->want.kind)
		return no_checksum(r, w, err);
	log_warn("%s is not pinned in manifests/releases.json: it is checked "
		 "only against the mirror's own %s",
		input->file, sha512.kind ? "SHA-512" : "SHA-256");
	return 0;
}

typedef int step_fn(struct resolution *r, struct wanted *w, struct error *err);

static int for_each(struct resolution *r, step_fn *step, struct error *err)
{
	for (size_t i = 0; i < r->n; i++) {
		if (step(r, &r->wanted[i], err))
			return -1;
	}
	return 0;
}

static int resolve(struct resolution *r, struct error *err)
{
	if (for_each(r, want_version, err))
		return -1;
	if (fetch_documents_get(&r->yamls, r->options, err)) {
		/* A branch that no mirror has: say which ones there are. */
		if (err->kind == ERROR_NOT_FOUND)
			add_known(r, r->wanted[0].input->arch, err);
		return -1;
	}
	if (for_each(r, take_version, err) || for_each(r, take_pin, err))
		return -1;
	if (fetch_documents_get(&r->checksums, r->options, err))
		return -1;
	return for_each(r, take_checksum, err);
}

int fetch_resolve(struct input *inputs, size_t n,
	const struct fetch_options *options, struct arena *arena,
	struct error *err)
{
	struct resolution r = {
		.options = options,
		.arena = arena,
		.wanted = arena_alloc(arena, n * sizeof(*r.wanted)),
		.n = n,
	};
	int failed;

	for (size_t i = 0; i < n; i++)
		r.wanted[i].input = &inputs[i];
	failed = resolve(&r, err);
	fetch_documents_release(&r.yamls);
	fetch_documents_release(&r.checksums);
	return failed;
}
