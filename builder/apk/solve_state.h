/* SPDX-License-Identifier: MIT
 *
 * solve_state: the working memory of one solve(), beside the packages that
 * the request borrows: what is known of each package and each name, by number.
 * Numbers follow the order of loading (the world's names, the installed
 * database, repositories in the request's order), so that nothing depends on
 * addresses. Names are never forgotten and packages never move.
 *
 * The parts, in the order of their use: solve_table, solve_names (names,
 * reverse dependencies), solve_model (packages), solve_discover (what can
 * matter), solve_constrain (what a word does to a name's providers),
 * solve_queue, solve_reconsider, solve_select, solve_order (the transaction),
 * solve_explain and solve_reason (why there is none).
 */
#ifndef APK_SOLVE_STATE_H
#define APK_SOLVE_STATE_H

#include "apk/solve.h"

#define NO_PACKAGE UINT32_MAX
#define NO_NAME UINT32_MAX
/* Steps of work (a provider looked at, a word compared) before a request is
 * taken for a hostile one. Real ones need some 10^5 to 10^6. */
#define SOLVE_WORK_MAX ((uint64_t)200 * 1000 * 1000)

struct range {
	uint32_t first, n;
};

/* Names, in the order in which apk finds them; made when asked for. */
struct reverse {
	const uint32_t *items;
	uint32_t n;
	bool is_made;
};

struct provider {
	uint32_t package;
	struct slice version; /* for that name; empty: unversioned */
};

enum solve_queue {
	QUEUE_NONE,
	QUEUE_NOW,  /* there is no choice left */
	QUEUE_AUTO, /* something can be chosen */
	QUEUE_REST,
};

struct solve_name {
	struct slice text;
	uint32_t hash;
	struct range providers;	     /* of solver.providers */
	struct reverse rdeps, riifs; /* see names_rdeps() */
	uint64_t order;		     /* the key of the queues */
	uint32_t requirers;
	struct provider chosen;		     /* when locked; NO_PACKAGE: none */
	uint32_t rdeps_marked, riifs_marked; /* solver.epoch of the last time */
	uint32_t merge_stamp, merge_deps, merge_provides;
	uint32_t queued; /* number of the queueing, for stale entries */
	enum solve_queue queue;
	bool has_real_provider; /* one whose primary name this is */
	bool is_named;		/* by the words of the request's `named` */
	bool is_seen, is_locked, is_dirty;
	bool recheck_deps, recheck_iif;
	bool is_asked; /* by an install_if word "!name" */
	bool has_iif;  /* a rule of a provider fired */
	bool has_options, is_auto, is_rev_done;
	bool merge_is_unversioned;
	/* of the transaction */
	bool is_processed;
	uint32_t installed;	 /* package of this primary name */
	uint32_t installed_name; /* primary name of the installed provider */
	uint32_t users;		 /* words of installed packages on it */
};

/* Why a package will not do: the first reason is kept. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_ARCH,
	REFUSAL_BROKEN,	 /* package.uninstallable */
	REFUSAL_WORD,	 /* a word (of `by`) that it does not satisfy */
	REFUSAL_DEPENDS, /* a word of its own that cannot hold */
	REFUSAL_TAKEN,	 /* `by` provides the same name */
};

struct solve_package {
	const struct package *package;
	const struct db_package *installed; /* NULL: is not */
	uint32_t name;			    /* its primary name */
	uint32_t words; /* of solver.words: D:, then p:, then i: */
	uint32_t ndepends, nprovides, niifs;
	uint64_t repos;	    /* that have it */
	uint64_t tag_repos; /* these and those of the tag it was taken from */
	uint64_t allowed;   /* repositories that it may come from */
	uint32_t names_done, riifs_done, iifs_done; /* see solve_discover */
	uint32_t conflicts;
	uint32_t stamp; /* solver.stamp: provides the name reconsidered */
	bool is_seen, is_selectable, is_tag_ok, is_tag_preferred;
	bool is_option; /* of the name reconsidered last */
	bool iif_fired, has_error, is_changed;
	enum refusal refusal;
	uint32_t refused_by; /* NO_PACKAGE: the world */
	uint32_t refused_name;
	const struct dependency *refused_word;
};

/* Repositories of one tag; the first in the list is "no tag". */
struct solve_tag {
	struct slice text;
	uint64_t repos;
};

/* A set of name numbers with an order: see solve_queue. */
struct queue_entry {
	uint64_t order; /* the highest comes first, then the lowest queued */
	uint32_t name, queued;
};

struct queue_heap {
	struct queue_entry *items;
	size_t n, cap;
};

struct queue_fifo {
	struct queue_entry *items;
	size_t head, n, cap;
};

/* Two packages that provide the same name. */
struct solve_clash {
	uint32_t name, package, other;
};

struct solve_change {
	uint32_t old, new; /* NO_PACKAGE: none */
};

/* From a hash to numbers; all zeros is empty. Colliding keys cost work. */
struct table_slot {
	uint32_t hash, id; /* id + 1; 0: free */
};

struct solve_table {
	struct table_slot *slots;
	size_t n, cap; /* cap: 0 or a power of two */
};

struct solver {
	const struct solve_request *request;
	struct arena arena;	  /* working memory */
	struct dependency *world; /* sorted */
	uint32_t *world_names;
	size_t nworld;

	struct solve_tag *tags;
	size_t ntags;

	struct solve_package *packages;
	uint32_t npackages;
	uint32_t *installed; /* package numbers in the database's order */
	uint32_t ninstalled;
	uint32_t *words; /* name numbers of all words of all packages */
	uint32_t nwords;

	struct solve_name *names;
	size_t nnames, names_cap;
	struct solve_table name_table;
	struct provider *providers;
	/* To make reverse lists of: packages by the names in their D: and i: */
	struct range *depends_users, *iif_users; /* by name: of `users` */
	uint32_t *users;
	uint32_t *walk;	     /* all names in the order of apk's table */
	uint32_t *rank;	     /* by name: where it stands in `walk` */
	uint64_t *is_ranked; /* bits by rank, all zero between uses */

	struct queue_fifo dirty, now;
	struct queue_heap autos, rest;
	uint64_t norder; /* names discovered */
	uint32_t nqueued;
	uint32_t epoch; /* changes whenever a name may be marked anew */
	uint32_t stamp; /* of the reconsideration */
	uint64_t work;
	size_t nerrors;
	struct solve_clash *clashes;
	size_t nclashes, clashes_cap;

	struct solve_change *changes;
	size_t nchanges, changes_cap;
};

/* A word that is to hold: of `by` (NO_PACKAGE: the world). */
struct wish {
	uint32_t by;
	uint32_t name;
	const struct dependency *word;
	uint64_t tag_repos; /* of a word of the world: those of its tag */
};

/* The name numbers of a package's words. */
static inline const uint32_t *depends_of(const struct solver *s, uint32_t pkg)
{
	return s->words + s->packages[pkg].words;
}

static inline const uint32_t *provides_of(const struct solver *s, uint32_t pkg)
{
	return depends_of(s, pkg) + s->packages[pkg].ndepends;
}

static inline const uint32_t *iifs_of(const struct solver *s, uint32_t pkg)
{
	return provides_of(s, pkg) + s->packages[pkg].nprovides;
}

/* The names a package has: i is 0 for the primary one, then p: */
static inline uint32_t name_of(const struct solver *s, uint32_t pkg, size_t i)
{
	return i ? provides_of(s, pkg)[i - 1] : s->packages[pkg].name;
}

static inline size_t nnames_of(const struct solver *s, uint32_t pkg)
{
	return (size_t)s->packages[pkg].nprovides + 1;
}

static inline const struct provider *providers_of(
	const struct solver *s, const struct solve_name *name)
{
	return s->providers + name->providers.first;
}

/* Whether the request is too much work: loops over foreign numbers ask. */
static inline bool solver_gave_up(const struct solver *s)
{
	return s->work > SOLVE_WORK_MAX;
}

/* solve_table: the number of the item that is the same as key; NO_NAME: it is
 * not there. */
uint32_t table_find(struct solver *s, const struct solve_table *table,
	struct slice key,
	struct slice (*key_of)(const struct solver *, uint32_t));
void table_add(struct solver *s, struct solve_table *table, uint32_t hash,
	uint32_t id);
uint32_t bytes_hash(struct slice text);

/* solve_names: the number of a name, a new one for a new name. */
uint32_t names_get(struct solver *s, struct slice text);
/* NO_NAME: nobody ever mentions it. */
uint32_t names_find(struct solver *s, struct slice text);
/* What the next two need. */
void names_link(struct solver *s);
/* Names a provider of which has a word on this one in D:, or in i: */
const struct reverse *names_rdeps(struct solver *s, uint32_t name);
const struct reverse *names_riifs(struct solver *s, uint32_t name);

/* solve_model: everything up to providers. ERROR_SOLVE: an unknown tag in the
 * world; ERROR_INPUT: more packages or words than can be counted. */
int model_build(struct solver *s, struct error *err) MUST_CHECK;
/* Where the tag stands in solver.tags; ntags: nowhere. */
size_t model_find_tag(const struct solver *s, struct slice tag);
/* The tag that a package would be taken from; 0: none. */
size_t model_tag_of(const struct solver *s, uint32_t pkg);
/* The word of the world with its tag's repositories. */
struct wish model_wish(const struct solver *s, size_t world);

void discover(struct solver *s, uint32_t name);

/* solve_constrain. Whether the word of package `by` holds on a provider. */
bool word_holds(const struct solver *s, const struct dependency *word,
	uint32_t by, const struct provider *provider);
void constrain(struct solver *s, const struct wish *wish);
void constrain_depends(struct solver *s, uint32_t pkg);
/* One more requirer, of any version. */
void require_name(struct solver *s, uint32_t name);
void inherit_tags(struct solver *s, uint32_t pkg, uint32_t from);
struct refusal_reason {
	enum refusal why;
	uint32_t by, name;
	const struct dependency *word;
};
void disqualify(
	struct solver *s, uint32_t pkg, const struct refusal_reason *reason);
/* Names whose providers depend on it, or have a rule that names it, are to
 * be reconsidered. */
void mark_rdeps(struct solver *s, uint32_t name);
void mark_riifs(struct solver *s, uint32_t name);
void mark_new_epoch(struct solver *s);

/* solve_queue */
void dirty_push(struct solver *s, uint32_t name);
uint32_t dirty_pop(struct solver *s); /* NO_NAME: nothing is dirty */
/* When it is not queued yet. */
void queue_name(struct solver *s, uint32_t name);
/* Where it belongs now. */
void requeue_name(struct solver *s, uint32_t name);
uint32_t queue_pop(struct solver *s); /* NO_NAME: nothing is left */
void queues_release(struct solver *s);

void reconsider(struct solver *s, uint32_t id);
bool is_auto_selectable(const struct solver *s, const struct provider *p);
void select_name(struct solver *s, uint32_t id);
/* The changes in apk's order. */
void order_changes(struct solver *s);

/* Sets ERROR_SOLVE. */
int explain(struct solver *s, struct error *err);
/* solve_reason: "name-version (repository): why it does not serve the wish" */
void explain_candidate(const struct solver *s, const struct wish *wish,
	const struct provider *provider, struct buf *out);

#endif
