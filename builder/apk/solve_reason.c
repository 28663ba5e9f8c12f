/* SPDX-License-Identifier: MIT
 *
 * Why a candidate will not do, in a few words.
 */
#include "apk/solve_state.h"

static void add_package(struct buf *out, const struct solver *s, uint32_t pkg)
{
	const struct package *p;

	if (pkg == NO_PACKAGE) {
		buf_add_str(out, "the world");
		return;
	}
	p = s->packages[pkg].package;
	buf_printf(
		out, "%.*s-%.*s", SLICE_ARGS(p->name), SLICE_ARGS(p->version));
}

static void add_refused_word(
	struct buf *out, const struct solver *s, const struct solve_package *p)
{
	add_package(out, s, p->refused_by);
	if (p->refused_word->is_conflict)
		buf_add_str(out, " conflicts with it (");
	else
		buf_add_str(out, " does not fit (requires ");
	dependency_print(p->refused_word, out);
	buf_add_str(out, ")");
}

static void add_taken(
	struct buf *out, const struct solver *s, const struct solve_package *p)
{
	struct slice name = s->names[p->refused_name].text;

	if (p->refused_by == NO_PACKAGE) {
		buf_printf(out, "%.*s was decided not to be there",
			SLICE_ARGS(name));
		return;
	}
	add_package(out, s, p->refused_by);
	buf_printf(out, " provides %.*s, too", SLICE_ARGS(name));
}

static void add_refusal(
	struct buf *out, const struct solver *s, const struct solve_package *p)
{
	switch (p->refusal) {
	case REFUSAL_ARCH:
		buf_printf(out, "it is for %.*s, not for %s",
			SLICE_ARGS(p->package->arch), s->request->arch);
		break;
	case REFUSAL_BROKEN:
		buf_add_str(out, p->package->uninstallable);
		break;
	case REFUSAL_WORD:
		add_refused_word(out, s, p);
		break;
	case REFUSAL_DEPENDS:
		buf_add_str(out, "it requires ");
		dependency_print(p->refused_word, out);
		buf_add_str(out, s->names[p->refused_name].providers.n
					 ? ", which cannot be had"
					 : ", which nothing provides");
		break;
	case REFUSAL_TAKEN:
		add_taken(out, s, p);
		break;
	case REFUSAL_NONE:
		buf_add_str(out, "it is in no repository");
		break;
	}
}

/* The tag that would have to be asked for. */
static void add_tag(
	struct buf *out, const struct solver *s, const struct solve_package *p)
{
	for (size_t i = 1; i < s->ntags; i++) {
		if (!(s->tags[i].repos & p->tag_repos))
			continue;
		buf_printf(out,
			"it is only in repositories tagged @%.*s: "
			"ask for %.*s@%.*s",
			SLICE_ARGS(s->tags[i].text),
			SLICE_ARGS(p->package->name),
			SLICE_ARGS(s->tags[i].text));
		return;
	}
	buf_add_str(out, "it is in no repository that it may come from");
}

/* Two packages of one name and version differ in where they come from. */
static void add_origin(
	struct buf *out, const struct solver *s, const struct solve_package *p)
{
	for (size_t r = 0; r < s->request->nrepositories; r++) {
		if (!(p->repos & (uint64_t)1 << r))
			continue;
		buf_printf(out, " (%s)", s->request->repositories[r].name);
		return;
	}
	buf_add_str(out, p->installed ? " (installed)" : "");
}

void explain_candidate(const struct solver *s, const struct wish *wish,
	const struct provider *provider, struct buf *out)
{
	const struct solve_package *p = &s->packages[provider->package];

	add_package(out, s, provider->package);
	add_origin(out, s, p);
	buf_add_str(out, ": ");
	if (!word_holds(s, wish->word, wish->by, provider)) {
		buf_printf(out,
			provider->version.len ? "its version of "
						"%.*s is %.*s"
					      : "it provides %.*s "
						"without a version%.*s",
			SLICE_ARGS(s->names[wish->name].text),
			SLICE_ARGS(provider->version));
	} else if (!p->is_selectable) {
		add_refusal(out, s, p);
	} else if (!p->is_tag_ok) {
		add_tag(out, s, p);
	} else {
		buf_add_str(out, "it is not chosen unless it is asked for");
	}
}
