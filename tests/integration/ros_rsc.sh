#!/bin/bash
# SPDX-License-Identifier: MIT
# upgrade.rsc: what the job writes for each channel, and what a router does with
# it. tests/lib/routeros.py plays the router: it knows only what the script may use.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/ros_state.sh
. "$TOP/tests/lib/ros_state.sh"
need busybox python3 jq openssl

ros_env "$TEST_TMP"
WWW=$ROS_DATA/www
SERVER=http://172.31.7.2
ros_state
ros_version 7.12.1 "mmips ppc x86" "zerotier"
ros_version 7.24.4 "ppc x86" "wifi-qcom"
ros_channel testing NEWESTa7.testing 7.25beta2 1790000000 7.25beta2 ok
ros_channel development NEWESTa7.development 0.00 0 0.00 empty
ros_version 7.25beta2 "arm64" "wifi-qcom"
export ROS_CHANNELS="stable long-term testing development"
ok "the scripts are written" ros_run 'page_write && rsc_write'

golden=$TOP/tests/golden/ros/upgrade-testing.rsc
if [ -n "${UPDATE_GOLDEN:-}" ]; then
	mkdir -p "${golden%/*}"
	cp "$WWW/upgrade-testing.rsc" "$golden"
fi
ok "the one for testing is the golden one" diff -u "$golden" "$WWW/upgrade-testing.rsc"
ok "upgrade.rsc is the first channel's" cmp "$WWW/upgrade.rsc" "$WWW/upgrade-stable.rsc"
like "$(cat "$WWW/upgrade-development.rsc")" '^:error "the channel development .* nothing yet"$' \
	"a channel without a version has a script that says so"
for file in "$WWW"/upgrade*.rsc; do
	ok "${file##*/}: a script of the language's strict part" \
		python3 "$TOP/tests/lib/routeros.py" "$file" --syntax
	is "$(LC_ALL=C grep -nE '[^ -~]|	|.{1500}' "$file")" "" "${file##*/}: plain short lines"
	unlike "$(cat "$file")" '@[A-Z_]+@' "${file##*/}: every blank is filled in"
done
# What the script must not use by mistake does end it.
sed 's/free-hdd-space/free-disk/' "$WWW/upgrade.rsc" >"$TEST_TMP/bad.rsc"

# state VERSION ARCH PACKAGES [JQ]: a router. The server has what the mirror has.
state() {
	local v f
	for v in "$WWW"/routeros/*/*.npk; do
		f=${v#"$WWW"}
		printf '"%s%s":%s\n' $SERVER "$f" "$(stat -c %s "$v")"
	done | paste -sd, >"$TEST_TMP/server"
	jq -n --arg v "$1" --arg a "$2" --arg p "$3" '{
		resource: {version: $v, "architecture-name": $a, "free-hdd-space": 90000000,
			"free-memory": 90000000},
		packages: [$p | split(" ")[] | {name: .}], files: {}, globals: {}} |
		.server = '"{$(cat "$TEST_TMP/server")} | ${4:-.}"
}

# upgrade CHANNEL VERSION ARCH PACKAGES [JQ]: what such a router says and does.
upgrade() {
	local script=$WWW/upgrade-$1.rsc
	[ "$1" != bad ] || script=$TEST_TMP/bad.rsc
	shift
	OUT=$(state "$@" | python3 "$TOP/tests/lib/routeros.py" "$script" 2>&1)
}

# nothing WHY NAME: it refuses, fetches nothing and leaves nothing.
nothing() {
	like "$OUT" "^error .*$1" "$2"
	unlike "$OUT" '^(fetch|file|run|put RouterOS .* ready|wrong)' "$2: and does nothing"
}

upgrade bad "7.20.8 (stable)" arm64 routeros
like "$OUT" "^wrong unknown property free-disk" "the router would tell a wrong property"

upgrade stable "7.20.8 (stable)" arm64 "routeros wifi-qcom container" \
	'.packages[2].disabled = true | .packages += [{name: "calea", available: true}]'
is "$(grep -o '^fetch.*' <<<"$OUT" | sed 's|.*/||')" "wifi-qcom-7.24.4-arm64.npk
container-7.24.4-arm64.npk
routeros-7.24.4-arm64.npk" \
	"installed packages are fetched, disabled ones too, the main one last"
like "$OUT" "^put RouterOS 7.24.4 is ready" "it is ready"
like "$OUT" "^put     /system package apply-changes" "since 7.18 it takes apply-changes"
unlike "$OUT" "^run|calea" "it does not reboot; what is only available is left alone"
is "$(grep -c '^file ' <<<"$OUT")" 3 "the files are there"

upgrade stable "7.17.2 (stable)" arm routeros '.globals.rosUpgradeReboot = true'
like "$OUT" "^run /system reboot" "before 7.18 it takes a reboot, which one may ask for"
upgrade stable "7.20 (stable)" x86_64 "routeros wifi-qcom"
like "$OUT" "fetch $SERVER/routeros/7.24.4/routeros-7.24.4.npk" "x86_64 has no suffix"
upgrade stable 7.20.8 powerpc routeros
like "$OUT" "fetch $SERVER/routeros/7.24.4/routeros-7.24.4-ppc.npk" "powerpc is ppc"
upgrade stable 7.20 arm64 routeros '.globals.rosUpgradeServer = "http://192.168.88.1" |
	.server |= with_entries(.key |= sub("172.31.7.2"; "192.168.88.1"))'
like "$OUT" "^fetch http://192.168.88.1/routeros/7.24.4/" "the server's address can be another"
upgrade stable 7.20 arm64 routeros '.globals.rosUpgradeExtra = "wifi-qcom,zerotier,routeros"'
is "$(grep -c '^fetch' <<<"$OUT")" 3 "packages in addition, none twice"
upgrade testing "7.25beta1 (testing)" arm64 routeros
like "$OUT" "ready" "from one beta to the next"

upgrade stable "7.24.4 (stable)" arm64 routeros
nothing "is RouterOS 7.24.4 already" "the same version"
upgrade stable "7.25rc1 (testing)" arm64 routeros
nothing "newer than 7.24.4" "a newer version"
upgrade testing "7.25 (stable)" arm64 routeros
nothing "newer than 7.25beta2" "a release is newer than its beta"
upgrade stable "6.49.18 (long-term)" arm64 routeros
nothing "RouterOS 6.49.18; the script is for 7" "RouterOS 6"
upgrade stable "7.20 (stable)" arm64 "routeros openflow"
nothing "package openflow 7.24.4 for arm64 is not mirrored" "a package that is not mirrored"
upgrade stable "7.20 (stable)" tile routeros
nothing "7.24.4 is not mirrored for tile" "an architecture that is not mirrored"
upgrade stable "7.20 (stable)" arm64 routeros '.resource["free-hdd-space"] = 13000000'
nothing "not enough space: 13 MiB are needed, 12 MiB are free" "a full disk"
upgrade stable "7.20 (stable)" arm64 routeros \
	'.resource["free-hdd-space"] = 1000 | .files.flash = 0'
like "$OUT" "ready" "with a folder flash, the space is memory"
upgrade stable "7.20 (stable)" arm64 routeros \
	'.resource["free-memory"] = 1000 | .files.flash = 0'
like "$OUT" "^error not enough space" "which may be too small"

# Before 7.12.1, and over the step to 7.13.
upgrade stable "7.11.2 (stable)" arm64 "routeros wifiwave2"
like "$OUT" "^put RouterOS 7.12.1 comes first" "before 7.12.1 the bridge comes first"
like "$OUT" "fetch $SERVER/routeros/7.12.1/wifiwave2-7.12.1-arm64.npk" "with its packages"
like "$OUT" "^put RouterOS 7.12.1 is ready" "and is ready"
like "$OUT" "^put     /system reboot" "by a reboot"
upgrade stable "7.1 (stable)" mmips "routeros zerotier"
like "$OUT" "^put RouterOS 7.12.1 is ready" "where only the bridge is mirrored, too"
upgrade stable "7.12.1 (stable)" arm64 "routeros wifiwave2"
nothing "from 7.13 on wireless drivers are packages" "at 7.12.1 it asks which drivers"
upgrade stable "7.12.1 (stable)" arm64 "routeros wifiwave2" \
	'.globals.rosUpgradeExtra = "wifi-qcom"'
is "$(grep -c '^fetch' <<<"$OUT")" 2 "and takes the answer: wifiwave2 is no more"
like "$OUT" "fetch .*/wifi-qcom-7.24.4-arm64.npk" "the new driver is fetched"
upgrade stable "7.12.1 (stable)" arm64 routeros '.globals.rosUpgradeExtra = "none"'
is "$(grep -c '^fetch' <<<"$OUT")" 1 "none is an answer"

# What goes wrong on the way.
upgrade stable "7.20 (stable)" arm64 "routeros wifi-qcom" \
	'del(.server[] | select(. > 13000000))'
like "$OUT" "^error no whole routeros-7.24.4-arm64.npk" "a file that cannot be fetched"
unlike "$OUT" "^file" "nothing stays behind for the next reboot"
upgrade stable "7.20 (stable)" arm64 "routeros wifi-qcom" \
	'.server |= with_entries(select(.key | test("qcom-7.24.4")).value = 12)'
like "$OUT" "^error no whole wifi-qcom-7.24.4-arm64.npk" "a file that is too short"
unlike "$OUT" "^file|fetch.*routeros-7" "stays not, and ends it at once"
size=$(stat -c %s "$WWW/routeros/7.24.4/routeros-7.24.4-arm64.npk")
upgrade stable "7.20 (stable)" arm64 routeros \
	".files[\"routeros-7.24.4-arm64.npk\"] = $size | .resource[\"free-hdd-space\"] = 2000000"
unlike "$OUT" "^fetch|^error" "what is there already is not fetched again, nor counted"
like "$OUT" "ready" "and it is ready"

# Without a bridge.
rm -rf "$WWW/routeros/7.12.1"
sed -i /LATEST.7/d "$ROS_DATA/state/channels"
ros_run 'rsc_write'
upgrade stable "7.11.2 (stable)" arm64 routeros
nothing "must go to 7.12.1 first, and the mirror does not have it: start it with ROS_BRIDGE=1" \
	"without the bridge"
done_testing
