/* SPDX-License-Identifier: MIT */
#include "rootfs/script.h"

#include "rootfs/script_command.h"
#include "rootfs/script_known.h"
#include "rootfs/script_line.h"
#include "rootfs/script_shape.h"

/* A script on its way: first understood, then carried out. */
struct emulation {
	struct script_work work;
	const struct script *script;
	struct arena scratch; /* what only understanding needs */
};

/* All commands of a text, or the first thing that is not understood. */
static bool understand(struct emulation *e, struct slice text,
	struct script_commands *commands, const char **why)
{
	if (!script_parse(commands, text, &e->scratch, why))
		return false;
	for (size_t i = 0; i < commands->n; i++) {
		if (!script_command_check(
			    &e->work, &commands->items[i], &e->scratch, why))
			return false;
	}
	return true;
}

/* As the shell goes through them: a failure ends the script only where it
 * says so, and is told in the note. */
static int carry_out(struct emulation *e,
	const struct script_commands *commands, struct error *err)
{
	for (size_t i = 0; i < commands->nreached; i++) {
		const struct script_command *c = &commands->items[i];
		int rc = script_command_run(&e->work, c, err);

		if (rc < 0)
			return error_wrap(
				err, "%s: line %zu", e->work.origin, c->line);
		if (rc && c->on_failure == SCRIPT_STOPS) {
			script_note(&e->work, "which ends the script");
			break;
		}
	}
	return 0;
}

static void enter(
	struct emulation *e, enum script_outcome outcome, const char *otherwise)
{
	struct buf *note = &e->work.note;

	/* what has no room is cut off, but no character in two */
	while (note->overflow && !slice_is_utf8(buf_slice(note)))
		buf_truncate(note, note->len - 1);
	ledger_add(e->work.run->ledger, e->script, outcome,
		note->len ? note->data : otherwise);
}

static int run_known(struct emulation *e, const struct script_known *known,
	struct error *err)
{
	struct script_commands commands;
	const char *text, *why;

	if (known->note)
		script_note(&e->work, "%s", known->note);
	if (known->equivalent) {
		text = arena_printf(
			&e->scratch, "#!/bin/sh\n%s", known->equivalent);
		if (!understand(e, slice_of(text), &commands, &why))
			return error_set(err, ERROR_INTERNAL, "%s: %s",
				e->work.origin, why);
		for (size_t i = 0; i < commands.n; i++)
			commands.items[i].line = 0; /* not the script's own */
		if (carry_out(e, &commands, err))
			return -1;
	}
	if (known->run && known->run(&e->work, err) < 0)
		return error_wrap(err, "%s", e->work.origin);
	enter(e, known->outcome, "nothing to do");
	return 0;
}

/* Messages, and questions about what to tell. */
static bool is_harmless(struct emulation *e)
{
	struct slice text = e->script->text;
	struct script_shape shape;
	const char *why;

	return script_is_shell(text) &&
	       script_shape_read(&shape, text, &e->scratch, &why) &&
	       script_shape_is_harmless(&shape, &e->scratch);
}

static int emulate(struct emulation *e, struct error *err)
{
	const char *why = NULL, *unknown = NULL;
	const struct script_known *known;
	struct script_commands commands;

	if (e->script->text.len > SCRIPT_MAX) {
		script_note(&e->work, "more than %zu bytes", SCRIPT_MAX);
		enter(e, SCRIPT_NOT_RUN, "");
		return 0;
	}
	if (understand(e, e->script->text, &commands, &why)) {
		if (carry_out(e, &commands, err))
			return -1;
		enter(e, SCRIPT_EMULATED, "nothing to do");
		return 0;
	}
	known = script_known_find(&e->work, e->script, &e->scratch, &unknown);
	if (known)
		return run_known(e, known, err);
	if (is_harmless(e)) {
		enter(e, SCRIPT_EMULATED, "does nothing to files");
		return 0;
	}
	script_note(&e->work, "%s", why);
	if (unknown)
		script_note(
			&e->work, "not the script that is known: %s", unknown);
	enter(e, SCRIPT_NOT_RUN, "");
	return 0;
}

int script_emulate(const struct script_run *run, const struct script *script,
	struct error *err)
{
	struct emulation e = { .script = script,
		.work = { .run = run, .tree = run->tree } };
	int rc;

	arena_init(&e.scratch);
	buf_init(&e.work.note, SCRIPT_NOTE_MAX);
	e.work.origin = arena_printf(run->tree->arena, "script %.*s.%s",
		SLICE_ARGS(script->package), script_names[script->kind]);
	rc = emulate(&e, err);
	buf_release(&e.work.note);
	arena_release(&e.scratch);
	return rc;
}
