# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# settings.sh: what the environment may say, its defaults, and whether it makes
# sense. docs/upgrade-server.md explains each; a test compares the two lists.
# settings_check leaves every list as words with one space between them, so that
# $ROS_CHANNELS and the like can be split without a look at what is in them.

: "${ROS_CHANNELS:=stable long-term}"
: "${ROS_ARCHES:=arm64 arm}"
: "${ROS_PACKAGES:=all}"
: "${ROS_PIN_STABLE:=}"
: "${ROS_PIN_LONG_TERM:=}"
: "${ROS_PIN_TESTING:=}"
: "${ROS_PIN_DEVELOPMENT:=}"
: "${ROS_APPROVE:=0}"
: "${ROS_KEEP:=2}"
: "${ROS_BRIDGE:=1}"
: "${ROS_V6:=0}"
: "${ROS_WINBOX:=0}"
: "${ROS_SYNC_AT:=03:20}"
: "${ROS_MAX_AGE_DAYS:=3}"
: "${ROS_MIN_FREE_MB:=200}"
: "${ROS_RETRY:=5}"
: "${ROS_RETRY_WAIT:=1}"
: "${ROS_TIMEOUT:=20}"
: "${ROS_UPGRADE_URL:=https://upgrade.mikrotik.com}"
: "${ROS_DOWNLOAD_URL:=https://download.mikrotik.com}"
: "${ROS_PORT:=80}"
: "${ROS_TLS_PORT:=443}"
: "${ROS_HOSTNAMES:=upgrade.mikrotik.com}"
: "${ROS_MODE:=mirror}"

settings_error=

# settings_bad NAME VALUE WHAT...: the first mistake is kept for the status.
settings_bad() {
	local text
	text="$1=$(printf '%s' "$2" | cut -c1-80 | tr -dc ' -~'):"
	shift 2
	text="$text $*"
	log_error "$text"
	[ -n "$settings_error" ] || settings_error=$text
}

# settings_words TEXT: sets $words; commas and white space separate them.
settings_words() {
	local word
	words=
	case $1 in *[!A-Za-z0-9.,:\ \	_-]*) return 1 ;; esac
	for word in $(printf '%s\n' "$1" | tr ',\t' '  '); do
		case " $words " in *" $word "*) ;; *) words="$words $word" ;; esac
	done
	words=${words# }
	[ -n "$words" ]
}

# settings_of NAME VALUE ALLOWED: sets $words; each is one of the allowed words.
settings_of() {
	local word
	if ! settings_words "$2"; then
		settings_bad "$1" "$2" "expected some of: $3"
		return
	fi
	for word in $words; do
		case " $3 " in *" $word "*) continue ;; esac
		settings_bad "$1" "$2" "$word is none of: $3$(settings_hint "$word")"
	done
}

settings_hint() {
	case $1 in
	x86_64 | x86-64 | amd64 | i386) echo " (did you mean x86?)" ;;
	aarch64) echo " (did you mean arm64?)" ;;
	armv7* | armhf) echo " (did you mean arm?)" ;;
	longterm | long_term) echo " (did you mean long-term?)" ;;
	esac
}

# settings_number NAME VALUE LEAST MOST
settings_number() {
	case $2 in
	*[!0-9]* | '' | ??????? | 0?*) ;;
	*) [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ] || return 0 ;;
	esac
	settings_bad "$1" "$2" "expected a number from $3 to $4"
}

# settings_flag NAME VALUE
settings_flag() {
	case $2 in 0 | 1) return ;; esac
	settings_bad "$1" "$2" "expected 0 (no) or 1 (yes)"
}

# settings_url NAME VALUE: sets $url, without a slash at its end. A password would be
# in the log and on the page, so it is not repeated here either.
settings_url() {
	url=$2
	case $2 in
	*@*)
		settings_bad "$1" "...@${2##*@}" "expected http://HOST or https://HOST," \
			"without a user"
		return
		;;
	*[!][A-Za-z0-9._~:/%+-]*) ;;
	http://[A-Za-z0-9[]* | https://[A-Za-z0-9[]*)
		url=${url%/}
		url=${url%/routeros}
		return
		;;
	esac
	settings_bad "$1" "$2" "expected http://HOST or https://HOST"
}

# settings_pin NAME VALUE
settings_pin() {
	[ -n "$2" ] || return 0
	is_version "$2" && [ "${2%%.*}" -ge 7 ] && return
	settings_bad "$1" "$2" "expected a version of RouterOS 7 such as 7.24.4"
}

settings_packages() {
	local word
	if ! settings_words "$ROS_PACKAGES"; then
		settings_bad ROS_PACKAGES "$ROS_PACKAGES" "expected all, or names of packages"
		return
	fi
	ROS_PACKAGES=$words
	[ "$words" != all ] || return 0
	for word in $words; do
		is_package "$word" && [ "$word" != all ] && continue
		settings_bad ROS_PACKAGES "$words" "$word is no package; expected all" \
			"alone, or names such as routeros wifi-qcom"
	done
}

settings_server() {
	settings_number ROS_PORT "$ROS_PORT" 1 65535
	settings_number ROS_TLS_PORT "$ROS_TLS_PORT" 0 65535
	settings_words "$ROS_HOSTNAMES" ||
		settings_bad ROS_HOSTNAMES "$ROS_HOSTNAMES" "expected names and addresses"
	ROS_HOSTNAMES=$words
	case $ROS_SYNC_AT in
	[0-9]:[0-5][0-9] | [01][0-9]:[0-5][0-9] | 2[0-3]:[0-5][0-9]) ;;
	*) settings_bad ROS_SYNC_AT "$ROS_SYNC_AT" "expected a time of day such as 03:20" ;;
	esac
	case $ROS_MODE in
	mirror) ;;
	proxy)
		settings_bad ROS_MODE "$ROS_MODE" "fetching on request is not offered:" \
			"lighttpd has no caching proxy; use mirror"
		;;
	*) settings_bad ROS_MODE "$ROS_MODE" "expected mirror" ;;
	esac
}

# Status 1 when anything is wrong; all mistakes are told.
settings_check() {
	settings_error=
	settings_of ROS_CHANNELS "$ROS_CHANNELS" "stable long-term testing development"
	ROS_CHANNELS=$words
	settings_of ROS_ARCHES "$ROS_ARCHES" "arm arm64 mipsbe mmips smips ppc tile x86"
	ROS_ARCHES=$words
	settings_packages
	settings_pin ROS_PIN_STABLE "$ROS_PIN_STABLE"
	settings_pin ROS_PIN_LONG_TERM "$ROS_PIN_LONG_TERM"
	settings_pin ROS_PIN_TESTING "$ROS_PIN_TESTING"
	settings_pin ROS_PIN_DEVELOPMENT "$ROS_PIN_DEVELOPMENT"
	settings_flag ROS_APPROVE "$ROS_APPROVE"
	settings_flag ROS_BRIDGE "$ROS_BRIDGE"
	settings_flag ROS_V6 "$ROS_V6"
	settings_flag ROS_WINBOX "$ROS_WINBOX"
	settings_number ROS_KEEP "$ROS_KEEP" 0 1000
	settings_number ROS_MAX_AGE_DAYS "$ROS_MAX_AGE_DAYS" 1 36500
	settings_number ROS_MIN_FREE_MB "$ROS_MIN_FREE_MB" 0 999999
	settings_number ROS_RETRY "$ROS_RETRY" 1 100
	settings_number ROS_RETRY_WAIT "$ROS_RETRY_WAIT" 0 3600
	settings_number ROS_TIMEOUT "$ROS_TIMEOUT" 1 3600
	settings_url ROS_UPGRADE_URL "$ROS_UPGRADE_URL"
	ROS_UPGRADE_URL=$url
	settings_url ROS_DOWNLOAD_URL "$ROS_DOWNLOAD_URL"
	ROS_DOWNLOAD_URL=$url
	settings_server
	[ -z "$settings_error" ]
}
