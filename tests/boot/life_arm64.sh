#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A life of alp_rc for arm64, see lib/life.sh.
#
#	tests/boot/life_arm64.sh [real|fixture]
# timeout: 600
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
# shellcheck source=../lib/boot.sh
. "$TOP/tests/lib/boot.sh"
# shellcheck source=../lib/boot_checks.sh
. "$TOP/tests/lib/boot_checks.sh"
# shellcheck source=../lib/docs_table.sh
. "$TOP/tests/lib/docs_table.sh"
# shellcheck source=../lib/life.sh
. "$TOP/tests/lib/life.sh"
lives arm64 "$@"
