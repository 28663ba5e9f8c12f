/* SPDX-License-Identifier: MIT
 *
 * Rules about config and tree. Each case starts from an image without fault
 * for amd64, changes it, and names what is found then.
 */
#include "unit/check_scene.h"

#define SHEBANG "#!/bin/none\n"

static const char *const relative[] = { "init", "-x" };
static const char *const absent[] = { "/sbin/none" };

/* ---- config ------------------------------------------------------------ */

static void nothing(struct scene *s)
{
}

static void windows(struct scene *s)
{
	s->subject.os = "windows";
}

static void no_os(struct scene *s)
{
	s->subject.os = NULL;
}

static void mips(struct scene *s)
{
	s->subject.architecture = "mips64le";
}

static void no_command(struct scene *s)
{
	s->config.nentrypoint = 0;
}

static void only_cmd(struct scene *s)
{
	s->config.nentrypoint = 0;
	s->config.cmd = scene_init;
	s->config.ncmd = 1;
}

static void relative_command(struct scene *s)
{
	s->config.entrypoint = relative;
}

static void absent_command(struct scene *s)
{
	s->config.entrypoint = absent;
}

static void not_executable(struct scene *s)
{
	tree_find(&s->tree, "sbin/init")->inode->mode = 0644;
}

static void no_interpreter(struct scene *s)
{
	scene_put(s, "sbin/init", SHEBANG);
	tree_find(&s->tree, "sbin/init")->inode->mode = 0755;
}

static void unknown_user(struct scene *s)
{
	s->config.user = "nobody";
}

static void known_user(struct scene *s)
{
	s->config.user = "web:web";
}

static void user_and_port(struct scene *s)
{
	s->config.user = "80";
	s->subject.config_json =
		"{\"config\":{\"ExposedPorts\":{\"80/tcp\":{}}}}";
}

static void user_and_high_port(struct scene *s)
{
	s->config.user = "80";
	s->subject.config_json =
		"{\"config\":{\"ExposedPorts\":{\"8080/tcp\":{}}}}";
}

static void root_and_port(struct scene *s)
{
	s->config.user = "root";
	s->subject.config_json =
		"{\"config\":{\"ExposedPorts\":{\"80/tcp\":{}}}}";
}

static void no_working_dir(struct scene *s)
{
	s->config.working_dir = "/srv";
}

static void working_dir(struct scene *s)
{
	s->config.working_dir = "/";
}

/* ---- tree -------------------------------------------------------------- */

static void no_shell(struct scene *s)
{
	scene_drop(s, "bin/sh");
}

static void run_is_a_link(struct scene *s)
{
	scene_drop(s, "run");
	fixture_symlink(&s->tree, "run", "var/run");
}

static void no_proc(struct scene *s)
{
	scene_drop(s, "proc");
}

static void resolv_is_a_link(struct scene *s)
{
	fixture_symlink(&s->tree, "etc/resolv.conf", "../run/resolv.conf");
}

static void file_in_run(struct scene *s)
{
	scene_put(s, "run/x.pid", "1\n");
}

static void folder_in_run(struct scene *s)
{
	fixture_folder_at(&s->tree, "run/lock", 0755, 0, 0);
}

static void other_machine(struct scene *s)
{
	scene_elf(s, "bin/tool", EM_AARCH64);
}

static void small_machine(struct scene *s)
{
	scene_elf(s, "bin/tool", EM_386);
}

static void library_of_other_machine(struct scene *s)
{
	scene_elf(s, "bin/libx.so.1", EM_AARCH64);
	tree_find(&s->tree, "bin/libx.so.1")->inode->mode = 0644;
}

static void data_of_other_machine(struct scene *s)
{
	scene_elf(s, "bin/firmware", EM_AARCH64);
	tree_find(&s->tree, "bin/firmware")->inode->mode = 0644;
}

static void private_key(struct scene *s)
{
	scene_put(s, "etc/key",
		"-----BEGIN OPENSSH "
		"PRIVATE KEY-----\nb3BlbnNzaC1r\n");
}

static void public_key(struct scene *s)
{
	scene_put(s, "etc/key", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n");
}

#define A_KEY "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"
#define A_CERTIFICATE                                                          \
	"-----BEGIN CERTIFICATE-----\n"                                        \
	"MIIC0123456789012345678901234567890123456789012345678901234567890\n"  \
	"MIIC0123456789012345678901234567890123456789012345678901234567890\n"  \
	"MIIC0123456789012345678901234567890123456789012345678901234567890\n"  \
	"MIIC0123456789012345678901234567890123456789012345678901234567890\n"  \
	"-----END CERTIFICATE-----\n"

static void key_behind_a_certificate(struct scene *s)
{
	scene_put(s, "etc/both", A_CERTIFICATE A_KEY);
}

static void key_behind_a_text(struct scene *s)
{
	scene_put(s, "etc/server.pem", "Bag Attributes\n" A_KEY);
}

static void certificate_alone(struct scene *s)
{
	scene_put(s, "etc/server.pem", A_CERTIFICATE);
}

static void words_about_keys(struct scene *s)
{
	scene_put(s, "etc/readme.key", "a file begins with " A_KEY);
}

static void with_volume(struct scene *s, const char *path)
{
	s->subject.config_json = arena_printf(
		&s->arena, "{\"config\":{\"Volumes\":{\"%s\":{}}}}", path);
}

static void volume(struct scene *s)
{
	with_volume(s, "/etc");
}

static void volume_missing(struct scene *s)
{
	with_volume(s, "/srv/data");
}

static void volume_is_a_file(struct scene *s)
{
	with_volume(s, "/etc/passwd");
}

static void volume_is_relative(struct scene *s)
{
	with_volume(s, "etc");
}

static void user_and_volume(struct scene *s)
{
	with_volume(s, "/etc");
	s->config.user = "web";
}

static void dropbear_key(struct scene *s)
{
	scene_put(s, "etc/dropbear/dropbear_rsa_host_key", "\001\002\003");
}

static void machine_id(struct scene *s)
{
	scene_put(s, "etc/machine-id", "0123456789abcdef0123456789abcdef\n");
}

static void empty_machine_id(struct scene *s)
{
	scene_put(s, "etc/machine-id", "\n");
}

static void password(struct scene *s)
{
	scene_put(s, "etc/shadow", "root:$6$salt$hash:1:0:::::\n");
}

static void locked_password(struct scene *s)
{
	scene_put(s, "etc/shadow", "root:!$6$salt$hash:1:0:::::\n");
}

static void no_password(struct scene *s)
{
	scene_put(s, "etc/shadow", "root::1:0:::::\n");
}

static void for_board(struct scene *s, const char *board)
{
	struct error err = { 0 };

	s->subject.board = board_find(board, &err);
	fixture_must(!s->subject.board, &err);
}

static void right_board(struct scene *s)
{
	for_board(s, "CHR");
}

static void other_board(struct scene *s)
{
	for_board(s, "rb5009");
}

static void low_flash_board(struct scene *s)
{
	for_board(s, "hAP ax\xc2\xb2");
}

static const struct subject_case cases[] = {
	SUBJECT_CASE("", nothing),
	SUBJECT_CASE("config-os", windows),
	SUBJECT_CASE("config-os", no_os),
	SUBJECT_CASE("config-architecture", mips),
	SUBJECT_CASE("command-missing", no_command),
	SUBJECT_CASE("command-only-cmd", only_cmd),
	SUBJECT_CASE("command-relative", relative_command),
	SUBJECT_CASE("command-program", absent_command),
	SUBJECT_CASE("command-program", not_executable),
	SUBJECT_CASE("command-program", no_interpreter),
	SUBJECT_CASE("user-unknown", unknown_user),
	SUBJECT_CASE("", known_user),
	SUBJECT_CASE("user-ports", user_and_port),
	SUBJECT_CASE("", user_and_high_port),
	SUBJECT_CASE("", root_and_port),
	SUBJECT_CASE("workdir-missing", no_working_dir),
	SUBJECT_CASE("", working_dir),
	SUBJECT_CASE("shell-missing", no_shell),
	SUBJECT_CASE("mount-point", run_is_a_link),
	SUBJECT_CASE("mount-point-missing", no_proc),
	SUBJECT_CASE("replaced-file", resolv_is_a_link),
	SUBJECT_CASE("hidden-file", file_in_run),
	SUBJECT_CASE("", folder_in_run),
	SUBJECT_CASE("elf-machine", other_machine),
	SUBJECT_CASE("elf-machine", small_machine),
	SUBJECT_CASE("elf-machine", library_of_other_machine),
	SUBJECT_CASE("", data_of_other_machine),
	SUBJECT_CASE("private-key", private_key),
	SUBJECT_CASE("", public_key),
	SUBJECT_CASE("private-key", dropbear_key),
	SUBJECT_CASE("private-key", key_behind_a_certificate),
	SUBJECT_CASE("private-key", key_behind_a_text),
	SUBJECT_CASE("", certificate_alone),
	SUBJECT_CASE("", words_about_keys),
	SUBJECT_CASE("", volume),
	SUBJECT_CASE("volume-missing", volume_missing),
	SUBJECT_CASE("volume-missing", volume_is_a_file),
	SUBJECT_CASE("volume-missing", volume_is_relative),
	SUBJECT_CASE("user-volumes", user_and_volume),
	SUBJECT_CASE("machine-id", machine_id),
	SUBJECT_CASE("", empty_machine_id),
	SUBJECT_CASE("password-hash", password),
	SUBJECT_CASE("", locked_password),
	SUBJECT_CASE("password-empty", no_password),
	SUBJECT_CASE("", right_board),
	SUBJECT_CASE("board-architecture", other_board),
	SUBJECT_CASE("board-architecture board-flash", low_flash_board),
};

int main(void)
{
	return scene_cases(cases, ARRAY_SIZE(cases));
}
