# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# debs.sh: Debian packages of every architecture, downloaded without root and
# without touching the machine's apt: its lists, its architectures, its status
# are private here. What is trusted is what the machine trusts: apt checks the
# signatures with the machine's keys, and only packages of the distribution's
# own archive may be chosen, whatever else the sources hold.

# Of the minirootfs, and of packages that really run (debian.py).
DEB_PACKAGES='busybox-static musl dpkg libc6 openrc openssh-client
openssh-server openssh-sftp-server lighttpd lighttpd-mod-openssl openssl
util-linux'
# Those that are the same for all architectures.
DEB_COMMON='tzdata'
# What those need, by the name of this or that release of the distribution;
# debian.py says when one is missing.
DEB_LIBRARIES='libaudit1 libcap-ng0 libcap2 libcom-err2 libcrypt1 libeinfo1
libgcc-s1 libgcrypt20 libgpg-error0 libgssapi-krb5-2 libk5crypto3 libkeyutils1
libkrb5-3 libkrb5support0 liblz4-1 liblzma5 libnettle8 libnettle8t64 libnsl2
libpam0g libpam0t64 libpcre2-8-0 librc1 libselinux1 libssl3 libssl3t64
libsystemd0 libtirpc3 libtirpc3t64 libwrap0 libxxhash0 libzstd1 zlib1g'
# What nobody looks at.
DEB_LEAVE='--exclude=./usr/share/doc --exclude=./usr/share/man
--exclude=./usr/share/locale --exclude=./usr/share/lintian
--exclude=./usr/share/zoneinfo/posix --exclude=./usr/share/zoneinfo/right
--exclude=./usr/lib/*/gconv'

# debs_get CACHE SOURCES: sets DEBS, a folder with <debian arch>/<package>/
# for each architecture and this machine's own, unpacked.
debs_get() {
	local cache=$1 sources=$2
	command -v apt-get >/dev/null || die \
		"this machine has no apt-get: a demo mirror is made from Debian packages" \
		"instead: name a mirror of Alpine that you can reach, such as one of" \
		"/etc/apk/repositories without its last two parts, and build with it:" \
		"  ALPBUILD_MIRROR=https://mirror.example.org/alpine make run"
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	DEBS=$cache/unpacked
	debs_are_whole "$cache" || {
		debs_download "$cache" "$sources"
		debs_unpack "$cache"
	}
	exec 9>&-
}

# True when all packages are there with the digests that they came with.
debs_are_whole() {
	local a p
	[ -s "$1/SHA256SUMS" ] && [ -d "$DEBS" ] || return 1
	[ "$(cat "$1/wanted" 2>/dev/null)" = "$(debs_wanted)" ] || return 1
	for a in $(debs_arches); do
		for p in $DEB_PACKAGES $DEB_COMMON; do
			[ -s "$DEBS/$a/$p.time" ] || return 1
		done
	done
	(cd "$1" && sha256sum --quiet -c SHA256SUMS) 2>/dev/null && return 0
	echo "make-mirror: $1: corrupted packages, fetching them again" >&2
	return 1
}

debs_wanted() {
	# shellcheck disable=SC2086
	printf '%s\n' $DEB_PACKAGES $DEB_COMMON $DEB_LIBRARIES
}

debs_arches() {
	{ awk '{ print $3 }' <<<"$ARCH_TABLE"; dpkg --print-architecture; } |
		sort -u
}

debs_download() {
	local cache=$1 sources=$2 apt=$1/apt a p libraries want=()
	rm -rf "$cache/debs" "$cache/SHA256SUMS"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$cache/debs"
	debs_apt_config "$apt" "$sources"
	echo "make-mirror: fetching busybox, musl, OpenRC, OpenSSH, lighttpd and what they" \
		"need for $(debs_arches | tr '\n' ' ')from the distribution" >&2
	# A source that fails does no harm if the others have it all.
	apt-get -c "$apt/apt.conf" update -qq >"$apt/log" 2>&1 || true
	libraries=$(debs_libraries "$apt")
	for p in $DEB_COMMON; do want+=("$p"); done
	for a in $(debs_arches); do
		for p in $DEB_PACKAGES $libraries; do want+=("$p:$a"); done
	done
	(cd "$cache/debs" && apt-get -c "$apt/apt.conf" download -qq \
		"${want[@]}") >>"$apt/log" 2>&1 || debs_failed "$apt"
}

# Which of the libraries this release has.
debs_libraries() {
	# shellcheck disable=SC2086
	apt-cache -c "$1/apt.conf" madison $DEB_LIBRARIES 2>/dev/null |
		awk '{ print $1 }' | sort -u
}

debs_failed() {
	sed 's/^/  /' "$1/log" >&2
	die "cannot get $DEB_PACKAGES from the distribution (apt's words above)" \
		"sources used: $1/alpbuild.sources" \
		"remedies: check network and proxy (apt's Acquire::http::Proxy); on" \
		"another distribution than Debian name Debian's sources by --sources"
}

# debs_apt_config APT SOURCES: a private apt in the folder APT.
debs_apt_config() {
	local apt=$1 sources=$2 a
	: >"$apt/status"
	if [ -n "$sources" ]; then
		cp "$sources" "$apt/alpbuild.sources"
		: >"$apt/preferences"
	else
		debs_own_sources /etc/apt >"$apt/alpbuild.sources"
		debs_own_origin >"$apt/preferences"
	fi
	{
		# -c is read after apt.conf.d: proxies stay, hooks go.
		cat <<-EOF
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear APT::Architectures;
		#clear Acquire::Languages;
		Acquire::Languages "none";
		Acquire::AllowInsecureRepositories "false";
		Acquire::AllowWeakRepositories "false";
		Acquire::AllowDowngradeToInsecureRepositories "false";
		APT::Get::AllowUnauthenticated "false";
		APT::Sandbox::User "$(id -un)";
		Acquire::Retries "2";
		Acquire::http::Timeout "20";
		Acquire::https::Timeout "20";
		Dir::State "$apt";
		Dir::State::lists "$apt/lists";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt";
		Dir::Etc::sourcelist "$apt/alpbuild.sources";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "$apt/preferences";
		Dir::Etc::preferencesparts "/dev/null";
		EOF
		for a in $(debs_arches); do
			printf 'APT::Architectures:: "%s";\n' "$a"
		done
	} >"$apt/apt.conf"
}

# Whatever the sources hold, only the distribution's own archive is used.
debs_own_origin() {
	local origin
	origin=$(. /etc/os-release && printf '%s' "${ID^}")
	cat <<-EOF
	Package: *
	Pin: release o=$origin
	Pin-Priority: 500

	Package: *
	Pin: origin "*"
	Pin-Priority: -1

	Package: *
	Pin: release o=*
	Pin-Priority: -1
	EOF
}

# debs_own_sources ETC: the machine's sources for its own release, as deb822
# and for all architectures; `trusted=yes` is not taken over.
debs_own_sources() {
	local etc=$1 codename f
	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-sid}")
	for f in "$etc"/sources.list "$etc"/sources.list.d/*.list; do
		[ ! -f "$f" ] || sources_one_line <"$f"
	done | sources_filter "$codename"
	for f in "$etc"/sources.list.d/*.sources; do
		# a file may lack the empty line at its end
		[ ! -f "$f" ] || { cat "$f"; echo; }
	done | sources_filter "$codename"
}

# One-line sources to deb822: `deb [a=b c=d] URI SUITE COMPONENT...`.
sources_one_line() {
	sed -n 's/#.*//; s/^deb[[:space:]]\+/&/p' | awk '{
		signed = ""
		i = 2
		if ($2 ~ /^\[/) {
			for (; i <= NF; i++) {
				o = $i
				gsub(/[][]/, "", o)
				if (o ~ /^signed-by=/)
					signed = substr(o, 11)
				if ($i ~ /\]$/)
					break
			}
			i++
		}
		print "Types: deb\nURIs: " $i "\nSuites: " $(i + 1)
		printf "Components:"
		for (i += 2; i <= NF; i++)
			printf " %s", $i
		print ""
		if (signed != "")
			print "Signed-By: " signed
		print ""
	}'
}

# Keeps of deb822 stanzas those of the release $1 (and its -updates and
# -security) that have a component main, and of their fields what is needed.
sources_filter() {
	awk -v code="$1" '
	function flush(	i, n, s, list, suites) {
		n = split(field["suites"], list, /[ \t\n]+/)
		for (i = 1; i <= n; i++) {
			s = list[i]
			sub(/\/.*/, "", s)
			if (s == code || s == code "-updates" ||
			    s == code "-security")
				suites = suites " " list[i]
		}
		if (suites != "" && field["types"] ~ /(^|[ \t])deb([ \t]|$)/ &&
		    field["components"] ~ /(^|[ \t])main([ \t]|$)/ &&
		    tolower(field["enabled"]) !~ /no|false|off|0/) {
			print "Types: deb\nURIs:" field["uris"]
			print "Suites:" suites "\nComponents: main"
			print "Targets: Packages"
			if ("signed-by" in field)
				print "Signed-By:" field["signed-by"]
			print ""
		}
		split("", field)
		name = ""
	}
	/^#/ { next }
	/^[ \t]*$/ { flush(); next }
	/^[ \t]/ { if (name != "") field[name] = field[name] "\n" $0; next }
	{
		name = tolower(substr($0, 1, index($0, ":") - 1))
		field[name] = substr($0, index($0, ":") + 1)
	}
	END { flush() }'
}

# Unpacks every package and notes its version and the time of its newest file:
# a copy of the cache may lose times.
debs_unpack() {
	local cache=$1 a p deb
	rm -rf "$DEBS"
	for a in $(debs_arches); do
		for deb in "$cache/debs/"*"_$a.deb" "$cache/debs/"*_all.deb; do
			p=${deb##*/}
			debs_unpack_one "$deb" "$DEBS/$a/${p%%_*}"
		done
	done
	debs_wanted >"$cache/wanted"
	(cd "$cache" && find debs unpacked -type f -print0 | sort -z |
		xargs -0 sha256sum >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
}

debs_unpack_one() {
	mkdir -p "$2"
	# shellcheck disable=SC2086
	dpkg-deb --fsys-tarfile "$1" | tar -x --no-same-owner -C "$2" $DEB_LEAVE
	dpkg-deb -f "$1" Version >"$2.version"
	find "$2" -type f -printf '%Ts\n' | sort -n | tail -n 1 >"$2.time"
}
