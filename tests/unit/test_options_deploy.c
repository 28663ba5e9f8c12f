/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/command.h"

#define HEX32 "0123456789abcdefABCDEF0123456789"
#define KEY43 "0123456789012345678901234567890123456789+/A"

static const struct command command = {
	.name = "deploy",
	.groups = { options_deploy, options_router, options_common },
};

struct fixture {
	struct arena arena;
	struct request request;
	struct error err;
};

static int setup(void **state)
{
	struct fixture *f = memory_zero(1, sizeof(*f));

	arena_init(&f->arena);
	request_init(&f->request, &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

/* One option, as "--name=value". */
static int parse(struct fixture *f, const char *option)
{
	char *argv[] = { arena_strdup(&f->arena, "deploy"),
		arena_strdup(&f->arena, option), NULL };

	return options_parse(&command, 2, argv, &f->request, &f->err);
}

static struct deploy_request *parsed(struct fixture *f, const char *option)
{
	if (parse(f, option))
		fail_msg("%s: %s", option, f->err.text);
	return &f->request.deploy;
}

static void assert_refused(
	struct fixture *f, const char *option, enum error_kind kind)
{
	assert_int_equal(parse(f, option), -1);
	assert_int_equal(f->err.kind, kind);
}

static void defaults_are_those_of_the_help(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->request.deploy.settle_s, 10);
	assert_int_equal(f->request.deploy.patience_s, 180);
	assert_int_equal(f->request.deploy.https_port, 0);
	assert_null(f->request.deploy.fingerprint);
}

static void numbers_have_limits(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parsed(f, "--https-port=65535")->https_port, 65535);
	assert_int_equal(parsed(f, "--ssh-port=1")->ssh_port, 1);
	assert_int_equal(parsed(f, "--settle=0")->settle_s, 0);
	assert_int_equal(parsed(f, "--patience=86400")->patience_s, 86400);
	assert_refused(f, "--https-port=0", ERROR_USAGE);
	assert_refused(f, "--ssh-port=65536", ERROR_USAGE);
	assert_refused(f, "--settle=-1", ERROR_USAGE);
	assert_refused(f, "--patience=86401", ERROR_USAGE);
	assert_refused(f, "--patience=", ERROR_USAGE);
}

static void fingerprints_are_64_digits(void **state)
{
	struct fixture *f = *state;

	assert_non_null(parsed(f, "--fingerprint=" HEX32 HEX32)->fingerprint);
	parsed(f, "--fingerprint=01:23:45:67:89:ab:cd:ef:AB:CD:EF:" HEX32
		  "0123456789");
	assert_refused(f, "--fingerprint=" HEX32, ERROR_USAGE);
	assert_refused(f, "--fingerprint=" HEX32 HEX32 "0", ERROR_USAGE);
	assert_refused(f, "--fingerprint=" HEX32 HEX32 " ", ERROR_USAGE);
	assert_refused(f, "--fingerprint=", ERROR_USAGE);
}

static void host_keys_are_as_ssh_keygen_prints_them(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(parsed(f, "--host-key=SHA256:" KEY43)->host_key,
		"SHA256:" KEY43);
	assert_refused(f, "--host-key=MD5:" KEY43, ERROR_USAGE);
	assert_refused(f, "--host-key=SHA256:" KEY43 "=", ERROR_USAGE);
	assert_refused(f, "--host-key=SHA256:", ERROR_USAGE);
}

static void files_have_to_be_there(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
		parsed(f, "--identity=/dev/null")->identity, "/dev/null");
	assert_refused(f, "--identity=/nonexistent/key", ERROR_NOT_FOUND);
	assert_refused(f, "--known-hosts=/nonexistent/hosts", ERROR_NOT_FOUND);
}

static void switches_are_independent(void **state)
{
	struct fixture *f = *state;

	assert_true(parsed(f, "--rollback")->rollback);
	assert_false(f->request.deploy.keep_image);
	assert_true(parsed(f, "--keep-image")->keep_image);
	assert_false(f->request.deploy.forget_previous);
	assert_true(parsed(f, "--forget-previous")->forget_previous);
	assert_false(f->request.dry_run);
	parsed(f, "-n");
	assert_true(f->request.dry_run);
	assert_false(f->request.router.force);
	parsed(f, "--force");
	assert_true(f->request.router.force);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_are_those_of_the_help),
		TEST(numbers_have_limits),
		TEST(fingerprints_are_64_digits),
		TEST(host_keys_are_as_ssh_keygen_prints_them),
		TEST(files_have_to_be_there),
		TEST(switches_are_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
