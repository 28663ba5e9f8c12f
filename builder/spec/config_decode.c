/* SPDX-License-Identifier: MIT */
#include "spec/config_decode.h"

#include <string.h>

#include "spec/manifest.h"
#include "spec/syntax.h"

#define SIGNAL_MAX 64 /* Linux' SIGRTMAX */

/* entrypoint and cmd: the list replaces what was inherited. */
static int decode_argv(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const struct list_type type = { .size = sizeof(char *),
		.item = decode_text,
		.add = decode_add_any };
	struct string_list argv = { 0 };

	if (decode_list(d, v, &type, &argv, err))
		return -1;
	if (argv.n && !argv.items[0][0])
		return decode_complain(
			d, v, err, "the program's name is empty");
	*(struct string_list *)out = argv;
	return 0;
}

/* Index of the item that sets the same KEY as `item`, or list->n. */
static size_t env_index(const struct string_list *list, const char *item)
{
	size_t n = strcspn(item, "=") + 1;
	size_t i = 0;

	while (i < list->n && strncmp(list->items[i], item, n) != 0)
		i++;
	return i;
}

static int decode_env_item(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_env, out, err);
}

static int add_env(const struct decoder *d, const struct value *v, void *list,
	const void *item, struct error *err)
{
	struct string_list *env = list;
	const char *text = *(const char *const *)item;

	if (env_index(env, text) < env->n)
		return decode_complain(d, v, err, "%.*s is set twice",
			(int)strcspn(text, "="), text);
	string_list_add(env, text, d->arena);
	return 0;
}

static int decode_env(const struct decoder *d, const struct value *v, void *out,
	struct error *err)
{
	static const struct list_type type = {
		.size = sizeof(char *), .item = decode_env_item, .add = add_env
	};
	struct string_list *all = out, own = { 0 };

	if (decode_list(d, v, &type, &own, err))
		return -1;
	for (size_t i = 0; i < own.n; i++) {
		size_t at = env_index(all, own.items[i]);

		if (at < all->n)
			all->items[at] = own.items[i];
		else
			string_list_add(all, own.items[i], d->arena);
	}
	return 0;
}

static int decode_working_dir(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_absolute, out, err);
}

static int decode_user_ref(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_string_as(d, v, &syntax_owner, out, err);
}

/* Real-time signals are SIGRTMIN+n and SIGRTMAX-n. */
static bool is_realtime(const char *name)
{
	uint64_t n;

	if (strncmp(name, "SIGRTMIN", 8) != 0 &&
		strncmp(name, "SIGRTMAX", 8) != 0)
		return false;
	if (!name[8])
		return true;
	return name[8] == (name[6] == 'I' ? '+' : '-') &&
	       !slice_to_u64(slice_of(name + 9), 10, 30, &n);
}

static int decode_signal_name(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	static const char *const names[] = { "SIGTERM", "SIGHUP", "SIGINT",
		"SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
		"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE",
		"SIGALRM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP",
		"SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ",
		"SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
		NULL };
	static const struct word_list list = { "signal", names };
	const char *text = json_string_value(v->json);
	size_t i;

	if (!is_realtime(text) && decode_word(d, v, &list, &i, err))
		return -1;
	*(const char **)out = arena_strdup(d->arena, text);
	return 0;
}

static int decode_signal(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	json_int_t number = json_integer_value(v->json);

	if (json_is_string(v->json))
		return decode_signal_name(d, v, out, err);
	if (!json_is_integer(v->json) || number < 1 || number > SIGNAL_MAX)
		return decode_complain(d, v, err,
			"expected a signal such as \"SIGTERM\" or a number "
			"from 1 to %d, found %s",
			SIGNAL_MAX, value_show(d, v));
	*(const char **)out = arena_printf(d->arena, "%d", (int)number);
	return 0;
}

static int decode_label(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	const char *text;

	if (!syntax_word.accepts(v->key))
		return decode_complain(d, v, err, "expected a key of %s",
			syntax_word.expected);
	if (decode_string(d, v, &text, err))
		return -1;
	pair_list_set(out, v->key, text, d->arena);
	return 0;
}

static int decode_labels(const struct decoder *d, const struct value *v,
	void *out, struct error *err)
{
	return decode_members(d, v, decode_label, out, err);
}

static const struct field config_fields[] = {
	{ .key = "entrypoint",
		.decode = decode_argv,
		.offset = offsetof(struct manifest, entrypoint) },
	{ .key = "cmd",
		.decode = decode_argv,
		.offset = offsetof(struct manifest, cmd) },
	{ .key = "env",
		.decode = decode_env,
		.offset = offsetof(struct manifest, env) },
	{ .key = "working-dir",
		.decode = decode_working_dir,
		.offset = offsetof(struct manifest, working_dir) },
	{ .key = "user",
		.decode = decode_user_ref,
		.offset = offsetof(struct manifest, user) },
	{ .key = "stop-signal",
		.decode = decode_signal,
		.offset = offsetof(struct manifest, stop_signal) },
	{ .key = "labels",
		.decode = decode_labels,
		.offset = offsetof(struct manifest, labels) },
};

const struct table config_table = { config_fields, ARRAY_SIZE(config_fields) };
