/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/oci_fixture.h"

static const struct digest zero_id = { .kind = DIGEST_SHA256 };

static void json_is_compact_with_sorted_keys(void **state)
{
	static const char *const cmd[] = { "--flag", "a b" };
	struct image_config config = fixture_config("arm", "v7");
	struct digest id = digest_of(DIGEST_SHA256, "abc", 3);
	SCOPED_FREE char *json = NULL;

	config.cmd = cmd;
	config.ncmd = 2;
	config.user = "0:0";
	json = image_config_json(&config, &id);
	assert_string_equal(json,
		"{\"architecture\":\"arm\",\"config\":{"
		"\"Cmd\":[\"--flag\",\"a b\"],\"Entrypoint\":[\"/sbin/init\"],"
		"\"Env\":[\"PATH=/usr/sbin:/usr/bin:/sbin:/bin\",\"TZ=UTC\"],"
		"\"Labels\":{"
		"\"org.opencontainers.image.title\":\"fixture "
		"\\\"\xc3\xbc\\\"\""
		",\"org.opencontainers.image.version\":\"0.0.1\"},"
		"\"StopSignal\":\"SIGUSR2\",\"User\":\"0:0\","
		"\"WorkingDir\":\"/\"},\"created\":\"2024-09-06T11:36:21Z\","
		"\"history\":[{\"comment\":\"a fixture\","
		"\"created\":\"2024-09-06T11:36:21Z\","
		"\"created_by\":\"alpbuild\"}],\"os\":\"linux\","
		"\"rootfs\":{\"diff_ids\":[\"sha256:ba7816bf8f01cfea414140de"
		"5dae2223b00361a396177a9cb410ff61f20015ad\"],"
		"\"type\":\"layers\"},\"variant\":\"v7\"}");
}

static void what_is_not_set_is_left_out(void **state)
{
	const struct image_config config = { .architecture = "amd64" };
	SCOPED_FREE char *json = image_config_json(&config, &zero_id);

	assert_string_equal(json,
		"{\"architecture\":\"amd64\",\"config\":{},"
		"\"created\":\"1970-01-01T00:00:00Z\",\"history\":[{"
		"\"created\":\"1970-01-01T00:00:00Z\","
		"\"created_by\":\"alpbuild\"}],\"os\":\"linux\","
		"\"rootfs\":{\"diff_ids\":[\"sha256:00000000000000000000000000"
		"00000000000000000000000000000000000000\"],"
		"\"type\":\"layers\"}}");
}

static void length_does_not_depend_on_the_diff_id(void **state)
{
	const struct image_config config = fixture_config("arm64", "v8");
	SCOPED_FREE char *a = image_config_json(&config, &zero_id);

	for (int i = 0; i < 50; i++) {
		struct digest id = digest_of(DIGEST_SHA256, &i, sizeof(i));
		SCOPED_FREE char *b = image_config_json(&config, &id);

		assert_int_equal(strlen(a), strlen(b));
	}
}

static void order_of_labels_does_not_matter(void **state)
{
	struct image_config config = fixture_config("arm64", "v8");
	const struct oci_label turned[] = { fixture_labels[1],
		fixture_labels[0] };
	SCOPED_FREE char *a = image_config_json(&config, &zero_id);
	SCOPED_FREE char *b = NULL;

	config.labels = turned;
	b = image_config_json(&config, &zero_id);
	assert_string_equal(a, b);
}

static void a_foreign_config_is_kept_but_for_what_says_nothing(void **state)
{
	static const char *const cmd[] = { "/other" };
	const struct image_config config = { .architecture = "amd64",
		.cmd = cmd,
		.ncmd = 1,
		.run_json = "{\"OnBuild\":null,\"Shell\":[\"/bin/sh\"],"
			    "\"Healthcheck\":{\"Retries\":3},\"Cmd\":"
			    "[\"/init\"]}" };
	SCOPED_FREE char *json = image_config_json(&config, &zero_id);

	assert_non_null(strstr(json, "\"config\":{\"Cmd\":[\"/"
				     "init\"],\"Healthcheck\":{\"Retries\":3},"
				     "\"Shell\":[\"/bin/sh\"]},"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_compact_with_sorted_keys),
		cmocka_unit_test(what_is_not_set_is_left_out),
		cmocka_unit_test(
			a_foreign_config_is_kept_but_for_what_says_nothing),
		cmocka_unit_test(length_does_not_depend_on_the_diff_id),
		cmocka_unit_test(order_of_labels_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
