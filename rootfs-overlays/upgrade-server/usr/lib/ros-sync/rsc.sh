# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# rsc.sh: scripts with which a router upgrades from here without a change to its
# DNS: www/upgrade-<channel>.rsc, and www/upgrade.rsc, which is the first channel's.
# What they fetch, and how large it is, stands in them. page.sh has the facts.

# rsc_put CHANNEL FILE
rsc_put() {
	page_put "$2" rsc.awk -v template="$ROS_LIB/upgrade.rsc" -v chosen="$1"
}

rsc_write() {
	local facts channel file
	facts=$(page_facts)
	for channel in $ROS_CHANNELS; do
		rsc_put "$channel" "$WWW/upgrade-$channel.rsc" || return
	done
	file=$WWW/upgrade-${ROS_CHANNELS%% *}.rsc
	cmp -s "$file" "$WWW/upgrade.rsc" || put "$WWW/upgrade.rsc" <"$file" || return
	for file in "$WWW"/upgrade-*.rsc; do
		channel=${file##*/upgrade-}
		case " $ROS_CHANNELS " in *" ${channel%.rsc} "*) continue ;; esac
		rm -f "$file"
	done
}
