#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# routeros_docs: in the commands for RouterOS each property exists in the
# versions that the section is for, by the trees of those versions; files,
# settings, commands and reasons of the upgrade server are as the page says.
. "$(dirname "$0")/../lib/lint.sh"

PAGE=docs/upgrade-server.md
OVERLAY=rootfs-overlays/upgrade-server
SYNC=$OVERLAY/usr/lib/ros-sync

PROPERTIES=builder/routeros/property.c

# COMMAND NAME SINCE UNTIL of builder/routeros/property.c, the one table of the
# menus that it has. Versions are numbers, 7.23.2 is 23002; "-" is none.
known_properties() {
	tr -s '\n\t ' ' ' <$PROPERTIES |
		grep -oE '\{ "/[a-z/-]+", "[a-z-]+", (ALWAYS|\{[^}]*\})' |
		awk '
		function bound(word, v) {
			if (!match($0, word "[(][0-9]+, [0-9]+[)]")) return "-"
			v = substr($0, RSTART + length(word) + 1, RLENGTH - length(word) - 2)
			return v * 1000 + substr(v, index(v, " ") + 1)
		}
		{
			split($0, part, "\"")
			print part[2] "/add", part[4], bound("SINCE"), bound("UNTIL")
			print part[2] "/set", part[4], bound("SINCE"), bound("UNTIL")
		}'
}

# The same of what that table lacks, for scripts for routers do not touch it:
# COMMAND NAME..., with ":MINOR" for the first version that has one.
other_properties() {
	awk '{
		for (i = 2; i <= NF; i++) {
			n = split($i, p, ":")
			print $1, p[1], (n > 1 ? p[2] * 1000 : "-"), "-"
		}
	}' <<-EOF
	/container/add env:21 healthcheck-cmd:22
	/container/config/set tmpdir
	/container/shell cmd:20
	/ip/firewall/nat/add dst-address out-interface-list
	/ip/firewall/filter/add chain action src-address dst-address protocol
	/ip/firewall/filter/add dst-port in-interface-list place-before comment
	/ip/dns/static/add name address
	/ip/dns/set allow-remote-requests servers
	/ip/service/set port
	/system/device-mode/update container
	/system/package/update/set channel mode:23 check-certificate:23
	/system/ntp/client/set enabled
	/disk/format-drive file-system label
	/certificate/import file-name name passphrase trusted
	/tool/fetch url output dst-path
	/import file-name
	EOF
}

# No row is overlooked, and no property is in both tables.
check_tables() {
	local rows one
	rows=$(grep -cE '^[[:space:]]*\{ "/' $PROPERTIES)
	[ "$((2 * rows))" = "$(known_properties | wc -l)" ] ||
		complain "$PROPERTIES: has rows that ${0##*/} does not understand"
	while IFS= read -r one; do
		complain "tests/lint/${0##*/}: $one is in $PROPERTIES, too"
	done < <(comm -12 <(known_properties | cut -d' ' -f1,2 | sort -u) \
		<(other_properties | cut -d' ' -f1,2 | sort -u))
}

check_properties() {
	{ known_properties; other_properties; } |
		awk -v page="$1" -f tests/lint/routeros_docs.awk - "$1"
}

# NAME=DEFAULT of the page's table, and of the program.
page_settings() {
	sed -n 's/^| `\(ROS_[A-Z_0-9]*\)` | *`\{0,1\}\([^`|]*\)`\{0,1\} *|.*/\1=\2/p' \
		$PAGE | sed 's/ *$//' | sort
}

program_settings() {
	sed -n 's/^: "${\(ROS_[A-Z_0-9]*\):=\(.*\)}"$/\1=\2/p' \
		$SYNC/settings.sh | sort
}

# Of the manifest.
manifest_settings() {
	jq -r '.routeros.env[] | "\(.name)=\(.default // "")"' \
		manifests/alp_rc_upgrade-server.json | sort
}

check_settings() {
	local line
	while IFS= read -r line; do
		complain "manifests/alp_rc_upgrade-server.json: routeros.env and" \
			"settings.sh differ: $line"
	done < <(diff <(manifest_settings) <(program_settings) | grep '^[<>]')
	while IFS= read -r line; do
		complain "$PAGE: the table of settings and settings.sh differ: $line"
	done < <(diff <(page_settings) <(program_settings) | grep '^[<>]')
	[ -n "$(program_settings)" ] || complain "$SYNC/settings.sh: no settings"
}

# Each reason that the job can give has a row, and each row a reason.
check_reasons() {
	local reason
	for reason in network dns upstream checksum disk loop clock settings; do
		grep -qE "^\| \`$reason\` \|" $PAGE ||
			complain "$PAGE: no row for the reason $reason"
		grep -rqwE "$reason" $SYNC ||
			complain "$PAGE: $SYNC knows no reason $reason"
	done
}

# Commands that the page names, and those that there are.
check_commands() {
	local word help page
	help=$(ROS_LIB=$SYNC ROS_RUN=/nonexistent \
		sh $OVERLAY/usr/sbin/ros-sync help | sed -n 's/^  \([a-z]*\)  .*/\1/p
			s/^  \(approve\|status\) .*/\1/p' | sort -u)
	page=$(grep -oE '`ros-sync [a-z]+' $PAGE | cut -d' ' -f2 | sort -u)
	[ -n "$help" ] || complain "$OVERLAY/usr/sbin/ros-sync: no help"
	while IFS= read -r word; do
		grep -qxF "$word" <<<"$help" ||
			complain "$PAGE: ros-sync has no command $word"
	done <<<"$page"
	while IFS= read -r word; do
		[ "$word" = sync ] || grep -qxF "$word" <<<"$page" ||
			complain "$PAGE: nothing about ros-sync $word"
	done <<<"$help"
}

# The tar that is named is the one that the manifest makes.
check_tar() {
	local name page
	name=v$(jq -r .alpine manifests/alp_rc.json)-$(jq -r .version \
		manifests/alp_rc_upgrade-server.json)
	while IFS= read -r page; do
		[ "$page" = "$name" ] ||
			complain "$PAGE: a tar of $page; the manifest makes $name"
	done < <(grep -oE 'alp_rc_upgrade-server-v[0-9.]+-[0-9.]+' $PAGE |
		sed 's/alp_rc_upgrade-server-//' | sort -u)
}

need jq
check_tables
for page in $PAGE docs/quick-start.md docs/own-image.md; do
	while IFS= read -r line; do
		complain "$line"
	done < <(check_properties "$page")
done
check_settings
check_reasons
check_commands
check_tar
finish
