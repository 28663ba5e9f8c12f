# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# version.sh: all that one version consists of. Which packages there are is in
# packages.csv ("ARCH,PACKAGE,..."); versions before 7.18 have none, and the known
# names are asked for. Upstream's is kept in state/; routers get one that names
# nothing but what is here.

ensured=

# version_ensure CHANNEL VERSION: once in each sync.
version_ensure() {
	local name st=0
	set_name "$@"
	name=$set
	case " $ensured " in
	*" $name=0 "*) return 0 ;;
	*" $name=1 "*) return 1 ;;
	esac
	: >"$PART/have"
	: >"$PART/replace"
	case $1 in
	winbox-*) winbox_ensure "$2" || st=1 ;;
	*) routeros_ensure "$2" || st=1 ;;
	esac
	ensured="$ensured $name=$st"
	return $st
}

# changelog_get VERSION
changelog_get() {
	local new=$PART/changelog old=$TREE/$1/CHANGELOG
	if ! fetch_small "$ROS_UPGRADE_URL/routeros/$1/CHANGELOG" "$new" "$BLOCKS_TEXT"; then
		[ "$fetch_reason" = upstream ] && [ -s "$old" ] && return
		fail "$fetch_reason" "$fetch_text"
		return 1
	fi
	case $(head -c 1 "$new" | tr -d '\0') in
	'' | '<')
		fail upstream "$ROS_UPGRADE_URL/routeros/$1/CHANGELOG is no text"
		return 1
		;;
	esac
	cmp -s "$new" "$old" || mv -f "$new" "$old"
}

# csv_get VERSION
csv_get() {
	local new=$PART/csv url=$ROS_UPGRADE_URL/routeros/$1/packages.csv
	if ! fetch_small "$url" "$new" "$BLOCKS_TEXT"; then
		fetch_is_missing && return
		fail "$fetch_reason" "$fetch_text"
		return 1
	fi
	if ! grep -Eq '^[a-z0-9_]+,[a-z][a-z0-9-]*(,|.?$)' "$new"; then
		fail upstream "$url is no list of packages"
		return 1
	fi
	cmp -s "$new" "$STATE/$1.csv" || mv -f "$new" "$STATE/$1.csv"
}

# csv_packages VERSION ARCH: what upstream has, beside the main package; "routeros"
# when nothing else.
csv_packages() {
	awk -F, -v arch="$2" '
		{ sub(/\r$/, "") }
		$1 != arch || n >= 100 { next }
		$2 ~ /^[a-z][a-z0-9-]*$/ && length($2) < 33 && !seen[$2]++ { n++; print $2 }
	' "$STATE/$1.csv"
}

# is_wanted PACKAGE
is_wanted() {
	case " $ROS_PACKAGES " in *" $1 "* | ' all ') return 0 ;; esac
	return 1
}

# want_file NEED ARCH PACKAGE VERSION: a line of $PART/wanted.
want_file() {
	npk_name "$3" "$4" "$2"
	echo "$1 $2 $3 $4/$npk" >>"$PART/wanted" || wanted_lost=1
}

# wanted_by_csv VERSION ARCH: an architecture that is not in the list may have ended.
wanted_by_csv() {
	local package names main=need
	names=$(csv_packages "$@")
	[ -n "$names" ] || main=maybe
	want_file $main "$2" routeros "$1"
	for package in $names; do
		[ "$package" != routeros ] && is_wanted "$package" || continue
		want_file need "$2" "$package" "$1"
	done
}

# wanted_by_name VERSION ARCH
wanted_by_name() {
	local package names=$ROS_PACKAGES
	want_file need "$2" routeros "$1"
	[ "$names" != all ] || names=$(extras_of "$1")
	for package in $names; do
		[ "$package" = routeros ] || want_file maybe "$2" "$package" "$1"
	done
}

# wanted VERSION: $PART/wanted. Which names exist is remembered (state/VERSION.list).
wanted() {
	local arch list=$STATE/$1.list wanted_lost=0
	rm -f "$PART/wanted"
	: >"$PART/wanted"
	if [ ! -s "$STATE/$1.csv" ] && [ "$(head -n 1 "$list" 2>/dev/null)" = "$(wanted_head)" ]; then
		tail -n +2 "$list" >"$PART/wanted"
		return
	fi
	for arch in $ROS_ARCHES; do
		case $1:$arch in 6.*:arm64) continue ;; esac
		if [ -s "$STATE/$1.csv" ]; then
			wanted_by_csv "$1" "$arch"
		else
			wanted_by_name "$1" "$arch"
		fi
	done
	[ $wanted_lost = 0 ]
}

wanted_head() { echo "# $ROS_ARCHES / $ROS_PACKAGES"; }

# wanted_keep VERSION: what was found where there is no list.
wanted_keep() {
	[ ! -s "$STATE/$1.csv" ] || return 0
	{
		wanted_head
		sed 's/^maybe/need/' "$PART/have"
	} | put "$STATE/$1.list"
}

# wanted_ensure: each line of $PART/wanted; what is there then is in $PART/have.
wanted_ensure() {
	local need arch package path st bad=0 n=0 total
	total=$(wc -l <"$PART/wanted")
	while read -r need arch package path <&3; do
		n=$((n + 1)) st=0
		status_doing "${path##*/} ($n of $((total)))"
		file_ensure "$path" || st=$?
		case $st:$need in
		0:*) echo "$need $arch $package $path" >>"$PART/have" ;;
		4:maybe) ;;
		*)
			fail "$fetch_reason" "$fetch_text"
			bad=1
			[ "$stop" = 0 ] || break
			;;
		esac
	done 3<"$PART/wanted"
	[ $bad = 0 ]
}

# lacks CHANNEL VERSION: the settings of now want of it what is not here: an
# architecture or package came to them after the version. Sets $lacking.
lacks() {
	local need path list=$STATE/$2.list
	case $1 in winbox-*) return 1 ;; esac
	lacking="packages for $ROS_ARCHES"
	[ -s "$STATE/$2.csv" ] || [ "$(head -n 1 "$list" 2>/dev/null)" = "$(wanted_head)" ] || return 0
	wanted "$2" || return 1
	while read -r need _ _ path; do
		[ "$need" = need ] || continue
		lacking=${path##*/}
		mark_fits "$path" || return 0
	done <"$PART/wanted"
	return 1
}

# routeros_ensure VERSION
routeros_ensure() {
	if ! mkdir -p "$TREE/$1"; then
		fail disk "cannot write to $TREE"
		return 1
	fi
	changelog_get "$1" && csv_get "$1" || return
	if ! wanted "$1"; then
		fail disk "cannot write to $PART"
		return 1
	fi
	wanted_ensure || return
	if ! grep -q '^[a-z]* [a-z0-9]* routeros ' "$PART/have"; then
		fail upstream "$1 has no package for: $ROS_ARCHES"
		return 1
	fi
	wanted_keep "$1" && replace_all && csv_write "$1" && {
		echo "$1/CHANGELOG"
		cut -d' ' -f4 "$PART/have"
	} | set_write "$1" || {
		fail disk "cannot write to $TREE"
		return 1
	}
}

# csv_lines VERSION FILE: those of FILE that name what is here.
csv_lines() {
	local line arch rest package
	[ -s "$2" ] || return 0
	while IFS= read -r line; do
		arch=${line%%,*} rest=${line#*,}
		package=${rest%%,*}
		package=${package%"$CR"}
		is_package "$package" && is_package "$arch" || continue
		npk_name "$package" "$1" "$arch"
		[ ! -s "$TREE/$1/$npk" ] || printf '%s\n' "$line" || return
	done <"$2"
}

# csv_write VERSION: a router asks for nothing that is not here.
csv_write() {
	[ -s "$STATE/$1.csv" ] || return 0
	csv_lines "$1" "$STATE/$1.csv" >"$PART/csv" || return
	cmp -s "$PART/csv" "$TREE/$1/packages.csv" || put "$TREE/$1/packages.csv" <"$PART/csv"
}

# winbox_ensure VERSION: not each version is for each system.
winbox_ensure() {
	local file
	mkdir -p "$TREE/winbox/$1" || return
	: >"$PART/wanted"
	for file in $(winbox_files "$1"); do
		echo "maybe - winbox winbox/$1/$file" >>"$PART/wanted"
	done
	wanted_ensure || return
	if [ ! -s "$PART/have" ]; then
		fail upstream "there are no files of WinBox $1"
		return 1
	fi
	replace_all && cut -d' ' -f4 "$PART/have" | set_write "winbox-$1"
}
