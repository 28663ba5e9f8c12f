# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# ros_state.sh: the state of an upgrade mirror as its jobs leave it, for tests of
# what is made of it and for the picture in the docs. ros_env DIR first: it sets
# $ROS_DATA and $ROS_LIB, and $ROS_SH, a shell that has nothing but busybox.
ROS_NOW=1795321018	# 2026-11-22 04:16:58 UTC

ros_env() {
	export ROS_TEST_DISK="30524608 703488 28247040 3% /data"
	export ROS_DATA=$1/data ROS_RUN=$1/run TZ=UTC
	export ROS_LIB=$TOP/rootfs-overlays/upgrade-server/usr/lib/ros-sync
	mkdir -p "$1/bin" "$ROS_RUN" "$ROS_DATA"/{www/routeros,tls} "$ROS_DATA"/state/part
	busybox --install -s "$1/bin"
	ROS_SH=$1/bin/sh ROS_PATH=$1/bin
}

# ros_run COMMANDS: in the job's shell, with all its parts.
ros_run() {
	env PATH="$ROS_PATH" "$ROS_SH" -c '
		for part in log names settings page rsc; do
			. "$ROS_LIB/$part.sh"
		done
		# The container is another one: its address, clock and disk.
		ip() { echo "2: eth0    inet 172.31.7.2/24 scope global eth0"; }
		date() { echo '$ROS_NOW'; }
		df() { printf "Filesystem Blocks Used Free\n/dev/sda1 %s\n" "$ROS_TEST_DISK"; }
		settings_check || exit 2
		'"$1"
}

# ros_version VERSION ARCHES PACKAGES: files whose sizes are made up but constant.
ros_version() {
	local v=$1 a p n=0 dir=$ROS_DATA/www/routeros/$1 suffix
	mkdir -p "$dir"
	echo "What's new in $v:" >"$dir/CHANGELOG"
	for a in $2; do
		suffix=-$a
		[ "$a" != x86 ] || suffix=
		for p in $3; do
			n=$((n + 1))
			truncate -s $((n * 77003 % 900000 + 20000)) "$dir/$p-$v$suffix.npk"
		done
		truncate -s $((12000000 + ${#a} * 300000)) "$dir/routeros-$v$suffix.npk"
	done
}

# ros_channel CHANNEL POINTER VERSION TIME UPSTREAM STATE
ros_channel() {
	(IFS=$'\t' && echo "$*") >>"$ROS_DATA/state/channels"
	echo "$3 $4" >"$ROS_DATA/www/routeros/$2"
}

# ros_client MINUTES-AGO ADDRESS VERSION PATH REQUESTS
ros_client() {
	local ago=$1
	shift
	(IFS=$'\t' && echo "$((ROS_NOW - ago * 60))"$'\t'"$*") >>"$ROS_DATA/state/clients"
}

ros_status() { printf '%s\n' "$@" >"$ROS_DATA/state/status"; }

ROS_PACKAGES_7="calea container dude gps iot lora rose-storage tr069-client ups
	user-manager wifi-qcom wifi-qcom-ac wireless zerotier"

# ros_state: a mirror some weeks after its start, all well.
ros_state() {
	ros_version 7.24.4 "arm64 arm" "$ROS_PACKAGES_7"
	ros_version 7.24.3 "arm64 arm" "$ROS_PACKAGES_7"
	ros_version 7.21.6 "arm64 arm" "$ROS_PACKAGES_7"
	ros_version 7.12.1 "arm64 arm" "calea container wifiwave2 zerotier"
	ros_channel stable NEWESTa7.stable 7.24.4 1789558341 7.24.4 ok
	ros_channel long-term NEWESTa7.long-term 7.21.6 1786012800 7.21.6 ok
	ros_channel bridge LATEST.7 7.12.1 1700220602 7.12.1 ok
	ros_status state=ok "began=$((ROS_NOW - 3400))" "ended=$((ROS_NOW - 3320))" \
		"last_ok=$((ROS_NOW - 3320))" reason= message= doing= done_files=32 \
		done_bytes=43120331
	ros_client 4 192.168.88.1 7.24.4 /routeros/NEWESTa7.stable 12
	ros_client 31 192.168.88.14 7.20.8 /routeros/7.24.4/wifi-qcom-7.24.4-arm64.npk 9
	ros_client 640 192.168.88.23 7.24.4 /routeros/NEWESTa7.stable 4
	ros_client 1520 192.168.88.40 7.11.2 /routeros/NEWEST7.stable 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
		-subj "/CN=Upgrade mirror CA" -keyout "$ROS_DATA/tls/ca.key" \
		-out "$ROS_DATA/www/ca.crt" 2>/dev/null
	echo ok >"$ROS_DATA/www/healthz"
}
