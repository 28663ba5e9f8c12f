#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh [--quick]: `make bench`. Measures alpbuild against the limit (floor.c)
# and its peers in one run, prints ratios and peak memory, and writes them to
# build/bench.json. See docs/performance.md. Timing never fails it; an output
# with other bytes than it should have does.
#
#	ALPBUILD_TEST_MIRROR  a file: mirror of Alpine; without it one is made
#	                      by tests/mirror/make-mirror.sh
#	BENCH_DIR             where to work (default: /dev/shm when it has
#	                      room, else build/)
#	BENCH_RUNS            runs of the small cases (7), of the big ones (3):
#	                      "7 3"
#	--quick               without the peers and the big overlay
set -euo pipefail
export LC_ALL=C
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HERE=$TOP/tests/bench
ALPBUILD=$(realpath "${ALPBUILD:-$TOP/build/alpbuild}")
RESULT=${BENCH_RESULT:-$TOP/build/bench.json}
BIG_FILES=10000
BIG_BYTES=500000000
ROOM_KB=6000000 # for the big overlay and the peers' copies of it

# shellcheck source=lib.sh
. "$HERE/lib.sh"
# shellcheck source=cases.sh
. "$HERE/cases.sh"
# shellcheck source=packages.sh
. "$HERE/packages.sh"

choose_folder() {
	local dir=${BENCH_DIR:-} free
	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ -z "$dir" ] && [ "${free:-0}" -gt $ROOM_KB ] &&
		[ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt $ROOM_KB ]; then
		dir=/dev/shm
	fi
	dir=${dir:-$TOP/build}
	mkdir -p "$dir"
	W=$(mktemp -d "$dir/alpbuild-bench.XXXXXX")
	trap 'chmod -R u+rwX "$W"; rm -rf "$W"' EXIT
	LOG=$W/log.tsv
	FILE_SYSTEM=$(stat -f -c %T "$W")
}

compile() {
	local p
	BIN=$W/bin
	mkdir "$BIN"
	for p in measure overlay recipe floor; do
		"${CC:-cc}" -std=gnu11 -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
			-I"$TOP/tests" -o "$BIN/$p" "$HERE/$p.c" \
			"$HERE/support.c" -Wl,--as-needed -lcrypto -lz -pthread
	done
}

# Leaves $MIRROR (a folder), $ALPINE (the version) in it.
choose_mirror() {
	case ${ALPBUILD_TEST_MIRROR:-} in
	file://*)
		MIRROR=${ALPBUILD_TEST_MIRROR#file://}
		ALPINE=$(jq -r .alpine "$TOP/manifests/alp_rc.json")
		;;
	'')
		say "ALPBUILD_TEST_MIRROR is not set: a mirror is made of Debian packages"
		MIRROR=$TOP/build/bench-mirror
		quietly "$TOP/tests/mirror/make-mirror.sh" "$MIRROR"
		ALPINE=0.0.1
		;;
	*) die "ALPBUILD_TEST_MIRROR is $ALPBUILD_TEST_MIRROR: a file: URL is needed" ;;
	esac
}

write_manifest() {
	jq -n --arg name "$1" --arg alpine "$ALPINE" '{$name, version: "1",
		description: "benchmark", $alpine, overlays: [$name],
		architectures: ["amd64", "arm64", "armv7"],
		formats: ["routeros"], config: {cmd: ["/bin/sh"]}}' \
		>"$W/project/manifests/$1.json"
}

# A project as a user has it: a git checkout.
make_project() {
	mkdir -p "$W/project/manifests" "$W/project/rootfs-overlays/small"
	cp -R "$TOP/arch" "$W/project/"
	cp "$TOP/manifests/releases.json" "$W/project/manifests/"
	"$BIN/overlay" "$W/project/rootfs-overlays/small" 40 80000
	write_manifest small
	write_packages_manifest
	cd "$W/project"
	if has git; then
		git init -q .
		git add .
		git -c user.name=bench -c user.email=bench@localhost \
			commit -q -m bench
	fi
}

# Not in git: nobody keeps such a thing there.
make_big_overlay() {
	echo rootfs-overlays/big >>"$W/project/.gitignore"
	mkdir "$W/project/rootfs-overlays/big"
	"$BIN/overlay" "$W/project/rootfs-overlays/big" $BIG_FILES $BIG_BYTES
	write_manifest big
	if has git; then
		git add .
		git -c user.name=bench -c user.email=bench@localhost \
			commit -q -m big
	fi
}

report() {
	jq -n --rawfile log "$LOG" --argjson facts "$(facts)" \
		--slurpfile targets "$HERE/targets.json" \
		-f "$HERE/report.jq" >"$RESULT"
	jq -r -f "$HERE/table.jq" "$RESULT"
	say "written to $RESULT"
}

# What is known once, beside the times.
facts() {
	jq -n --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
		--argjson cpus "$(nproc)" --arg fs "$FILE_SYSTEM" \
		--arg date "$(date -u +%Y-%m-%d)" --arg alpine "$ALPINE" \
		--arg version "$("$ALPBUILD" --version | head -n 1)" \
		--arg calls "$CALLS" --argjson small_bytes "$SMALL_BYTES" \
		--argjson big_bytes "${BIG_SIZE:-null}" \
		--argjson package_bytes "$PACKAGES_BYTES" \
		--arg packages "Alpine $PACKAGES_ALPINE: ${PACKAGES[*]}" \
		'{$cpu, $cpus, file_system: $fs, $date, $alpine, $version,
		packages: $packages, sizes: {warm1: $small_bytes,
			packages: $package_bytes, big: $big_bytes},
		calls: ($calls | split(" ") | map(tonumber? // null))}'
}

main() {
	local runs small=7 big=3 quick=
	[ "${1-}" != --quick ] || quick=1
	[ $# = 0 ] || [ -n "$quick" ] || die "usage: run.sh [--quick]"
	# shellcheck disable=SC2086
	set -- ${BENCH_RUNS:-}
	small=${1:-$small}
	big=${2:-$big}
	has jq && has python3 && has openssl ||
		die "jq, python3 or openssl is missing: run tests/lib/install-deps.sh bench"
	[ -x "$ALPBUILD" ] || die "no $ALPBUILD: run make"
	unset SOURCE_DATE_EPOCH ALPBUILD_MIRROR ALPBUILD_CACHE
	choose_folder
	compile
	choose_mirror
	make_project
	prepare_small
	say "$small runs of the small cases on $FILE_SYSTEM"
	for ((runs = 0; runs < small; runs++)); do
		small_cases
		[ -n "$quick" ] || small_peers
	done
	if [ -z "$quick" ]; then
		make_big_overlay
		prepare_big
		say "$big runs with $BIG_FILES files"
		for ((runs = 0; runs < big; runs++)); do
			big_cases
			big_peers
		done
	fi
	report
}

main "$@"
