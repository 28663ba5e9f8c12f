/* SPDX-License-Identifier: MIT
 *
 * driver_apkdb: apk's database files read and written again, for apk_db.sh.
 *
 *	driver_apkdb installed DB             lib/apk/db/installed
 *	driver_apkdb triggers DB TRIGGERS     lib/apk/db/triggers
 *	driver_apkdb scripts DB SCRIPTS       scripts.tar, packages in the
 *	                                      order that it has itself
 *	driver_apkdb add DB SCRIPTS NEW DIR   scripts.tar after the packages
 *	                                      of the database NEW were added,
 *	                                      whose scripts are in DIR/NAME
 */
#include <stdio.h>
#include <string.h>

#include "apk/scripts_archive.h"
#include "base/file.h"

#define FILE_MAX ((size_t)64 << 20)

struct state {
	struct arena arena;
	struct installed db;
	struct script_list scripts;
};

static void must(int failed, const struct error *err)
{
	if (!failed)
		return;
	fprintf(stderr, "driver_apkdb: %s\n", err->text);
	exit(1);
}

static struct slice read_file(struct state *s, const char *path)
{
	SCOPED_BUF struct buf buf;
	struct error err = { 0 };

	must(file_read(path, FILE_MAX, &buf, &err), &err);
	return slice_make(
		arena_copy(&s->arena, buf.data ? buf.data : "", buf.len),
		buf.len);
}

static void read_db(struct state *s, struct installed *db, const char *path)
{
	struct error err = { 0 };

	installed_init(db, &s->arena);
	must(installed_parse(db, read_file(s, path), path, &err), &err);
}

static void read_scripts(struct state *s, const char *path)
{
	struct error err = { 0 };

	must(scripts_archive_parse(
		     &s->scripts, read_file(s, path), path, &s->arena, &err),
		&err);
}

static void put(struct buf *out)
{
	fwrite(out->data, 1, out->len, stdout);
	buf_release(out);
}

static void write_scripts(const struct state *s, const struct installed *db)
{
	struct error err = { 0 };
	struct buf_sink sink;
	struct buf out;

	buf_init(&out, FILE_MAX);
	buf_sink_init(&sink, &out);
	scripts_archive_write(&s->scripts, db, APK_2, &sink.sink);
	must(sink_close(&sink.sink, &err), &err);
	put(&out);
}

static void do_installed(struct state *s, char **args)
{
	struct buf out;

	buf_init(&out, FILE_MAX);
	installed_print(&s->db, APK_2, &out);
	put(&out);
}

static void do_triggers(struct state *s, char **args)
{
	struct slice text = read_file(s, args[0]);
	struct error err = { 0 };
	struct buf out;

	must(triggers_parse(&s->db, text, args[0], &err), &err);
	buf_init(&out, FILE_MAX);
	triggers_print(&s->db, APK_2, &out);
	put(&out);
}

/* What genrootfs installed first stands first in the archive, and apk forgets
 * that order when it reads the sorted database. */
static void do_scripts(struct state *s, char **args)
{
	struct installed db;

	installed_init(&db, &s->arena);
	read_scripts(s, args[0]);
	for (size_t i = 0; i < s->scripts.n; i++) {
		struct slice name = s->scripts.items[i].package;

		if (!installed_find(&db, name) && installed_find(&s->db, name))
			installed_add(
				&db, &installed_find(&s->db, name)->package);
	}
	write_scripts(s, &db);
}

static void add_scripts(
	struct state *s, const struct package *pkg, const char *dir)
{
	struct script script = { .identity = pkg->identity };

	for (script.kind = 0; script.kind < SCRIPT_NKINDS; script.kind++) {
		const char *path = arena_printf(&s->arena, "%s/%.*s/.%s", dir,
			SLICE_ARGS(pkg->name), script_names[script.kind]);

		if (access(path, F_OK))
			continue;
		script.text = read_file(s, path);
		script_list_add(&s->scripts, &script, &s->arena);
	}
}

static void do_add(struct state *s, char **args)
{
	struct installed new;

	read_scripts(s, args[0]);
	read_db(s, &new, args[1]);
	for (size_t i = 0; i < new.n; i++) {
		const struct package *pkg = &new.packages[i]->package;

		if (installed_find(&s->db, pkg->name))
			continue;
		installed_add(&s->db, pkg);
		add_scripts(s, pkg, args[2]);
	}
	write_scripts(s, &s->db);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int nargs; /* after the database */
		void (*run)(struct state *s, char **args);
	} commands[] = {
		{ "installed", 0, do_installed },
		{ "triggers", 1, do_triggers },
		{ "scripts", 1, do_scripts },
		{ "add", 3, do_add },
	};
	struct state s = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (argc != commands[i].nargs + 3 ||
			strcmp(argv[1], commands[i].name))
			continue;
		arena_init(&s.arena);
		read_db(&s, &s.db, argv[2]);
		commands[i].run(&s, argv + 3);
		arena_release(&s.arena);
		return fflush(stdout) ? 1 : 0;
	}
	fprintf(stderr, "usage: driver_apkdb COMMAND DB [FILE...]\n");
	return 2;
}
