#!/bin/bash
# SPDX-License-Identifier: MIT
# page.sh: makes docs/upgrade-server.png anew: the upgrade server's page, of the
# state in tests/lib/ros_state.sh. Needs busybox, openssl and Chromium.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
T=$(mktemp -d)
trap 'kill $server 2>/dev/null; rm -rf "$T"' EXIT
server=
# shellcheck source=../lib/ros_state.sh
. "$TOP/tests/lib/ros_state.sh"
ros_env "$T"
ros_state
ros_run 'page_write && rsc_write'
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$ROS_DATA/www" >"$T/port" 2>/dev/null &
server=$!
until grep -q port "$T/port"; do sleep 0.1; done
port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$T/port")
python3 "$TOP/tests/lib/page_look.py" "http://127.0.0.1:$port/index.html" 1040x860 light \
	"$TOP/docs/upgrade-server.png"
