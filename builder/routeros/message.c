/* SPDX-License-Identifier: MIT */
#include "routeros/message.h"

#include <string.h>

#include "base/buf.h"

#define QUESTION_MAX ((size_t)4 << 20) /* bytes: more than a command line */

/* The more special ones first: what is said last is also said with others. */
const struct router_message router_messages[] = {
	{ .text = "could not find image manifest in archive",
		.patterns = { "could not find image manifest",
			"no manifest.json in archive" },
		.versions = "all versions; since about 7.22 the second form, "
			    "and the container vanishes from the list",
		.cause = "The router found no manifest.json in the file: it is "
			 "a root file system, an OCI layout on a version "
			 "before 7.21, an archive whose names begin with ./, a "
			 "compressed file on a version before 7.17, or an "
			 "upload that broke off.",
		.remedy = "Run alpbuild check on the file; alpbuild convert "
			  "makes a plain docker-archive of it, with --rootfs "
			  "of a root file system, too.",
		.rules = { "manifest-missing", "manifest-name", "archive-oci",
			"archive-gzip", "archive-damaged" } },
	{ .text = "no config found in manifest",
		.patterns = { "no config found in manifest" },
		.versions = "7.2x",
		.cause = "docker save of Docker 25 and later, or of Docker "
			 "with containerd's image store, wrote a hybrid of two "
			 "forms; the router reads the wrong half.",
		.remedy =
			"Make a classic docker-archive of it: alpbuild convert "
			"OLD NEW.",
		.rules = { "archive-hybrid", "manifest-invalid" } },
	{ .text = "could not load next layer",
		.patterns = { "could not load next layer" },
		.versions = "all versions",
		.cause = "A layer that manifest.json names is missing, is "
			 "compressed, or is no plain tar. From 7.21 on also: "
			 "the disk, or the folder of tmpdir, is full.",
		.remedy = "Run alpbuild check on the file; look at the free "
			  "space of root-dir's disk and of tmpdir: archive and "
			  "unpacked image need it at once.",
		.rules = { "layer-gzip", "layer-compressed", "layer-damaged",
			"member-missing", "member-link", "archive-hybrid" } },
	{ .text = "child spawn failed: container run error",
		.patterns = { "child spawn failed", "container run error" },
		.versions = "up to 7.20",
		.cause = "The same as could not load next layer, in older "
			 "words; or the program to start is missing.",
		.remedy = "Run alpbuild check on the file, with --routeros and "
			  "your version.",
		.rules = { "layer-gzip", "archive-hybrid",
			"command-program" } },
	{ .text = "failed to extract layer",
		.patterns = { "failed to extract layer",
			"was unable to import" },
		.versions = "images that are pulled from a registry",
		.cause = "The disk is full, or its file system cannot hold a "
			 "root file system: FAT and exFAT have neither owners "
			 "nor links.",
		.remedy =
			"Use ext4 or btrfs for root-dir, layer-dir and tmpdir, "
			"with room for the packed and the unpacked image." },
	{ .text = "failure: could not add",
		.patterns = { "could not add" },
		.versions = "all versions",
		.cause = "/container/add refused: root-dir is in use or there "
			 "already, or the veth is used by another container.",
		.remedy = "Choose a root-dir that does not exist, and a veth "
			  "of its own; remove the old container first, and "
			  "wait until it is gone." },
	{ .text = "execvpe: No such file or directory",
		.patterns = { "execvpe", "execve:", "execvp" },
		.versions = "all versions; the name of the call differs",
		.cause = "The program to start is not there, or not what loads "
			 "it: the interpreter of a script, the loader of a "
			 "dynamic program (musl and glibc differ). Or the "
			 "destination of a mount does not exist in the image: "
			 "routers do not make it. Or the image was unpacked to "
			 "nothing.",
		.remedy = "Run alpbuild check on the file; make each dst= of "
			  "the mounts a directory of the image.",
		.rules = { "command-program", "command-relative" } },
	{ .text = "Exec format error",
		.patterns = { "exec format error" },
		.versions = "all versions",
		.cause = "The image is for another processor: the router does "
			 "not compare the architecture of a file. Or the power "
			 "was cut right after the import, and the program is "
			 "half written.",
		.remedy = "Compare /system/resource/print with the image: "
			  "alpbuild check --board. After an import wait until "
			  "the container is stopped, and then 45 seconds, "
			  "before the power goes.",
		.rules = { "elf-machine", "board-architecture",
			"config-architecture", "arm-eabi" } },
	{ .text = "exited with signal 4 (Illegal instruction)",
		.patterns = { "illegal instruction", "signal 4" },
		.versions = "boards with an EN7562CT processor: hEX refresh, "
			    "hEX S 2025, hAP ax S",
		.cause = "They report the architecture arm and run ARMv5 code "
			 "only; the image is for ARMv6 or ARMv7.",
		.remedy = "Only arm32v5 images run there. Alpine has none.",
		.rules = { "board-arm-v5", "arm-boards", "arm-variant" } },
	{ .text = "no manifest found for this architecture",
		.patterns = { "no manifest found for this architecture",
			"fetch manifest failed" },
		.versions = "images that are pulled from a registry",
		.cause = "The registry has no image for the router's "
			 "architecture under this name.",
		.remedy =
			"Choose a tag that has it, or build the image for it.",
		.rules = { "config-architecture" } },
	{ .text = "layer missing, need repull",
		.patterns = { "need repull", "error getting layer" },
		.versions = "7.21 and later",
		.cause = "layer-dir was on a disk that is gone or is emptied "
			 "at each start, such as tmpfs.",
		.remedy = "Put layer-dir on a disk that stays, and pull the "
			  "image again." },
	{ .text = "root-dir overlap",
		.patterns = { "root-dir overlap" },
		.versions = "7.20 and later",
		.cause = "root-dir is that of another container, or within it.",
		.remedy = "Choose another one; remove what an earlier "
			  "container left." },
	{ .text = "No file or remote-image",
		.patterns = { "no file or remote-image" },
		.versions = "all versions",
		.cause = "/container/add was given neither file= nor "
			 "remote-image=.",
		.remedy = "Name one of the two." },
	{ .text = "auth error",
		.patterns = { "auth error" },
		.versions = "images that are pulled from a registry",
		.cause = "There is one user name and password for all "
			 "registries; they were sent to one that does not know "
			 "them.",
		.remedy = "Clear username and password in /container/config "
			  "when you pull from another registry." },
	{ .text = "not allowed by device-mode",
		.patterns = { "not allowed by device-mode" },
		.versions = "all versions",
		.cause = "Containers (or fetch, or scheduler) are switched off "
			 "in the device-mode.",
		.remedy = "/system/device-mode/update container=yes, and press "
			  "the button or cut the power in the time that it "
			  "says." },
	{ .text = "bad parameter",
		.patterns = { "bad parameter", "expected end of command" },
		.versions = "7.20, 7.21, 7.23",
		.cause = "Properties have other names in other versions: "
			 "envlist is envlists since 7.20, mounts is mountlists "
			 "since 7.21, name= of envs is list= since 7.20 and "
			 "that of mounts since 7.21, ram-high is memory-high "
			 "since 7.20.",
		.remedy = "Use the commands of your version: "
			  "docs/quick-start.md." },
	{ .text = "missing config.json",
		.patterns = { "missing config.json" },
		.versions = "7.21 to 7.21.4 and 7.22 to 7.23.1, after an "
			    "upgrade from 7.20.8 or earlier",
		.cause = "The upgrade lost what the image says of Entrypoint, "
			 "Cmd and Env.",
		.remedy =
			"Upgrade to 7.21.5, 7.23.2 or 7.24, or set "
			"entrypoint=, cmd= and the variables at the container.",
		.rules = { "command-only-cmd" } },
	{ .text = "Can't continue",
		.patterns = { "can't continue" },
		.versions = "images with OpenRC",
		.cause = "OpenRC wanted to mount /run and was not allowed to: "
			 "it was not told that it is in a container.",
		.remedy = "Set rc_sys to docker or lxc in etc/rc.conf of the "
			  "image.",
		.rules = { "openrc-sys" } },
	{ .text = "Could not fetch rule set generation id",
		.patterns = { "could not fetch rule set generation id",
			"message too long" },
		.versions = "up to 7.20.7 and 7.21.1",
		.cause = "iptables in the image uses nftables, which these "
			 "versions do not offer as it wants it.",
		.remedy = "Use iptables-legacy in the image, or upgrade to "
			  "7.20.8 or 7.21.2." },
	{ .text = "klogctl: Operation not permitted",
		.patterns = { "klogctl" },
		.versions = "all versions",
		.cause = "dmesg is not for containers. Nothing is wrong.",
		.remedy = "Look at /log of the router." },
	{ .text = "exited with status 255",
		.patterns = { "exited with status 255" },
		.versions = "all versions",
		.cause = "The program could not be started, or ended with this "
			 "status. The line before tells more; up to 7.20 this "
			 "is also how archives fail that cannot be read.",
		.remedy = "Set logging=yes and look at /log; run alpbuild "
			  "check on the file.",
		.rules = { "command-program", "layer-gzip",
			"archive-hybrid" } },
	{ NULL },
};

/* Lower case, one blank for several: copied from a terminal as it was. */
static void normalise(const char *text, struct buf *out)
{
	buf_add(out, "", 0);
	for (; *text; text++) {
		const char c = *text >= 'A' && *text <= 'Z'
				       ? (char)(*text - 'A' + 'a')
				       : *text;
		const bool is_blank =
			c == ' ' || c == '\t' || c == '\n' || c == '\r';

		if (!is_blank)
			buf_add(out, &c, 1);
		else if (out->len && out->data[out->len - 1] != ' ')
			buf_add(out, " ", 1);
	}
}

static bool says(const struct router_message *message, const char *question)
{
	for (size_t i = 0; i < MESSAGE_PATTERNS && message->patterns[i]; i++) {
		if (strstr(question, message->patterns[i]))
			return true;
	}
	return false;
}

size_t router_messages_find(
	const char *text, const struct router_message *found[], size_t max)
{
	SCOPED_BUF struct buf question = { 0 };
	size_t n = 0;

	buf_init(&question, QUESTION_MAX);
	normalise(text, &question);
	for (const struct router_message *m = router_messages; m->text; m++) {
		if (n < max && says(m, question.data))
			found[n++] = m;
	}
	return n;
}
