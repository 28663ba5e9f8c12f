/* SPDX-License-Identifier: MIT
 *
 * The request as numbered packages and names. Records with equal identities
 * are one package: the first one's data counts, in the order installed
 * database, repositories.
 */
#include "apk/solve_state.h"

#include "base/nearest.h"

struct counts {
	size_t packages, words;
};

static void count_package(struct counts *c, const struct package *p)
{
	c->packages++;
	c->words += p->depends.n + p->provides.n + p->install_if.n;
}

static struct counts count_all(const struct solve_request *request)
{
	struct counts c = { 0 };
	const struct installed *db = request->installed;

	for (size_t i = 0; db && i < db->n; i++)
		count_package(&c, &db->packages[i]->package);
	for (size_t r = 0; r < request->nrepositories; r++) {
		const struct index *index = request->repositories[r].index;

		for (size_t i = 0; i < index->n; i++)
			count_package(&c, &index->packages[i]);
	}
	return c;
}

static size_t tag_number(struct solver *s, struct slice tag)
{
	size_t i = model_find_tag(s, tag);

	if (i == s->ntags)
		s->tags[s->ntags++].text = tag;
	return i;
}

static int check_tag(const struct solver *s, const struct dependency *word,
	struct error *err)
{
	const char *known[SOLVE_REPOSITORIES_MAX], *near;
	SCOPED_FREE char *text = NULL, *tag = NULL;
	size_t n = 0;

	for (size_t r = 0; r < s->request->nrepositories; r++) {
		if (!s->request->repositories[r].tag)
			continue;
		if (slice_is(word->tag, s->request->repositories[r].tag))
			return 0;
		known[n++] = s->request->repositories[r].tag;
	}
	text = dependency_text(word);
	tag = slice_dup(word->tag);
	near = nearest_find(tag, known, n);
	return error_set(err, ERROR_SOLVE,
		"the world wants %s, but no repository has the tag @%s%s%s%s",
		text, tag, near ? " (did you mean @" : "", near ? near : "",
		near ? "?)" : "");
}

/* In apk's order: the world's, the database's, the repositories'. */
static int read_tags(struct solver *s, struct error *err)
{
	const struct solve_request *request = s->request;
	const struct dependency_list *world = request->world;

	s->tags = arena_alloc(
		&s->arena, (request->nrepositories + 1) * sizeof(*s->tags));
	s->ntags = 1;
	for (size_t i = 0; i < world->n; i++) {
		if (!world->items[i].tag.len)
			continue;
		if (check_tag(s, &world->items[i], err))
			return -1;
		tag_number(s, world->items[i].tag);
	}
	for (size_t r = 0; r < request->nrepositories; r++)
		s->tags[tag_number(s, slice_of(request->repositories[r].tag))]
			.repos |= (uint64_t)1 << r;
	return 0;
}

size_t model_find_tag(const struct solver *s, struct slice tag)
{
	size_t i = 0;

	while (i < s->ntags && !slice_eq(s->tags[i].text, tag))
		i++;
	return i;
}

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* strcasecmp of the C locale, then strcmp. */
static int compare_names(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned char x = (unsigned char)folded(a.ptr[i]);
		unsigned char y = (unsigned char)folded(b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return slice_cmp(a, b);
}

struct world_word {
	const struct dependency *word;
	size_t i;
};

static int compare_words(const void *a, const void *b)
{
	const struct world_word *x = a, *y = b;
	int r = compare_names(x->word->name, y->word->name);

	return r ? r : x->i < y->i ? -1 : x->i > y->i;
}

static void read_world(struct solver *s)
{
	const struct dependency_list *world = s->request->world;
	struct world_word *sorted =
		arena_alloc(&s->arena, (world->n + 1) * sizeof(*sorted));

	s->nworld = world->n;
	s->world = arena_alloc(&s->arena, (world->n + 1) * sizeof(*s->world));
	s->world_names = arena_alloc(
		&s->arena, (world->n + 1) * sizeof(*s->world_names));
	for (size_t i = 0; i < world->n; i++) {
		sorted[i] = (struct world_word){ &world->items[i], i };
		names_get(s, world->items[i].name);
	}
	qsort(sorted, world->n, sizeof(*sorted), compare_words);
	for (size_t i = 0; i < world->n; i++) {
		s->world[i] = *sorted[i].word;
		s->world_names[i] = names_find(s, s->world[i].name);
	}
}

static uint32_t *number_words(
	struct solver *s, const struct dependency_list *list, uint32_t *out)
{
	for (size_t i = 0; i < list->n; i++)
		*out++ = names_get(s, list->items[i].name);
	return out;
}

static struct slice identity_key(const struct identity *identity)
{
	return slice_make(identity->bytes,
		identity->kind == IDENTITY_SHA1 ? 20 : IDENTITY_BYTES_MAX);
}

static struct slice key_of_package(const struct solver *s, uint32_t pkg)
{
	return identity_key(&s->packages[pkg].package->identity);
}

static void number_package(struct solver *s, const struct package *p)
{
	struct solve_package *pkg = &s->packages[s->npackages++];
	uint32_t *words = s->words + s->nwords;

	pkg->words = s->nwords;
	pkg->ndepends = (uint32_t)p->depends.n;
	pkg->nprovides = (uint32_t)p->provides.n;
	pkg->niifs = (uint32_t)p->install_if.n;
	pkg->package = p;
	pkg->name = names_get(s, p->name);
	words = number_words(s, &p->depends, words);
	words = number_words(s, &p->provides, words);
	words = number_words(s, &p->install_if, words);
	s->nwords = (uint32_t)(words - s->words);
}

/* The number of the package, which may be an older one of that identity. */
static uint32_t read_package(struct solver *s, const struct package *p,
	struct solve_table *identities)
{
	struct slice key = identity_key(&p->identity);
	uint32_t id = s->npackages;

	if (p->identity.kind != IDENTITY_NONE) {
		id = table_find(s, identities, key, key_of_package);
		if (id != NO_NAME)
			return id;
		id = s->npackages;
		table_add(s, identities, bytes_hash(key), id);
	}
	number_package(s, p);
	return id;
}

static void read_installed(struct solver *s, struct solve_table *identities)
{
	const struct installed *db = s->request->installed;
	size_t n = db ? db->n : 0;

	s->installed = arena_alloc(&s->arena, (n + 1) * sizeof(*s->installed));
	for (size_t i = 0; i < n; i++) {
		const struct db_package *record = db->packages[i];
		uint32_t id = read_package(s, &record->package, identities);
		size_t tag = model_find_tag(s, record->tag);

		for (size_t j = 0; j < record->package.replaces.n; j++)
			names_get(s, record->package.replaces.items[j].name);
		if (s->packages[id].installed)
			continue;
		s->packages[id].installed = record;
		if (tag < s->ntags)
			s->packages[id].tag_repos = s->tags[tag].repos;
		s->installed[s->ninstalled++] = id;
	}
}

static void read_repositories(struct solver *s, struct solve_table *identities)
{
	const struct solve_request *request = s->request;

	for (size_t r = 0; r < request->nrepositories; r++) {
		const struct index *index = request->repositories[r].index;
		uint64_t bit = (uint64_t)1 << r;

		for (size_t i = 0; i < index->n && !solver_gave_up(s); i++) {
			uint32_t id = read_package(
				s, &index->packages[i], identities);

			s->packages[id].repos |= bit;
			s->packages[id].tag_repos |= bit;
		}
	}
}

static void add_provider(struct solver *s, uint32_t name, struct provider p)
{
	struct solve_name *n = &s->names[name];

	s->providers[n->providers.first + n->providers.n++] = p;
}

/* A package is a provider of its own name, then of each p: word's. */
static void link_providers(struct solver *s)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < s->npackages; i++) {
		s->names[s->packages[i].name].has_real_provider = true;
		for (size_t j = 0; j < nnames_of(s, i); j++)
			s->names[name_of(s, i, j)].providers.n++;
	}
	for (size_t i = 0; i < s->nnames; i++) {
		s->names[i].providers.first = total;
		total += s->names[i].providers.n;
		s->names[i].providers.n = 0;
	}
	s->providers = arena_alloc(
		&s->arena, ((size_t)total + 1) * sizeof(*s->providers));
	for (uint32_t i = 0; i < s->npackages; i++) {
		const struct package *p = s->packages[i].package;

		add_provider(s, s->packages[i].name,
			(struct provider){ i, p->version });
		for (size_t j = 0; j < p->provides.n; j++)
			add_provider(s, provides_of(s, i)[j],
				(struct provider){
					i, p->provides.items[j].version });
	}
}

static void mark_named(struct solver *s)
{
	const struct dependency_list *named = s->request->named;

	for (size_t i = 0; named && i < named->n; i++) {
		uint32_t name = names_find(s, named->items[i].name);

		if (name != NO_NAME)
			s->names[name].is_named = true;
	}
}

int model_build(struct solver *s, struct error *err)
{
	struct counts counts = count_all(s->request);
	struct solve_table identities = { 0 };

	if (counts.packages + counts.words >= NO_NAME)
		return error_set(err, ERROR_INPUT,
			"the repositories have more packages and words than "
			"can be handled");
	if (read_tags(s, err))
		return -1;
	s->packages = arena_alloc(
		&s->arena, (counts.packages + 1) * sizeof(*s->packages));
	s->words =
		arena_alloc(&s->arena, (counts.words + 1) * sizeof(*s->words));
	read_world(s);
	read_installed(s, &identities);
	read_repositories(s, &identities);
	mark_named(s);
	link_providers(s);
	names_link(s);
	return 0;
}

/* As apk counts: the first tag that allows one of the package's repositories,
 * "no tag" before all. */
size_t model_tag_of(const struct solver *s, uint32_t pkg)
{
	const struct solve_package *p = &s->packages[pkg];

	for (size_t i = 0; i < s->ntags; i++) {
		uint64_t repos = s->tags[i].repos;

		if ((repos & p->allowed) && (repos & p->tag_repos))
			return i;
	}
	return 0;
}

struct wish model_wish(const struct solver *s, size_t world)
{
	const struct dependency *word = &s->world[world];
	size_t tag = model_find_tag(s, word->tag);

	return (struct wish){ .by = NO_PACKAGE,
		.name = s->world_names[world],
		.word = word,
		.tag_repos = tag < s->ntags ? s->tags[tag].repos : 0 };
}
