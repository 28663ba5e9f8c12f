/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "routeros/quote.h"
#include "routeros/setup.h"

static struct arena arena;

static int make(void **state)
{
	arena_init(&arena);
	return 0;
}

static int drop(void **state)
{
	arena_release(&arena);
	return 0;
}

static struct router_setup minimal(void)
{
	return (struct router_setup){ .version = { 7, 20, 0 },
		.image = "my.web",
		.architecture = "arm",
		.file = "web.tar" };
}

static void defaults_follow_from_the_name(void **state)
{
	struct router_setup setup = minimal();
	struct error err = { 0 };

	*setup_add_volume(&setup, &arena) = (struct setup_volume){ "/var/x" };
	assert_int_equal(setup_complete(&setup, &arena, &err), 0);
	assert_string_equal(setup.name, "my-web");
	assert_string_equal(setup.file, "usb1/web.tar");
	assert_string_equal(setup.root_dir, "usb1/my-web");
	assert_string_equal(setup.veth, "veth-my-web");
	assert_string_equal(setup.owner, "alpbuild: my-web");
	assert_string_equal(setup.volumes[0].source, "usb1/my-web-var-x");
	assert_string_equal(setup.gateway, "172.17.0.1");
	assert_string_equal(setup.router_address, "172.17.0.1/24");
	assert_string_equal(setup.network, "172.17.0.0/24");
	assert_string_equal(setup.container_ip, "172.17.0.2");
}

static void name_alone_needs_nothing_else(void **state)
{
	struct router_setup setup = { .image = "my.web" };
	struct error err = { 0 };

	assert_int_equal(setup_complete_name(&setup, &arena, &err), 0);
	assert_string_equal(setup.name, "my-web");
	setup = (struct router_setup){ .name = "a b" };
	assert_int_equal(setup_complete_name(&setup, &arena, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
}

static void without_a_disk_there_is_no_slash(void **state)
{
	struct router_setup setup = minimal();
	struct error err = { 0 };

	setup.disk = "";
	assert_int_equal(setup_complete(&setup, &arena, &err), 0);
	assert_string_equal(setup.file, "web.tar");
	assert_string_equal(setup.root_dir, "my-web");
}

static void refuses(struct router_setup setup, const char *text)
{
	struct error err = { 0 };

	assert_int_equal(setup_complete(&setup, &arena, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
	if (!strstr(err.text, text))
		fail_msg("no \"%s\" in: %s", text, err.text);
}

#define REFUSES(member, value, text)                                           \
	do {                                                                   \
		struct router_setup wrong = minimal();                         \
		wrong.member = (value);                                        \
		refuses(wrong, text);                                          \
	} while (0)

static void what_could_break_out_is_refused(void **state)
{
	REFUSES(name, "a b", "--name");
	REFUSES(name, "", "--name");
	REFUSES(name, "a.b", "--name");
	REFUSES(bridge, "a\"b", "--bridge");
	REFUSES(from, "$x", "--from");
	REFUSES(disk, "/usb1", "--disk");
	REFUSES(disk, "usb1/..", "--disk");
	REFUSES(root_dir, "usb1/x/", "--root-dir");
	REFUSES(root_dir, "usb1/x.b", "--root-dir");
	REFUSES(root_dir, "usb1/x.c", "--root-dir");
	REFUSES(root_dir, "usb1/x.d", "--root-dir");
	REFUSES(file, "x\".tar", "the image on the router");
	REFUSES(dns, "one.one.one.one", "--dns");
	REFUSES(dns, "1.1.1.1,", "--dns");
	REFUSES(address, "172.17.0.2", "--address");
	REFUSES(address, "172.17.0.2/33", "--address");
	REFUSES(address, "172.17.0/24", "--address");
	REFUSES(gateway, "172.17.0.2", "--gateway");
	REFUSES(gateway, "172.17.1.1", "--gateway");
}

static void quoted(const char *text, const char *want)
{
	struct buf buf;

	buf_init(&buf, ERROR_TEXT_SIZE);
	quote_add(&buf, text);
	assert_string_equal(buf.data, want);
	buf_release(&buf);
}

static void quoted_text_is_one_word(void **state)
{
	quoted("", "\"\"");
	quoted("a b;{}[]()", "\"a b;{}[]()\"");
	quoted("\"\\$", "\"\\\"\\\\\\$\"");
	quoted("a?\n\r\t", "\"a\\3F\\0A\\0D\\09\"");
	quoted("\xc3\xa4\x7f", "\"\\C3\\A4\\7F\"");
}

static void comment_stays_on_its_line(void **state)
{
	struct buf buf;

	buf_init(&buf, ERROR_TEXT_SIZE);
	quote_add_comment(&buf, "a\nb\\");
	assert_string_equal(buf.data, "a b ");
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_follow_from_the_name),
		cmocka_unit_test(name_alone_needs_nothing_else),
		cmocka_unit_test(without_a_disk_there_is_no_slash),
		cmocka_unit_test(what_could_break_out_is_refused),
		cmocka_unit_test(quoted_text_is_one_word),
		cmocka_unit_test(comment_stays_on_its_line),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
