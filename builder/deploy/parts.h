/* SPDX-License-Identifier: MIT
 *
 * parts: what the files of this folder share: a session with one router, the
 * containers that are ours on it, and the list of what to take back when
 * something fails. Private to builder/deploy.
 */
#ifndef DEPLOY_PARTS_H
#define DEPLOY_PARTS_H

#include "base/buf.h"
#include "deploy/deploy.h"
#include "deploy/rest.h"

#define EXTRACT_LIMIT_MS 600000 /* a slow board with a slow disk */
#define STOP_LIMIT_MS 60000
#define START_LIMIT_MS 30000
#define LOG_KEPT ((size_t)8 << 10) /* bytes of the router's log */

/* ---- containers -------------------------------------------------------- */

/* By their comments, see deploy.h. */
enum mark { MARK_CURRENT, MARK_NEXT, MARK_PREVIOUS, MARK_OLD, MARK_COUNT };

enum container_state {
	CONTAINER_GONE,
	CONTAINER_BUSY, /* is being extracted, or stops */
	CONTAINER_STOPPED,
	CONTAINER_RUNNING,
	CONTAINER_FAILED,
};

/* Texts are in the arena that the caller gave, never NULL. */
struct container {
	enum container_state state;
	const char *id, *name, *interface, *tag;
	const char *root_dir; /* without "/" in front */
	bool is_manual;	      /* does not start with the router */
};

/* ---- what to take back ------------------------------------------------- */

enum undo_kind {
	UNDO_ADDED,	/* remove the item of a menu that has these values */
	UNDO_CONTAINER, /* remove the container of a mark, and its folder */
	UNDO_STOPPED,	/* start it again */
	UNDO_STARTED,	/* stop it again */
	UNDO_MARKED,	/* give it its former mark */
	UNDO_FILE,	/* remove a file */
};

struct undo {
	enum undo_kind kind;
	const char *what;		 /* for messages */
	const char *menu;		 /* ADDED */
	const struct rest_value *values; /* ADDED */
	size_t n;
	enum mark mark, former; /* CONTAINER, STOPPED, STARTED, MARKED */
	const char *path;	/* FILE; root-dir of CONTAINER and MARKED */
	bool was_manual;	/* MARKED */
};

/* ---- the session ------------------------------------------------------- */

struct deploy {
	const struct deploy_login *login; /* borrowed */
	struct http_client *client;
	struct sftp *sftp;
	struct rest rest;
	struct deploy_router router;
	struct arena arena;
	/* of one run */
	const char *owner;
	const char *comments[MARK_COUNT];
	bool dry_run;
	struct undo *undos;
	size_t nundos, undos_cap;
	bool has_told_to_stop; /* some container, which may stop yet */
	struct deploy_event *events;
	size_t nevents, events_cap;
	bool follows_log;
	const char *log_id; /* of the last line that was seen */
	struct buf log;	    /* lines of containers since it began */
};

/* One run: what it wants, and how far it is. */
struct run {
	struct deploy *deploy;
	const struct deploy_options *options;
	struct router_setup setup; /* with the file's name on the router */
	struct router_steps steps;
	const char *part; /* the file while it is uploaded */
	struct container now[MARK_COUNT];
	/* where the new container goes */
	const char *name, *root_dir, *veth;
	bool is_first; /* there is no current one */
	bool has_port; /* the one that is replaced is on a bridge */
};

/* "alpbuild: alp (next)"; in the deploy's arena. */
const char *deploy_comment(struct deploy *deploy, enum mark mark);
/* -1: the comment, which may be NULL, is none of ours: "alpbuild: alp2". */
int deploy_mark(struct deploy *deploy, const char *comment);
/* Tells people, and keeps it for machines. menu may be NULL. */
void deploy_tell(struct deploy *deploy, const char *menu, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* ---- containers.c ------------------------------------------------------ */

/* All of ours; two with one mark are an error. */
int containers_look(struct deploy *deploy, struct container now[MARK_COUNT],
	struct arena *arena, struct error *err) MUST_CHECK;
int container_look(struct deploy *deploy, enum mark mark,
	struct container *container, struct error *err) MUST_CHECK;
/*
 * Until it is in another state than `state`, or limit_ms is over; what it is
 * then is in *container. The router's log is told meanwhile.
 */
struct container_wait {
	enum mark mark;
	enum container_state state;
	long limit_ms;
};
int container_wait(struct deploy *deploy, const struct container_wait *wait,
	struct container *container, struct error *err) MUST_CHECK;
/* Waits until it is so; already so is success. */
int container_start(
	struct deploy *deploy, enum mark mark, struct error *err) MUST_CHECK;
int container_stop(
	struct deploy *deploy, enum mark mark, struct error *err) MUST_CHECK;
/* Stops it, removes it, then its folder. None is success. */
int container_remove(
	struct deploy *deploy, enum mark mark, struct error *err) MUST_CHECK;
/* Whether it runs, and still does when it ran for settle_s. */
int container_settle(struct deploy *deploy, enum mark mark, unsigned settle_s,
	struct error *err) MUST_CHECK;
const char *container_state_text(enum container_state state);

/* ---- change.c ---------------------------------------------------------- */

/* What shall be in a menu; the first nkeys values tell whether it is. */
struct wanted {
	const char *menu, *what, *advice;
	const struct rest_value *values;
	size_t nkeys, n;
};
/* Adds it unless it is there; what was added is taken back later. */
int change_ensure(struct deploy *deploy, const struct wanted *wanted,
	struct error *err) MUST_CHECK;
/* The values of a step, as far as the names in `skipped` (NULL-ended, may be
 * NULL) do not say that the caller has others. */
struct wanted change_wanted(struct deploy *deploy,
	const struct router_step *step, const char *const *skipped,
	const struct rest_value *others);

void undo_add(struct deploy *deploy, const struct undo *undo);
/* From now on there is no way back. */
void undo_forget(struct deploy *deploy);
/* What has begun comes to its end. */
void deploy_ignore_cancel(struct deploy *deploy);
/* Takes everything back, whatever is cancelled; err gets what is left. */
void undo_all(struct deploy *deploy, struct error *err);

/* A file or folder; one that is not there is success. */
int file_remove(
	struct deploy *deploy, const char *path, struct error *err) MUST_CHECK;
/* Bytes; -1: there is none. */
int file_look(struct deploy *deploy, const char *path, int64_t *size,
	struct error *err) MUST_CHECK;

/* ---- marks.c ----------------------------------------------------------- */

/* Finishes or discards what a run that was cut off left; *any: there was. */
int marks_settle(struct deploy *deploy, struct container now[MARK_COUNT],
	bool *any, struct error *err) MUST_CHECK;
/* Interfaces and ports get the marks of their containers. */
int marks_align(struct deploy *deploy, struct error *err) MUST_CHECK;
/* Another mark, and whether it starts with the router. */
struct remark {
	enum mark from, to;
	const char *starts; /* "yes", "no"; NULL: as it is */
};
int marks_change(struct deploy *deploy, const struct remark *remark,
	struct error *err) MUST_CHECK;
/* After the commit: names and states are what marks say; only warns. */
void marks_finish(struct deploy *deploy, const char *name);
/* Names of ours that a run that was cut off mixed up; only warns. */
void marks_rename(struct deploy *deploy, const char *name);

/* ---- the other files --------------------------------------------------- */

/* deploy.c: it runs already, with this tag. */
bool is_unchanged(const struct run *run);
/* preflight.c: whether the router can take it; changes nothing. */
int preflight(struct run *run, struct error *err) MUST_CHECK;
/* preflight_room.c: ... and whether there is room for it. */
int preflight_room(struct run *run, struct error *err) MUST_CHECK;
/* upload.c: under a temporary name, then its own. */
int upload_name(struct run *run, struct error *err) MUST_CHECK;
int upload(struct run *run, struct error *err) MUST_CHECK;
void upload_clean(struct run *run); /* parts of other images; only warns */
/* place.c: folder, interface and name that are free. */
int place_choose(struct run *run, struct error *err) MUST_CHECK;
/* install.c: the steps, up to a container that runs; its two halves. */
int install(struct run *run, struct error *err) MUST_CHECK;
int install_steps(struct run *run, struct error *err) MUST_CHECK;
int install_start(struct run *run, struct error *err) MUST_CHECK;
/* upgrade.c: the same beside one that is there, and the switch; before that,
 * the steps in the network of the one that is there. */
int upgrade_prepare(struct run *run, struct error *err) MUST_CHECK;
int upgrade(struct run *run, struct error *err) MUST_CHECK;
/* A change of marks that can be taken back. */
int upgrade_remark(struct run *run, const struct remark *remark,
	struct error *err) MUST_CHECK;
/* The one after which there is no way back: what was refused is an error, and
 * all can be taken back. */
int upgrade_commit(struct run *run, const struct remark *remark,
	struct error *err) MUST_CHECK;
/* rollback.c: the previous container takes the current one's place. */
int rollback(struct run *run, struct error *err) MUST_CHECK;

/* log.c */
void log_begin(struct deploy *deploy);
/* Lines of containers since the last look; a router that does not tell is no
 * error. */
void log_follow(struct deploy *deploy);
/* Adds what the router said, why, and what helps. */
void log_explain(struct deploy *deploy, struct error *err);

long deploy_now_ms(void); /* of a clock that only goes on */
/* Sleeps; ERROR_INTERRUPTED. */
int deploy_sleep(struct deploy *deploy, long ms, struct error *err) MUST_CHECK;

#endif
