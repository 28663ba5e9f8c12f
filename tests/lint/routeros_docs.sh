#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# routeros_docs: in the commands for RouterOS each property exists in the
# versions that the section is for, by the trees of those versions; files,
# settings, commands and reasons of the upgrade server are as the page says.
. "$(dirname "$0")/../lib/lint.sh"

PAGE=docs/upgrade-server.md
OVERLAY=rootfs-overlays/upgrade-server
SYNC=$OVERLAY/usr/lib/ros-sync

# MENU PROPERTIES: those of every RouterOS 7; with ":FIRST-LAST" the minor
# versions that have one.
properties() {
	cat <<-EOF
	/container/add file interface root-dir hostname dns logging
	/container/add start-on-boot envlist:5-19 envlists:20-99 mounts:5-20
	/container/add mountlists:21-99 name:19-99 stop-time:21-99 hosts:21-99
	/container/add env:21-99 healthcheck-cmd:22-99
	/container/add ignore-remote-image-change:24-99
	/container/envs/add name:5-19 list:20-99 key value
	/container/mounts/add name:5-20 list:21-99 src dst
	/container/config/set tmpdir
	/container/shell cmd:20-99
	/container/set logging
	/interface/veth/add name address gateway
	/interface/bridge/add name
	/interface/bridge/port/add bridge interface
	/ip/address/add address interface
	/ip/firewall/nat/add chain action src-address dst-address protocol
	/ip/firewall/nat/add dst-port out-interface-list to-addresses to-ports
	/ip/firewall/filter/add chain action src-address dst-address protocol
	/ip/firewall/filter/add dst-port in-interface-list place-before comment
	/ip/dns/static/add name address
	/ip/dns/set allow-remote-requests servers
	/ip/service/set port
	/system/device-mode/update container
	/system/package/update/set channel mode:23-99 check-certificate:23-99
	/system/ntp/client/set enabled
	/disk/format-drive file-system label
	/certificate/import file-name name passphrase trusted
	/tool/fetch url output dst-path
	/import file-name
	EOF
}

# Commands are lines of code blocks, continued by a backslash.
check_properties() {
	properties | awk -v page="$1" '
	function wrong(text) { print page ":" line ": " text }
	# range HEADING: sets low and high where it names versions of RouterOS.
	function range(heading, n, v) {
		low = high = 0
		if (heading !~ /^#+ RouterOS 7\./) return
		gsub(/[^0-9.]+/, " ", heading)
		n = split(heading, v, " ")
		low = high = substr(v[1], 3) + 0
		if (n > 1) high = substr(v[2], 3) + 0
	}
	function command(text, menu, rest, word, v) {
		menu = text; sub(/[ ].*/, "", menu)
		if (!(menu in menus)) {
			# RouterOS 6 has blanks where 7 has slashes.
			if (menu != "/system" && text ~ / [a-z-]+=/ && text !~ /find where/)
				wrong("unknown menu " menu)
			return
		}
		rest = substr(text, length(menu) + 1)
		gsub(/"[^"]*"/, "x", rest)
		while (match(rest, / [a-z-]+=/)) {
			word = substr(rest, RSTART + 1, RLENGTH - 2)
			rest = substr(rest, RSTART + RLENGTH)
			if (!((menu, word) in known)) {
				wrong(menu " has no " word "=")
				continue
			}
			split(known[menu, word], v, "-")
			if (low && (low < v[1] + 0 || high > v[2] + 0))
				wrong(menu ": " word "= is of RouterOS 7." \
					v[1] " to 7." v[2])
			seen++
		}
	}
	FILENAME == "-" {
		menus[$1] = 1
		for (i = 2; i <= NF; i++) {
			n = split($i, p, ":")
			known[$1, p[1]] = n > 1 ? p[2] : "0-99"
		}
		next
	}
	{ line = FNR }
	/^```/ { code = !code; next }
	!code && /^#+ / {
		heading = $0
		range(heading)
		if (low && heading ~ /later/) high = 99
	}
	code && (held != "" || /^\//) {
		held = held $0
		if (sub(/\\$/, " ", held)) next
		command(held); held = ""
	}
	END { if (!seen) print page ": no command was found" }
	' - "$1"
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
