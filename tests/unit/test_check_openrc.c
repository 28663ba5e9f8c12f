/* SPDX-License-Identifier: MIT
 *
 * Rules about OpenRC under busybox' init.
 */
#include "unit/check_scene.h"

#define LEVELS                                                                 \
	"# a comment with getty\n"                                             \
	"::sysinit:/sbin/openrc --nocolor sysinit\n"                           \
	"::sysinit:/sbin/openrc --nocolor boot\n"                              \
	"::wait:/sbin/openrc --nocolor default\n"
#define SHUTDOWN "::shutdown:/sbin/openrc --nocolor shutdown\n"
#define SETTINGS "rc_sys=\"docker\"\nrc_logger=\"NO\"\n"

static void openrc(struct scene *s)
{
	scene_elf(s, "sbin/openrc", EM_X86_64);
	scene_put(s, "etc/inittab", LEVELS SHUTDOWN);
	scene_put(s, "etc/rc.conf", SETTINGS);
}

/* The shutdown of our own images has a time limit. */
static void openrc_with_a_limit(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/inittab",
		LEVELS "::shutdown:/usr/bin/timeout 7 /sbin/openrc --nocolor "
		       "shutdown\n");
}

static void without_inittab(struct scene *s)
{
	openrc(s);
	scene_drop(s, "etc/inittab");
}

static void without_default(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/inittab",
		"::sysinit:/sbin/openrc -C sysinit\n"
		"::sysinit:/sbin/openrc -C boot\n" SHUTDOWN);
}

static void without_shutdown(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/inittab", LEVELS);
}

static void with_getty(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/inittab",
		LEVELS "tty1::respawn:/sbin/getty 38400 tty1\n" SHUTDOWN);
}

static void with_askfirst(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/inittab", LEVELS "tty1::askfirst:/bin/sh\n" SHUTDOWN);
}

static void without_rc_conf(struct scene *s)
{
	openrc(s);
	scene_drop(s, "etc/rc.conf");
}

static void with_empty_rc_sys(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/rc.conf", "#rc_sys=docker\nrc_sys=\"\"\n");
}

static void with_logger(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/rc.conf", SETTINGS "rc_logger=\"YES\"\n");
}

static void with_logger_and_comment(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/rc.conf", SETTINGS "rc_logger=\"YES\" # why\n");
}

static void with_bare_logger_and_comment(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/rc.conf", SETTINGS "rc_logger=YES\t# why\n");
}

static void with_empty_rc_sys_and_comment(struct scene *s)
{
	openrc(s);
	scene_put(s, "etc/rc.conf", "rc_sys=\"\" # \"docker\"\n");
}

static void with_colour(struct scene *s)
{
	openrc(s);
	scene_put(
		s, "etc/inittab", LEVELS "::shutdown:/sbin/openrc shutdown\n");
}

static void with_colour_that_is_off(struct scene *s)
{
	with_colour(s);
	scene_put(s, "etc/rc.conf", SETTINGS "rc_nocolor=YES\n");
}

static void with_hwclock(struct scene *s)
{
	openrc(s);
	fixture_folder_at(&s->tree, "etc/runlevels", 0755, 0, 0);
	fixture_folder_at(&s->tree, "etc/runlevels/boot", 0755, 0, 0);
	fixture_symlink(
		&s->tree, "etc/runlevels/boot/hwclock", "/etc/init.d/hwclock");
}

/* Some other program is started: init's files do not matter. */
static void without_init(struct scene *s)
{
	static const char *const entrypoint[] = { "/bin/sh" };

	openrc(s);
	scene_put(s, "etc/inittab", "tty1::askfirst:/bin/sh\n");
	s->config.entrypoint = entrypoint;
}

static void without_openrc(struct scene *s)
{
	scene_put(s, "etc/inittab", "::respawn:/bin/server\n");
}

static void with_interfaces(struct scene *s)
{
	openrc(s);
	fixture_folder_at(&s->tree, "etc/network", 0755, 0, 0);
	scene_put(s, "etc/network/interfaces",
		"auto lo\niface lo inet loopback\n  auto eth0\n");
}

static void with_other_interfaces(struct scene *s)
{
	openrc(s);
	fixture_folder_at(&s->tree, "etc/network", 0755, 0, 0);
	scene_put(s, "etc/network/interfaces",
		"# auto eth0\nauto lo\niface lo inet loopback\n");
}

static const struct subject_case cases[] = {
	SUBJECT_CASE("", openrc),
	SUBJECT_CASE("", openrc_with_a_limit),
	SUBJECT_CASE("openrc-start openrc-shutdown", without_inittab),
	SUBJECT_CASE("openrc-start", without_default),
	SUBJECT_CASE("openrc-shutdown", without_shutdown),
	SUBJECT_CASE("openrc-getty", with_getty),
	SUBJECT_CASE("openrc-getty", with_askfirst),
	SUBJECT_CASE("openrc-sys", without_rc_conf),
	SUBJECT_CASE("openrc-sys", with_empty_rc_sys),
	SUBJECT_CASE("openrc-log", with_logger),
	SUBJECT_CASE("openrc-log", with_logger_and_comment),
	SUBJECT_CASE("openrc-log", with_bare_logger_and_comment),
	SUBJECT_CASE("openrc-sys", with_empty_rc_sys_and_comment),
	SUBJECT_CASE("openrc-log", with_colour),
	SUBJECT_CASE("", with_colour_that_is_off),
	SUBJECT_CASE("openrc-service", with_hwclock),
	SUBJECT_CASE("openrc-interfaces", with_interfaces),
	SUBJECT_CASE("", with_other_interfaces),
	SUBJECT_CASE("", without_init),
	SUBJECT_CASE("", without_openrc),
};

int main(void)
{
	return scene_cases(cases, ARRAY_SIZE(cases));
}
