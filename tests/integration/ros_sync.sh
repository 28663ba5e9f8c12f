#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ros_sync: the mirror job and what it is asked for: channels, architectures,
# packages, pins, bridge, RouterOS 6, WinBox, approval, pruning, status.
# timeout: 900
. "$(dirname "$0")/../lib/tap.sh"
. "$TOP/tests/lib/ros_sync.sh"

defaults() {
	fresh
	sync_ends 0 "first sync"
	whole "the mirror is whole"
	is "$(pointer NEWESTa7.stable)" "$(cat "$UP/tree/NEWESTa7.stable")" \
		"the pointer says what upstream says"
	is "$(pointer NEWESTa7.long-term | cut -d' ' -f1)" 7.22.6 "the second channel, too"
	ok "no other channel" test ! -e "$ROS_DATA/www/routeros/NEWESTa7.testing"
	is "$(www healthz)" ok "healthz is ok"
	is "$(state state) $(state reason) $(state done_files)" "ok  30" "status says ok"
	ok "extras are there" has 7.24.4/wifi-qcom-7.24.4-arm64.npk
	ok "other architectures are not" test ! -e \
		"$ROS_DATA/www/routeros/7.24.4/routeros-7.24.4.npk"
	is "$(cut -d, -f1 "$ROS_DATA/www/routeros/7.24.4/packages.csv" | sort -u | xargs)" \
		"arm arm64" "packages.csv names what is here"
	is "$(find "$ROS_DATA/state/part" -type f ! -name now | wc -l)" 0 "no part is left"
	is "$(find "$ROS_DATA/www" ! -perm -004 | wc -l)" 0 "everybody can read it"
}

# All that is read again is small; a package never.
nothing_new() {
	: >"$UP/requests"
	sync_ends 0 "a sync with nothing to do"
	is "$(requests '\.npk ')" 0 "it fetches no package"
	is "$(state done_files)" 0 "and says so"
	is "$(requests 'User-Agent|RouterOS 7')" "$(wc -l <"$UP/requests")" \
		"it speaks as a router does"
}

bridge() {
	is "$(pointer LATEST.7)" "$(cat "$UP/tree/LATEST.7")" "LATEST.7"
	is "$(pointer NEWEST7.stable)$(pointer NEWEST7.long-term)" \
		"$(pointer LATEST.7)$(pointer LATEST.7)" "NEWEST7.* lead to the bridge"
	ok "7.12.1 has what drives wireless" has 7.12.1/wifiwave2-7.12.1-arm64.npk
	: >"$UP/requests"
	ros sync >/dev/null 2>&1
	is "$(requests 'zerotier-7.12.1')" 0 "what 7.12.1 has not is asked for once"
	faults 'missing LATEST.7'
	sync_ends 0 "without LATEST.7 at upstream"
	is "$(row LATEST.7)" "7.12.1 7.12.1 ok" "the bridge is 7.12.1"
	faults
	ROS_BRIDGE=0 sync_ends 0 "without the bridge"
	ok "its pointers are gone" test ! -e "$ROS_DATA/www/routeros/LATEST.7" -a \
		! -e "$ROS_DATA/www/routeros/NEWEST7.stable"
}

names() {
	fresh
	export ROS_ARCHES="x86,ppc arm" ROS_PACKAGES="wifi-qcom container" ROS_V6=1
	sync_ends 0 "lists with commas, named packages, RouterOS 6"
	ROS_ARCHES="x86 ppc arm" whole "the mirror is whole"
	ok "x86 has no suffix" has 7.24.4/routeros-7.24.4.npk
	ok "nor have its extras" has 7.24.4/container-7.24.4.npk
	ok "not for each architecture there is each package" test ! -e \
		"$ROS_DATA/www/routeros/7.24.4/wifi-qcom-7.24.4.npk"
	ok "what was not named is not there" test ! -e \
		"$ROS_DATA/www/routeros/7.24.4/ups-7.24.4-arm.npk"
	ok "RouterOS 6 has its own form" has 6.49.18/routeros-arm-6.49.18.npk
	ok "x86 is no exception there" has 6.49.18/routeros-x86-6.49.18.npk
	ok "ppc is powerpc there" has 6.49.18/routeros-powerpc-6.49.18.npk
	is "$(cat "$ROS_DATA"/www/routeros/{LATEST.6,NEWEST6.stable,LATEST.6fix} |
		cut -d' ' -f1 | xargs)" "6.49.18 6.49.18 6.48.7" "pointers of RouterOS 6"
	is "$(pointer NEWEST6.upgrade)" "$(cat "$UP/tree/NEWEST6.upgrade")" \
		"the way from 6 goes over the bridge"
	is "$(pointer NEWESTa6.upgrade)" "$(pointer NEWESTa7.stable)" "and leads to ours"
	unset ROS_ARCHES ROS_PACKAGES ROS_V6
}

winbox() {
	fresh
	export ROS_WINBOX=1 ROS_PACKAGES=routeros ROS_BRIDGE=0
	faults 'missing winbox/3.41/*.sha256'
	sync_ends 0 "WinBox"
	whole "the mirror is whole"
	is "$(pointer winbox/LATEST.3) $(pointer winbox/LATEST.4)" "3.41 4.0beta20" \
		"its pointers have no time"
	ok "3 for Windows" has winbox/3.41/winbox64.exe
	ok "4 for Linux" has winbox/4.0beta20/WinBox_Linux.zip
	unset ROS_WINBOX
}

pins() {
	tree release 7.23.7
	ROS_PIN_STABLE=7.23.7 sync_ends 0 "a pinned version"
	whole "the mirror is whole"
	is "$(row NEWESTa7.stable)" "7.23.7 7.24.4 pinned" "is what the channel says"
	is "$(pointer NEWESTa7.stable)" "7.23.7 1789553520" \
		"with the time of its CHANGELOG, as no pointer names it"
	ROS_PIN_STABLE=7.99 sync_ends 1 "a pin that does not exist"
	is "$(state reason)" upstream "is an error of upstream"
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" 7.23.7 "and changes nothing"
	sync_ends 0 "without the pin"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.4 ok" "the channel goes on"
}

empty_channel() {
	ROS_CHANNELS="stable development" sync_ends 0 "a channel with nothing in it"
	is "$(pointer NEWESTa7.development)" "0.00 0" "says so, as upstream does"
	is "$(row NEWESTa7.development)" "0.00 0.00 empty" "and is empty"
	ok "a channel that is not wanted any more is gone" test ! -e \
		"$ROS_DATA/www/routeros/NEWESTa7.long-term"
}

approval() {
	fresh
	export ROS_APPROVE=1 ROS_CHANNELS=stable
	sync_ends 0 "with approval"
	whole "the mirror is whole"
	is "$(pointer NEWESTa7.stable)" "0.00 0" "nothing is offered at first"
	is "$(row NEWESTa7.stable)" "0.00 7.24.4 waiting" "what waits is there"
	like "$OUT" "ros-sync approve stable" "and the log says what to do"
	status 0 "approve" ros approve stable
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.4 ok" "offers it at once"
	tree release 7.24.5
	tree point NEWESTa7.stable 7.24.5
	sync_ends 0 "the next version"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 waiting" "waits again"
	whole "both are whole"
	faults 'status NEWEST* 500'
	ROS_KEEP=0 sync_ends 1 "while something waits, upstream cannot be asked"
	faults
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 waiting" "it waits, still"
	status 0 "and can be approved" ros approve stable
	ros approve stable 7.24.4 >/dev/null 2>&1
	status 1 "a version that is not here" ros approve stable 7.24.9
	like "$OUT" "complete are: 7.24.5 7.24.4" "names those that are"
	status 0 "approve it by name" ros approve stable 7.24.5
	is "$(pointer NEWESTa7.stable | cut -d' ' -f1)" 7.24.5 "it is offered"
	status 0 "and take that back" ros approve stable 7.24.4
	sync_ends 0 "a sync respects it"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 waiting" "the older one is offered"
	status 2 "no such channel" ros approve testing
	like "$OUT" "there are: stable" "names those that are"
	status 2 "a hostile version" ros approve stable ../../etc
	ROS_APPROVE=0 status 2 "without ROS_APPROVE" ros approve stable
	ROS_APPROVE=0 sync_ends 0 "approval switched off"
	is "$(row NEWESTa7.stable)" "7.24.5 7.24.5 ok" "everything is offered"
	sync_ends 0 "and on again"
	is "$(row NEWESTa7.stable)" "7.24.5 7.24.5 ok" "takes nothing back"
	unset ROS_APPROVE
	tree point NEWESTa7.stable 7.24.4
}

# What the settings want since a version was fetched, it gets: also one that is not
# the newest. ROS_APPROVE is 1, 7.24.4 offered, 7.24.5 waits.
later_settings() {
	fresh
	export ROS_APPROVE=1 ROS_CHANNELS=stable ROS_BRIDGE=0 ROS_ARCHES=arm64 \
		ROS_PACKAGES=ups
	tree point NEWESTa7.stable 7.24.4
	ros sync >/dev/null 2>&1
	ros approve stable >/dev/null 2>&1
	tree point NEWESTa7.stable 7.24.5
	ros sync >/dev/null 2>&1
	export ROS_ARCHES="arm64 mipsbe" ROS_PACKAGES="ups container"
	sync_ends 0 "an architecture and a package more, while a version waits"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 waiting" "the older one is offered"
	whole "with all that is wanted of it by now"
	like "$(www routeros/7.24.4/packages.csv)" '^mipsbe,routeros,' "its list names that"
	faults 'missing 7.24.4/*-mipsbe.npk*' 'missing 7.24.4/*-x86.npk*' 'missing 7.24.4/*-arm.npk'
	export ROS_ARCHES="arm64 mipsbe arm"
	sync_ends 1 "what upstream has no more of an older version"
	is "$(state reason)" upstream "is upstream's failure"
	like "$(state message)" '7.24.4/routeros-7.24.4-arm.npk' "that names version and file"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 waiting" "the older one is offered on"
	unlike "$(www routeros/7.24.4/packages.csv)" '^arm,' "to those that it is for"
	ROS_ARCHES="arm64 mipsbe" whole "whose files are all there"
	faults
	going_back
	faults 'status NEWEST* 500'
	export ROS_ARCHES="arm64 mipsbe arm x86 tile"
	sync_ends 1 "another one, and upstream does not say what is new"
	whole "what is offered is completed all the same"
	faults
	tree point NEWESTa7.stable 0.00
	export ROS_ARCHES="arm64 mipsbe arm x86 tile ppc"
	sync_ends 0 "upstream withdraws everything"
	whole "what is offered is completed all the same, again"
	unset ROS_APPROVE
	tree point NEWESTa7.stable 7.24.5
	ROS_PIN_STABLE=7.24.4 ROS_ARCHES="$ROS_ARCHES smips" sync_ends 0 "a pin and one more"
	ROS_ARCHES="$ROS_ARCHES smips" whole "the pinned version has it"
	faults 'missing 7.24.5/routeros*'
	ROS_ARCHES="$ROS_ARCHES mmips" sync_ends 1 "the newest is not to be had"
	is "$(row NEWESTa7.stable)" "7.24.4 7.24.5 incomplete" "the older one stays"
	ROS_ARCHES="$ROS_ARCHES mmips" whole "and is completed"
	faults
	unset ROS_ARCHES
	export ROS_PACKAGES=routeros
	tree point NEWESTa7.stable 7.24.4
}

# An approval fetches what is missing before the pointer changes.
going_back() {
	status 0 "approve the newest" ros approve stable
	export ROS_ARCHES="arm64 mipsbe arm"
	sync_ends 0 "a sync with that"
	export ROS_ARCHES="arm64 mipsbe arm x86"
	status 0 "back to the older one, with one more" ros approve stable 7.24.4
	like "$OUT" "7.24.4 lacks routeros-7.24.4-arm.npk: fetching" "says what it lacks"
	is "$(pointer NEWESTa7.stable | cut -d" " -f1)" 7.24.4 "it is offered"
	whole "with all that is wanted of it"
}

# What cron does every five minutes costs a disk nothing, when nothing changed.
no_wear() {
	local before
	ros health >/dev/null && ros page
	before=$(everything)
	sleep 1.1
	ok "health and page, a second later" sh -c "$(declare -f ros)
		PATH=$BIN; $ROS_SHELL $JOB health && $ROS_SHELL $JOB page"
	is "$(everything)" "$before" "nothing was written to the disk"
}
everything() { find "$ROS_DATA" -printf '%P %i %s %C@ %T@\n' | sort; }

# Six versions come and go; 7.24.10 is newer than 7.24.9.
pruning() {
	local v
	fresh
	mkdir -p "$ROS_DATA"/www/routeros/{mine,7.24.10rc1}
	for v in 7.24.8 7.24.9beta1 7.24.9rc1 7.24.9 7.24.10; do
		tree release $v
		tree point NEWESTa7.stable $v
		ROS_KEEP=2 ros sync >/dev/null 2>&1
	done
	is "$(find "$ROS_DATA/www/routeros" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
		sort -V | xargs)" "7.24.9 7.24.9rc1 7.24.10 mine" \
		"the two newest stay beside the one that is named, and what is not ours"
	whole "the mirror is whole"
	is "$(find "$ROS_DATA/state/ok" -name '*7.24.8*' | wc -l)" 0 "notes go with the files"
	ROS_KEEP=0 status 0 "prune by hand" ros prune
	ok "leaves what a pointer names" has 7.24.10/routeros-7.24.10-arm64.npk
	is "$(find "$ROS_DATA/www/routeros" -maxdepth 1 -name '7*' | wc -l)" 1 "and that alone"
	tree point NEWESTa7.stable 7.24.4
}

told() {
	status 0 "status" ros status
	like "$OUT" "stable +NEWESTa7.stable +7.24.10" "has the channels"
	like "$OUT" "^health +ok" "and the health"
	ok "status --json is JSON" sh -c "$(declare -f ros)
		PATH=$BIN $ROS_SHELL $JOB status --json | python3 -m json.tool"
	status 0 "help" ros help
	like "$OUT" "approve stable" "has examples"
	status 2 "an unknown command" ros frobnicate
	status 0 "health" ros health
	is "$OUT" ok "says ok"
}

environment() {
	printf "export ROS_CHANNELS='testing'\nexport ROS_KEEP='x'\n" >"$ROS_RUN/container.env"
	unset ROS_CHANNELS
	ROS_KEEP=1 sync_ends 0 "the container's environment is used, and the shell's wins"
	is "$(row NEWESTa7.testing)" "7.25rc1 7.25rc1 ok" "a release candidate is a version"
	rm "$ROS_RUN/container.env"
}

defaults
nothing_new
bridge
names
winbox
pins
empty_channel
approval
later_settings
pruning
told
no_wear
environment
done_testing
