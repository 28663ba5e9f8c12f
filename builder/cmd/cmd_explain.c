/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/report.h"
#include "routeros/message.h"

#define FOUND_MAX 32
#define WIDTH 78

/* Words in lines, each indented. */
static void print_words(const char *text)
{
	struct slice rest = slice_of(text), word;
	size_t column = 0;

	while (slice_cut(&rest, ' ', &word)) {
		if (column && column + 1 + word.len > WIDTH) {
			putchar('\n');
			column = 0;
		}
		printf("%s%.*s", column ? " " : "  ", SLICE_ARGS(word));
		column += word.len + (column ? 1 : 2);
	}
	putchar('\n');
}

static void print_rules(const struct router_message *message)
{
	SCOPED_BUF struct buf text = { 0 };

	if (!message->rules[0])
		return;
	buf_init(&text, ERROR_TEXT_SIZE);
	buf_add_str(&text, "Rules of alpbuild check that find it:");
	for (size_t i = 0; i < MESSAGE_RULES && message->rules[i]; i++)
		buf_printf(&text, "%s %s", i ? "," : "", message->rules[i]);
	putchar('\n');
	print_words(text.data);
}

static void print_message(const struct router_message *message)
{
	printf("%s\n  seen in: %s\n\n", message->text, message->versions);
	print_words(message->cause);
	putchar('\n');
	print_words(message->remedy);
	print_rules(message);
}

static json_t *message_json(const struct router_message *message)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < MESSAGE_RULES && message->rules[i]; i++)
		json_array_append_new(rules, json_string(message->rules[i]));
	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "message", message->text,
		"versions", message->versions, "cause", message->cause,
		"remedy", message->remedy, "rules", rules);
}

static void tell(const struct request *request,
	const struct router_message *const found[], size_t n)
{
	json_t *messages = json_array();

	for (size_t i = 0; i < n; i++) {
		if (request->json) {
			json_array_append_new(messages, message_json(found[i]));
			continue;
		}
		if (i)
			putchar('\n');
		print_message(found[i]);
	}
	if (request->json)
		report_json(json_pack("{s:O}", "messages", messages));
	json_decref(messages);
}

static int complain(const char *text, struct error *err)
{
	SCOPED_BUF struct buf known;

	buf_init(&known, ERROR_TEXT_SIZE);
	for (const struct router_message *m = router_messages; m->text; m++)
		buf_printf(&known, "\n  %s", m->text);
	return error_set(err, ERROR_NOT_FOUND,
		"no message that is known in \"%.200s\"; known are%s", text,
		known.data);
}

/* The words of the command line are one text, quoted or not. */
static int run_explain(const struct request *request, struct error *err)
{
	const struct router_message *found[FOUND_MAX];
	const struct string_list *words = &request->operands;
	const char *text = "";
	size_t n;

	if (!words->n)
		return error_set(err, ERROR_USAGE,
			"explain: give the text of an error of the router");
	for (size_t i = 0; i < words->n; i++)
		text = arena_printf(request->arena, "%s%s%s", text,
			i ? " " : "", words->items[i]);
	n = router_messages_find(text, found, FOUND_MAX);
	if (!n)
		return complain(text, err);
	tell(request, found, n);
	return 0;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "tell cause and remedy of a router's error",
	.arguments = "TEXT...",
	.text = "Looks up what RouterOS says when a container is not imported "
		"or does not run:\nlines of its log, comments of containers, "
		"answers of commands. A whole log may\nbe given as one text. "
		"docs/messages.md has all messages that are known.\n",
	.examples = "  alpbuild explain 'could not load next layer'\n"
		    "  alpbuild explain \"$(cat router.log)\"\n",
	.groups = { options_common },
	.run = run_explain,
};
